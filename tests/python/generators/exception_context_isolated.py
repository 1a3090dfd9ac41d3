import sys


def g():
    yield sys.exc_info()[0]
    try:
        raise KeyError("in generator")
    except KeyError:
        yield sys.exc_info()[0].__name__
        yield sys.exc_info()[0].__name__
    yield sys.exc_info()[0]


it = g()
print(next(it))
try:
    raise ValueError("outside")
except ValueError:
    print(sys.exc_info()[0].__name__, next(it), sys.exc_info()[0].__name__)
print(sys.exc_info()[0], next(it), sys.exc_info()[0])
print(next(it))


def h():
    try:
        yield
    except ValueError:
        raise TypeError("t")


x = h()
next(x)
try:
    try:
        raise IndexError("ctx")
    except IndexError:
        x.throw(ValueError("v"))
except TypeError as e:
    c = e.__context__
    print(repr(c), repr(c.__context__))
