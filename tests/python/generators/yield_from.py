def inner():
    x = yield "i1"
    print("inner got", x)
    try:
        yield "i2"
    except ValueError as e:
        print("inner caught", e)
        yield "i3"
    return "inner result"


def outer():
    r = yield from inner()
    print("outer got", r)
    r2 = yield from [10, 20]
    print(r2)
    yield from ()
    yield from "ab"
    return 99


it = outer()
print(next(it), it.send("hello"), it.throw(ValueError("v")))
print(list(it))


def deep(n):
    if n:
        yield from deep(n - 1)
    yield n


print(list(deep(30))[:5], sum(deep(100)))


class Custom:
    def __iter__(self):
        return self

    def __init__(self):
        self.n = 0

    def __next__(self):
        self.n += 1
        if self.n > 2:
            raise StopIteration("custom result")
        return self.n


def use():
    return (yield from Custom())


def drive(g):
    out = []
    try:
        while True:
            out.append(next(g))
    except StopIteration as e:
        return out, e.value


print(drive(use()))
u = use()
next(u)
try:
    u.send(5)
except AttributeError as e:
    print(e)
u = use()
next(u)
try:
    u.throw(ValueError("through plain iterator"))
except ValueError as e:
    print(e)


def bad():
    yield from 5


try:
    next(bad())
except TypeError as e:
    print(e)
