# What special methods and arguments may give: wrong kinds, too large numbers, exceptions; and who takes which of them.
import sys


class Failed(Exception):
    pass


def fail(e):
    raise e


GIVEN = {
    "None": lambda: None, "5": lambda: 5, "-1": lambda: -1, "True": lambda: True, "text": lambda: "x", "large": lambda: 2**70, "1.5": lambda: 1.5,
    "list": lambda: [1, 2], "iterator": lambda: iter([1, 2]), "Failed": lambda: fail(Failed("x")), "TypeError": lambda: fail(TypeError("t")), "StopIteration": lambda: fail(StopIteration("s")),
}


def size(o, *default):
    result = sys.getsizeof(o, *default)
    return "a size" if isinstance(result, int) else result


def printed(*a, **k):
    return a, k


USES = {
    "__bool__": [lambda o: sorted([2, 1], reverse=o), lambda o: [2, 1].sort(reverse=o), lambda o: not o],
    "__index__": [lambda o: sorted([2, 1], reverse=o), lambda o: "%c" % o, lambda o: b"%c" % o, lambda o: [1, 2][o], lambda o: bytes(o)],
    "__iter__": [lambda o: ",".join(o), lambda o: b",".join(o), bytes, bytearray, lambda o: 7 in o, lambda o: 7 not in o, list, lambda o: printed(*o)],
    "keys": [dict, lambda o: {**o}, lambda o: printed(**o), lambda o: {}.update(o), lambda o: dict(o, a=1), lambda o: {} | o],
    "__sizeof__": [size, lambda o: size(o, "default")],
}
for name, uses in USES.items():
    for what, give in GIVEN.items():
        C = type("C", (), {name: lambda *a: give(), "__getitem__": lambda self, key: key} if name == "keys" else {name: lambda *a: give()})
        for number, use in enumerate(uses):
            try:
                result = use(C())
            except Exception as e:
                result = type(e).__name__, str(e)
            print(name, what, number, result)
for call in (lambda: sorted(5, reverse="x"), lambda: sorted([1], reverse="x"), lambda: sorted([1], reverse=None), lambda: sorted([1, 2], reverse=2), lambda: sorted([1], reverse=2**40), lambda: [1].sort(reverse=2**40), lambda: [1].sort(reverse=1.0)):
    try:
        print(call())
    except Exception as e:
        print(type(e).__name__, e)
