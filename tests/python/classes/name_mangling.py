class C:
    __private = 1
    __dunder__ = 2

    def __init__(self):
        self.__x = 5
        self._y = 6

    def __m(self):
        return self.__x

    def call(self):
        return self.__m(), self.__private

    def loc(self, __arg=3):
        __local = 4
        return locals().keys() - {"self"}

    def kw(self):
        return dict(__k=1)

    import math as __math


c = C()
print(sorted(c.__dict__), c.call(), sorted(c.loc()), c.kw())
print(sorted(k for k in C.__dict__ if "C__" in k))
try:
    c.__x
except AttributeError as e:
    print(e)


class D(C):
    def __m(self):
        return "D"

    def probe(self):
        return self._C__x


print(D().call(), D().probe())


class _Lead:
    __v = 1


class ___:
    __w = 2


print(_Lead._Lead__v, ___.__dict__.get("__w"))
print(getattr(c, "_C__x"), hasattr(c, "__x"))
