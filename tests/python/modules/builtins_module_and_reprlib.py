import reprlib, keyword
r = reprlib.Repr(); r.maxlist = 2
print(r.repr([1, 2, 3]), reprlib.repr("x" * 100), reprlib.repr({i: i for i in range(10)}), keyword.iskeyword("for"), len(keyword.kwlist), keyword.softkwlist)


class C:
    def __init__(self): self.items = [self]
    @reprlib.recursive_repr()
    def __repr__(self): return "C(%r)" % self.items


print(C())
