vals = (0, 1, -1, 3, 2 ** 61, 2 ** 62 - 1, 2 ** 62, 2 ** 62 + 1, -2 ** 62, -2 ** 62 - 1, 2 ** 63 - 1, 2 ** 63, -2 ** 63, 2 ** 64, 10 ** 19, -10 ** 25, 2 ** 128 - 1, 3 ** 100, -7 ** 50)
total = 0
for a in vals:
    for b in vals:
        r = [a + b, a - b, a * b, a & b, a | b, a ^ b, a < b, a == b, a >= b]
        if b:
            r += [a // b, a % b]
            assert (a // b) * b + a % b == a
            assert divmod(a, b) == (a // b, a % b)
        mixed = sum((i + 3) * x for i, x in enumerate(r)) % 1000003
        total = (total * 31 + mixed) % 1000000007
        print(mixed, end=" ")
    print(a, ~a, -a, abs(a), a >> 7, a << 13, a.bit_length(), bool(a))
print(total)
print(2 ** 62 + 2 ** 62, -2 ** 62 - 2 ** 62, (2 ** 62) * -1, 2 ** 40 * 2 ** 40, 2 ** 64 - 2 ** 64, type(2 ** 100 - 2 ** 100 + 5).__name__)
