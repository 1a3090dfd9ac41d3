import weakref, gc


class K:
    def __init__(self, n): self.n = n
    def __repr__(self): return "K%d" % self.n


a, b = K(1), K(2)
d = weakref.WeakValueDictionary()
d["a"], d["b"] = a, b
print(sorted(d.keys()), d["a"], len(d), "b" in d, d.get("z"))
del a
gc.collect()
print(sorted(d.keys()), len(d))
k = weakref.WeakKeyDictionary()
x, y = K(3), K(4)
k[x] = "three"; k[y] = "four"
print(len(k), k[x], x in k)
del x
gc.collect()
print(len(k), list(k.values()))
s = weakref.WeakSet([b, y])
print(len(s), b in s)
del b
gc.collect()
print(len(s), [str(v) for v in s])
f = K(9)
fin = weakref.finalize(f, print, "finalised", 9)
print(fin.alive)
del f
gc.collect()
print(fin.alive, fin())
g = K(10)
fin = weakref.finalize(g, lambda *a: print("called by hand", a) or "result", 1)
print(fin(), fin())
h = K(11)
weakref.finalize(h, print, "at exit")
