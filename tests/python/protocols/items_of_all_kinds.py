# x[i] where x is neither exactly a list, a tuple nor a dict.
import time


class A:
    pass


class Tuple(tuple):
    pass


class Own(tuple):
    def __getitem__(self, i):
        return 'own', i


def first(x):
    return x[0]


def at(x, i):
    return x[i]


class Index:
    def __index__(self):
        return 1


for x in (1, 2), Tuple((3, 4)), Own((5,)), [6], 'seven', b'8', range(9, 10), {0: 10}, time.gmtime(0):
    print(first(x), at(x, 0))
for x in Tuple((1, 2)), 'ab', [3, 4]:
    print(at(x, -1), at(x, Index()), at(x, slice(1)))
for x, i in (Tuple(), 0), ('', 0), (5, 0), (A, 0), (Tuple((1,)), 'a'):
    try:
        print(at(x, i))
    except (IndexError, TypeError) as e:
        print(type(e).__name__, e)
print(list[int], at(list, int))
i = [0, 1]
print(i[i[0]], at(i, i[1]), [1, 2][True], (1, 2)[False])
