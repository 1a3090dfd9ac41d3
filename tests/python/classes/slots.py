class A:
    __slots__ = ("x", "y")

    def __init__(self, x):
        self.x = x


a = A(1)
print(a.x, hasattr(a, "y"), hasattr(a, "__dict__"))
for f in (lambda: a.y, lambda: setattr(a, "z", 1), lambda: delattr(a, "y"), lambda: a.__dict__, lambda: a.z):
    try:
        f()
    except AttributeError as e:
        print(e)
a.y = 2
del a.x
print(a.y, hasattr(a, "x"), type(A.x).__name__, A.__slots__)


class B(A):
    pass


b = B(1)
b.z = 3
print(b.__dict__, b.x)


class C(A):
    __slots__ = ["w"]


c = C(5)
c.w = 1
c.y = 2
print(c.x, c.w, c.y, hasattr(c, "__dict__"))


class D:
    __slots__ = "single"


d = D()
d.single = 1
print(d.single)


class E:
    __slots__ = ("__dict__", "s", "__weakref__")


e = E()
e.s, e.t = 1, 2
print(e.__dict__)


class F:
    __slots__ = ("_F__m", "__n")

    def __init__(self):
        self.__m = 1
        self.__n = 2


print(F()._F__m, F()._F__n)
for src in ("class X:\n    __slots__ = ('a',)\n    a = 1", "class X:\n    __slots__ = (1,)", "class X:\n    __slots__ = ('a b',)",
            "class X(int):\n    __slots__ = ('a',)", "class X(A, D): pass", "class X:\n    __slots__ = ('__dict__', '__dict__')",
            "class X(tuple):\n    __slots__ = ()", "class X(B):\n    __slots__ = ('__dict__',)"):
    try:
        exec(src)
        print("ok")
    except (TypeError, ValueError) as err:
        print(type(err).__name__, err)
