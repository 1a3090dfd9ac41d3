def f(a, b=2, /, c=3, *, d=4):
    return a, b, c, d


print(f(1), f(1, 5), f(1, 5, 6, d=7), f(1, c=8))
for case in (lambda: f(a=1), lambda: f(1, b=2), lambda: f(), lambda: f(1, 2, 3, 4), lambda: f(a=1, b=2)):
    try:
        print(case())
    except TypeError as e:
        print(e)


def g(a, /, **kw):
    return a, kw


print(g(1, a=2))
print((lambda x, /, y: (x, y))(1, y=2))


def h(a, b, /): pass


try:
    h(a=1, b=2)
except TypeError as e:
    print(e)
try:
    h()
except TypeError as e:
    print(e)
