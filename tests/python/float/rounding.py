for v in (0.5, 1.5, 2.5, -0.5, -1.5, 2.675, 1.005, 0.125, 1e16, 123.456, -123.456, 0.05, 5e-324, 1e300, 99.95, 0.45, 1234567.891):
    print(v, round(v), round(v, 0), round(v, 1), round(v, 2), round(v, -1), round(v, -2), round(v, 20), round(v, -400), round(v, 400))
print(round(2.5, None), type(round(2.5)), type(round(2.5, 0)), round(1e20), round(-1e20), round(0.1 + 0.2, 15))
for v, n in ((float("inf"), None), (float("nan"), None), (1.5, 1.0), (1.5, "a")):
    try:
        print(round(v) if n is None else round(v, n))
    except (OverflowError, ValueError, TypeError) as e:
        print(type(e).__name__, e)
print(round(float("inf"), 2), round(float("nan"), 1), int(2.9), int(-2.9))


class R:
    def __round__(self, n="none"): return "rounded", n


print(round(R()), round(R(), 3), round(R(), None))
import math
print(math.floor(2.7), math.floor(-2.7), math.ceil(2.1), math.ceil(-2.1), math.trunc(-2.9), math.floor(1e20), math.ceil(-0.5))
