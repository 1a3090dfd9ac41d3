class Data:
    def __set_name__(self, owner, name):
        print("set_name", owner.__name__, name)
        self.name = name

    def __get__(self, obj, owner=None):
        return ("get", self.name, obj is None, owner.__name__)

    def __set__(self, obj, value):
        print("set", self.name, value)
        obj.__dict__[self.name] = value

    def __delete__(self, obj):
        print("delete", self.name)


class NonData:
    def __get__(self, obj, owner=None):
        return "nondata"


class SetOnly:
    def __set__(self, obj, value):
        print("setonly", value)


class C:
    d = Data()
    n = NonData()
    s = SetOnly()


c = C()
print(c.d, C.d)
c.d = 5
print(c.d, c.__dict__)
del c.d
print(c.n, C.n)
c.n = "instance"
print(c.n)
c.s = 1
print(type(c.s).__name__)
c.__dict__["s"] = "from dict"
print(c.s)
try:
    del c.s
except AttributeError as e:
    print(e)
C.d = "class attribute replaced"
print(c.d)


class Raises:
    def __get__(self, o, t):
        raise AttributeError("from get")


class D:
    r = Raises()

    def __getattr__(self, name):
        return "fallback " + name


print(D().r)
try:
    D.r
except AttributeError as e:
    print(e)
