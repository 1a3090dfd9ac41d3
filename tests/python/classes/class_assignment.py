class A:
    def f(self): return "A"
class B:
    def f(self): return "B"


o = A()
o.v = 1
print(o.f())
o.__class__ = B
print(o.f(), o.v, type(o).__name__, isinstance(o, A))


class S:
    __slots__ = ("a",)


for f in (lambda: setattr(o, "__class__", 5), lambda: setattr(o, "__class__", int), lambda: setattr(o, "__class__", S),
          lambda: setattr(5, "__class__", B), lambda: delattr(o, "__class__")):
    try:
        f()
    except TypeError as e:
        print(e)


class Base1:
    def who(self): return "base1"
class Base2:
    def who(self): return "base2"
class K(Base1):
    pass


k = K()
print(k.who())
K.__bases__ = (Base2,)
print(k.who(), [c.__name__ for c in K.__mro__])
K.__bases__ = (Base1, Base2)
print(k.who(), Base2.__subclasses__() == [K])
for bad in ((), 5, (K,), (1,)):
    try:
        K.__bases__ = bad
    except TypeError as e:
        print(e)
