vals = (0, 1, -1, 2, -2, 7, -7, 10, 63, -64, 100)
for a in vals:
    row = []
    for b in vals:
        row.append((a + b, a - b, a * b, a & b, a | b, a ^ b, a < b, a <= b, a == b))
        if b:
            row.append((a // b, a % b, divmod(a, b), a / b))
        if 0 <= b < 20:
            row.append((a << b, a >> b, a ** b))
    print(a, row)
print(-7 // 2, 7 // -2, -7 % 3, 7 % -3, divmod(-7, 2), divmod(7, -2), -1 >> 100, 0 ** 0, +5, -(-5), ~0, abs(-3))
