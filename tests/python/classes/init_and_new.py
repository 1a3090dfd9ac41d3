class C:
    def __new__(cls, *args, **kw):
        print("new", cls.__name__, args, kw)
        return object.__new__(cls)

    def __init__(self, *args, **kw):
        print("init", args, kw)


C(1, k=2)


class D:
    def __new__(cls):
        return 5

    def __init__(self):
        print("never")


print(D())


class E(C):
    pass


E()


class F:
    def __new__(cls, x):
        self = super().__new__(cls)
        self.x = x
        return self


print(F(3).x)


class G:
    def __init__(self):
        return 1


class H:
    pass


class I:
    def __init__(self, a):
        pass


class J:
    def __new__(cls, a):
        return super().__new__(cls)


for f in (G, lambda: H(1), lambda: H(a=1), I, lambda: I(1, 2), lambda: J(), lambda: object(1), lambda: object.__new__(),
          lambda: object.__new__(1), lambda: object.__new__(int), lambda: int.__new__(str), lambda: object.__init__(H(), 1)):
    try:
        f()
        print("fine")
    except TypeError as e:
        print(e)
