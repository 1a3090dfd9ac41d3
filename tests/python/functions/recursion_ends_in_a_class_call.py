# Where the recursion limit is met by the __init__ of a class that is called over and over at one place: what was handed
# over is let go once.
import gc


class Argument:
    pass


class Simple:
    def __init__(self, a, b, c):
        self.a = a


class Defaults:
    def __init__(self, a, b=None, *c, d=4):
        self.a = a


def simple(a, b):
    Simple(a, b, a)
    simple(a, b)


def defaults(a, b):
    Defaults(a)
    Defaults(b, a)
    defaults(a, b)


def wrong(a, b):
    try:
        Simple(a)
    except TypeError as e:
        return str(e)


class NoInit:
    pass


for function in simple, defaults:
    for _ in range(5):
        a, b = Argument(), Argument()
        a.a, b.b = [1], [2]
        try:
            function(a, b)
        except RecursionError as e:
            print(function.__name__, type(e).__name__, a.a, b.b)
        gc.collect()
        garbage = [Argument() for _ in range(100)]
        print(type(a).__name__, type(b).__name__, a.a, b.b)
for _ in range(5):
    a, b = Argument(), Argument()
    print(wrong(a, b), type(a).__name__)
