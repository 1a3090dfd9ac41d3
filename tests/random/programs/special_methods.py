# SPDX-License-Identifier: MIT
"""Special methods, set and deleted on classes between uses of the same operators.

A round makes two small hierarchies, one of them derived from a builtin type, then sets special methods (proper ones, None,
ones that give NotImplemented or raise, properties, static methods) on their classes, deletes them, and uses operators,
builtin functions and statements on the objects. What a type's slots say must follow. Each line shows the change or the
operation and what it gave or raised.
"""
import itertools

from _drawing import actions, describe, ordered, printable, mask, run, say

ROUNDS = 45

OPERATIONS = """
    o + x
    x + o
    o += x if x is not o else 1; return o
    o * 2
    2 * o
    o - x
    o % x
    '%s' % (o,)
    o < x
    o > x
    o == x
    o != x
    x == o
    hash(o) if abs(hash(o)) < 100 else "made of an address"
    {o: 1}.get(o)
    bool(o)
    not o
    1 if o else 2
    len(o)
    list(itertools.islice(iter(o), 5))
    [each for each in itertools.islice(o, 5)]
    [*itertools.islice(o, 5)]
    x in itertools.islice(o, 5)
    o[0]
    o['k']
    o[1:2]
    o[0] = 1
    del o[0]
    o(1)
    o(a=1)
    str(o)
    repr(o)
    f'{o}'
    format(o, 'x')
    -o
    int(o)
    float(o)
    [1, 2, 3][o]
    range(o)
    abs(o)
    with o as v: return v
    next(o)
    list(itertools.islice(reversed(o), 5))
    round(o)
    o ** 2
    divmod(o, 2)
    hasattr(type(o), '__contains__') and 5 in o
    bytes(o) if not hasattr(type(o), '__iter__') and not hasattr(type(o), '__getitem__') else 0
    complex(o)
    o.missing
    len(sorted([o, p]))
    max(o, p) is o
    sum([o, p], 0)
    match_kind(o)
    isinstance(5, o)
    o @ x
    o & x
    {1} & o
    o << 1
    ~o
    o / 2
    [o] == [p]
    (o,) < (p,)
    ''.join([o])
    (lambda *a: a)(*itertools.islice(o, 5))
    as_keywords(o)
    dict(itertools.islice(o, 3))
    any([o]), all([o])
    o < x < p
    getattr(o, 'missing', 'default')
    len(dir(o)) > 5
    o.__class__.__name__
    del o.other
"""

NAMES = ["__add__", "__radd__", "__iadd__", "__mul__", "__rmul__", "__sub__", "__mod__", "__lt__", "__gt__", "__le__"]
NAMES += ["__eq__", "__ne__", "__hash__", "__bool__", "__len__", "__iter__", "__contains__", "__getitem__"]
NAMES += ["__setitem__", "__delitem__", "__call__", "__str__", "__repr__", "__format__", "__neg__", "__int__"]
NAMES += ["__float__", "__index__", "__abs__", "__enter__", "__exit__", "__next__", "__reversed__", "__round__"]
NAMES += ["__pow__", "__divmod__", "__bytes__", "__complex__", "__getattr__", "__instancecheck__", "__matmul__"]
NAMES += ["__and__", "__rand__", "__lshift__", "__invert__", "__truediv__", "__class__", "__dir__", "keys"]
NAMES += ["__delattr__", "__getattribute__", "__length_hint__", "__missing__", "__trunc__"]
RARE = ["__class__", "__getattribute__", "__instancecheck__"]
BASES = [int, str, list, dict, tuple, float, set, bytes, object, object, object, Exception]


def as_keywords(o):
    """Whether a KeyError is taken for a TypeError depends on where it comes from."""
    try:
        return (lambda **k: k)(**o)
    except (KeyError, TypeError):
        return "error"


def match_kind(o):
    match o:
        case [a, b]:
            return "sequence"
        case {"k": v}:
            return "mapping", v
        case str() | int():
            return "primitive"
        case _:
            return "none"


