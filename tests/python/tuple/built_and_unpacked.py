"""Tuples that are built, unpacked, and picked by itertools: of numbers and objects, exact and of subclasses."""
import gc
import itertools
from collections import deque, namedtuple

P = namedtuple("P", "x y")


class Own(tuple):
    def __iter__(self):
        print("iterated")
        return super().__iter__()


class Plain(tuple):
    pass


x, y = P(1, 2)
print(x, y)
a, b, c = Plain((1, "two", [3]))
print(a, b, c)
a, b = Own((5, 6))
print(a, b)
for value in (P(1, 2), Plain((1, 2, 3, 4)), Own((1,)), [1, 2], (1, 2, 3, 4), [1, 2, 3, 4]):
    try:
        a, b, c = value
    except ValueError as e:
        print(e)
lists = [[1, 2], ["a", "b"], [[], {}]]
for p, q in lists:
    print(p, q)
(p, q), [r, s] = lists[0], lists[1]
print(p, q, r, s)
lst = [1, [2]]
lst, lst2 = lst
print(lst, lst2)


def build(a, b):
    return (a, b), (a, [b], a), [a, b, a], (a,), [(a, b), (b, a)]


print(build(1, "x"), build([], None))
for kind in (itertools.product, itertools.combinations, itertools.combinations_with_replacement, itertools.permutations):
    for args in ((["a", 1, None], 2), (range(4), 3), ("ab", 0), ("ab", 3), ([], 1)):
        if kind is itertools.product:
            made = lambda: kind(args[0], repeat=args[1])
        else:
            made = lambda: kind(*args)
        kept = list(made())
        first = [str(t) for t in made()]
        print(kind.__name__, len(kept), kept == [eval(t) for t in first], kept[:4], kept[-2:])
        it = made()
        mixed = []
        for i, t in enumerate(it):
            if i % 3 == 0:
                mixed.append(t)
                gc.collect(0)
        assert mixed == kept[::3]
        assert next(it, "over") == "over" and next(it, "over") == "over"

print(deque([1, 2, 3]), deque((4, 5)), deque(range(5)), deque(range(100), 3), deque([1, 2, 3], 0), deque("abc"))
d = deque(range(3))
d.extend([7, 8])
d.extendleft((1, 2))
d.extend(d)
d.extend(range(20, 60))
d.extend(range(0))
print(d, len(d))
d = deque([1], 2)
d.extend([5, 6, 7])
d += (9,)
print(d)
print(list(reversed([1, 2, 3])), list(reversed([])))
l = [1, 2, 3, 4]
r = reversed(l)
print(next(r), r.__length_hint__())
l.append(9)
print(next(r), l.pop(0), list(r), list(r), r.__length_hint__())
l = [1, 2, 3, 4, 5, 6]
r = reversed(l)
next(r)
del l[2:]
print(list(r), list(r))
print(pow(2, 5), pow(2, -1), pow(2, 10, 7), pow(base=2, exp=3), pow(2.0, 3))
