import math
for n in ("sqrt", "exp", "log", "log2", "log10", "log1p", "expm1", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "floor", "ceil", "trunc", "fabs", "degrees", "radians", "gamma", "lgamma", "erf", "erfc", "isnan", "isinf", "isfinite", "frexp", "modf", "cbrt", "exp2", "ulp"):
    row = []
    for v in (0.0, 1.0, -1.0, 0.5, 2.0, 100.0, -3.7, float("inf"), float("nan"), 3, True):
        try:
            r = getattr(math, n)(v)
            row.append("%.12g" % r if isinstance(r, float) else r)
        except (ValueError, OverflowError) as e:
            row.append("%s: %s" % (type(e).__name__, e))
    print(n, row)
print(math.pi, math.e, math.tau, math.inf, math.nan)
print(math.pow(2, 10), math.atan2(1, -1), math.hypot(3, 4), math.hypot(1, 2, 3), math.fmod(-7, 3), math.copysign(1, -0.0), math.ldexp(0.5, 5), math.remainder(7, 4), math.dist([0, 0], [3, 4]), math.fsum([0.1] * 10), math.prod([1, 2, 3]), math.prod([], start=5), math.nextafter(1, 2), math.isclose(0.1 + 0.2, 0.3), math.isclose(1, 1.1, rel_tol=0.2), math.log(8, 2), math.log(10 ** 400), math.log2(2 ** 2000), math.log10(10 ** 500))
for f in ("math.sqrt(-1)", "math.log(0)", "math.exp(1000)", "math.log(-1)", "math.acos(2)", "math.factorial(-1)", "math.factorial(1.5)", "math.floor(math.inf)", "math.ceil(math.nan)", "math.sqrt('a')", "math.pow(0, -1)", "math.pow(-1, 0.5)", "math.fmod(1, 0)", "math.gcd(1.5)", "math.comb(-1, 2)", "math.isqrt(-1)", "math.ldexp(1.0, 5000)", "math.sin()", "math.sin(1, 2)", "math.sqrt(10 ** 400)", "math.log(1, 1)", "math.dist([1], [1, 2])", "math.fsum([1e308, 1e308])", "math.trunc('a')", "math.floor(None)"):
    try:
        print(f, eval(f))
    except Exception as e:
        print(f, type(e).__name__, e)
