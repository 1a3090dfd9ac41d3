print(0.1 + 0.2, 1.5 * 2, 7.5 / 2.5, 7.5 // 2, -7.5 // 2, 7.5 % 2, -7.5 % 2, 7.5 % -2, divmod(-7.5, 2), 2.0 ** 10, 2 ** 0.5, 4.0 ** -0.5, (-8.0) ** (1 / 3), -2.0 ** 2, 1e308 * 10, -1e308 * 10, 1e-308 / 1e10, 5e-324 / 2)
inf, nan = float("inf"), float("nan")
print(inf + 1, inf - inf, inf * 0, inf / inf, 1 / inf, -1 / inf, inf // 1, 1 // inf, -1 // inf, 1 % inf, -1 % inf, inf == inf, inf > 10 ** 400, nan != nan, nan < 1, max(1, nan), max(nan, 1), min(inf, 1), nan ** 0, 1 ** nan, inf ** -1, (-inf) ** 3, 0.0 ** inf, inf ** 0)
print(0.0 == -0.0, 1 / float("inf"), -0.0, 0.0 * -1, abs(-0.0), -0.0 + 0.0, round(-0.4), 3.0 // 0.1, 3.0 % 0.1, 1.0 // 0.1, 0.3 % 0.1, -1e-20 % 1.0, 1e20 % 3, -0.0 % 1, 0.0 % -1)
x = 0.0
for i in range(100):
    x += 0.1
print(x, sum([0.1] * 10), 1.0 + 2, 2 + 1.0, 3 - 1.5, 1.5 * 3, 3 / 1.5, True + 0.5, 10 ** 20 + 0.5, 0.5 - 10 ** 20, 2 ** 64 * 1.0)
for f in ("1.0 / 0", "1.0 // 0", "1.0 % 0", "divmod(1.0, 0)", "0.0 ** -1", "10.0 ** 309", "1e200 ** 2", "1.0 << 1", "1.0 & 1", "~1.0", "(-1.0) ** 0.5 == 1"):
    try:
        print(f, eval(f))
    except (ZeroDivisionError, OverflowError, TypeError) as e:
        print(f, type(e).__name__, e)
