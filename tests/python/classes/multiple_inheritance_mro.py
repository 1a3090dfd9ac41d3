class A:
    def f(self): return "A"
class B(A):
    def f(self): return "B" + super().f()
class C(A):
    def f(self): return "C" + super().f()
class D(B, C):
    def f(self): return "D" + super().f()


print(D().f(), [k.__name__ for k in D.__mro__], D.mro() == list(D.__mro__))


class X: pass
class Y: pass
class XY(X, Y): pass
class YX(Y, X): pass


try:
    class Z(XY, YX): pass
except TypeError as e:
    print(e)
try:
    class W(A, B): pass
except TypeError as e:
    print(e)
try:
    class V(A, A): pass
except TypeError as e:
    print(e)
try:
    class U(object, A): pass
except TypeError as e:
    print(e)


class P: pass
class Q(P): pass
class R(P): pass
class S(Q, R): pass
class T(R): pass
class UU(S, T): pass


print([k.__name__ for k in UU.__mro__])
print(D.__base__.__name__, [k.__name__ for k in D.__bases__], [k.__name__ for k in A.__subclasses__()])
