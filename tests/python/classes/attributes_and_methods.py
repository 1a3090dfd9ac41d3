class C:
    shared = [1]
    n = 0

    def __init__(self, v):
        self.v = v
        C.n += 1

    def get(self):
        return self.v

    def bump(self):
        self.n += 1
        return self.n


a, b = C(1), C(2)
print(a.get(), b.get(), C.n, a.n)
print(a.bump(), a.n, b.n, C.n)
a.shared.append(2)
print(b.shared)
a.shared = "own"
print(a.shared, C.shared, a.__dict__)
del a.shared
print(a.shared, a.__class__ is C, a.__dict__)
C.added = lambda self: ("added", self.v)
print(a.added(), b.added())
del C.added
try:
    a.added
except AttributeError as e:
    print(e)
try:
    C.nope
except AttributeError as e:
    print(e)
try:
    del C.nope
except AttributeError as e:
    print(e)
print(C.__name__, C.__qualname__, C.__module__, C.__bases__, C.__doc__)
