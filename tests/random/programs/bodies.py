# SPDX-License-Identifier: MIT
"""Classes: random bodies with slots, descriptors, hooks and bases, conflicts of layouts and metaclasses, copies and pickles.

A round writes up to three classes, each maybe derived from those before, from random lines of code, and runs them. Of a
class that can be made it shows the layout, makes an object, gets, sets, deletes and calls its attributes, changes its class
and the class's bases, copies and pickles it. Each line shows one of these and what it gave or raised; what hooks and
descriptors were asked comes last.

Not drawn: __weakref__ and other bases where CPython's exceptions, bytearrays or Weakly are bases, of which only CPython's
layout tells; slots behind the dict of a str; texts of builtin types' __doc__; slots from an iterator, which are none when
CPython copies; copies of a super, in which the methods that copy are looked for in the super itself; a
staticmethod, which may be of NULL; which base it is whose subtypes have no slots; the two wordings that CPython has
for what is given to super.
"""
import copy
import pickle
import re

from _drawing import describe, printable, run, say, show

ROUNDS = 60

NOTES = []


class Noting:
    """A descriptor that says what is asked of it."""

    def __init__(self, label):
        self.label = label

    def __set_name__(self, owner, name):
        NOTES.append(f"set_name {owner.__name__}.{name}")

    def __get__(self, instance, owner=None):
        return f"{self.label} of {type(instance).__name__} {getattr(owner, '__name__', None)}"


class Data(Noting):
    def __set__(self, instance, value):
        NOTES.append(f"set {self.label} {value!r}")

    def __delete__(self, instance):
        NOTES.append(f"delete {self.label}")


class Failing:
    def __set_name__(self, owner, name):
        raise ValueError(f"no name {name}")


class MetaA(type):
    def mro(cls):
        NOTES.append(f"mro {cls.__name__}")
        return super().mro()

    def __call__(cls, *args, **kwargs):
        return super().__call__(*args, **kwargs)


