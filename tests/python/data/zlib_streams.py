# zlib: whole and piecewise, dictionaries, limits, damaged data, copies, errors.
import copy
import random
import threading
import zlib


def t(f, *a, **k):
    try:
        print(repr(f(*a, **k))[:150])
    except BaseException as e:
        print(type(e).__name__, e)


for n in dir(zlib):
    if n[:2] != "__" and not callable(getattr(zlib, n)):
        print(n, getattr(zlib, n), end=" ")
print()
c, d = zlib.compressobj(), zlib.decompressobj()
print(type(c), type(d), zlib.error.__mro__)
print([n for n in dir(c) if n[:2] != "__"], [n for n in dir(d) if n[:2] != "__"])
t(zlib.compress), t(zlib.compress, "x"), t(zlib.compress, b"a", 99), t(zlib.compress, b"a", 1, 9)
t(zlib.compress, b"a", wbits=31), t(zlib.compress, b"a", wbits=5), t(zlib.compress, b""), t(zlib.compress, b"a", "x")
x = zlib.compress(b"hello" * 100)
t(zlib.decompress, x), t(zlib.decompress, x[:-1]), t(zlib.decompress, b"xx"), t(zlib.decompress, x + b"z"), t(zlib.decompress, b"")
t(zlib.decompress, x, bufsize=0), t(zlib.decompress, x, bufsize=1), t(zlib.decompress, x, bufsize=-1), t(zlib.decompress, x, -15), t(zlib.decompress, x, 99)
t(zlib.compressobj, 10), t(zlib.compressobj, 1, 3), t(zlib.compressobj, wbits=99), t(zlib.compressobj, memLevel=0)
t(zlib.compressobj, strategy=9), t(zlib.compressobj, zdict="x"), t(zlib.decompressobj, 99), t(zlib.decompressobj, zdict=1)
t(c.compress, b"abc"), t(c.flush, 99), t(c.flush, 0), t(c.flush, 2), t(c.flush), t(c.flush), t(c.compress, b"a"), t(c.copy)
t(d.decompress, x, -1), t(d.decompress, x, 10), t(lambda: len(d.unconsumed_tail)), t(d.flush, 0), t(d.flush, -1)
t(lambda: d.decompress(d.unconsumed_tail)), t(lambda: d.eof), t(d.flush), t(d.decompress, b"more"), t(d.copy)
c = zlib.compressobj(zdict=b"hello")
y = c.compress(b"hellohello") + c.flush()
t(zlib.decompress, y), t(zlib.decompressobj(zdict=b"hello").decompress, y), t(zlib.decompressobj(zdict=b"helxo").decompress, y)
c = zlib.compressobj(wbits=-15, zdict=b"hello")
y = c.compress(b"hellohello") + c.flush()
t(zlib.decompressobj(-15, zdict=bytearray(b"hello")).decompress, y)
t(zlib.decompressobj().flush), t(zlib.decompressobj().decompress, b"xx"), t(zlib.decompressobj().decompress, b"", max_length=5)
t(zlib.adler32, b"abc"), t(zlib.adler32, b"abc", 5), t(zlib.crc32, b"abc", 1), t(zlib.adler32, b"abc", 1 << 70), t(zlib.adler32, "a"), t(zlib.crc32, bytes(100000)), t(zlib.adler32, b""), t(zlib.crc32, b"", -1)

random.seed(8)
data = b"".join(random.choice([b"lorem ", b"ipsum ", random.randbytes(7)]) for i in range(30000))
for level in -1, 0, 1, 9:
    for wbits in 15, -15, 31:
        c = zlib.compressobj(level, wbits=wbits)
        packed = b"".join(c.compress(data[i:i + 5000]) for i in range(0, len(data), 5000)) + c.flush()
        d = zlib.decompressobj(wbits)
        pieces, tail = [], packed + b"and more"
        while not d.eof:
            pieces.append(d.decompress(tail, 3000))
            tail = d.unconsumed_tail
        print(level, wbits, len(packed), b"".join(pieces) == data, d.unused_data, max(map(len, pieces)), len(pieces), zlib.decompress(packed, wbits) == data)
        d = zlib.decompressobj(wbits)
        out = d.decompress(packed, 1000)
        e = d.copy()
        out += d.flush()
        print(out == data, d.eof, e.flush() == data[1000:], e.eof, e.unused_data)
d = zlib.decompressobj()
t(lambda: d.decompress(zlib.compress(data)[:1000]) == data[:2000] or len(d.unconsumed_tail)), t(d.flush), t(lambda: d.eof)

# One object, many threads: every piece goes in once and whole.
c = zlib.compressobj()
out = []
lock = threading.Lock()


def feed():
    for i in range(50):
        with lock:
            out.append(c.compress(b"x" * 1000))


threads = [threading.Thread(target=feed) for i in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(zlib.decompress(b"".join(out) + c.flush()) == b"x" * 200000)
d = zlib.decompressobj()
results = []
threads = [threading.Thread(target=lambda: results.append(zlib.decompress(zlib.compress(data)) == data)) for i in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(results)
