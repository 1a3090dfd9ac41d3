# SPDX-License-Identifier: MIT
"""Attributes of instances and classes, read and written by the same code while everything about them changes.

A round builds a few classes and objects of them and then, step by step, gives classes and instances attributes of all
kinds (descriptors, functions, properties), takes them away, sets hooks like __getattr__, changes __class__, __bases__ and
__dict__, and between these reads, writes, deletes and calls the attributes. What inline caches remember must always be
true. Each line shows the step, what came of it, and what the descriptors and hooks were asked.
"""
from _drawing import actions, describe, run, say

ROUNDS = 60

NAMES = ["a", "b", "c"]
log = []


class Described:
    """Base of what is put into classes; n tells one from another."""

    def __init__(self, n):
        self.n = n

    def __repr__(self):
        return f"{type(self).__name__}{self.n}"


class DataDescriptor(Described):
    def __get__(self, instance, owner=None):
        return ("data", self.n, instance is None, owner and owner.__name__)

    def __set__(self, instance, value):
        log.append(("set", self.n, value))

    def __delete__(self, instance):
        log.append(("delete", self.n))


class SetOnly(Described):
    def __set__(self, instance, value):
        log.append(("set only", self.n, value))


class NonDataDescriptor(Described):
    def __get__(self, instance, owner=None):
        return ("non-data", self.n, instance is None, owner and owner.__name__)


class RaisingGet(Described):
    def __get__(self, instance, owner=None):
        raise AttributeError(f"raising{self.n}")


class Called(Described):
    def __call__(self, *args):
        return ("called", self.n, len(args))


def function(n):
    def f(*args):
        return ("f", n, len(args), type(args[0]).__name__ if args else None)

    return f


def method(n):
    def f(self):
        return ("method", n)

    return f


def full_property(n):
    return property(
        lambda self: ("property", n),
        lambda self, value: log.append(("property set", n, value)),
        lambda self: log.append(("property deleted", n)),
    )


ATTRIBUTES = [
    DataDescriptor,
    NonDataDescriptor,
    SetOnly,
    RaisingGet,
    Called,
    function,
    method,
    full_property,
    lambda n: property(lambda self: ("read-only", n)),
    lambda n: classmethod(lambda cls, *args: ("class method", n, cls.__name__, len(args))),
    lambda n: staticmethod(lambda *args: ("static method", n, len(args))),
    lambda n: len,
    lambda n: [n],
    lambda n: n,
    lambda n: n,
]


def hook_getattr(self, name):
    log.append(("getattr", name))
    if name == "c":
        return "from __getattr__"
    raise AttributeError("__getattr__ " + name)


def hook_getattribute(self, name):
    if name in NAMES:
        log.append(("getattribute", name))
    return object.__getattribute__(self, name)


def hook_setattr(self, name, value):
    log.append(("setattr", name, repr(value)[:20]))
    object.__setattr__(self, name, value)


def hook_delattr(self, name):
    log.append(("delattr", name))
    object.__delattr__(self, name)


HOOKS = [
    ("__getattr__", hook_getattr),
    ("__getattribute__", hook_getattribute),
    ("__setattr__", hook_setattr),
    ("__delattr__", hook_delattr),
]

READ = actions(
    "o, v",
    """
    o.a
    o.b
    o.c
    o.a()
    o.b(1)
    o.c(1, 2)
    o.c(*v)
    del o.a
    del o.b
    del o.c
    o.a += 1
    o.c += [1]
    [hasattr(o, name) for name in NAMES]
    [getattr(o, name, "none") for name in NAMES]
    [each.a for each in (o, o, o)]
    [each.b() for each in (o, o, o)]
    """,
    globals(),
)
WRITE = actions("o, v", "o.a = v\no.b = v\no.c = v", globals())


class Classes:
    """Classes and objects of one round."""

    def __init__(self):
        class Meta(type):
            pass

        class Base(metaclass=Meta):
            pass

        class Mixin:
            pass

        class A(Base):
            pass

        class B(A, Mixin):
            def super_a(self):
                return super().a

            def super_call(self):
                return super().b(1)

        class Slots(Base):
            __slots__ = ("a", "b")

        class Dict(dict):
            pass

        class Second(A):
            pass

        self.meta, self.b = Meta, B
        self.classes = [Base, Mixin, A, B, Slots, Dict, Second]
        self.hooked = [A, B, Base, Second, Mixin]
        self.derived = [A, B, Second]
        self.bases = [(Base,), (A,), (A, Mixin), (Mixin, Base), (Base, Mixin)]
        self.made = [A, B, Slots, Dict, Second]
        self.objects = [A(), A(), B(), Slots(), Dict(), Second(), A, B, Meta, Slots, Mixin(), B(), A()]


