# Numbers of every length, around each power of 2 and of 10 and with digits of all kinds: to text and back in each base,
# sums, differences, comparisons, binomial coefficients.
import math
import random

r = random.Random(5)
numbers = []
for bits in [*range(0, 40, 7), *range(60, 68), *range(120, 132), *range(188, 196), *range(200, 900, 61), 1260, 1300, 2600]:
    numbers += [1 << bits, (1 << bits) - 1, (1 << bits) + 1, r.getrandbits(bits + 1), r.getrandbits(bits + 1) & r.getrandbits(bits + 1)]
for digits in [1, 2, 7, 8, 9, *range(17, 22), *range(36, 41), *range(56, 59), 75, 76, 77, 150, 227, 228, 229, 240, 379, 380, 381, 400]:
    numbers += [10 ** digits, 10 ** digits - 1, 10 ** digits + 10 ** (digits // 2), int(str(r.randrange(10)) * digits)]
numbers += [-n for n in numbers]

LETTERS = '0123456789abcdefghijklmnopqrstuvwxyz'


def text_of(n, base):
    """The slow way, by single digits."""
    digits, rest = '', abs(n)
    while rest:
        rest, digit = divmod(rest, base)
        digits = LETTERS[digit] + digits
    return '-' * (n < 0) + (digits or '0')


for n in numbers:
    for base in 2, 3, 4, 8, 10, 16, 32, 36:
        text = text_of(n, base)
        made = {2: '{:b}', 8: '{:o}', 10: '{}', 16: '{:x}'}.get(base, '').format(n)
        assert not made or made == text, (base, text, made)
        assert int(text, base) == n, (base, text)
        assert int(text.upper(), base) == n, (base, text)
        assert int('  ' + text.replace('-', '-000') + '\n', base) == n, (base, text)
        start = 1 + (n < 0)
        if len(text) > start:
            assert int(text[:start] + '_' + text[start:], base) == n, (base, text)
            assert int(text.encode(), base) == n
        for bad in text + '_', text[:start] + '__' + text[start:], text + ' 1', text + LETTERS[base:base + 1] + '!':
            try:
                int(bad, base)
            except ValueError:
                pass
            else:
                assert False, bad
    print(n, hex(n), oct(n)[-40:], bin(n)[-70:])
for text in '0x', '0x_', '0x_f', '0_', '_', '', '+', '0_0', '00_00', '00_1', '0b_1_0', '0o_7', '0o8', '0' * 30, '0' * 30 + '1':
    try:
        print(repr(text), int(text, 0))
    except ValueError as error:
        print(error)

total = 0
for a in numbers[::3]:
    for b in numbers[1::5]:
        assert (a + b) - b == a and a - b == -(b - a) and (a < b) == (b - a > 0) and (a == b) == (not a - b)
        assert (a <= b) is not (a > b) and (a >= b) is not (a < b) and (a != b) is not (a == b)
        total = (total * 31 + hash(a + b) + hash(a - b)) % (1 << 61)
        if a < b:
            total += 1
        if a >= b:
            total += 2
        if a == b + 1:
            total += 3
print(total)
edges = [s * ((1 << k) + d) for k in (61, 62, 63, 64, 126, 127, 128) for d in (-1, 0, 1) for s in (1, -1)]
for a in edges:
    print([hex(a + b) for b in edges], [hex(a - b) for b in edges])

more = [r.getrandbits(k) * s for k in (1, 5, 31, 62, 63, 64, 65, 90, 127, 128, 129, 200) for s in (1, -1) for _ in range(3)]
for a in edges + more:
    results = []
    for b in edges + more:
        if b:
            q, m = divmod(a, b)
            assert q * b + m == a and (0 <= m < b or b < m <= 0) and a // b == q and a % b == m, (a, b)
            results.append((q, m))
    print(hex(a), hash(tuple(results)))
for name in 'a // b', 'a % b', 'divmod(a, b)':
    for a in 0, 5, 1 << 70, -1 << 200:
        try:
            eval(name, {'a': a, 'b': 0})
        except ZeroDivisionError as error:
            print(name, error)

for n in [*range(60, 140, 9), 255, 256, 300, 1000, 2 ** 32 - 1, 2 ** 40 + 7, 2 ** 62, 2 ** 63 - 1, 2 ** 63, 2 ** 64 + 3]:
    for k in [0, 1, 2, 3, 30, 31, 50, 64, 127, 128, 129, 130]:
        if k <= n:
            value = math.comb(n, k)
            assert value * math.factorial(k) == math.perm(n, k) and value == math.comb(n, n - k), (n, k)
            print(n, k, value % (10 ** 40))
