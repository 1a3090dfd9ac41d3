class Meta(type):
    def __new__(m, name, bases, ns, **kw):
        print("new", name, [b.__name__ for b in bases], sorted(k for k in ns if not k.startswith("__")), kw)
        c = super().__new__(m, name, bases, ns)
        c.tag = name.lower()
        return c

    def __init__(cls, name, bases, ns, **kw):
        print("init", name, kw)
        super().__init__(name, bases, ns)

    def __call__(cls, *a, **k):
        print("call", cls.__name__, a)
        return super().__call__(*a, **k)

    @classmethod
    def __prepare__(m, name, bases, **kw):
        print("prepare", name, kw)
        return {"prepared": 1}

    def mmeth(cls):
        return "mmeth", cls.__name__

    @property
    def mprop(cls):
        return "mprop " + cls.__name__

    def __len__(cls):
        return 42

    def __getitem__(cls, k):
        return cls.__name__, k

    def __iter__(cls):
        return iter([1, 2])

    def __contains__(cls, x):
        return x == 7

    def __repr__(cls):
        return "<Meta %s>" % cls.__name__


class A(metaclass=Meta, opt=1):
    def f(self): pass


class B(A):
    pass


print(A.tag, B.tag, type(B).__name__, A.prepared)
a = A()
print(type(a), B.mmeth(), A.mprop, len(A), A[3], list(A), 7 in A, A)
try:
    a.mmeth
except AttributeError as e:
    print(e)
M2 = type("M2", (type,), {})
try:
    class Conflict(A, metaclass=M2):
        pass
except TypeError as e:
    print(e)


def func_meta(name, bases, ns):
    return name, bases, ns["v"]


class F(metaclass=func_meta):
    v = 3


print(F)