class Steps:
    """The steps of a round: each changes or reads something and gives what is to be shown of it."""

    def __init__(self, draw):
        self.draw = draw
        self.all = Classes()
        self.count = 0

    def fresh(self):
        self.count += 1
        return self.count

    def attribute(self):
        return self.draw.pick(ATTRIBUTES)(self.fresh())

    def a_class(self):
        return self.draw.pick(self.all.classes + [self.all.meta])

    def set_on_class(self):
        owner, name, value = self.a_class(), self.draw.pick(NAMES), self.attribute()
        setattr(owner, name, value)
        return owner.__name__, name, type(value).__name__

    def delete_on_class(self):
        owner, name = self.a_class(), self.draw.pick(NAMES)
        delattr(owner, name)
        return owner.__name__, name

    def set_on_object(self):
        o, name = self.draw.pick(self.all.objects), self.draw.pick(NAMES)
        setattr(o, name, self.attribute() if self.draw.chance(40) else self.fresh())
        return name

    def change_hook(self):
        owner, (name, hook) = self.draw.pick(self.all.hooked), self.draw.pick(HOOKS)
        if self.draw.chance(50):
            setattr(owner, name, hook)
        else:
            delattr(owner, name)
        return owner.__name__, name

    def change_class(self):
        o = self.draw.pick(self.all.objects)
        o.__class__ = self.draw.pick(self.all.classes)
        return o.__class__.__name__

    def change_bases(self):
        owner = self.draw.pick(self.all.derived)
        owner.__bases__ = self.draw.pick(self.all.bases)
        return [each.__name__ for each in owner.__mro__]

    def change_dict(self):
        o, kind = self.draw.pick(self.all.objects), self.draw.below(4)
        names = o.__dict__
        if kind == 0:
            names[self.draw.pick(NAMES)] = self.fresh()
        elif kind == 1:
            names.clear()
        elif kind == 2:
            o.__dict__ = {name: self.fresh() for name in NAMES if self.draw.chance(50)}
        else:
            names.pop(self.draw.pick(NAMES), None)
            names[1] = 2
        return kind

    def use_super(self):
        o = self.draw.pick(self.all.objects)
        call = self.draw.pick([self.all.b.super_a, self.all.b.super_call])
        return simple(call(o)) if isinstance(o, self.all.b) else None

    def new_object(self):
        i = self.draw.below(6)
        self.all.objects[i] = self.draw.pick(self.all.made)()
        return i

    def write(self):
        (code, action), o = self.draw.pick(WRITE), self.draw.pick(self.all.objects)
        action(o, self.fresh())
        return code, type(o).__name__

    def read(self):
        (code, action), o = self.draw.pick(READ), self.draw.pick(self.all.objects)
        times = self.draw.pick([1, 4, 4])
        return code, type(o).__name__, [simple(action(o, (1, 2))) for _ in range(times)]

    def step(self):
        """One of the steps; reading is what is done most."""
        chance = self.draw.below(100)
        for percent, step in self.CHANCES:
            chance -= percent
            if chance < 0:
                return step
        return Steps.read

    CHANCES = [
        (20, set_on_class),
        (6, delete_on_class),
        (10, set_on_object),
        (2, change_hook),
        (3, change_class),
        (2, change_bases),
        (3, change_dict),
        (2, use_super),
        (2, new_object),
        (10, write),
    ]


def simple(value):
    """A value without addresses: callables by name, descriptors by type."""
    if isinstance(value, property | classmethod | staticmethod):
        return type(value).__name__
    if isinstance(value, list):
        return [simple(item) for item in value]
    if callable(value) and hasattr(value, "__self__"):
        return ("bound", getattr(value, "__name__", "?"), type(value.__self__).__name__)
    if callable(value) and hasattr(value, "__name__"):
        return ("callable", value.__name__)
    return repr(value)


def play_round(draw):
    steps = Steps(draw)
    for _ in range(draw.between(20, 60)):
        log.clear()
        step = steps.step()
        try:
            result = step(steps)
        except (AttributeError, TypeError) as error:
            result = describe(error)
        say(step.__name__, result, log)


if __name__ == "__main__":
    run(play_round, ROUNDS)
