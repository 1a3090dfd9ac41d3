f = 1
for i in range(1, 1001):
    f *= i
s = str(f)
print(len(s), s[:20], s[-300:-250], sum(map(int, s)))
print(int(s) == f, f % 1000003, f // 10 ** 2000 % 10 ** 20)
a = 3 ** 2000
b = 7 ** 1500
print(len(str(a * b)), (a * b) // a == b, (a * b + 1) % a, divmod(b, a)[1] == b % a, hash(a), hash(-b), pow(a, b, 10 ** 30 + 7))
print(hex(a)[:30], hex(a)[-20:], oct(b)[-20:], bin(a)[-40:], a.bit_length(), (a >> 3000) & 0xffff, (a << 101) % 1000007)
print((a & b) % 10 ** 20, (a | b) % 10 ** 20, (a ^ -b) % 10 ** 20, (-a & b) % 10 ** 20, ~a % 10 ** 20, (-a >> 55) % 10 ** 20)
print(a == a + 0, a < b, -a < -b, a != b, a / b if a.bit_length() - b.bit_length() < 1000 else "", float(3 ** 100), 3 ** 100 / 3 ** 99)
import math
print(math.isqrt(a) ** 2 <= a, math.gcd(a * 12, b * 18), math.isqrt(10 ** 100))
