class C:
    def __init__(self, n): self.n = n
    def __call__(self, *a, **k): return self.n, a, k


c = C(5)
print(c(), c(1, 2), c(x=1), c(*[1], **{"y": 2}), list(map(c, [1])), callable(c), sorted([2, 1], key=lambda v: v), c.__call__(9))
class Deep:
    def __call__(self, x): return x * 2
class Outer:
    __call__ = Deep()


print(Outer()(4))
class Desc:
    def __get__(self, o, t): return lambda *a: ("desc", a, t.__name__)
class WithDesc:
    __call__ = Desc()
    __len__ = lambda self: 4
    __getitem__ = Desc()


print(WithDesc()(1), len(WithDesc()), WithDesc()["k"])
class S:
    __call__ = staticmethod(lambda *a: ("static", a))


print(S()(1))
class M(type):
    def __call__(cls, *a):
        obj = super().__call__(*a)
        return obj, "wrapped"


class K(metaclass=M):
    def __init__(self, v=0): self.v = v


print(K(3)[1], K(3)[0].v)
import functools
p = functools.partial(c, 1, x=2)
print(p(3, y=4), p.func is c, p.args, p.keywords)
