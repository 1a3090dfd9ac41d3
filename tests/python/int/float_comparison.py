big = 2 ** 53
print(big == float(big), big + 1 == float(big), big + 1 > float(big), float(big) < big + 1, 10 ** 400 > 1e308, 10 ** 400 > float("inf"), -10 ** 400 < float("-inf"), 1 == 1.0, 1 < 1.5, 2 > 1.9999)
nan = float("nan")
print(1 == nan, 1 != nan, 1 < nan, 10 ** 50 > nan, [nan] == [nan], nan in [nan], nan == nan)
print(3 == 3 + 0j, hash(3) == hash(3.0) == hash(3 + 0j) == hash(True + 2), {1: "a", 1.0: "b", True: "c"}, hash(2 ** 61 - 1), hash(2 ** 61), hash(-1), hash(-2), hash(2 ** 200), hash(0.5), hash(1e300) == hash(int(1e300)))
print(2 ** 63 == 2.0 ** 63, 2 ** 63 + 1 == 2.0 ** 63, 2 ** 63 - 1 < 2.0 ** 63, -2 ** 63 == -2.0 ** 63, 2 ** 62 == float(2 ** 62), 2 ** 62 + 1 > 2.0 ** 62)
print(sorted([3, 1.5, 2, -0.5, 10 ** 20, 1e19, 2 ** 62, -2.0 ** 63]))
