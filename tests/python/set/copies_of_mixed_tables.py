# Copies of tables of every size with objects, numbers, both, and places of keys that are gone: each has its own references.


class K:
    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return self.n

    def __eq__(self, other):
        return isinstance(other, K) and self.n == other.n

    def __repr__(self):
        return "K%d" % self.n


kinds = {
    "objects": lambda n: K(n),
    "numbers": lambda n: n,
    "floats": lambda n: n + 0.5,
    "text": lambda n: "k%d" % n,
    "mixed": lambda n: (K(n), n, n + 0.5, "k%d" % n, (n,), 1 << 70 | n)[n % 6],
}
for name, make in kinds.items():
    for size in (0, 1, 4, 5, 8, 31, 32, 100, 255, 256, 257, 600, 1500):
        source = {make(n) for n in range(size)}
        holes = set(source)
        for n in range(0, size, 3):
            holes.discard(make(n))
        emptied = set(source)
        for k in list(emptied):
            emptied.discard(k)
        emptied.update(source)
        again = source.copy()
        results = [again == source, emptied == source, holes <= source, len(holes), holes.copy() == holes,
                   frozenset(source) == source, source - {make(0)} <= source, len(source - {make(1), make(2)}),
                   len(list(source)), set(holes) | source == source, emptied - source == set()]
        kept = [k for k in source]
        source.clear()
        holes.clear()
        emptied.clear()
        results += [len(again), all(k in again for k in kept), sorted(map(repr, again)) == sorted(map(repr, kept))]
        print(name, size, *results)
