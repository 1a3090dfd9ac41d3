"""What is written is the same to the byte, for every protocol, and reads back as it was."""
import collections
import copyreg
import datetime
import decimal
import enum
import fractions
import hashlib
import io
import pickle
import random
import types


class Plain:
    pass


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __eq__(self, other):
        return type(self) is type(other) and vars(self) == vars(other)


class Slotted:
    __slots__ = ("a", "b")


class Both(Slotted):
    def __init__(self):
        self.a, self.c = 1, 2


class Stated:
    def __init__(self):
        self.v = 1

    def __getstate__(self):
        return {"v": self.v, 3: 4}


class Setter:
    def __getstate__(self):
        return [1, 2]

    def __setstate__(self, state):
        self.state = state


class NewArgs(int):
    def __getnewargs__(self):
        return (int(self) + 1,)


class NewArgsEx:
    def __new__(cls, a, *, b):
        self = object.__new__(cls)
        self.pair = a, b
        return self

    def __getnewargs_ex__(self):
        return self.pair[:1], {"b": self.pair[1]}


class Reduced:
    def __reduce__(self):
        return list, ((1, 2),), None, iter([3, 4]), None


class ReducedPairs:
    def __reduce__(self):
        return dict, (), None, None, iter([("a", 1), ("b", 2)])


class Color(enum.Enum):
    RED = 1


class MyList(list):
    pass


class MyDict(dict):
    pass


class Outer:
    class Inner:
        def method(self):
            pass


def function():
    pass


def made(cls, **attributes):
    self = cls.__new__(cls)
    for name, value in attributes.items():
        setattr(self, name, value)
    return self


def many_attributes():
    return made(Plain, **{f"attribute{i}": i for i in range(40)})


def in_dict_mode():
    self = made(Point, x=1, y=2)
    vars(self)["z"] = 3
    return self


def slots_cycle():
    a = made(Point, x=None, y=1)
    a.x = [a, a.__class__]
    return a


def loops():
    a, d, t = [], {}, ([],)
    a.append(a)
    d["d"] = d
    t[0].append(t)
    f = frozenset([made(Plain)])
    for member in f:
        member.f = f
    return [a, d, t, f]


