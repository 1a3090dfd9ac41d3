b = bytearray(b"abcdef")
m = memoryview(b)
print(m[0], m[-1], bytes(m[1:3]), len(m), m.nbytes, m.itemsize, m.format, m.readonly, m.shape, m.ndim, m.tolist(), m.tobytes(), m.hex())
m[0] = 122
m[1:3] = b"XY"
print(b, m == b"zXYdef", m[::2].tobytes(), memoryview(b"abc") == b"abc", bytes(m[::-1]), 122 in m, list(m[:2]))
s = m[2:5]
s[0] = 33
print(b, s.obj is b, hash(memoryview(b"a")) == hash(b"a"))
for f in (lambda: b.append(1), lambda: b.extend(b"x"), lambda: m.__setitem__(0, 300), lambda: m.__setitem__(0, "a"), lambda: m.__setitem__(slice(0, 2), b"abc"), lambda: memoryview(b"a").__setitem__(0, 1), lambda: m[10], lambda: memoryview("a"), lambda: memoryview(5), lambda: hash(m), lambda: m["a"]):
    try:
        f()
        print("ok")
    except Exception as e:
        print(type(e).__name__, e)
m.release()
try:
    m[0]
except ValueError as e:
    print(e)
s.release()
b.append(1)
print(b)
with memoryview(b) as v:
    print(v[0])
c = memoryview(b"\1\0\0\0\2\0\0\0").cast("I")
print(c.tolist(), c.itemsize, c.format, len(c), c.cast("B").tolist())
