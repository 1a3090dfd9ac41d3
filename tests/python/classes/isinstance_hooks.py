class M(type):
    def __instancecheck__(cls, o):
        return o == "special"

    def __subclasscheck__(cls, c):
        return c is int


class C(metaclass=M):
    pass


print(isinstance("special", C), isinstance(1, C), issubclass(int, C), issubclass(str, C), isinstance(C(), C))
print(isinstance(1, (str, (float, int))), issubclass(bool, (str, int)), isinstance(True, int))


class Fake:
    @property
    def __class__(self):
        return int


print(isinstance(Fake(), int), type(Fake()).__name__)
for f in (lambda: isinstance(1, 1), lambda: isinstance(1, "int"), lambda: issubclass(1, int), lambda: issubclass(int, 1),
          lambda: isinstance(1, (int, 5)), lambda: isinstance("a", (int, 5)), lambda: isinstance(1), lambda: isinstance(1, list[int])):
    try:
        print(f())
    except TypeError as e:
        print(e)
import abc


class A(abc.ABC):
    @abc.abstractmethod
    def f(self): pass

    @property
    @abc.abstractmethod
    def p(self): pass


class B(A):
    def f(self): pass


class D(B):
    p = 1


for k in (A, B, D):
    try:
        print(type(k()).__name__)
    except TypeError as e:
        print(e)


class V:
    pass


A.register(V)
print(isinstance(V(), A), issubclass(V, A), A in V.__mro__)
import collections.abc as ca
print(isinstance([], ca.Sequence), isinstance({}, ca.Mapping), isinstance(1, ca.Hashable), isinstance([], ca.Hashable),
      isinstance(iter([]), ca.Iterator), isinstance(len, ca.Callable), isinstance((i for i in []), ca.Generator))
