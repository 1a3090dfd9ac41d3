# What programs rely on in CPython: an object that is in no cycle dies with its last reference.
class C:
    def __init__(self, n): self.n = n
    def __del__(self): print("del", self.n)


c = C(1)
c = C(2)
print("rebound")
del c
print("deleted")
l = [C(3), C(4)]
l.pop()
print("popped")
l.clear()
print("cleared")
d = {"k": C(5)}
d["k"] = None
print("replaced")


def f():
    x = C(6)
    return "returning"


print(f())
C(7)
print("temporary gone")


class H:
    pass


h = H()
h.a = C(8)
h.a = 1
h.b = C(9)
del h.b
h.c = C(10)
del h
print("holder gone")
for i in range(2):
    y = C("loop%d" % i)
print("after loop")
t = (C(11),)
del t
s = [C(12)]
s[0:1] = []
print("slice replaced")
