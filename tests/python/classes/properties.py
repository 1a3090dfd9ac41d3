class C:
    def __init__(self):
        self._x = 1

    @property
    def x(self):
        """The x doc."""
        return self._x

    @x.setter
    def x(self, v):
        self._x = v * 2

    @x.deleter
    def x(self):
        print("deleting")
        self._x = None

    @property
    def ro(self):
        return "ro"

    wo = property(None, lambda self, v: print("set", v))
    old = property(lambda s: 1, None, None, "old doc")


c = C()
print(c.x, C.x.__doc__, C.old.__doc__)
c.x = 5
print(c.x)
del c.x
print(c.x, type(C.x).__name__)
c.wo = 3
for f in (lambda: setattr(c, "ro", 1), lambda: delattr(c, "ro"), lambda: c.wo, lambda: delattr(c, "wo"), lambda: setattr(c, "old", 1)):
    try:
        f()
    except AttributeError as e:
        print(e)
c.__dict__["x"] = "instance"
print(c.x)
print(C.x.fget.__name__, C.x.fset.__name__, C.ro.fset, isinstance(C.x, property))


class D(C):
    @C.x.getter
    def x(self):
        return "D getter"


d = D()
print(d.x)
d.x = 4
print(d._x)


class E:
    @property
    def bad(self):
        raise AttributeError("inner attribute error")


try:
    E().bad
except AttributeError as e:
    print(e)
print(property().fget)