shared = "shared text", b"shared bytes", (1, 2), frozenset([1]), bytearray(b"ab"), 2 ** 100, 1.5
CASES = {
    "constants": [None, True, False, NotImplemented, ..., type(None), type(...), type(NotImplemented)],
    "ints": [0, 1, -1, 255, 256, 65535, 65536, 2 ** 31 - 1, 2 ** 31, -2 ** 31, -2 ** 31 - 1, 2 ** 62, -2 ** 62, 2 ** 63,
             -128, 2 ** 2040, -2 ** 2039, 10 ** 700, -2 ** 64, -255 * 256 ** 9],
    "floats": [0.0, -0.0, 1.5, 1e300, 5e-324, float("inf"), 3.14],
    "text": ["", "a", "é", "€", "😀", "\ud800", "a\\b\nc\rd\0e\x1a", "x" * 255, "x" * 256, "é" * 200],
    "bytes": [b"", b"a", b"\xff", b"x" * 255, b"x" * 256, bytearray(), bytearray(b"abc")],
    "tuples": [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), ((),), tuple(range(300))],
    "lists": [[], [1], [1, 2], list(range(999)), list(range(1000)), list(range(1001)), list(range(2001))],
    "dicts": [{}, {1: 2}, {1: 2, 3: 4}, {i: i for i in range(999)}, {i: i for i in range(1000)},
              {i: i for i in range(1001)}],
    "sets": [set(), {1}, frozenset(), frozenset([1]), set(range(1000)), set(range(1001))],
    "sharing": [shared, shared, list(shared), [[]] * 3, ["a" * 3, "".join(["a"] * 3)]],
    "loops": loops(),
    "many": [str(i) for i in range(700)],
    "plain": [made(Plain), made(Plain, a=1), made(Point, x=1, y="two"), made(Point, y=1, x=2), many_attributes()],
    "dict mode": in_dict_mode(),
    "slots": [made(Slotted), made(Slotted, a=1, b=[]), Both()],
    "states": [Stated(), Setter()],
    "cycle": slots_cycle(),
    "reductions": [NewArgs(5), NewArgsEx(1, b=2), Reduced(), ReducedPairs()],
    "subclasses": [MyList([1, 2]), made(MyList, tag=1), MyDict(key=1), collections.OrderedDict(other=1),
                   collections.defaultdict(list, {1: [2]}), collections.Counter(["ab", "cd"]), collections.deque([1, 2], 5)],
    # Whether a builtin function's __module__ is the same str as a class's is nobody's business.
    "classes": [Plain, Outer.Inner, Outer.Inner.method, int, type, collections.OrderedDict, range(5), slice(1, 2),
                types.SimpleNamespace(a=1)],
    "functions": [function, len, print, id],
    "bound": [[].append],
    "library": [Color.RED, datetime.date(2020, 1, 2), decimal.Decimal("1.50"), fractions.Fraction(1, 3),
                random.Random(1).random()],
    "exceptions": [complex(1, 2), ValueError("a", 1), KeyError(3)],
    "iterators": iter([1, 2, 3]),
}
for name, value in CASES.items():
    for protocol in range(6):
        try:
            data = pickle.dumps(value, protocol)
        except Exception as e:
            print(name, protocol, type(e).__name__, e)
            continue
        print(name, protocol, len(data), hashlib.md5(data).hexdigest(), data if len(data) < 300 else "")
        file = io.BytesIO()
        pickle.dump(value, file, protocol)
        pickler_file = io.BytesIO()
        pickle.Pickler(pickler_file, protocol).dump(value)
        print(file.getvalue() == data, pickler_file.getvalue() == data)
        again = pickle.loads(data)
        if name not in ("loops", "cycle"):
            print(repr(again)[:80] == repr(value)[:80], pickle.dumps(again, protocol) == data)
for protocol in range(6):
    for fix_imports in (False, True):
        print(pickle.dumps([range, map, collections.ChainMap, io.open, OSError], protocol, fix_imports=fix_imports))
a, (b, c, d, e) = 1, pickle.loads(pickle.dumps(loops()))
print(b[0] is b, c["d"] is c, d[0][0] is d, [m.f is e for m in e])
cycle = pickle.loads(pickle.dumps(slots_cycle()))
print(cycle.x[0] is cycle)
copyreg.add_extension(__name__, "Plain", 0x12345)
for code in (5, 300, 0x12345):
    copyreg.remove_extension(__name__, "Plain", 0x12345) if code == 5 else None
    copyreg.add_extension(__name__, "Plain", code) if code != 0x12345 else copyreg.add_extension(__name__, "Point", code)
    for protocol in (1, 2, 4):
        data = pickle.dumps([Plain, Point], protocol)
        print(code, protocol, data, pickle.loads(data) == [Plain, Point])
    if code != 0x12345:
        copyreg.remove_extension(__name__, "Plain", code)
# Frames, and what is too large for one.
class Writes:
    def __init__(self):
        self.sizes = []
        self.data = b""

    def write(self, piece):
        self.sizes.append((type(piece).__name__, len(piece)))
        self.data += bytes(piece)


for value in ([b"x" * 70000, "y" * 70000, "é" * 70000, bytearray(70000), b"z"], [str(i) * 20 for i in range(5000)],
              ["w" * 65535] * 2 + ["v" * 65534, b"u" * 65536]):
    for protocol in range(6):
        writes = Writes()
        pickle.dump(value, writes, protocol)
        print(protocol, writes.sizes, hashlib.md5(writes.data).hexdigest(), pickle.loads(writes.data) == value,
              hashlib.md5(pickle.dumps(value, protocol)).hexdigest())
