for r in (range(5), range(2, 8), range(0, 10, 3), range(10, 0, -3), range(0), range(5, 2), range(-3, 3), range(0, -5, -1), range(10 ** 20, 10 ** 20 + 5, 2)):
    print(r, len(r), list(r), r.start, r.stop, r.step, list(reversed(r)), r[1:], r[::-1], r[:2], 4 in r, "a" in r, 4.0 in r, r.count(2), bool(r), hash(r) == hash(range(r.start, r.stop, r.step)))
print(range(5) == range(0, 5, 1), range(0) == range(3, 3), range(0, 10, 3) == range(0, 12, 3), range(5) != range(6), range(5) == [0, 1, 2, 3, 4], range(3)[-1], range(10)[2:8:2], range(10).index(7), range(0, 20, 5).index(15), range(True, 3), range(10)[range(3)[1]], range(3) == range(3))
for f in (lambda: range(3)[3], lambda: range(3)[-4], lambda: range(1.0), lambda: range("a"), lambda: range(), lambda: range(1, 2, 3, 4), lambda: range(1, 2, 0), lambda: range(3).index(9), lambda: range(3) + range(2), lambda: range(3)["a"], lambda: setattr(range(3), "start", 1), lambda: range(3).__setitem__, lambda: range(3) < range(4), lambda: len(range(10 ** 20)), lambda: range(3).index("a"), lambda: range(a=1)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
print(range(10 ** 20)[10 ** 19], 10 ** 19 in range(10 ** 20), range(10 ** 20)[-1], range(-10 ** 20, 10 ** 20, 10 ** 19).index(0), list(range(2 ** 63 - 2, 2 ** 63 + 2)), list(range(2 ** 62 - 1, 2 ** 62 + 2)), list(range(-2 ** 62 - 1, -2 ** 62 + 1)))
it = iter(range(3))
print(next(it), it.__length_hint__(), list(it), next(it, "end"), sum(range(1000)), max(range(5, 50, 7)), [*range(3)], sorted({*range(2)}), sorted(range(3), reverse=True), list(map(lambda x: x * x, range(4))))
