x = "outer"
y = [x for x in range(3)]
print(x, y)
print({x: x for x in "ab"}, {x for x in [1]}, list(x for x in [2]), x)


def f():
    n = 3
    return [n * i for i in range(n)], [[j for j in range(i)] for i in range(n)]


print(f())


class C:
    base = [1, 2, 3]
    doubled = [v * 2 for v in base]
    try:
        bad = [v * len(base) for v in base]
    except NameError as e:
        print(e)


print(C.doubled)
print([(lambda: k)() for k in range(3)], [f() for f in [lambda: k for k in range(3)]])
print([last := v for v in range(4)], last)


def g():
    total = 0
    partial = [total := total + v for v in range(5)]
    return partial, total


print(g())
print(any((hit := v) > 2 for v in range(10)), hit)
