print(list(enumerate("ab")), list(enumerate("ab", 5)), list(enumerate([], start=1)), list(enumerate("a", 2 ** 62)), list(enumerate("ab", 2 ** 63 - 1)), list(enumerate("a", -1)))
print(list(zip()), list(zip([1])), list(zip([1, 2], "abc")), list(zip([1], [2], [3])), list(zip(range(3), range(3), strict=True)), dict(zip("ab", [1, 2])), list(zip(*[(1, 2), (3, 4)])))
print(list(map(str, [1, 2])), list(map(lambda x, y: x * y, [1, 2, 3], [4, 5])), list(map(max, [1, 5], [3, 2], [2, 9])), list(filter(None, [0, 1, "", "a", None])), list(filter(lambda x: x % 2, range(6))), list(filter(str.isalpha, "a1b")), list(map(None.__class__, [])))
for a in (([1], [1, 2]), ([1, 2], [1]), ([1], [1], []), ([], [], [1])):
    try:
        print(list(zip(*a, strict=True)))
    except ValueError as e:
        print(e)
for f in (lambda: zip(1), lambda: zip([1], None), lambda: map(1), lambda: map(), lambda: list(map(1, [1])), lambda: filter(None), lambda: filter(None, 5), lambda: list(filter(5, [1])), lambda: enumerate(), lambda: enumerate(5), lambda: enumerate([], "a"), lambda: zip([1], bad=1), lambda: map(str, [1], x=1), lambda: list(map(lambda: 1, [1])), lambda: map(str, 5), lambda: enumerate([], 1, 2)):
    try:
        print(f())
    except TypeError as e:
        print(e)


def gen():
    yield 1
    raise ValueError("stop here")


m = map(str, gen())
print(next(m))
try:
    next(m)
except ValueError as e:
    print(e)
it = iter([1, 2, 3, 4, 5])
print(list(zip(it, it, it)), list(it))
