def f(x, acc=[]):
    acc.append(x)
    return acc


print(f(1), f(2), f(3, []))
n = 10


def g(a, b=n, *, c=n + 1):
    return a, b, c


n = 20
print(g(1), g(1, 2), g(1, c=3))
print(f.__defaults__, g.__defaults__, g.__kwdefaults__)
g.__defaults__ = (7, 8)
g.__kwdefaults__ = {"c": 9}
print(g(), g(1))
g.__defaults__ = None
try:
    g()
except TypeError as e:
    print(e)
