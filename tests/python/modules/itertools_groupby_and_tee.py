from itertools import groupby, tee, islice
print([(k, list(g)) for k, g in groupby("aabbbca")], [(k, len(list(g))) for k, g in groupby(range(10), lambda x: x // 4)], [k for k, g in groupby([])], [k for k, g in groupby([1, 1.0, True, 2])])
it = groupby("aab")
k1, g1 = next(it)
k2, g2 = next(it)
print(k1, list(g1), k2, list(g2), list(it))
a, b = tee([1, 2, 3])
print(next(a), next(a), list(b), list(a))
a, b, c = tee(iter("xy"), 3)
print(list(c), list(a), list(b), tee([], 0), len(tee([1], 1)))
src = iter(range(1000))
x, y = tee(src)
print(sum(x), sum(y), list(src))
x, y = tee(islice(iter("abcdef"), 4))
next(x)
z = x.__copy__()
print(list(x), list(y), list(z))
for f in (lambda: tee(5), lambda: tee([], -1), lambda: groupby(5), lambda: groupby(), lambda: tee()):
    try:
        f()
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)


def gen():
    yield 1
    raise KeyError("source fails")


a, b = tee(gen())
print(next(a))
for t in (a, b):
    try:
        print(list(t))
    except KeyError as e:
        print(repr(e))
