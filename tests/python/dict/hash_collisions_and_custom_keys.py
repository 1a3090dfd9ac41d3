class K:
    def __init__(self, v, h):
        self.v, self.h = v, h

    def __hash__(self):
        return self.h

    def __eq__(self, o):
        return isinstance(o, K) and self.v == o.v

    def __repr__(self):
        return "K%s" % self.v


d = {K(i, i % 3): i for i in range(60)}
print(len(d), all(d[K(i, i % 3)] == i for i in range(60)), K(5, 0) in d, K(5, 2) in d)
for i in range(0, 60, 2):
    del d[K(i, i % 3)]
print(len(d), list(d)[:5], sum(d.values()))
for i in range(60, 100):
    d[K(i, 1)] = i
print(len(d), all(d[K(i, 1)] == i for i in range(60, 100)))


class Raise:
    def __hash__(self): return 1
    def __eq__(self, o): raise ValueError("eq called")


d = {Raise(): 1}
for f in (lambda: d[Raise()], lambda: d.get(1), lambda: d.setdefault(Raise(), 2), lambda: 1 in d):
    try:
        print(f())
    except ValueError as e:
        print(e)


class BadHash:
    def __hash__(self): return "x"
class BigHash:
    def __hash__(self): return 2 ** 100
class RaiseHash:
    def __hash__(self): raise KeyError("hash")
class EqOnly:
    def __eq__(self, o): return True


for c in (BadHash, RaiseHash, EqOnly):
    try:
        {c(): 1}
    except (TypeError, KeyError) as e:
        print(type(e).__name__, e)
print(hash(BigHash()) == hash(2 ** 100), len({BigHash(): 1}))


class Mutating:
    armed = False
    def __init__(self, v): self.v = v
    def __hash__(self): return 7
    def __eq__(self, o):
        if Mutating.armed:
            Mutating.armed = False
            target.clear()
        return self is o


keys = [Mutating(i) for i in range(5)]
target = {k: k.v for k in keys}
Mutating.armed = True
print(target.get(Mutating(9), "none"), len(target))
target = {k: k.v for k in keys}
Mutating.armed = True
target[Mutating(10)] = 1
print(len(target))
