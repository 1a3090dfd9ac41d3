class Base:
    def __init__(self, **kw):
        self.log = ["Base"]
        super().__init__(**kw)


class L(Base):
    def __init__(self, l, **kw):
        super().__init__(**kw)
        self.log.append("L%s" % l)


class R(Base):
    def __init__(self, r, **kw):
        super().__init__(**kw)
        self.log.append("R%s" % r)


class M(L, R):
    def __init__(self, **kw):
        super().__init__(**kw)
        self.log.append("M")


print(M(l=1, r=2).log)
try:
    M(l=1, r=2, z=3)
except TypeError as e:
    print(e)


class Registry:
    found = []

    def __init_subclass__(cls, tag=None, **kw):
        super().__init_subclass__(**kw)
        Registry.found.append((cls.__name__, tag))


class One(Registry, tag="t1"): pass
class Two(One): pass


print(Registry.found)
try:
    class Three(Registry, other=1): pass
except TypeError as e:
    print(e)
