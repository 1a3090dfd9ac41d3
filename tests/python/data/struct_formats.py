# Every format and its edges: values, sizes, error types and texts.
import struct


def t(f, *a):
    try:
        r = getattr(struct, f)(*a)
        shown = [x if isinstance(x, (int, str, bytes, float)) else type(x).__name__ for x in a]
        print(f, shown, list(r) if f == "iter_unpack" else r)
    except BaseException as e:
        print(f, [x if isinstance(x, (int, str, bytes, float)) else type(x).__name__ for x in a], type(e).__name__, e)


for p in "@=<>!":
    for c in "bBhHiIlLqQ?" + ("nNP" if p == "@" else ""):
        for v in (1 << 80, -(1 << 80), 1 << 63, -(1 << 63) - 1, 1 << 64, -1, 1 << 40, -(1 << 40), 1 << 17, 300, -300, 100):
            t("pack", p + c, v)
        for v in (1.0, "x", None):
            t("pack", p + c, v)
        t("unpack", p + c, bytes(range(250, 250 - struct.calcsize(p + c), -1)))


class I:
    def __index__(self):
        return 1 << 70


class J:
    def __index__(self):
        return 1 // 0


class K:
    def __int__(self):
        return 3


class B:
    def __bool__(self):
        raise ValueError("no")


for c in "<i", "q", "<q":
    for v in I(), J(), K():
        t("pack", c, v)
for c in "efd":
    for v in 1e300, 65520.0, 65519.0, 2.0 ** -25, 2.0 ** -24, 1e39, float("nan"), float("inf"), -0.0, 1, K(), I(), J(), "x":
        t("pack", "<" + c, v)
        t("pack", c, v)
        t("pack", ">" + c, v)
for c in "csp?":
    for v in "x", 1, b"", b"ab", bytearray(b"q"), B():
        t("pack", c, v)
        t("pack", "3" + c, v) if c in "sp" else None
t("unpack", "<?e", b"\x02\x01\x00")
t("unpack", "5p3s0s", b"\xffabcdxyz")
t("pack", "0s", ""), t("pack", "0s", b"x"), t("pack", "0p", b"x"), t("pack", "300p", b"x" * 299)
for f in "bi0l", ">bi0l", "!x3xh", "i=", "z", "3", "99999999999999999999i", "999999999999999999i", "i\0", "é", b"i i", "2 i", "", "4x", "xxq", "n", "<n", "2h\t3q", "1234s":
    t("calcsize", f)
t("pack", "@bxxqN", 1, 2, 3)
t("pack"), t("pack", 1), t("pack", "i"), t("pack", "i", 1, 2), t("pack", "x", 1)
t("unpack", "i", b""), t("unpack", "i", "x"), t("unpack", "i", memoryview(b"1234")), t("unpack", "<2h", bytearray(b"1234"))
for offset in 0, 2, 4, -2, -20, -5, -6, 1 << 80:
    t("unpack_from", "i", b"abcdef", offset)
t("unpack_from", "i", b"abc")
print(struct.unpack_from("<h", offset=1, buffer=b"abcd"))
t("pack_into"), t("pack_into", "i"), t("pack_into", "i", bytearray(4)), t("pack_into", "i", bytearray(4), 0)
for offset in 1, -1, -4, -10, "a", 1 << 80:
    t("pack_into", "i", bytearray(4), offset, 1)
t("pack_into", "i", b"1234", 0, 1), t("pack_into", "i", 3, 0, 1)
a = bytearray(8)
struct.pack_into(">hh", a, 3, -2, 500)
struct.pack_into(">h", memoryview(a)[6:], 0, 9)
print(a)
t("iter_unpack", "i", b"123"), t("iter_unpack", "", b"123"), t("iter_unpack", "i", b""), t("iter_unpack", "i"), t("iter_unpack", "<hb", bytes(9))
