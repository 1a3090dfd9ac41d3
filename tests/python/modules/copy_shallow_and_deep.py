import copy
a = [1, [2, {"k": (3, [4])}], {5}]
b, c = copy.copy(a), copy.deepcopy(a)
a[1].append("x"); a[1][1]["k"][1].append("y"); print(a, b, c, b[1] is a[1], c[1] is a[1])
r = []; r.append(r); d = copy.deepcopy(r); print(d[0] is d, d is r)


class P:
    def __init__(self, v): self.v = v


p = P([1]); q, s = copy.copy(p), copy.deepcopy(p); print(q.v is p.v, s.v is p.v, s.v, type(s).__name__)


class H:
    def __copy__(self): return "copied"
    def __deepcopy__(self, memo): return "deep copied"


class S:
    __slots__ = ("a", "b")


x = S(); x.a = [1]; y = copy.deepcopy(x); print(y.a, y.a is x.a, hasattr(y, "b"))
print(copy.copy(H()), copy.deepcopy([H()]), copy.copy(5), copy.deepcopy("s"), copy.copy(P) is P, copy.deepcopy(len) is len, copy.deepcopy((1, 2)), copy.copy({1: [2]}), copy.deepcopy({"a": {"b": [1]}}), copy.copy(bytearray(b"x")), copy.deepcopy({1, (2, 3)}) == {1, (2, 3)}, copy.deepcopy(range(3)))
t = ([],); print(copy.copy(t) is t, copy.deepcopy(t) is t, copy.deepcopy(((1,),)) is not None)
class L(list): pass


l = L([1]); l.extra = 5; m = copy.deepcopy(l); print(m, m.extra, type(m).__name__)
try:
    copy.copy(x for x in [])
except TypeError as e:
    print(e)
try:
    copy.deepcopy(iter) and copy.deepcopy((i for i in ()))
except TypeError as e:
    print(e)
