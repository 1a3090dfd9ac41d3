# Attributes asked for, set and deleted by names that are no str, in all kinds of objects.
import collections
import datetime
import functools
import io
import re
import sys
import threading
import types


def function():
    yield


class Plain:
    def method(self):
        pass


class Slots:
    __slots__ = ("a",)


class Name(str):
    pass


objects = [
    1, 1.5, 1j, "a", b"", [], (), {}, set(), None, ..., NotImplemented, slice(1), range(1), bytearray(), memoryview(b""),
    function, function(), function.__code__, Plain, Plain(), Plain().method, Slots(), Slots.a, len, [].append, str.join,
    int.__add__, (1).__add__, int.__dict__["real"], property(), classmethod(function), staticmethod(function),
    types, types.MappingProxyType({}), types.SimpleNamespace(), types.CellType(1), list[int], int | str, sys._getframe(),
    ValueError(), ExceptionGroup("m", [ValueError()]), iter([]), zip(), map(len, []), enumerate([]), threading.Lock(), threading.RLock(), io.StringIO(), io.BytesIO(), re.compile(""), functools.partial(function),
    functools.lru_cache(function), collections.deque(), collections.OrderedDict(), collections.defaultdict(),
    datetime.date(1, 1, 1), type, object,
]
names = [None, 1, b"a", ["x"], Name("__class__"), Name("missing"), "\ud800", ""]
ways = {
    "type's getattribute": lambda o, name: type(o).__getattribute__(o, name),
    "getattr": lambda o, name: getattr(o, name),
    "with default": lambda o, name: getattr(o, name, 7),
    "hasattr": lambda o, name: hasattr(o, name),
    "setattr": lambda o, name: setattr(o, name, 1),
    "delattr": lambda o, name: delattr(o, name),
    "type's setattr": lambda o, name: type(o).__setattr__(o, name, 1),
    "type's delattr": lambda o, name: type(o).__delattr__(o, name),
    "object's getattribute": lambda o, name: object.__getattribute__(o, name),
    "object's setattr": lambda o, name: object.__setattr__(o, name, 2),
}
for o in objects:
    for name in names:
        for way, do in ways.items():
            try:
                text = repr(do(o, name))
            except Exception as error:
                text = f"{type(error).__name__}: {error}"
            text = re.sub("0x[0-9a-f]+", "0x", text)
            print(type(o).__name__, ascii(name), way, ascii(text))
