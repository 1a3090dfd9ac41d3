s = set(range(10000))
t = set(range(5000, 15000))
print(len(s & t), len(s | t), len(s - t), len(s ^ t), min(s - t), max(t - s), sum(s))
for i in range(0, 10000, 3):
    s.discard(i)
print(len(s), 3 in s, 4 in s, s <= set(range(10000)))
u = set()
for i in range(50000):
    u.add(i % 1000)
    if i % 5 == 0:
        u.discard((i * 7) % 1000)
print(len(u), sum(u))
while len(u) > 3:
    u.pop()
print(len(u))
v = {str(i) for i in range(3000)}
print(len(v), "2999" in v, "3000" in v, len({(i % 10, i % 7) for i in range(1000)}), hash(frozenset(range(100))) == hash(frozenset(reversed(range(100)))))
print(hash(frozenset()) == hash(frozenset([])), hash(frozenset([1, 2, 3])) == hash(frozenset([3, 1, 2])), len({frozenset([i]) for i in range(100)}))
