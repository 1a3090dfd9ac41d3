# SPDX-License-Identifier: MIT
# needs: python3-attr
"""Classes made by attrs: validators, converters, frozen, slots, ordering, evolve, errors."""
import pickle
from typing import Optional

import attr
import attrs
from attrs import define, field, frozen, validators


@define(order=True)
class Point:
    x: int = field(validator=validators.instance_of(int))
    y: int = field(default=0, converter=int)
    tags: list = field(factory=list, eq=False, repr=lambda v: f"<{len(v)}>")

    @x.validator
    def _positive(self, attribute, value):
        if value < 0:
            raise ValueError(f"{attribute.name} is negative")


@frozen
class Circle(Point):
    radius: float = 1.0
    name: Optional[str] = field(default=None, kw_only=True, validator=validators.optional(validators.matches_re("[a-z]+")))

    @property
    def area(self):
        return 3 * self.radius ** 2


@attr.s(auto_attribs=True, auto_exc=True)
class Failure(Exception):
    code: int
    text: str = attr.ib(default=attr.Factory(lambda self: f"code {self.code}", takes_self=True))


@define
class Node:
    value: int
    children: "list[Node]" = field(factory=list)

    def __attrs_post_init__(self):
        self.value += 1


attrs.resolve_types(Node, globals(), locals())
a, b = Point(1, "2"), Point(1, 3, ["t"])
c = Circle(3, radius=2.0, name="round")
print(a, b, c, a < b, a == Point(1, 2, [1, 2]), sorted([b, a]), c.area)
print(attrs.asdict(Node(1, [Node(2), Node(3, [Node(4)])])), attrs.astuple(c), attrs.evolve(a, x=9))
for action in (lambda: Point("a"), lambda: Point(-1), lambda: setattr(c, "x", 1), lambda: Circle(1, name="A1"), lambda: Point(),
               lambda: setattr(a, "z", 1), lambda: setattr(a, "x", -5), lambda: hash(a), lambda: a < 3, lambda: Point(1, y="q")):
    try:
        print(action())
    except Exception as error:
        print(type(error).__name__, error.args[0] if error.args else None)
print([f.name for f in attrs.fields(Circle)], attrs.fields(Node).children.type, Point.__slots__, hasattr(a, "__dict__"))
print(pickle.loads(pickle.dumps(b)) == b, pickle.loads(pickle.dumps(c)), Failure(3), str(Failure(4)), Failure(1, "x") == Failure(1, "x"), attr.s(hash=True, cache_hash=True)(type("Cached", (), {"a": attr.ib()}))(5))
Made = attr.make_class("Made", {"p": attr.ib(default=1), "q": attr.ib(factory=dict)}, bases=(Node,))
print(Made(5), attrs.has(Made), attrs.asdict(Made(1), filter=attrs.filters.exclude(dict)))
print(attrs.asdict(Point(1), value_serializer=lambda inst, f, v: str(v)), attrs.fields_dict(Point)["y"].default)
try:
    @define
    class Wrong:
        a: int = 1
        b: str
except ValueError as error:
    print(error)
print(Point.__init__.__code__.co_varnames, Point.__init__.__annotations__, Circle.__match_args__)
match c:
    case Circle(x, y, radius=r):
        print(x, y, r)
print(sum(Point(i, i * 2).y for i in range(20000)))
