def g():
    yield 1
    raise StopIteration("inner")


it = g()
next(it)
try:
    next(it)
except RuntimeError as e:
    print(e, repr(e.__cause__), repr(e.__context__))


def h():
    yield next(iter([]))


try:
    list(h())
except RuntimeError as e:
    print(e)
try:
    list(next(iter([])) for _ in range(2))
except RuntimeError as e:
    print(e)


def k():
    yield 1


x = k()
next(x)
try:
    x.throw(StopIteration("thrown"))
except RuntimeError as e:
    print(e)


class I:
    def __iter__(self): return self
    def __next__(self): raise StopIteration


print(list(I()), [*I()], list(map(int, I())))


def ret():
    return 5
    yield


try:
    next(ret())
except StopIteration as e:
    print(e.value, e.args)
