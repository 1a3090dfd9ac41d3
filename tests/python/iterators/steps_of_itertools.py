"""islice, chain, cycle and tee over lists, ranges and others: where they stop, and what they leave behind; arrays
made from lists, sliced and turned into lists; partial."""
import array
import functools
import itertools as it

for source in (lambda: [0, 1, 2, 3, 4, 5, 6, 7], lambda: range(8), lambda: iter([0, 1, 2, 3, 4, 5, 6, 7]), lambda: (x for x in range(8)), lambda: "01234567"):
    for args in ((3,), (0,), (None,), (2, 5), (5, 2), (1, None, 3), (0, 8, 7), (0, 100, 3), (3, 3), (1, 6, 2), (7, 9), (9, 12)):
        a = iter(source())
        print(list(it.islice(a, *args)), list(a), end="; ")
    print()
s = it.islice([1, 2], 5)
print(list(s), list(s), next(s, None))
l = [1, 2, 3]
s = it.islice(l, 10)
print(next(s), next(s), next(s), next(s, "over"))
l.append(4)
print(next(s, "over"))
print(list(it.chain([1, 2], range(2), (5,), [], "ab", range(0), [7])), list(it.chain.from_iterable([[1], [], range(3), [[]]])))
l = [1]
c = it.chain(l, l)
print(next(c))
l.append(2)
print(next(c), next(c), next(c), next(c, "over"), next(c, "over"))
for bad in ([1], 5), (5, [1]), ([], None):
    c = it.chain(*bad)
    try:
        print(list(c))
    except TypeError as e:
        print(e, list(c))
c = it.cycle([1, 2, 3])
print([next(c) for _ in range(8)], list(it.cycle([])), [x for x, _ in zip(it.cycle("a"), range(3))])
c = it.cycle(x for x in (1, 2))
print([next(c) for _ in range(5)])
a, b = it.tee(range(150))
print([next(a) for _ in range(3)], next(b), sum(a), sum(b), next(a, "over"), next(b, "over"))
a, b, c = it.tee(iter([1, 2, 3]), 3)
print(list(c), list(a), next(b), list(it.tee(b)[0]), list(b))

for code in "bBhHiIlLqQfd":
    a = array.array(code, [1, 2, 3, 4, 5])
    print(code, a[1:3], a[::2].tolist(), a[::-1], a[4:1:-2], a[5:], a[:0], a[-2:], a.tolist(), list(a), a[-1], array.array(code, (7, 8)), array.array(code, range(3)))
    for values in ([1, 2**7], [1, -1], [-2**7 - 1], [2**8], [1, 2**15], [2**16], [2**31], [2**32], [-2**31 - 1], [2**62], [2**63 - 1], [2**63], [2**64], [-2**63], [1, "x"], [True, False], [1.5], [1, None]):
        b = array.array(code, [9])
        try:
            b.extend(values)
            print(b.tolist(), end=" ")
        except (OverflowError, TypeError) as e:
            print(type(e).__name__, e, b.tolist(), end=" ")
    print()
a = array.array("i", range(200))
a.extend(list(range(200)) + [True] + list(range(70)))
print(len(a), sum(a), a[199:203], a[398:402], a == array.array("i", a.tolist()))
print(array.array("u", "ab\u20ac")[1:], array.array("u", ["x", "y"]).tolist())
p = functools.partial(max, 3, 4)
print(p(1), p(9, 10), functools.partial(int, base=2)("101"), functools.partial(dict, a=1)(b=2), functools.partial(print, *range(14))(1), functools.partial(len)([1]))
