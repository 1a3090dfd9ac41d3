# mmap: memory with and without a file: items, positions, searching, limits, errors.
import mmap
import os
import threading


def t(f, *a, **k):
    try:
        print(repr(f(*a, **k))[:150])
    except BaseException as e:
        print(type(e).__name__, e)


print({n: getattr(mmap, n) for n in dir(mmap) if n.isupper()}, mmap.error, [n for n in dir(mmap.mmap) if n[:2] != "__"])
t(mmap.mmap), t(mmap.mmap, -1), t(mmap.mmap, -1, 0), t(mmap.mmap, -1, -5), t(mmap.mmap, -1, 10, access=9)
t(mmap.mmap, -1, 10, access=1, flags=2), t(mmap.mmap, -1, 10, offset=-1), t(mmap.mmap, 99, 10), t(mmap.mmap, 0, 10, foo=1)
m = mmap.mmap(-1, 20)
print(m, len(m))
t(lambda: m[0]), t(lambda: m[-1]), t(lambda: m[99]), t(lambda: m["x"]), t(lambda: m[1:3]), t(lambda: m[::-7]), t(lambda: m[5:2])
t(m.__setitem__, 0, 300), t(m.__setitem__, 0, b"a"), t(m.__setitem__, slice(0, 2), b"a"), t(m.__setitem__, slice(0, 2), "ab"), t(m.__delitem__, 0)
t(m.__setitem__, 99, 1), t(m.__setitem__, slice(0, 6, 2), b"xyz"), t(lambda: m[:6]), t(m.__delitem__, slice(0, 1))
t(m.write, b"x" * 30), t(m.write, b"hello"), t(m.tell), t(m.seek, 100), t(m.seek, 0), t(m.seek, 1, 9), t(m.seek, -1, 2), t(m.seek, 0), t(m.read, 2), t(m.read, None)
t(m.readline), t(m.read_byte), t(m.write_byte, 300), t(m.find, b"l"), t(m.rfind, b"l"), t(m.find, b"l", 0), t(m.rfind, b"l", 0), t(m.find, b"", 3), t(m.rfind, b"l", 0, -17), t(m.find, "l")
t(m.move, 0, 1, 100), t(m.move, 0, 1, 3), t(m.flush), t(m.flush, 1), t(m.flush, -1, 1), t(m.resize, 40), t(len, m), t(m.size)
t(m.madvise, 4), t(m.madvise, 4, -1), t(m.madvise, 4, 99), t(m.madvise, 4, 0, -1)
view = memoryview(m)
t(m.close), t(m.resize, 10)
view[3] = 65
view.release()
t(lambda: m[3]), t(lambda: list(m)[:5]), t(lambda: b"A" in m), t(m.close), t(len, m), t(m.read)
print(m, m.closed)
t(m.close)
r = mmap.mmap(-1, 10, access=mmap.ACCESS_READ)
t(r.write, b"x"), t(r.__setitem__, 0, 1), t(lambda: memoryview(r).readonly), t(r.resize, 5)
print(r)
with open("f", "wb") as f:
    f.write(b"one\ntwo\nthree" + bytes(5000))
with open("f", "r+b") as f:
    t(mmap.mmap, f.fileno(), 9000), t(mmap.mmap, f.fileno(), 0, offset=8192), t(mmap.mmap, f.fileno(), 10, offset=1)
    with mmap.mmap(f.fileno(), 0) as m:
        print(len(m), m.readline(), m.readline(), m.size(), m.read(3))
        m[0:3] = b"ONE"
        m.resize(6000)
        m.flush()
    c = mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_COPY)
    c[0:3] = b"two"
    print(c[:3], c)
    o = mmap.mmap(f.fileno(), 0, offset=4096)
    print(len(o), o)
print(open("f", "rb").read(5), os.path.getsize("f"))
open("empty", "wb").close()
with open("empty", "rb") as f:
    t(mmap.mmap, f.fileno(), 0, access=mmap.ACCESS_READ)


class Sub(mmap.mmap):
    pass


s = Sub(-1, 4096)
s.note = 1
print(len(s), s.note)


def work(i):
    for n in range(300):
        s[i * 8:i * 8 + 8] = b"%08d" % n


threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(s[:32])