OPERATIONS = actions("o, x, p", OPERATIONS, globals())


class OneAndTwo:
    def __init__(self):
        self.n = 0

    def __iter__(self):
        return self

    def __next__(self):
        self.n += 1
        if self.n > 2:
            raise StopIteration
        return self.n


def raises(*args):
    raise ValueError("v")


def item(n):
    def getitem(self, key):
        if isinstance(key, int) and key >= 3:
            raise IndexError("i")
        return (n, str(key))

    return getitem


def proper(name, n):
    """A method that does what the name promises; n tells one from another."""
    if name in ("__bool__", "__contains__", "__instancecheck__"):
        return lambda *args: bool(n % 2)
    if name in ("__len__", "__index__", "__int__", "__length_hint__", "__hash__", "__trunc__"):
        return lambda *args: n % 3
    if name in ("__str__", "__repr__", "__format__"):
        return lambda *args: f"s{n}"
    if name in ("__iter__", "__reversed__"):
        return lambda *args: OneAndTwo()
    if name in ("__setitem__", "__delitem__", "__exit__", "__delattr__"):
        return lambda *args: None
    if name in ("__next__", "__missing__", "__getattr__"):
        return lambda *args: n
    if name in ("__lt__", "__gt__", "__le__", "__eq__", "__ne__"):
        return lambda *args: n > 4
    others = {
        "__float__": lambda *args: 1.5,
        "__complex__": lambda *args: 1j,
        "__bytes__": lambda *args: b"x",
        "__getitem__": item(n),
        "keys": lambda *args: ["k"],
        "__dir__": lambda *args: ["k"],
        "__class__": property(lambda self: int),
        "__getattribute__": lambda self, name: object.__getattribute__(self, name),
    }
    return others.get(name) or (lambda *args, **keywords: (name, n, len(args)))


def drawn_method(draw, name):
    n, chance = draw.below(9), draw.below(100)
    if name == "__repr__":  # errors show objects, and CPython's come out without a message if that fails
        return proper(name, n)
    if chance < 8:
        return None
    if chance < 16:
        return lambda *args: NotImplemented
    if chance < 20:
        return staticmethod(lambda *args: n)
    if chance < 24:
        return 5
    if chance < 28:
        return property(lambda self: lambda *args: n)
    if chance < 32:
        return raises
    return proper(name, n)


def make_classes(base):
    class A:
        def __repr__(self):
            return "<" + type(self).__name__ + ">"

    class B(A):
        pass

    class C(base):
        __repr__ = A.__repr__

    class E(C):
        pass

    return A, B, C, E


def change(draw, classes):
    owner, name = draw.pick(classes), draw.pick(NAMES)
    if name in RARE and draw.chance(60):
        return
    try:
        if draw.chance(70):
            setattr(owner, name, drawn_method(draw, name))
            say("set", owner.__name__, name)
        else:
            delattr(owner, name)
            say("delete", owner.__name__, name)
    except Exception as error:
        say("change", owner.__name__, name, describe(error))


def use(draw, objects):
    (code, operation), o, p = draw.pick(OPERATIONS), draw.pick(objects), draw.pick(objects)
    x = draw.pick([1, "a", [1], 2.5, o, objects[0], None])
    for _ in range(draw.pick([1, 1, 3])):
        try:
            result = operation(o, x, p)
            text = printable(mask(f"{type(result).__name__} {ordered(result)}"))
        except Exception as error:
            text = describe(error)
        say(code, "|", type(o).__name__, type(x).__name__, "->", text)


def play_round(draw):
    base = draw.pick(BASES)
    classes = A, B, C, E = make_classes(base)
    objects = [A(), B(), B(), C(), E(), E()]
    say("base", base.__name__)
    for _ in range(80):
        if draw.chance(35):
            change(draw, classes)
        else:
            use(draw, objects)


if __name__ == "__main__":
    run(play_round, ROUNDS)
