log = []


class D:
    def __set_name__(self, owner, name):
        log.append(("set_name", owner.__name__, name))


class Base:
    def __init_subclass__(cls, /, **kw):
        log.append(("init_subclass", cls.__name__, kw))


class A(Base, k=1):
    b = D()
    a = D()


print(log)


class Bad:
    def __set_name__(self, owner, name):
        raise ValueError("no name")


try:
    class E:
        x = Bad()
except Exception as e:
    print(type(e).__name__, e, "|", type(e.__cause__).__name__, e.__cause__)


class H:
    @classmethod
    def __init_subclass__(cls):
        print("explicit classmethod", cls.__name__)


class I(H):
    pass


A.late = D()
print(len(log))
try:
    class J(x=1):
        pass
except TypeError as e:
    print(e)
