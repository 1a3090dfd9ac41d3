def f(x):
    return x + 1


def g(x):
    return x * 100


print(f(2))
f.__code__ = g.__code__
print(f(2))
y = 5


def closed():
    return y


def make(z):
    def inner():
        return z
    return inner


try:
    closed.__code__ = make(1).__code__
except ValueError as e:
    print(e)
import types
h = types.FunctionType(g.__code__, {"__builtins__": {}}, "hname", (4,))
print(h.__name__, h(), h(3))
a = make(1)
a.__code__ = make(2).__code__
print(a())
