# Reading fields of named tuples at one place: of several classes, of subclasses with more, of tuples that
# are too short for the field, and after the class's descriptor has been replaced.
from collections import namedtuple

Point = namedtuple("Point", "x y z")
Pair = namedtuple("Pair", "y x")


class Named(Point):
    def __init__(self, *args):
        self.name = "n"
        self.__dict__["x"] = "hidden"


class Own(tuple):
    x = Point.x
    y = property(lambda self: "property")


class NoTuple:
    x = Point.x


def read(o):
    try:
        return o.x
    except Exception as e:
        return type(e).__name__, str(e)


def call(o):
    try:
        return o.x()
    except Exception as e:
        return type(e).__name__, str(e)


many = [Point(1, 2, 3), Pair(1, 2), Named(4, 5, 6), Own([7]), Own(), Point([8], None, None), NoTuple(), Pair._make("ab"),
        tuple.__new__(Point, ()), tuple.__new__(Pair, "c"), Point(dict, 0, 0)]
for _ in range(3):
    for o in many:
        for _ in range(3):
            last = read(o)
        print(last, call(o))
for o in many:
    print([read(o) for _ in range(20)] == [read(o)] * 20)
p = Point(1, 2, 3)
print(sum(p.x for _ in range(100)), sum(p.x + p.y * p.z for _ in range(100)))
old = Point.x
Point.x = property(lambda self: "new")
print(read(p), read(Named(1, 2, 3)))
Point.x = Point.z
print(read(p), read(tuple.__new__(Point, (1, 2))))
Point.x = old
print(read(p), read(Point), Point.x is old)
try:
    p.x = 5
except AttributeError as e:
    print(e)
