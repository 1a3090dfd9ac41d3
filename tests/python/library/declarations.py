# Modules of the library that look at classes and functions: dataclasses, enum, typing, inspect.
import dataclasses
import enum
import inspect
import typing
from dataclasses import dataclass, field
from typing import Any, Callable, Generic, NamedTuple, Optional, Protocol, TypedDict, TypeVar, Union


@dataclass(order=True)
class Point:
    x: int
    y: int = 0
    tags: list = field(default_factory=list, compare=False, repr=False)
    total: int = field(init=False)

    def __post_init__(self):
        self.total = self.x + self.y


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    a: str
    b: dataclasses.InitVar[int] = 3


p = Point(1, 2)
print(p, p == Point(1, 2, ["t"]), p < Point(1, 3), dataclasses.asdict(p), dataclasses.astuple(p), dataclasses.replace(p, x=5))
print([f.name for f in dataclasses.fields(Point)], inspect.signature(Point), Point.__match_args__)
f = Frozen(a="q")
print(f, hash(f) == hash(Frozen(a="q")), Frozen.__slots__)
for attempt in (lambda: setattr(f, "a", 1), lambda: Frozen("x"), lambda: Point()):
    try:
        attempt()
    except Exception as error:
        print(type(error).__name__, error)
print(dataclasses.make_dataclass("Made", [("z", int, 4)], bases=(Point,))(1))


class Color(enum.Enum):
    RED = 1
    GREEN = "g"
    ALIAS = 1

    def lower(self):
        return self.name.lower()


class Perm(enum.Flag):
    R = enum.auto()
    W = enum.auto()
    X = enum.auto()
    RW = R | W


class Number(enum.IntEnum):
    ONE = 1
    TWO = 2


print(list(Color), Color(1), Color["GREEN"], Color.ALIAS is Color.RED, Color.RED.lower(), Color.__members__)
print(Perm.R | Perm.X, Perm.RW, ~Perm.R, Perm.R in Perm.RW, list(Perm.RW), Perm(0), repr(Perm(5)))
print(Number.ONE + 1, Number(2), Number.TWO == 2, f"{Number.TWO}", sorted(Number), enum.unique(Number))
for attempt in (lambda: Color(7), lambda: Color.NONE, lambda: setattr(Color, "RED", 2), lambda: Perm(64)):
    try:
        attempt()
    except Exception as error:
        print(type(error).__name__, error)
print(enum.Enum("Made", "A B").B, enum.StrEnum("S", {"A": "x"}).A, isinstance(Color.RED, Color))

T = TypeVar("T", bound=int)


class Box(Generic[T]):
    def get(self) -> T: ...


class Named(NamedTuple):
    a: int
    b: str = "z"


class Movie(TypedDict, total=False):
    title: str


class Sized(Protocol):
    def __len__(self) -> int: ...


Checked = typing.runtime_checkable(Sized)
print(Optional[int], Union[int, str, int], Callable[[int], str], Box[int], Box[T], list[T][int], typing.List[int], Any)
print(typing.get_type_hints(Named), typing.get_origin(dict[str, int]), typing.get_args(Callable[[int], str]), Named(1))
print(Movie(title="x"), Movie.__annotations__, typing.get_type_hints(Box.get), isinstance([], Checked), isinstance(3, Checked))
print(typing.Literal[1, "a"], typing.Annotated[int, "m"], typing.cast(int, "x"), typing.NewType("Id", int)(3), T.__bound__)


def function(a, /, b: int, *args: str, c=3, d: "T" = None, **kwargs) -> float:
    """The doc."""
    local = 1

    async def inner():
        yield local
    return inner


signature = inspect.signature(function)
print(signature, [(q.name, q.kind.name, q.default) for q in signature.parameters.values()])
print(signature.bind(1, 2, 3, c=4, e=5).arguments, inspect.getdoc(function), inspect.getfullargspec(function))
print(inspect.isfunction(function), inspect.isasyncgenfunction(function(1, 2)), inspect.isclass(Point), inspect.ismethod(p.__init__))
print(inspect.getsource(Color.lower), inspect.getsourcelines(Frozen)[1], inspect.getmodule(Point).__name__)
print([name for name, member in inspect.getmembers(Color.RED) if not name.startswith("_")], inspect.getmro(Number)[:2])
print(inspect.signature(len), inspect.signature(Color), inspect.cleandoc("  a\n    b\n"), inspect.unwrap(function) is function)
try:
    signature.bind(1)
except TypeError as error:
    print(error)