class MetaB(type):
    @classmethod
    def __prepare__(meta, name, bases, **kwargs):
        NOTES.append(f"prepare {name} {kwargs}")
        return {"prepared": name}

    def __new__(meta, name, bases, body, **kwargs):
        return super().__new__(meta, name, bases, body, **kwargs)

    def __init__(cls, name, bases, body, **kwargs):
        super().__init__(name, bases, body)

    def __getattr__(cls, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return f"meta {name}"


class MetaAB(MetaA, MetaB):
    pass


class Hooked:
    def __init_subclass__(cls, **kwargs):
        NOTES.append(f"init_subclass {cls.__name__} {kwargs}")

    @classmethod
    def __class_getitem__(cls, item):
        return f"{cls.__name__}[{item}]"


class Slotted:
    __slots__ = ("s", "t")


class Other:
    __slots__ = ("u",)


class Weakly:
    __slots__ = ("__weakref__",)


class Dicted:
    __slots__ = ("__dict__", "d")


DOCUMENTED = (int, str, tuple, dict)


def outcome(action):
    try:
        text = show(action(), 3000)
        for documented in DOCUMENTED:
            text = text.replace(printable(repr(documented.__doc__)), "its text")
        return text[:400]
    except Exception as error:
        cause = f" from {describe(error.__cause__)}" if error.__cause__ else ""
        return re.sub("subtype of '.*'", "subtype", describe(error) + cause).replace("must be a type,", "must be type,")


def tell(text):
    """Says the text with what has been noted since the last time."""
    say(text, printable(str(NOTES)))
    NOTES.clear()


BASES = [
    "Slotted",
    "Other",
    "Weakly",
    "Dicted",
    "Hooked",
    "int",
    "str",
    "list",
    "dict",
    "tuple",
    "bytes",
    "float",
    "Exception",
    "OSError",
    "object",
    "type",
    "bool",
    "set",
    "frozenset",
    "bytearray",
    "complex",
    "range",
    "slice",
    "property",
    "staticmethod",
    "BaseException",
    "KeyError",
    "SyntaxError",
    "super",
    "type(None)",
    "type(len)",
    "5",
    "MetaA",
    "memoryview",
]
SLOTS = [
    "()",
    "('a',)",
    "('a', 'b')",
    "'a'",
    "['b', '__dict__']",
    "('__weakref__',)",
    "('a', '__weakref__', '__dict__')",
    "('a', 'a')",
    "('1a',)",
    "(5,)",
    "('__dict__', '__dict__')",
    "{'a': 'text'}",
    "('x',)",
    "('_p', '__q')",
    "('m',)",
    "('é',)",
    "None",
    "('__class__',)",
    "('__qualname__',)",
    "('__module__',)",
]
MEMBERS = [
    "x = 1",
    "x = Noting('n')",
    "x = Data('d')",
    "m = Failing()",
    "a = Data('a')",
    "def m(self): return super().m()",
    "def m(self): return 'm' + __class__.__name__",
    "def m(self): return ('m', self.__dict__)",
    "@classmethod\n def c(cls): return super().c()",
    "@classmethod\n def c(cls): return cls.__name__",
    "@staticmethod\n def st(): return __class__.__name__",
    "@property\n def p(self): return self.x",
    "@property\n def p(self): raise AttributeError('inner')",
    "def __getattr__(self, n): return 'got ' + n",
    "def __getattribute__(self, n): return super().__getattribute__(n)",
    "def __setattr__(self, n, v): n == '__doc__' or NOTES.append('setattr ' + n); super().__setattr__(n, v)",
    "def __delattr__(self, n): NOTES.append('delattr ' + n)",
    "def __init__(self, *a): self.x = a",
    "def __new__(cls, *a): return super().__new__(cls, *a)",
    "def __new__(cls, *a): return 5",
    "def __eq__(self, o): return True",
    "__hash__ = None",
    "def __hash__(self): return 7",
    "def __repr__(self): return 'R'",
    "def __init__(self): return 5",
    "def __init_subclass__(cls, **k): NOTES.append('sub ' + cls.__name__ + repr(k))",
    "__doc__ = 'text'",
    "__module__ = 'elsewhere'",
    "__qualname__ = 'Q.q'",
    "__qualname__ = 5",
    "__class__ = 5",
    "def f(self): return __class__",
    "def __reduce__(self): return (int, (7,))",
    "def __getstate__(self): return {'x': 'state'}",
    "def __setstate__(self, s): NOTES.append(f'state {s}')",
    "__match_args__ = ('x',)",
    "def __call__(self, *a): return ('called', a)",
    "def __len__(self): return 3",
    "def __bool__(self): return 'no'",
    "def __dir__(self): return ['z', 'b']",
    "def __format__(self, s): return s + '!'",
    "__slots__ += ()",
    "__mro_entries__ = 5",
    "def __instancecheck__(self, i): return True",
    "def __class_getitem__(cls, i): return (cls.__name__, i)",
    "def __copy__(self): return 'copied'",
    "def __getnewargs__(self): return (1,)",
    "__private = 4",
    "def pr(self): return self.__private",
    "def __del__(self): NOTES.append('del')",
    "def __set_name__(self, o, n): NOTES.append('named ' + n)",
    "def __get__(self, i, o): return 'got'",
    "x: int = 3",
    "y: 'list'",
    "__annotations__ = {'z': 1}",
    "__dict__ = 5",
    "__weakref__ = 6",
]


def laid_out_otherwise(base, slots):
    """May a class with these slots have the base in one interpreter only?"""
    value = eval(base)
    if not isinstance(value, type):
        return False
    return (
        issubclass(value, (BaseException, bytearray))
        and "weakref" in slots
        or issubclass(value, str)
        and value is not str
    )


def body(draw, number, earlier):
    count = draw.pick([0, 1, 1, 1, 2, 2, 3])
    bases = [draw.pick(earlier if earlier and draw.chance(50) else BASES) for _ in range(count)]
    meta = draw.pick(
        [
            "",
            "",
            "",
            "",
            "metaclass=MetaA",
            "metaclass=MetaB",
            "metaclass=MetaAB",
            "k=1",
            "metaclass=lambda *a, **k: ('made', a[0])",
            "metaclass=type, k=2",
        ]
    )
    lines = [draw.pick(MEMBERS) for _ in range(draw.below(6))]
    if draw.chance(35):
        slots = draw.pick(SLOTS)
        if not any(laid_out_otherwise(base, slots) for base in bases):
            lines.insert(0, "__slots__ = " + slots)
    return f"class C{number}({', '.join(bases + [meta] * bool(meta))}):\n" + "".join(
        f" {line}\n" for line in lines or ["pass"]
    )


def look(draw, cls):
    say(
        outcome(lambda: [b.__name__ for b in cls.__mro__]),
        outcome(lambda: cls.__base__),
        type(cls).__name__,
        outcome(lambda: (cls.__name__, cls.__qualname__, cls.__module__, cls.__doc__)),
    )
    say(outcome(lambda: (cls.__basicsize__ >= object.__basicsize__, cls.__flags__ & (1 << 10 | 1 << 9 | 1 << 20))))
    say(
        outcome(lambda: sorted(k for k in vars(cls) if k not in ("__weakref__", "__dict__"))),
        outcome(lambda: cls.__annotations__),
        outcome(lambda: cls[1]),
    )
    objects = []
    for arguments in [(), (1,), ("ab",), ((), {})]:
        say("new", arguments, result := outcome(lambda: objects.append(cls(*arguments))))
        if objects:
            break
    if not objects:
        return
    thing = objects[0]
    if isinstance(thing, staticmethod):
        return
    for name in ["x", "a", "m", "c", "st", "p", "s", "zz", "prepared", "__class__", "y", "d"]:
        say("get", name, outcome(lambda: getattr(thing, name)), outcome(lambda: getattr(cls, name)))
    for action in [
        lambda: thing.m(),
        lambda: thing.c(),
        lambda: thing.st(),
        lambda: thing.f().__name__,
        lambda: thing.pr(),
        lambda: setattr(thing, "x", 5),
        lambda: thing.x,
        lambda: setattr(thing, "a", 6),
        lambda: thing.a,
        lambda: delattr(thing, "a"),
        lambda: delattr(thing, "x"),
        lambda: thing.x,
        lambda: setattr(thing, "q", 1),
        lambda: thing.q,
        lambda: vars(thing),
        lambda: bool(thing),
        lambda: hash(thing) == 7,
        lambda: thing == 3,
        lambda: len(thing),
        lambda: thing(1),
        lambda: f"{thing:>3}",
        lambda: dir(thing)[:2] if "__dir__" in vars(cls) else 0,
        lambda: repr(thing),
        lambda: setattr(thing, "__class__", draw.pick([Slotted, Other, Dicted, cls, int])),
        lambda: type(thing).__name__,
        lambda: setattr(cls, "x", Data("late")),
        lambda: thing.x,
        lambda: delattr(cls, "x"),
        lambda: setattr(
            cls,
            "__bases__",
            (draw.pick([Slotted, Hooked, object, Dicted, cls] if not issubclass(cls, Weakly) else [Slotted, cls]),),
        ),
        lambda: [b.__name__ for b in cls.__mro__],
        lambda: super(cls, thing).m(),
        lambda: super(cls, cls).c(),
        lambda: isinstance(5, thing),
        lambda: issubclass(cls, (Hooked, Slotted)),
    ]:
        say(outcome(action))
    globals()[cls.__name__] = cls
    if isinstance(thing, super):
        return
    for how in [copy.copy, copy.deepcopy, lambda o: o.__reduce_ex__(2), lambda o: o.__reduce_ex__(0)] + [
        lambda o, p=p: pickle.loads(pickle.dumps(o, p)) for p in range(6)
    ]:
        say("copy", outcome(lambda: how(thing)))
    for p in (0, 2, 4):
        say("pickle", outcome(lambda: pickle.dumps(thing, p)))


def play_round(draw):
    earlier = []
    for which in range(draw.pick([1, 2, 3])):
        name = f"C{which}"
        source = body(draw, which, earlier)
        say(printable(source))
        result = outcome(lambda: exec(source, globals()))
        tell(result)
        cls = globals().get(name)
        if result == "None" and isinstance(cls, type):
            earlier.append(name)
            try:
                look(draw, cls)
            except Exception as error:
                say("the look ends", describe(error))
            tell("")
    for which in range(3):
        globals().pop(f"C{which}", None)
    NOTES.clear()


if __name__ == "__main__":
    run(play_round, ROUNDS)
