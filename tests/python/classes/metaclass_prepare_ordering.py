class Log(dict):
    def __setitem__(self, k, v):
        if not k.startswith("__"):
            print("define", k)
        super().__setitem__(k, v)

    def __missing__(self, k):
        if k == "magic":
            return "from missing"
        raise KeyError(k)


class M(type):
    @classmethod
    def __prepare__(m, name, bases):
        return Log()

    def __new__(m, name, bases, ns):
        c = super().__new__(m, name, bases, dict(ns))
        c.order = [k for k in ns if not k.startswith("__")]
        return c


class C(metaclass=M):
    z = 1
    a = 2
    got = magic

    def m(self): pass
    z = 3


print(C.order, C.got)


class Bad(type):
    @classmethod
    def __prepare__(m, name, bases):
        return 5


try:
    class D(metaclass=Bad):
        pass
except TypeError as e:
    print(e)
