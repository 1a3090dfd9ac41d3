print(2 + 3 * 4 ** 2 // 5 % 7 - 1, -2 ** 2, (-2) ** 2, 2 ** -1, 2 ** 3 ** 2, -3 // 2, -3 % 2, not 1 == 2, not (1 and 0) or 0)
print(1 | 2 ^ 3 & 4 << 1 + 1, 5 & 3 == 1, ~1 + 2, -1 ** 0, 1 < 2 == True, 1 + 2 < 4 and 5 or 6, 1 if 0 else 2 if 0 else 3)
print([] == [] is not None, 1 in [1] and not 2 in [1], lambda: 1 or 2, (lambda x: x or 5)(0)) if False else None
print(6 / 2 * 3, 2 * 3 % 4, 7 - 3 - 2, 100 // 7 // 2, 1 << 2 << 3, 256 >> 1 >> 2, 2 * -3, 2 - -3, + - + 5, ~-5)
print("a" + "b" * 2, [1] + [2] * 2, "%d" % 3 + "x", "%s" % 3 * 2, not None is None, 1 - 1 or 2 and 3)
x = 5
print(x > 3 == True, x > 3 and x < 10, x == 5 != 6, 0 < x < 10 > 2, x and x - 5 or "z", "yes" if x else "no", *[1] + [2])
