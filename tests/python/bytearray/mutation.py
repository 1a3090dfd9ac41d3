b = bytearray(b"abc")
b.append(100); print(b)
b.extend(b"ef"); b.extend([103]); print(b)
b.insert(0, 65); print(b)
print(b.pop(), b.pop(0), b)
b.remove(98); print(b)
b.reverse(); print(b)
b[0] = 90; b[1:3] = b"---"; b[::2] = b"!" * len(b[::2]); print(b)
del b[0]; del b[1:3]; print(b)
b += b"xyz"; b *= 2; print(b)
c = b.copy(); c.clear(); print(b, c, b == bytes(b), b is b)
print(bytearray(3), bytearray([1]), bytearray("é", "utf-8"), bytearray(b"a\n\"'"), repr(bytearray(b"'")), bytearray(b"ab") + b"c", b"c" + bytearray(b"ab"), type(b"c" + bytearray()).__name__, bytearray(b"x") * 3, bytearray(b"a") == b"a", bytearray(b"a") < b"b", 97 in bytearray(b"a"), bytearray(b"abc")[1:], list(bytearray(b"ab")), bytearray(b"aXb").split(b"X"), bytearray(b"ab").upper(), bytearray(b",").join([b"a", b"b"]), bytearray(b"ab").find(b"b"), bytearray(b"%d") % 5, bytearray(b"q").decode(), bytearray.fromhex("0a"), bytearray(b"\1").hex())
for f in (lambda: hash(bytearray()), lambda: bytearray().pop(), lambda: bytearray(b"a").pop(5), lambda: bytearray(b"a").remove(5), lambda: bytearray().append(256), lambda: bytearray().append("a"), lambda: bytearray().extend("a"), lambda: bytearray().extend([300]), lambda: bytearray(b"a").__setitem__(5, 1), lambda: bytearray(b"a").__setitem__(0, "x"), lambda: bytearray(b"abc").__setitem__(slice(None, None, 2), b"xyz"), lambda: bytearray("a"), lambda: bytearray(-1), lambda: bytearray([1]).__setitem__(slice(0, 1), 5), lambda: bytearray(b"a") + "x"):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
b = bytearray()
for i in range(1000):
    b.append(i & 255)
print(len(b), sum(b), b[500], b[-3:])
while b:
    b.pop()
print(b, b.__alloc__() >= 0)
x = bytearray(b"abcdef")
x[2:4] = x
print(x)
x[:0] = b"head"
print(x)
