# Sorting ints of which some, or all, do not fit a machine word.
import random

r = random.Random(3)
ints = [r.choice((-1, 1)) * r.randrange(1 << r.choice((3, 61, 62, 63, 64, 65, 127, 128, 129, 400))) for _ in range(600)]
ints += [s * ((1 << b) + d) for s in (-1, 1) for b in (61, 62, 63, 64, 103, 104, 128) for d in (-1, 0, 1)]
ints += [1 << 5000, -1 << 5000, (1 << 5000) + 1, (1 << 64) + (1 << 20), (1 << 64) + (1 << 20) + 1]
done = sorted(ints)
print(all(a <= b for a, b in zip(done, done[1:])), done[:3], len(done))
print(sorted(ints, reverse=True) == done[::-1], sorted(ints, key=lambda x: -x) == done[::-1])
huge = [1 << n for n in (1 << 22, (1 << 22) - 1, (1 << 22) + 5, 100, 1 << 23)]
print([x.bit_length() for x in sorted(huge)], [x.bit_length() for x in sorted(huge + [-x for x in huge])])
a, b = int('9' * 30), int('9' * 30)  # equal ones keep their order
order = sorted([b, 5, a, -1, b])
print(order[2] is b, order[3] is a, order[4] is b)
mixed = [1 << 70, True, 3, 2.5, -1 << 70, False]
print(sorted(mixed))

# lists among each other; what is compared by their items' own methods
class N:
    def __init__(self, n): self.n = n
    def __eq__(self, o): return self.n == o.n
    def __lt__(self, o): return self.n < o.n
    def __repr__(self): return 'N%d' % self.n
nan = float('nan')
items = [1, 2, 2.5, 2.0, -0.0, 0.0, 1 << 70, True]
lists = [[r.choice(items) for _ in range(r.randrange(4))] for _ in range(60)]
print(sorted(lists))
print(sorted([['b', 1], ['a', 2], ['a', 1], ['a'], [], ['\u20ac'], ['a', 'b'[:0] and 1 or 0]]))
print(sorted([[1, N(2)], [1, N(1)], [0, N(3)], [1], [1, N(1), 0]]))
print(sorted([[nan, 1], [nan, 0], [1.0, 2]]), sorted([[[2], 1], [[1], 2], [[1], 1]]))
for bad in ([[1], ['a']], [[None], [None, 1], [1]], [[1], (1,)]):
    try:
        print(sorted(bad))
    except TypeError as e:
        print(e)

# min and max of lists
for l in ([3, 1, 2], ['b', 'a', '\u20ac', 'ab'], [N(2), N(1), N(1)], [1.5, 1, True], [[2], [1, 5], [1]], [5]):
    print(min(l), max(l), min(l, default=0), max(tuple(l)), min(iter(l)))
for f in (min, max):
    for args, more in ((([],), {}), (([],), {'default': 7}), (([1, 'a'],), {}), ((), {}), (([2, 1],), {'key': None}), ((1, 2), {'default': 3}), (([1],), {'foo': 2})):
        try:
            print(f(*args, **more))
        except (TypeError, ValueError) as e:
            print(type(e).__name__, e)
a, b = float('1e300'), float('1e300')
print(min([a, b]) is a, max([a, b]) is a)
class Pop:
    def __lt__(self, o):
        del popped[1:]
        return True
popped = [Pop(), Pop(), 3]
print(min(popped) is not popped[0], len(popped))
