# What programs rely on in CPython: an object that is in no cycle dies with its last reference. Where it dies when
# the collector finds it, it is looked for each time.
import gc
import sys

if getattr(sys.implementation, "finalisation", "prompt") != "collected":
    def settle(): pass
else:
    class Other: pass

    def settle():
        # A collector that looks at the machine's stack is not to find there what was in use last.
        x = Other()
        x.a = Other()
        x.a = [x, {"k": Other()}]
        x.a[1]["k"] = None
        x.a.pop()
        x.a[0:1] = []
        del x.a
        x = (Other(),)
        gc.collect()


class C:
    def __init__(self, n): self.n = n
    def __del__(self): print("del", self.n)


c = C(1)
c = C(2)
settle()
print("rebound")
del c
settle()
print("deleted")
l = [C(3), C(4)]
l.pop()
settle()
print("popped")
l.clear()
settle()
print("cleared")
d = {"k": C(5)}
d["k"] = None
settle()
print("replaced")


def f():
    x = C(6)
    return "returning"


result = f()
settle()
print(result)
C(7)
settle()
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
settle()
print("holder gone")
for i in range(2):
    y = C("loop%d" % i)
    settle()
settle()
print("after loop")
t = (C(11),)
del t
s = [C(12)]
s[0:1] = []
settle()
print("slice replaced")
