def t(x):
    print("eval", x)
    return x


print(1 < 2 < 3, 1 < 3 < 2, 3 > 2 >= 2 != 1)
print(t(1) < t(2) < t(3))
print(t(3) < t(2) < t(1))
print(1 == 1.0 == True == (1 + 0j))
print(1 in [1] == True, (1 in [1]) == True)
print(None is None is not 1, 5 not in [1] in [[1]])
a = [1]
print(a is a == a)
x = 5
if 0 < x <= 5 and not 5 < x < 9:
    print("range")
while 1 < x < 10:
    x += 3
print(x)


class L:
    def __lt__(self, o):
        return []


print(L() < 1 < 2, bool(L() < 1))
