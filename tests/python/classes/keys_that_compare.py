# A class may have keys that are no str. Comparing them with the name of an attribute runs their __eq__, which may do
# anything, such as changing classes, while an attribute is looked up, set or deleted.


class Other:
    changes = 0


class Key:
    def __init__(self, name):
        self.name = name

    def __hash__(self):
        return hash(self.name)

    def __eq__(self, other):
        Other.changes += 1

        class Another(Other):
            pass
        Another.__len__ = lambda self: 0
        return self.name == other

    def __repr__(self):
        return f"Key({self.name!r})"


def keys(cls):
    return [k for k in cls.__dict__ if not isinstance(k, str) or not k.startswith("__") or k == "__len__"]


C = type("C", (), {Key("x"): 1, "y": 2})
before = Other.changes
print(C.x, Other.changes > before)
before = Other.changes
C.x = 3
print(C.x, C().x, keys(C), Other.changes > before)
del C.x
print(hasattr(C, "x"), keys(C))
C.x = 4
print(C.x, keys(C))
try:
    del C.z
except AttributeError as e:
    print(e)

# The name of a slot, which classes below look for, too.
D = type("D", (), {Key("__len__"): lambda self: 5})


class E(D):
    pass


print(keys(D), len(E()))
D.__len__ = lambda self: 6
print(keys(D), len(D()), len(E()))
del D.__len__
print(keys(D), hasattr(E, "__len__"))
D.__set__ = D.__get__ = lambda self, *args: len(args)


class F:
    d = E()


print(F().d)


# Unlike what they are compared with, and failing.
class Failing(Key):
    __hash__ = Key.__hash__

    def __eq__(self, other):
        raise ValueError(f"compared with {other}")


G = type("G", (), {Failing("x"): 1})
for action in "G.x", "G.x = 2", "del G.x", "G().x":
    try:
        exec(action)
    except Exception as e:
        print(action, type(e).__name__, e)


# Arguments by such names.
class Name(str):
    def __hash__(self):
        return hash("b")

    def __eq__(self, other):
        return [deep(5), str(self) == str(other)][1]


def deep(n):
    return [n, deep(n - 1)] if n else []


def f(first, /, *args, k=0, **kwargs):
    return first, args, k, [(str(n), v) for n, v in kwargs.items()]


print(f(1, 2, 3, **{Name("a"): "A", "b": "B", "c": "C"}))
print(f(1, **{Name("a"): "A", Name("b"): "B", "k": 7}))
