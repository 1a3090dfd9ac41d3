print(1 / 3, 7 / 2, -7 / 2, 0 / 5, 10 ** 20 / 10 ** 19, (2 ** 1000) / (2 ** 999), 10 ** 400 / 10 ** 399, 1 / 10 ** 300, 1 / 10 ** 400, (10 ** 50 + 1) / 10 ** 50, 2 ** 53 / 1, (2 ** 53 + 1) / 1, (2 ** 54 + 3) / 2)
print(123456789012345678901 / 7, -5 / 10 ** 20, 9007199254740993 / 3, 3 / 9007199254740993, 6 / 3, type(6 / 3).__name__)
for a, b in ((1, 0), (0, 0), (10 ** 400, 1), (10 ** 400, 3)):
    try:
        print(a / b)
    except (ZeroDivisionError, OverflowError) as e:
        print(type(e).__name__, e)
print(7 // 2.0, 7 % 2.5, divmod(7, 2.5), -7 // 2.0, 7 // -2, 2 ** 70 // 3.0, 5.0 // 1 == 5)

# A long int by one that fits a word, to the nearest float, and ~ of long ints.
import fractions
import random
r = random.Random(9)
for _ in range(3000):
    a, b = r.getrandbits(r.randrange(1, 1100)), r.getrandbits(r.randrange(1, 66)) + 1
    if r.random() < .3:
        a = b * (r.getrandbits(54) | 1) << r.randrange(80)  # halfway cases
    if r.random() < .3:
        a += r.choice((-1, 1))
    a, b = r.choice((a, -a)), r.choice((b, -b))
    try:
        q = a / b
    except OverflowError:
        assert abs(a) // abs(b) >= 2 ** 1024 - 2 ** 970 - 1
        continue
    exact = fractions.Fraction(a, b)
    if q and abs(q) < 1e308:
        import math
        for other in (math.nextafter(q, math.inf), math.nextafter(q, -math.inf)):
            near, far = abs(fractions.Fraction(q) - exact), abs(fractions.Fraction(other) - exact)
            assert near < far or near == far and math.frexp(q)[0] * 2 ** 53 % 2 == 0, (a, b)
print(2 ** 70 / 3, -2 ** 70 / 7, 10 ** 30 / 10 ** 18, (2 ** 64 - 1) / (2 ** 64 - 1), 1 / (2 ** 62), (2 ** 1024 - 2 ** 969) / 2, (2 ** 62 + 1) / 3)
for a, b in ((2 ** 1024, 1), (2 ** 1024 - 2 ** 970, 1), (-2 ** 1085, 2 ** 61)):
    try:
        print(a / b)
    except OverflowError as error:
        print(error)
for k in (62, 63, 64, 65, 127, 128, 129, 960, 1024, 1500):
    for n in (1 << k, (1 << k) - 1, -(1 << k), -(1 << k) - 1, -(1 << k) + 1):
        assert ~n == -n - 1 and ~~n == n and type(~n) is int, n
print(~(2 ** 62), ~(2 ** 62 - 1), ~-(2 ** 62), ~(-2 ** 62 - 1), ~(2 ** 64 - 1), ~-(2 ** 64), ~(-2 ** 64 - 1))

# Divisors of one limb: quotients near a half of the last place, powers of two, the largest doubles.
import hashlib
import random

r = random.Random(3)
digest = hashlib.md5()
for i in range(20000):
    a = r.getrandbits(r.choice((63, 64, 65, 127, 128, 129, 192, 193, 300, 1024, 1080, 1090)))
    b = r.getrandbits(r.choice((1, 3, 31, 53, 63, 64))) | 1
    if i % 4 == 0:
        a = (b * r.getrandbits(54) << r.randrange(200)) + r.randrange(-1, 2)
    elif i % 4 == 1:
        b = 1 << r.randrange(64)
    try:
        text = repr(r.choice((a, -a)) / r.choice((b, -b)))
    except OverflowError as e:
        text = str(e)
    digest.update(text.encode())
print(digest.hexdigest())
for bits in (1023, 1024, 1025, 1087):
    for small in (1, 3, 2**63, 2**64 - 1):
        for more in (-1, 0, 1, 2**(bits - 53), 2**(bits - 54), 2**(bits - 54) - 1):
            try:
                print(((1 << bits) - more) * small / small, ((1 << bits) - more) / small)
            except OverflowError as e:
                print(e)
