# An __init__ that makes a generator or a coroutine, called again through the same code.
class D:
    def __init__(self, a, b=2):
        yield a


class E:
    async def __init__(self, a):
        pass


class F:
    async def __init__(self, a):
        yield


class G(D):
    pass


import warnings

warnings.simplefilter("ignore")


def one(f):
    try:
        return type(f(1)).__name__
    except TypeError as e:
        return str(e)


def two(f):
    try:
        return type(f(1, 2)).__name__
    except TypeError as e:
        return str(e)


def kw(f):
    try:
        return type(f(a=1)).__name__
    except TypeError as e:
        return str(e)


def star(f):
    try:
        return type(f(*(1,))).__name__
    except TypeError as e:
        return str(e)


for c in (D, E, F, G):
    for g in (one, two, kw, star):
        for _ in range(3):
            print(c.__name__, g.__name__, g(c))


class Changed:
    def __init__(self, a):
        self.a = a


print(one(Changed), one(Changed))
Changed.__init__.__code__ = D.__init__.__code__
print(one(Changed), one(Changed))
Changed.__init__.__code__ = (lambda self, a: None).__code__
print(one(Changed), one(Changed))
