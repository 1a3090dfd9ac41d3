def f(*a, **k): return a, k
def g():
    yield 1
    yield 2


print(f(*g(), *range(2), **{"a": 1}), [*g(), *g()], sorted({*g()}), (*g(),), [*{}, *"x"], {**{}, **dict(b=1)}, max(*g()), print(*g(), sep="+"))
x = [*g()]
x[len(x):] = g()
print(x, [0, *x, 0], *[[y] for y in x])
for bad in ("[*5]", "{*None}", "{**5}", "{**[1]}", "f(*5)", "f(**5)", "f(*g)", "(*1,)", "f(**{1: 2})", "[*g]", "{**g}"):
    try:
        eval(bad)
    except TypeError as e:
        print(bad, e)


def bad_gen():
    yield 1
    raise TypeError("inside generator")


try:
    f(*bad_gen())
except TypeError as e:
    print(e)
try:
    a, b = bad_gen()
except TypeError as e:
    print(e)
