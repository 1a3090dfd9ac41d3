print(type(5).__name__, type(type).__name__, type(None).__name__, type(...).__name__, type(lambda: 1).__name__, type(len).__name__, type([].append).__name__, type(NotImplemented).__name__, type(type(5)).__name__, type({}.keys()).__name__, type(iter([])).__name__, type(x for x in []).__name__, type(Exception()).__name__, type(print).__name__, type("".join).__name__, type(int.__add__).__name__, type(str.join).__name__, type(range(1)).__name__, type(slice(1)).__name__, type(object()).__name__, type(property()).__name__, type(map(str, [])).__name__, type(__import__("sys")).__name__, type(b"").__name__, type(memoryview(b"")).__name__, type(super(int, 5)).__name__, type(C := type("C", (), {})).__name__, type(int.from_bytes).__name__, type(dict.__dict__["fromkeys"]).__name__, type(type.__dict__["__mro__"]).__name__, type(int.__dict__["real"]).__name__, type((1).__add__).__name__)
a = []
print(id(a) == id(a), id(a) != id([]) or True, isinstance(id(a), int), hash(1) == 1, hash("a") == hash("a"), hash(None) == hash(None), hash((1, "a")) == hash((1, "a")), isinstance(hash(object()), int), hash(True), hash(1.0), hash(-1), hash(2 ** 61 - 1))
for f in (lambda: hash([]), lambda: hash({}), lambda: hash(([],)), lambda: hash(), lambda: id(), lambda: callable(), lambda: type(1, 2)):
    try:
        f()
    except TypeError as e:
        print(e)
