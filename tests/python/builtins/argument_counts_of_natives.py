# Native functions and methods that take from one number of arguments to another, called with as many, fewer and more.
import operator


def attempt(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


class C:
    x = 1


c = C()
d = {"a": 1}
l = [3, 1, 2]
s = {1}
text = "a-b-c"
for f in (
    lambda: getattr(), lambda: getattr(c), lambda: getattr(c, "x"), lambda: getattr(c, "y", 2), lambda: getattr(c, "x", 2, 3),
    lambda: setattr(c, "z"), lambda: setattr(c, "z", 1), lambda: setattr(c, "z", 1, 2), lambda: hasattr(c, "z"), lambda: hasattr(c),
    lambda: d.get(), lambda: d.get("a"), lambda: d.get("b", 5), lambda: d.get("b", 5, 6),
    lambda: d.setdefault(), lambda: d.setdefault("c"), lambda: d.setdefault("d", 4), lambda: d.setdefault("d", 4, 5),
    lambda: d.pop(), lambda: d.pop("c"), lambda: d.pop("c", 9), lambda: d.pop("c", 9, 9),
    lambda: l.insert(), lambda: l.insert(0), lambda: l.insert(0, 7), lambda: l.insert(0, 7, 8), lambda: l,
    lambda: l.index(), lambda: l.index(1, 0), lambda: l.index(1, 0, 9), lambda: l.index(1, 0, 9, 9),
    lambda: sorted(s.union()), lambda: sorted(s.union([2])), lambda: sorted(s.union([2], [3], (4,))), lambda: s.update([2], [3]),
    lambda: text.find(), lambda: text.find("-"), lambda: text.find("-", 2), lambda: text.find("-", 2, 3, 4),
    lambda: text.replace("-"), lambda: text.replace("-", "+"), lambda: text.replace("-", "+", 1),
    lambda: isinstance(1), lambda: isinstance(1, int), lambda: isinstance(1, int, 2),
    lambda: divmod(1), lambda: divmod(7, 2), lambda: divmod(1, 2, 3), lambda: operator.add(1), lambda: operator.add(1, 2),
    lambda: operator.add(1, 2, 3), lambda: list.insert(), lambda: list.insert(l), lambda: dict.get(d, "a"), lambda: dict.get(d),
    lambda: dict.get({}.keys(), 1), lambda: getattr(c, 1), lambda: getattr(c, "x", default=1), lambda: d.get(key="a"),
):
    attempt(f)

m = d.get
for args in ((), ("a",), ("q", 2), ("q", 2, 3)):
    attempt(lambda: m(*args))
attempt(lambda: m())
attempt(lambda: m("a"))
attempt(lambda: m("q", 3))
attempt(lambda: m("q", 3, 4))


class T(tuple):
    def __new__(cls, *args, **kw):
        return tuple.__new__(cls, *args)


class G(float):
    pass


for f in (
    lambda: tuple(1), lambda: tuple([1, 2]), lambda: tuple((1, 2)), lambda: tuple("ab"), lambda: tuple([1], [2]), lambda: tuple(sequence=[1]),
    lambda: T([1, 2], a=1), lambda: tuple(T("ab")), lambda: type(tuple(T("ab"))).__name__, lambda: tuple(x for x in "cd"),
    lambda: float("2.5"), lambda: float(b"2.5"), lambda: float(x=1), lambda: float(1, 2), lambda: float("x"), lambda: float(None),
    lambda: type(float(G(1.5))).__name__, lambda: type(G(2)).__name__, lambda: float(10 ** 400), lambda: float(True),
    lambda: bytes([1, 2, 3]), lambda: bytes([256]), lambda: bytes([1, -1]), lambda: bytes([1, "a"]), lambda: bytes((1, 256)),
    lambda: bytearray([256]), lambda: bytearray([1, 300]), lambda: bytearray((x for x in [1, 999])), lambda: bytes([True, False]), lambda: bytes([]),
    lambda: bytes([10 ** 30]), lambda: bytearray(b"a").extend([1, 256]), lambda: bytes([7]),
):
    attempt(f)
