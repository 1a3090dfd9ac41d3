# Comparing tuples that are nested too deeply, in every way, and the nearly simple.
import operator


def nest(depth, innermost):
    for _ in range(depth):
        innermost = (innermost,)
    return innermost


NAMES = 'eq', 'ne', 'lt', 'le', 'gt', 'ge'
for name in NAMES:
    compare = getattr(operator, name)
    for depth in (0, 1, 5, 50, 100000):
        try:
            print(name, depth, compare(nest(depth, (1, 2)), nest(depth, (1, 3))))
        except RecursionError as e:
            print(name, depth, type(e).__name__, 'in comparison' in str(e))
    for a, b in (((), ()), ((1,), ()), ((1, 'a'), (1, 'a')), ((1, 'a'), (1, 'b')), ((1.0, 2), (1, 2)),
                 ((2**70, 1), (2**70, 2)), (([1], 2), ([1], 3)), ((None,), (None,)), ((None, 1), (None, 2))):
        print(name, a, b, compare(a, b))


class Odd:
    def __eq__(self, other):
        raise ValueError('asked')


for a in ((Odd(), 1), (1, Odd())):
    for name in NAMES:
        try:
            print(getattr(operator, name)(a, (1, 1)))
        except ValueError as e:
            print(name, e)
try:
    (1, None) < (1, 2)
except TypeError as e:
    print(e)
