# _lzma: formats, filters, checks, limits, streams in pieces, errors; threads that share a stream.
import _lzma
import io
import lzma
import threading
from lzma import *

text = b"".join(b"line %d of a text that says little\n" % i for i in range(3000))


def attempt(function, *args, **kwargs):
    try:
        result = function(*args, **kwargs)
    except Exception as e:
        return f"{type(e).__name__}: {e}"
    return type(result).__name__ if "object at" in repr(result) else result


def show(name, *args, **kwargs):
    print(name, args, kwargs, "->", attempt(getattr(_lzma, name), *args, **kwargs))


# ---- arguments
for arguments in [(3,), (99,), (0,), ("a",), (1, 99), (1, 3), (1, "a"), (2, CHECK_CRC32), (3, CHECK_CRC32),
                  (1, -1, -1), (1, -1, 10), (1, -1, 1 << 40), (1, -1, "a"), (1, -1, 1, []), (3, -1, 3),
                  (1, -1, None, None), (2,), (1, CHECK_NONE, 9 | PRESET_EXTREME)]:
    show("LZMACompressor", *arguments)
L2, L1, D, X = FILTER_LZMA2, FILTER_LZMA1, FILTER_DELTA, FILTER_X86
for filters in [[], 3, [3], [{}], [{"id": "a"}], [{"id": 99}], [{"id": -1}], [{"id": L2, "preset": "a"}],
                [{"id": L2, "preset": 99}], [{"id": L2, "foo": 9}], [{"id": L2, "lc": "a"}], [{"id": L2, "lc": 99}],
                [{"id": L2, "dict_size": 1 << 40}], [{"id": L2, "dict_size": -1}], [{"id": D, "foo": 99}],
                [{"id": D, "dist": 0}], [{"id": X, "foo": 99}], [{"id": X, "start_offset": "a"}], [{"id": L2}] * 5,
                [{"id": D}], {"a": 3}, ({"id": L2},), [{"id": L2, "mf": 99}], [{"id": L2, "mode": 99}],
                [{"id": L2, "preset": None}], [{"id": D, "dist": 4}, {"id": X}, {"id": L2}]]:
    print(filters, attempt(_lzma.LZMACompressor, filters=filters))
print(attempt(LZMACompressor, FORMAT_ALONE, filters=[{"id": L2}]), attempt(LZMACompressor, FORMAT_ALONE, filters=[{"id": L1}] * 2))
for arguments in [(99,), ("a",), (3,), (3, 3), (3, None, []), (0, None, []), (0, -1), (0, "a"), (2,), (1, 10)]:
    show("LZMADecompressor", *arguments)
for f in [{"id": L2}, {"id": L1}, {"id": D, "dist": 4}, {"id": X}, {"id": X, "start_offset": 16}, {"id": L1, "lc": 9},
          {"id": D, "dist": 1000}, {"id": 99}, {}, 3, "ab"]:
    show("_encode_filter_properties", f)
for arguments in [(L2, b"\x10"), (L1, b"]\0\0\x80\0"), (D, b"\x10"), (X, b"\x10\0\0\0"), (X, b"\x10"), (L1, b""),
                  (99, b""), ("a", b""), (-1, b""), (1 << 64, b""), (3, "a")]:
    show("_decode_filter_properties", *arguments)
for check in (CHECK_NONE, CHECK_CRC32, CHECK_CRC64, CHECK_SHA256, 7, -1, "a"):
    show("is_check_supported", check)

# ---- whole texts
chain = [{"id": D, "dist": 5}, {"id": L2, "preset": 7, "dict_size": 1 << 16, "lc": 3, "lp": 1, "pb": 1,
                                "mode": MODE_NORMAL, "nice_len": 64, "mf": MF_BT3, "depth": 20}]
for options in [dict(), dict(format=FORMAT_ALONE), dict(check=CHECK_SHA256), dict(check=CHECK_NONE), dict(preset=1),
                dict(filters=chain), dict(format=FORMAT_RAW, filters=chain)]:
    packed = lzma.compress(text, **options)
    raw = {k: v for k, v in options.items() if k == "filters" and options.get("format") == FORMAT_RAW}
    form = FORMAT_RAW if raw else FORMAT_AUTO
    print(options, len(packed), packed[:12].hex(), lzma.decompress(packed, form, **raw) == text)
    d = LZMADecompressor(form, **raw)
    d.decompress(packed)
    print(d.check, d.eof, d.unused_data)

# ---- in pieces
packed = lzma.compress(text)
d, out, sizes = LZMADecompressor(), [], set()
print(d.needs_input, d.eof, d.unused_data, d.check)
for i in range(0, len(packed), 100):
    out.append(d.decompress(packed[i:i + 100], 3000))
    while not d.needs_input and not d.eof:
        out.append(d.decompress(b"", 3000))
print(b"".join(out) == text, max(map(len, out)), d.check, d.eof, d.needs_input, attempt(d.decompress, b""))
d = LZMADecompressor()
print(d.decompress(packed + b"rest", max_length=-1) == text, d.unused_data)
d = LZMADecompressor()
small = lzma.compress(b"abc" * 1000)
for n in (100, 100, 2798, 5):
    print(len(d.decompress(small if n == 100 and d.check == CHECK_UNKNOWN else b"", n)), d.needs_input, d.eof, d.check)
d = LZMADecompressor()
print(attempt(d.decompress, b"x" * 50), attempt(d.decompress, b"x" * 50), d.needs_input, d.eof)
print(attempt(LZMADecompressor(memlimit=1).decompress, packed))
print(attempt(LZMADecompressor().decompress, packed[:50] + b"?" + packed[51:]))
print(attempt(lzma.decompress, packed[:-5]), attempt(lzma.decompress, b""))
print(lzma.decompress(small + small) == b"abc" * 2000)
c = LZMACompressor()
pieces = [c.compress(text[i:i + 1000]) for i in range(0, len(text), 1000)] + [c.flush()]
print(lzma.decompress(b"".join(pieces)) == text, attempt(c.flush), attempt(c.compress, b""))
print(attempt(LZMACompressor().compress, "a"), attempt(LZMADecompressor().decompress, "a"))

# ---- files
with io.BytesIO() as f:
    with LZMAFile(f, "w", preset=2) as z:
        z.write(text)
    with LZMAFile(io.BytesIO(f.getvalue())) as z:
        print(z.read(20), z.tell(), z.seek(5000), z.readline(), sum(1 for _ in z))
print(LZMAError.__module__, LZMAError.__mro__[1].__name__, LZMAError.__doc__)


# ---- one compressor and many threads: every piece comes out whole, in some order
def work(name):
    for i in range(50):
        part = c.compress(b"%s%04d" % (name, i))
        with lock:
            parts.append(part)


class Ordered:  # the output of a call has to be put down before the next call
    def __init__(self):
        self.compressor = LZMACompressor(preset=0)

    def compress(self, data):
        return self.compressor.compress(data)


c, lock, parts = Ordered(), threading.Lock(), []
first = c.compress(b"")
threads = [threading.Thread(target=work, args=(name,)) for name in (b"a", b"b", b"c", b"d")]
for t in threads:
    t.start()
for t in threads:
    t.join()
result = lzma.decompress(first + b"".join(parts) + c.compressor.flush())
print(len(result), sorted(result[i:i + 5] for i in range(0, len(result), 5)) ==
      sorted(b"%s%04d" % (n, i) for n in (b"a", b"b", b"c", b"d") for i in range(50)))
