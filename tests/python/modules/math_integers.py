import math
print(math.gcd(), math.gcd(12), math.gcd(12, 18, 27), math.gcd(0, 0), math.gcd(-4, 6), math.lcm(4, 6), math.lcm(), math.lcm(0, 5), math.factorial(0), math.factorial(20), math.factorial(25), math.comb(5, 2), math.comb(50, 25), math.comb(3, 5), math.perm(5, 2), math.perm(5), math.isqrt(99), math.isqrt(10 ** 50), math.floor(-0.5), math.ceil(10 ** 30), math.trunc(-1.9), math.prod(range(1, 25)))


class F:
    def __floor__(self): return "floor"
    def __ceil__(self): return "ceil"
    def __trunc__(self): return "trunc"


print(math.floor(F()), math.ceil(F()), math.trunc(F()), math.factorial(100) % 10 ** 30, math.gcd(2 ** 100 * 3, 2 ** 90 * 9), math.gcd(10 ** 30, 10 ** 20))


def row(n):  # Pascal's triangle
    line = [1]
    for i in range(n):
        line = [1] + [a + b for a, b in zip(line, line[1:])] + [1]
    return line


for n in list(range(72)) + [100, 130, 300]:
    assert [math.comb(n, k) for k in range(n + 2)] == row(n) + [0], n
print(math.comb(67, 33), math.comb(68, 34), math.comb(True, False), math.comb(2 ** 70, 2), math.comb(2 ** 62, 1))
for arguments in ((-1, 2), (2, -1), (-1, -1), (2.0, 1), (1, 2.0), ('a', 1), (1,), (1, 2, 3)):
    try:
        print(math.comb(*arguments))
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)
for n in range(30):
    for k in range(n + 2):
        expected = 1
        for i in range(k):
            expected *= n - i
        assert math.perm(n, k) == expected, (n, k)
print(math.perm(30, 30), math.perm(2 ** 61, 1), math.perm(2 ** 61, 2), math.perm(2 ** 32, 2), math.perm(5, 0), math.perm(0, 0), math.perm(True, 1))
