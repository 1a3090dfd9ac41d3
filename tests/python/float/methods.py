print((2.5).is_integer(), (2.0).is_integer(), float("inf").is_integer(), (0.75).as_integer_ratio(), (0.1).as_integer_ratio(), (-0.0).as_integer_ratio(), (1e300).as_integer_ratio()[1])
for v in (0.0, -0.0, 1.0, -2.5, 0.1, 1e300, 5e-324, float("inf"), float("nan"), 2 ** -1030):
    print(v.hex(), float.fromhex(v.hex()) == v or v != v)
for t in ("0x1.8p1", "1.8", "-0x.8p0", "inf", "nan", "0x1p-1074", " 0x10 ", "0x1.fffffffffffff8p0", "p1", "0x", "1e5", "0x1p1024", "0x1.00000000000008p0"):
    try:
        print(t, float.fromhex(t))
    except (ValueError, OverflowError) as e:
        print(t, type(e).__name__, e)
for f in (lambda: float("inf").as_integer_ratio(), lambda: float("nan").as_integer_ratio()):
    try:
        f()
    except (OverflowError, ValueError) as e:
        print(type(e).__name__, e)
print((2.5).conjugate(), (2.5).real, (2.5).imag, (2.5).__trunc__(), (2.5).__floor__(), (2.5).__ceil__(), (2.5).__eq__("x"), (1.5).__add__("a"), (1.5).__divmod__(1), float.__getformat__("double"))
print(hash(0.0), hash(-0.0), hash(1.0), hash(0.5), hash(-1.0), hash(1e100), hash(float("inf")), hash(float("-inf")), hash(2.5), hash(1.1))
import sys
print(sys.float_info.max, sys.float_info.min, sys.float_info.epsilon, sys.float_info.dig, sys.float_info.mant_dig)
nan = float("nan")
print([x.is_integer() for x in (0.0, -0.0, 0.5, -0.5, -3.0, 2.0 ** 52 + 0.5, 2.0 ** 53, 2.0 ** 53 - 1, 2.0 ** 53 + 2, -2.0 ** 63, 1e300, 5e-324, -5e-324, nan, float("-inf"))])
print([float(n) for n in (2 ** 64 + 12345, 2 ** 64 - 1, -2 ** 65 - 2 ** 12, 2 ** 70 + 1, 2 ** 70 + 2 ** 17, 2 ** 70 + 2 ** 17 + 1, 2 ** 1024 - 2 ** 970 - 1)])
for n in (2 ** 1024, -2 ** 1024, 2 ** 1024 - 2 ** 970, 2 ** 1025):
    try:
        print(float(n))
    except OverflowError as e:
        print(e)
