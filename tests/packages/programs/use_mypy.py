# SPDX-License-Identifier: MIT
# needs: mypy
"""Checks the types of a module, with the stubs of the library that it reads."""
import tempfile

from mypy import api

SOURCE = """
from __future__ import annotations
import dataclasses
import typing as t

T = t.TypeVar("T", bound="Shape")


class Shape(t.Protocol):
    def area(self) -> float: ...


@dataclasses.dataclass(frozen=True)
class Square:
    side: float
    name: str | None = None

    def area(self) -> float:
        return self.side**2

    def grow(self, by: int) -> Square:
        self.side = 3
        return Square(self.side + by, name=by)


class Node(t.TypedDict, total=False):
    left: Node
    value: t.Literal["a", "b"]


def largest(shapes: t.Sequence[T], default: t.Optional[T] = None) -> T:
    if not shapes:
        return default
    return max(shapes, key=lambda s: s.area())


@t.overload
def twice(x: int) -> int: ...
@t.overload
def twice(x: str) -> str: ...
def twice(x):
    return x * 2


reveal_type(largest([Square(1)]))
reveal_type([twice(x) for x in ("a", 1)])
reveal_type({n: [str(n)] for n in range(3)})
node: Node = {"value": "c", "left": {"value": "a"}, "other": 1}
largest([1, 2])
twice(1.5)


async def later() -> t.AsyncIterator[int]:
    yield "x"


def use(x: int | list[str]) -> str:
    if isinstance(x, list):
        return reveal_type(x.pop)()
    match x:
        case 1:
            return "one"
        case _:
            reveal_type(x)
    x.upper()
"""
with tempfile.TemporaryDirectory() as folder:
    name = folder + "/shapes.py"
    with open(name, "w") as stream:
        stream.write(SOURCE)
    out, err, code = api.run(
        ["--strict", "--no-incremental", "--cache-dir=/dev/null", "--python-version", "3.11", name]
    )
    print(code, out.replace(folder, "FOLDER"), err)
