class C:
    real = 1

    def __getattr__(self, name):
        if name.startswith("dyn_"):
            return name.upper()
        raise AttributeError("no " + name)


c = C()
print(c.real, c.dyn_x, hasattr(c, "dyn_y"), hasattr(c, "zip"), getattr(c, "q", "default"))
try:
    c.zip
except AttributeError as e:
    print(e)


class G:
    def __init__(self):
        self.a = 1

    def __getattribute__(self, name):
        print("ga", name)
        return object.__getattribute__(self, name)

    def __getattr__(self, name):
        return "fallback", name


g = G()
print(g.a, g.b)
print(len(G.__dict__) > 3)


class S:
    def __setattr__(self, name, value):
        print("set", name, value)
        super().__setattr__(name, value)

    def __delattr__(self, name):
        print("del", name)
        object.__delattr__(self, name)


s = S()
s.x = 1
s.x += 1
print(s.x)
del s.x
setattr(s, "y", 3)
delattr(s, "y")
try:
    del s.zz
except AttributeError as e:
    print(e)


class P:
    def __init__(self, o):
        object.__setattr__(self, "_o", o)

    def __getattr__(self, n):
        return getattr(self._o, n)

    def __setattr__(self, n, v):
        setattr(self._o, n, v)


class O:
    pass


o = O()
p = P(o)
p.v = 5
print(o.v, p.v, vars(p) == {"_o": o})
for bad in (lambda: getattr(c, 1), lambda: setattr(c, 1, 2), lambda: hasattr(c, 1), lambda: delattr(c, None)):
    try:
        bad()
    except TypeError as e:
        print(e)
