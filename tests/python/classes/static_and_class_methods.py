class C:
    @staticmethod
    def s(a, b=2):
        return a, b

    @classmethod
    def c(cls, a):
        return cls.__name__, a

    @classmethod
    @property
    def cp(cls):
        return cls.__name__ + "!"


class D(C):
    pass


print(C.s(1), C().s(1, 3), C.c(1), C().c(2), D.c(3), D().c(4))
print(C.cp, D.cp)
print(C.c.__self__ is C, D.c.__self__ is D, C.__dict__["s"].__func__(9))
print(type(C.__dict__["s"]).__name__, type(C.__dict__["c"]).__name__)
print(C.__dict__["s"](5))
try:
    C.__dict__["c"](5)
except TypeError as e:
    print(e)
f = staticmethod(len)
print(f([1, 2]), staticmethod(lambda: 1).__name__)


class E:
    m = classmethod(lambda cls, *a: (cls.__name__, a))
    n = staticmethod(max)
    bound = [].append


print(E.m(1), E.n(1, 5), E().n(3, 2))
E().bound(5)
print(E.bound.__self__)
