class A:
    def __init__(self, v): self.v = v
    def __eq__(self, o): return self.v == o.v
    def __hash__(self): return hash(self.v)
class B:
    def __eq__(self, o): return True
class C(A):
    def __eq__(self, o): return False
class D(A):
    pass
class E(B):
    __hash__ = object.__hash__


print(len({A(1), A(1), A(2)}), A(1) in {A(1): 1}, B.__hash__, C.__hash__, len({D(1), D(1)}), isinstance(hash(E()), int))
for k in (B, C):
    try:
        {k() if k is B else k(1)}
    except TypeError as e:
        print(e)
for v in (-1, 2 ** 61 - 1, 2 ** 61, -2 ** 61 - 5, 2 ** 100, True):
    class H:
        def __hash__(self): return v
    print(hash(H()), H().__hash__() == v)
for v in (1.5, "a", None):
    class H:
        def __hash__(self): return v
    try:
        hash(H())
    except TypeError as e:
        print(e)
print(hash(0) == hash(0.0) == hash(0j) == hash(False), hash(1) == hash(1.0) == hash(1 + 0j) == hash(True), hash(2 ** 53) == hash(2.0 ** 53), hash(10 ** 22) == hash(1e22), hash(0.1) != hash(1), {1: "x"}[1 + 0j], {1, 1.0, 1 + 0j, True}, {2 ** 70: 1}[2.0 ** 70], hash("a") == hash("a"), hash(b"a") == hash(memoryview(b"a")), hash(range(3)) == hash(range(0, 3, 1)))
