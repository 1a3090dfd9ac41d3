class I(int):
    def __new__(cls, v, tag=None):
        self = super().__new__(cls, v)
        self.tag = tag
        return self

    def __add__(self, o):
        return I(int(self) + int(o), "sum")

    def __repr__(self):
        return "I(%d)" % self


i = I(5, "t")
print(i, i + 1, (i + 1).tag, i * 2, type(i * 2).__name__, 3 + i, i == 5, {5: "x"}[i], isinstance(i, int))


class S(str):
    def upper(self):
        return "custom " + super().upper()


s = S("abc")
print(s.upper(), s + "d", type(s + "d").__name__, type(s[:]).__name__, len(s), "b" in s, {"abc": 1}[s])


class L(list):
    def __init__(self, *a):
        super().__init__(a)
        self.extra = 1

    def append(self, v):
        super().append(v * 2)

    def __getitem__(self, k):
        return "item", super().__getitem__(k)


l = L(1, 2)
l.append(3)
print(l, l[0], l[1:], len(l), l.extra, [*l], type(l + [1]).__name__)


class D(dict):
    def __missing__(self, k):
        self[k] = v = k * 2
        return v

    def __setitem__(self, k, v):
        super().__setitem__(k, ("set", v))


d = D(a=1)
d["b"] = 2
print(d, d["q"], d.get("zz"), d, "c" in d)


class T(tuple):
    def __new__(cls, *a):
        return super().__new__(cls, a)

    @property
    def first(self):
        return self[0]


print(T(1, 2).first, T(1, 2) == (1, 2), T(3) + (4,), hash(T(1)) == hash((1,)), T())


class F(float):
    pass


f = F(2.5)
f.attr = 1
print(f * 2, type(f * 2).__name__, f.attr, repr(F(1)))


class B(bytes):
    pass


class St(set):
    pass


class Fs(frozenset):
    pass


print(B(b"x"), St([1]), Fs([2]), type(St([1]) | {2}).__name__, type(Fs([1]) | {2}).__name__, St([1]) == {1})


class E(Exception):
    def __init__(self, code):
        super().__init__("code %s" % code)
        self.code = code


try:
    raise E(7)
except E as e:
    print(e, e.code, e.args)
