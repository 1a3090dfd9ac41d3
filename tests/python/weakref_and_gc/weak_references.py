import weakref, gc


class C:
    def __init__(self, n): self.n = n
    def __repr__(self): return "C%s" % self.n


c = C(1)
r = weakref.ref(c)
print(r() is c, r is weakref.ref(c), weakref.getweakrefcount(c), r == weakref.ref(c), hash(r) == hash(c))
log = []
r2 = weakref.ref(c, lambda ref: log.append(("dead", ref is r2, ref())))
r3 = weakref.ref(c, lambda ref: log.append("second"))
print(weakref.getweakrefcount(c))
del c
gc.collect()
print(r(), r2(), log)
for bad in (5, "a", None, [], (), {}):
    try:
        weakref.ref(bad)
        print("ok", bad)
    except TypeError as e:
        print(e)
print(weakref.ref(C) is not None, weakref.ref(len)() is len, weakref.ref(lambda: 1)() is None or True, weakref.ref({1}.__class__)() is set)
d = C(2)
p = weakref.proxy(d)
print(p.n, p, isinstance(p, C), type(p).__name__)
p.n = 5
print(d.n)
del d
gc.collect()
try:
    p.n
except ReferenceError as e:
    print(e)
try:
    hash(weakref.proxy(C(1)))
except (TypeError, ReferenceError) as e:
    print(type(e).__name__, e)


class S:
    __slots__ = ("x",)
class SW:
    __slots__ = ("x", "__weakref__")


try:
    weakref.ref(S())
except TypeError as e:
    print(e)
sw = SW()
print(weakref.ref(sw)() is sw)
m = C(3)
wm = weakref.WeakMethod(m.__repr__)
print(wm()())
del m
gc.collect()
print(wm())
r1, r2 = weakref.ref(sw), weakref.ref(sw)
print(r1 == r2, r1 is r2, weakref.getweakrefs(sw)[0] is r1)
# a reference and a proxy: the reference compares the targets, the proxy its target with the reference
class Thing: pass
thing, other = Thing(), Thing()
r, p, q = weakref.ref(thing), weakref.proxy(thing), weakref.proxy(other)
print(r == p, p == r, r != p, r == q, p == thing, r == thing)
del other
gc.collect()
print(r == q, r != q, q is not None)
