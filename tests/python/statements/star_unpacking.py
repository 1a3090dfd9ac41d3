a, *b = [1, 2, 3]
print(a, b)
*a, b = "xyz"
print(a, b)
a, *b, c = range(5)
print(a, b, c)
a, *b, c = 1, 2
print(a, b, c)
*a, = 1, 2
print(a)
(a, *b), *c = [1, 2, 3], 4, 5
print(a, b, c)
for first, *rest in [(1, 2, 3), "ab"]:
    print(first, rest)
print([*range(3), *"ab", *{1: 2}], (*[], 1), {*[1, 1]}, {**{"a": 1}, "b": 2, **{"a": 3}})
print(*[1, 2], *(3,), sep="-")


def f():
    return *[1, 2], 3


def g():
    yield *[1], 2


print(f(), list(g()))
for bad in ("a, b = 1", "a, b = 1,", "a, b = 1, 2, 3", "a, *b, c = 1,", "a, b = {}", "a, b, c = 'ab'", "a, b = iter([1])",
            "[a, b] = range(100)", "a, b = None", "*a, b = []", "(a, b), c = 1, 2", "*a, = 5"):
    try:
        exec(bad)
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)
d = [0] * 3
d[0], *d[1:] = 7, 8, 9, 10
print(d)
