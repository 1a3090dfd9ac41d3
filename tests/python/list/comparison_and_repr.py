print([1, [2, [3]]], [], [None, True, "a", 1.5, b"x", (1,), {1}, {1: 2}], repr([[]]), str([""]))
a = []
a.append(a); a.append([a])
print(a, repr(a))
print([1, 2, 3] < [1, 2, 4], [1, 2] < [1, 2, 0], [] <= [], [2] >= [1, 9], [1] == [1.0], [1] == (1,), [[1], 2] == [[1], 2], [float("nan")] == [float("nan")])
nan = float("nan")
print([nan] == [nan], nan in [nan], [nan].index(nan), [nan].count(nan))


class Eq:
    def __init__(self, r): self.r = r
    def __eq__(self, o): return self.r
    def __lt__(self, o): return "lt result"


print([Eq(True)] == [5], [Eq(False)] == [5], [Eq(False), 1] < [5, 2], [Eq([])] == [1], 7 in [Eq(1)], 7 in [Eq(0)])
try:
    [1, "a"] < [1, 2]
except TypeError as e:
    print(e)
x = []
for _ in range(20):
    x = [x]
print(x)


class R:
    def __repr__(self):
        l.append(1)
        return "R"


l = [R(), R()]
print(l)
