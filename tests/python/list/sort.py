l = [3, 1, 2]
print(l.sort(), l, sorted(l, reverse=True), sorted("hello"), sorted([3, 1], key=lambda x: -x), sorted([]), sorted({"b": 1, "a": 2}), sorted((1.5, 1, 0.5)))
data = [("b", 1), ("a", 2), ("b", 0), ("a", 1), ("c", 1)]
print(sorted(data, key=lambda t: t[0]), sorted(data, key=lambda t: t[0], reverse=True), sorted(data, key=lambda t: t[1]), sorted(data))
import random
r = random.Random(1)
for n in (0, 1, 2, 10, 63, 64, 65, 200, 1000, 3000):
    a = [r.randrange(n // 2 + 1) for _ in range(n)]
    s = sorted(enumerate(a), key=lambda p: p[1])
    assert all(s[i][1] < s[i + 1][1] or (s[i][1] == s[i + 1][1] and s[i][0] < s[i + 1][0]) for i in range(n - 1)), n
    s = sorted(enumerate(a), key=lambda p: p[1], reverse=True)
    assert all(s[i][1] > s[i + 1][1] or (s[i][1] == s[i + 1][1] and s[i][0] < s[i + 1][0]) for i in range(n - 1)), n
    assert sorted(range(n), reverse=True) == list(range(n))[::-1]
    assert sorted(map(str, a)) == [str(x) for x in sorted(a, key=str)]
count = 0


class K:
    def __init__(self, v): self.v = v
    def __lt__(self, o):
        global count
        count += 1
        return self.v < o.v


ks = [K(i) for i in range(100)]
sorted(ks); print(count)
count = 0
sorted(ks[::-1]); print(count)
print([k.v for k in sorted([K(3), K(1), K(2)])])
print(sorted([1, 2.5, True, 0, -1.5, 10 ** 20]), sorted(["b", "B", "a", "é", "😀"]), sorted([[2], [1, 5], [1]]), sorted([(1, "b"), (1, "a")]), sorted([b"b", b"a"]), sorted([False, True, False]))
print(max([3, 1, 3.0], key=None), sorted("bA", key=str.lower), sorted([3, -2, 1], key=abs))
