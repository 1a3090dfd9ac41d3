class C:
    def __init__(self):
        self.x = "instance"


def read(o):
    return o.x


c = C()
print([read(c) for _ in range(20)][-1])
C.x = property(lambda self: "property")
print(read(c))
del C.x
print(read(c))
C.x = "class"
print(read(c))
del c.x
print(read(c))


class G:
    def __get__(self, o, t):
        return "nondata"


C.x = G()
print(read(c))
c.x = "again"
print(read(c))
G.__set__ = lambda self, o, v: print("set", v)
print(read(c))
c.x = 4
C.__getattribute__ = lambda self, n: "getattribute " + n
print(read(c))
del C.__getattribute__
print(read(c))
