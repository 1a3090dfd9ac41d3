def f0(): pass
def f1(a): pass
def f2(a, b): pass
def f3(a, b, c): pass
def d1(a, b=1): pass
def k1(*, a): pass
def k2(*, a, b): pass
def k3(*, a, b, c): pass
def pk(a, *, k): pass
def pd(a, b=1, *, k=2): pass
def va(a, *args): pass


class C:
    def m(self, x): pass


cases = [
    lambda: f0(1), lambda: f0(1, 2), lambda: f1(), lambda: f1(1, 2), lambda: f2(), lambda: f2(1), lambda: f2(1, 2, 3),
    lambda: f3(), lambda: f3(1), lambda: d1(), lambda: d1(1, 2, 3), lambda: k1(), lambda: k2(), lambda: k3(),
    lambda: k1(1), lambda: k1(1, a=2), lambda: pk(), lambda: pk(1), lambda: pk(1, 2, k=3), lambda: pd(1, 2, 3),
    lambda: pd(1, 2, 3, k=1), lambda: va(), lambda: f0(x=1), lambda: f1(1, a=2), lambda: f1(b=2), lambda: f1(1, b=2),
    lambda: C().m(), lambda: C().m(1, 2), lambda: C.m(), lambda: f2(b=1), lambda: f2(a=1),
    lambda: f1(**{"a": 1}, **{"a": 2}), lambda: f1(*1), lambda: f1(**1), lambda: f1(**{1: 2}), lambda: f1(1, **{"a": 3}),
]
for i, case in enumerate(cases):
    try:
        case()
        print(i, "no error")
    except TypeError as e:
        print(i, e)
