print(pow(2, 10), pow(2, 10, 1000), pow(3, -1, 7), pow(10, 20, 1), pow(-3, 5, 7), pow(3, 5, -7), pow(2, 1000, 10 ** 9 + 7), pow(0, 0), pow(0, 0, 5), pow(5, 0, 1), pow(2, -2), pow(-2, 0.5) .real < 1e-9)
print(pow(7, 10 ** 30, 13), pow(10 ** 20, 10 ** 5, 97), pow(38, -5, 97), pow(True, 2, 3), 2 ** 0.5, (-1) ** 3, (-2) ** -3, 0 ** 5, pow(base=2, exp=3, mod=5))
for args in ((2, -1, 4), (2, 3, 0), (2.0, 3, 5), (2, 3.0, 5), (0, -1), (6, -1, 9), ("a", 2)):
    try:
        print(pow(*args))
    except (ValueError, TypeError, ZeroDivisionError) as e:
        print(args, type(e).__name__, e)
for b in (2, 3, -5, 10):
    print([b ** e for e in range(12)], [b ** e % 17 for e in (50, 100)])
