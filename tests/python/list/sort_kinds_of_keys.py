# What list.sort() has ways of its own for: each kind of key, mixtures, stability, and what is refused.
import collections
import datetime
import random

r = random.Random(5)
for n in (2, 3, 40, 700):
    bools = [r.random() < .5 for _ in range(n)]
    assert sorted(bools) == [False] * bools.count(False) + [True] * bools.count(True)
    assert all(type(b) is bool for b in sorted(bools, reverse=True))
    mixed = [r.choice((True, False, 0, 1, 2, -1)) for _ in range(n)]
    ordered = sorted(mixed)
    assert all(a <= b for a, b in zip(ordered, ordered[1:]))
    for value in (0, 1):  # True and 1 are equal: they stay in order
        assert [repr(x) for x in ordered if x == value] == [repr(x) for x in mixed if x == value]
    big = [r.choice((True, False, 1 << 70, -1 << 70, 3)) for _ in range(n)]
    ordered = sorted(big)
    assert all(a <= b for a, b in zip(ordered, ordered[1:])) and len(ordered) == n
    with_floats = [r.choice((True, 0.5, 2, False, 1.0)) for _ in range(n)]
    ordered = sorted(with_floats)
    assert all(a <= b for a, b in zip(ordered, ordered[1:]))
    words = ['w%d' % r.randrange(50) for _ in range(n)]
    for reverse in (False, True):
        by_bool = sorted(words, key=lambda w: w > 'w3', reverse=reverse)
        first = [w for w in words if (w > 'w3') == reverse]
        assert by_bool == first + [w for w in words if (w > 'w3') != reverse]
        by_mixed = sorted(words, key=lambda w: len(w) if w > 'w3' else False, reverse=reverse)
        keys = [len(w) if w > 'w3' else 0 for w in by_mixed]
        assert keys == sorted(keys, reverse=reverse)

print(sorted([True, False, 'a'][:2]), sorted([3, True, False, 2]))
for items in ([True, 'a'], [False, None], ['a', True], [1j, 2j], [{1}, None], [b'a', 'a'], [(1, 'a'), (1, 2)],
              [True, 1j], [datetime.date(2020, 1, 1), 5]):
    try:
        print(sorted(items))
    except TypeError as error:
        print(error)
print(sorted([{3}, {1}, {1, 3}, {2}]), sorted([{1, 2}, {1}]))

# Comparisons of native types that are no strings or numbers.
dates = [datetime.date.fromordinal(730000 + r.randrange(90)) for _ in range(300)]
assert [d.toordinal() for d in sorted(dates)] == sorted(d.toordinal() for d in dates)
deltas = [datetime.timedelta(r.randrange(9), r.randrange(9)) for _ in range(300)]
assert sorted(deltas) == sorted(deltas, key=lambda d: (d.days, d.seconds))
ranges = [bytearray(b'%d' % r.randrange(99)) for _ in range(99)]
assert sorted(ranges) == [bytearray(b) for b in sorted(bytes(x) for x in ranges)]
deques = [collections.deque([r.randrange(4), r.randrange(4)]) for _ in range(99)]
assert [list(d) for d in sorted(deques)] == sorted(list(d) for d in deques)
aware = [datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc), datetime.datetime(2020, 1, 1)]
try:
    sorted(aware)
except TypeError as error:
    print(error)

# Named tuples, and classes of tuples with an order of their own.
Point = collections.namedtuple('Point', 'x y')
points = [Point(r.randrange(6), r.randrange(6)) for _ in range(300)]
assert [tuple(p) for p in sorted(points)] == sorted(tuple(p) for p in points)
assert all(type(p) is Point for p in sorted(points))
assert sorted(points + [(1, 1)], key=None)[0] == min(points)
assert sorted(range(300), key=lambda i: points[i]) == [i for _, i in sorted((p, i) for i, p in enumerate(points))]


class Backwards(Point):
    def __lt__(self, other):
        return tuple(self) > tuple(other)


class Greater(tuple):
    def __gt__(self, other):
        print('asked', tuple(self), tuple(other))
        return True


backwards = [Backwards(*p) for p in points]
assert [tuple(p) for p in sorted(backwards)] == sorted((tuple(p) for p in points), reverse=True)
print([tuple(t) for t in sorted([Greater((1,)), Greater((2,)), Greater((0,))])])
print([tuple(t) for t in sorted([(5,), Greater((2,))])])

# A list that changes its class's order while it is sorted stays whole.
changing = [Backwards(i, 0) for i in range(50)]


class Meddler:
    def __lt__(self, other):
        Backwards.__lt__ = lambda self, other: tuple(self) < tuple(other)
        return False


tangled = [Backwards(Meddler(), i) for i in range(20)] + changing
try:
    sorted(tangled)
except TypeError as error:
    print(error)
assert len(tangled) == 70

# Strings with a beginning in common, and what is nothing but that.
for prefix in ('', 'k', 'key-', 'a long beginning that is the same in all of them '):
    strings = [prefix + ''.join(r.choice('ab\0') for _ in range(r.randrange(12))) for _ in range(400)]
    ordered = sorted(strings)
    assert all(a <= b for a, b in zip(ordered, ordered[1:])) and collections.Counter(ordered) == collections.Counter(strings)
    assert sorted(strings, reverse=True) == ordered[::-1]
    assert sorted([prefix] * 40 + strings[:5]) == [prefix] * 40 + sorted(strings[:5])
    assert sorted(s.encode() for s in strings) == [s.encode() for s in ordered]
    latin = [s + '\xe9' for s in strings]
    assert sorted(latin) == sorted(latin, key=lambda s: [ord(c) for c in s])
    wide = [s + r.choice('\u20ac\U0001f600x') for s in strings]
    assert sorted(wide) == sorted(wide, key=lambda s: [ord(c) for c in s])
print('done')
