# A class's static method, called and looked at in one place while it changes.


class A:
    @staticmethod
    def f(x):
        return "f", x

    g = staticmethod(len)
    h = staticmethod(f)


class B(A):
    pass


def ask(cls):
    seen = cls.f
    return cls.f(1), seen(2), cls.g("abc"), cls.h(3)


def show():
    for cls in (A, B, A):
        for turn in range(2):
            try:
                print(ask(cls))
            except Exception as error:
                print(type(error).__name__, error)


show()
A.__dict__["f"].__init__(lambda x: ("another", x))
show()
B.f = staticmethod(lambda x: ("B's", x))
show()
del B.f
A.f = lambda x: ("plain", x)
show()
A.f = staticmethod(lambda x: ("static again", x))
show()


class Empty(staticmethod):
    def __init__(self):
        pass


A.f = staticmethod.__new__(staticmethod)
show()
A.f = Empty()
show()
