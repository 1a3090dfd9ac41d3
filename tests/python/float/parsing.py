for t in ("1", " 1.5 ", "-2e3", "+.5", "5.", "1_0.5_0", "inf", "-Infinity", "nan", "+NaN", "1e400", "-1e400", "1e-400", "0x1p3", "", ".", "1e", "1e+", "--1", "1_", "_1", "1__0", "infinit", "٣.٥", "1.5\n", "1 5", "1e5e5", "3" * 400, "0." + "0" * 400 + "1", "1.7976931348623159e308", "2.4703282292062327208e-324", "2.4703282292062329e-324", "9007199254740993", "9007199254740992.999999", "0.1e1", "1E5"):
    try:
        print(ascii(t)[:40], float(t))
    except ValueError as e:
        print(ascii(str(e)))
print(float(), float(5), float(True), float(10 ** 30), float("1" * 50), float(b"2.5"))


class F:
    def __float__(self): return 2.5
class I:
    def __index__(self): return 7
class Bad:
    def __float__(self): return 1


print(float(F()), float(I()))
try:
    float(Bad())
except TypeError as e:
    print(e)
