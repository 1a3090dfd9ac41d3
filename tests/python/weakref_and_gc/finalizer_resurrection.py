import gc
saved = []


class C:
    def __init__(self, n): self.n = n
    def __del__(self):
        print("del", self.n)
        saved.append(self)


c = C(1)
del c
gc.collect()
print([x.n for x in saved])
saved.clear()
gc.collect()
print("only once", saved)
a, b = C("a"), C("b")
a.o, b.o = b, a
del a, b
gc.collect()
print(sorted(x.n for x in saved), saved[0].o.o is saved[0])
saved.clear()
gc.collect()
print(len(saved))
import sys
import weakref


class R:
    def __del__(self): keep.append(self)


keep = []
r = R()
w = weakref.ref(r, lambda _: cleared.append(1))
cleared = []
del r
gc.collect()
# Where the collector finds it, weak references to it are cleared first, as in CPython if it is in a cycle.
prompt = getattr(sys.implementation, "finalisation", "prompt") != "collected"
print(len(keep), (w() is None, len(cleared)) == ((False, 0) if prompt else (True, 1)))
