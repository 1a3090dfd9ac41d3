def twice(f):
    def inner(*a, **k):
        return f(f(*a, **k))
    return inner


def add(n):
    def deco(f):
        def inner(x):
            return f(x) + n
        inner.__name__ = f.__name__ + "+" + str(n)
        return inner
    return deco


@add(10)
@twice
@add(1)
def sq(x):
    return x * x


print(sq(2), sq.__name__)


class register:
    seen = []

    def __init__(self, f):
        self.f = f
        register.seen.append(f.__name__)

    def __call__(self, *a):
        return "called", self.f(*a)


@register
def hello(x):
    return x


print(hello(3), register.seen)


@lambda c: (setattr(c, "tag", 5), c)[1]
class Marked:
    pass


print(Marked.tag)
buttons = [twice]


@buttons[0]
def inc(x):
    return x + 1


print(inc(1))
