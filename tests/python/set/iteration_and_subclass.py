print(sorted({-1, -2}), sorted(set([7, 6, 5])), len({*range(8)}))


class S(set):
    def add(self, x):
        super().add(x * 2)


s = S([1])
s.add(5)
print(sorted(s), type(s | {3}).__name__, type(s.copy()).__name__, s == {1, 10}, repr(S([1])), repr(S()), isinstance(s, set), S([1]) & {1})


class F(frozenset):
    x = 1


print(repr(F([1])), hash(F([1])) == hash(frozenset([1])), F([1]) == {1}, type(F([1]) | F([2])).__name__)
a = set()
a.add(frozenset([frozenset([1])]))
print(a, {1}.__contains__(1), {1}.__len__(), {1}.__eq__([1]), {1}.__or__([1]), {1}.__ror__([1]), {1}.__le__({1}))
it = iter({1, 2})
print(it.__length_hint__(), sorted(it), next(it, "end"))
print(set() == frozenset(), set() in [frozenset()], {1: 2}.keys() == {1}, {1} == {1: 2}.keys(), sorted({1} | {2: 3}.keys()))
