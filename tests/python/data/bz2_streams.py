# _bz2 and the bz2 package: whole and piecewise, limits, damaged data, errors.
import _bz2
import bz2
import random


def t(f, *a, **k):
    try:
        print(repr(f(*a, **k))[:120])
    except BaseException as e:
        print(type(e).__name__, e)


t(_bz2.BZ2Compressor, 0), t(_bz2.BZ2Compressor, 10), t(_bz2.BZ2Compressor, "x"), t(_bz2.BZ2Decompressor, 1)
c = _bz2.BZ2Compressor()
t(c.compress, "x"), t(c.compress, b""), t(c.compress, b"abc"), t(c.flush), t(c.flush), t(c.compress, b"x")
d = _bz2.BZ2Decompressor()
t(d.decompress, b"nonsense"), t(lambda: (d.eof, d.unused_data))  # needs_input differs between Debian's 3.11.2
random.seed(3)
data = b"".join(random.choice([b"lorem ", b"ipsum ", random.randbytes(5)]) for i in range(40000))
for level in 1, 5, 9:
    packed = bz2.compress(data, level)
    print(level, len(packed), bz2.decompress(packed) == data)
    d = _bz2.BZ2Decompressor()
    pieces, rest = [d.decompress(packed[:1000], 10)], packed[1000:] + b"after"
    while not d.eof:
        if d.needs_input:
            pieces.append(d.decompress(rest[:5000], 3000))
            rest = rest[5000:]
        else:
            pieces.append(d.decompress(b"", 3000))
    print(b"".join(pieces) == data, max(map(len, pieces)), d.unused_data + rest, d.needs_input, len(pieces))
    t(d.decompress, b"x")
d = _bz2.BZ2Decompressor()
print(d.decompress(packed[:-4]) == data, d.eof, d.needs_input)
t(bz2.decompress, packed[:-4]), t(bz2.decompress, packed + packed[:20]), t(lambda: bz2.decompress(packed + packed) == data + data), t(bz2.decompress, b""), t(bz2.decompress, b"x")
t(d.decompress, b"\xff" * 20)
with bz2.open("f.bz2", "wt") as f:
    f.write("line\n" * 1000)
with bz2.open("f.bz2", "rt") as f:
    print(sum(len(line) for line in f))
