class C:
    def m(self, *a):
        return self.name, a

    def __init__(self, name):
        self.name = name


c = C("one")
b = c.m
print(b(1, 2), C.m(c, 3), b.__self__ is c, b.__func__ is C.m, b.__name__)
print(c.m == c.m, c.m is c.m, c.m == C("one").m, hash(c.m) == hash(c.m))
c.m = lambda *a: ("instance", a)
print(c.m(1), b(5))
import types
c.n = types.MethodType(lambda self, x: (self.name, x), c)
print(c.n(4))
try:
    b.attr = 1
except AttributeError as e:
    print(e)
C.m.attr = "on function"
print(b.attr)
print(repr(C.m).split(" at ")[0], repr(C("x").m).split(" at ")[0].split("<__main__")[0])
print([1].append.__self__, [].append.__name__, "".join.__self__ == "")
