for t in ("0", "  12  ", "-5", "+7", "1_000", "-0", "٣٤", "\n9\t", "00012", "- 5", "1__0", "_1", "1_", "", " ", "0x10", "1e5", "9" * 30, "५"):
    try:
        print(ascii(t), int(t))
    except ValueError as e:
        print(ascii(str(e)))
for t, b in (("ff", 16), ("0xff", 16), ("0xff", 0), ("0b11", 0), ("0o17", 0), ("11", 2), ("zz", 36), ("0b1", 16), ("12", 0), ("012", 0), ("0", 0), ("1_0", 2), ("-0xA", 16), ("8", 8), ("z" * 20, 36), ("0x", 16), ("1", 1), ("00", 0), ("0_0", 0)):
    try:
        print(t, b, int(t, b))
    except ValueError as e:
        print(t, b, e)
print(int(), int(3.99), int(-3.99), int(1e20), int(True), int(b"12"), int(bytearray(b"7")), int("12", base=5))


class A:
    def __int__(self): return 5
class B:
    def __index__(self): return 6
class C:
    def __trunc__(self): return 7
class D:
    def __int__(self): return "no"


print(int(A()), int(B()))
try:
    int(D())
except TypeError as e:
    print(e)
# control characters that count as space are none beside other scripts' digits and spaces either
for text in ['\x1c1', '1\x1f', '\x1c1\xa0', '\x1c\u0661', '\u20031', '\x851', '\x1e\u20031', '\t\u0661\n', '\u0661\x7f']:
    try:
        print(ascii(text), int(text))
    except ValueError as e:
        print(ascii(str(e)))
