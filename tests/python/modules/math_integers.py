import math
print(math.gcd(), math.gcd(12), math.gcd(12, 18, 27), math.gcd(0, 0), math.gcd(-4, 6), math.lcm(4, 6), math.lcm(), math.lcm(0, 5), math.factorial(0), math.factorial(20), math.factorial(25), math.comb(5, 2), math.comb(50, 25), math.comb(3, 5), math.perm(5, 2), math.perm(5), math.isqrt(99), math.isqrt(10 ** 50), math.floor(-0.5), math.ceil(10 ** 30), math.trunc(-1.9), math.prod(range(1, 25)))


class F:
    def __floor__(self): return "floor"
    def __ceil__(self): return "ceil"
    def __trunc__(self): return "trunc"


print(math.floor(F()), math.ceil(F()), math.trunc(F()), math.factorial(100) % 10 ** 30, math.gcd(2 ** 100 * 3, 2 ** 90 * 9), math.gcd(10 ** 30, 10 ** 20))
