# SPDX-License-Identifier: MIT
"""Methods of objects of seventy kinds, special ones too, with arguments of every kind and number.

A round takes one object, of a builtin type or one of the native modules, and calls some of its methods with up to five
arguments, mostly wrong ones. Each line shows the call, what it gave or raised, and what the object became, if it can
change. Attributes that are no methods are shown.
"""
import array
import collections
import datetime
import functools
import io
import itertools
import re
import struct
import types
import warnings

from _arguments import SubList, call, draw_arguments, function
from _drawing import describe, run, say, show

ROUNDS = 400

KINDS = {
    "str": ["", "a", "aBc d\xe9", "Stra\xdfe\n", "12", "ab\tc\x00", "\u4e2d\u6587x", "\U0001f600a", "a\ud800"],
    "bytes": [b"", b"a", b"ab c\n", b"\xff12"],
    "int": [0, 1, -7, 2**70, True],
    "float": [0.0, -1.5, float("inf"), float("nan"), 1e300],
    "complex": [0j, 1.5 - 2j],
    "tuple": [(), (3, 1, 2), ("a",)],
    "frozenset": [frozenset(), frozenset({1, 2})],
    "range": [range(0), range(5, 0, -2), range(10)],
    "slice": [slice(None), slice(1, 9, 2)],
    "NoneType": [None],
    "ellipsis": [...],
    "NotImplementedType": [NotImplemented],
    "type": [int, SubList],
    "GenericAlias": [list[int]],
    "Union": [int | str],
    "timezone": [datetime.timezone.utc],
    "date": [datetime.date(2020, 2, 29)],
    "datetime": [datetime.datetime(2020, 2, 29, 1, 2, 3, 4)],
    "time": [datetime.time(1, 2, 3)],
    "timedelta": [datetime.timedelta(1, 2, 3)],
    "Struct": [struct.Struct("<iH")],
    "Pattern": [re.compile("(a)(?P<n>b)?")],
    "Match": [re.match("(a)(?P<n>b)?", "abc")],
}
# What can change is made anew for each call.
MAKERS = {
    "bytearray": [bytearray, lambda: bytearray(b"ab c")],
    "list": [list, lambda: [3, 1, 2], lambda: ["b", "a"]],
    "dict": [dict, lambda: {"a": 1, 2: "b"}],
    "set": [set, lambda: {1, "a"}],
    "memoryview": [
        lambda: memoryview(b"abcd"),
        lambda: memoryview(bytearray(b"abcd")),
        lambda: memoryview(array.array("i", [1, 2])),
        lambda: memoryview(b"abcd").cast("B", (2, 2)),
    ],
    "deque": [collections.deque, lambda: collections.deque([1, 2, 3], 4)],
    "OrderedDict": [collections.OrderedDict, lambda: collections.OrderedDict(a=1, b=2)],
    "defaultdict": [lambda: collections.defaultdict(None), lambda: collections.defaultdict(int, a=1)],
    "Counter": [lambda: collections.Counter("abca")],
    "array": [
        lambda: array.array("i", [1, 2, 3]),
        lambda: array.array("u", "ab"),
        lambda: array.array("d"),
        lambda: array.array("B", b"ab"),
    ],
    "dict_keys": [lambda: {"a": 1}.keys()],
    "dict_items": [lambda: {"a": 1}.items()],
    "dict_values": [lambda: {"a": 1}.values()],
    "property": [lambda: property(function), lambda: property(function, function, function, "doc")],
    "classmethod": [lambda: classmethod(function)],
    "staticmethod": [lambda: staticmethod(function)],
    "method": [lambda: types.MethodType(function, 1)],
    "partial": [lambda: functools.partial(function, 1)],
    "object": [object],
    "mappingproxy": [lambda: types.MappingProxyType({"a": 1})],
    "SimpleNamespace": [lambda: types.SimpleNamespace(a=1)],
    "cell": [lambda: types.CellType(1), types.CellType],
    "BaseException": [lambda: ValueError(1, 2)],
    "OSError": [lambda: OSError(2, "x", "f")],
    "StopIteration": [lambda: StopIteration(3)],
    "UnicodeDecodeError": [lambda: UnicodeDecodeError("utf-8", b"ab", 0, 1, "r")],
    "ExceptionGroup": [lambda: ExceptionGroup("m", [ValueError(1)])],
    "ImportError": [lambda: ImportError("a", name="n")],
    "SystemExit": [lambda: SystemExit(1)],
    "KeyError": [lambda: KeyError("k")],
    "SyntaxError": [lambda: SyntaxError("m", ("f", 1, 2, "text", 3, 4))],
    "StringIO": [lambda: io.StringIO("ab\nc")],
    "BytesIO": [lambda: io.BytesIO(b"ab\nc")],
    "count": [lambda: itertools.count(1)],
    "list_iterator": [lambda: iter([1, 2])],
    "range_iterator": [lambda: iter(range(3))],
    "str_iterator": [lambda: iter("\u20acb")],
    "dict_iterator": [lambda: iter({"a": 1})],
    "chain": [lambda: itertools.chain([1], [2])],
    "islice": [lambda: itertools.islice([1, 2, 3], 1)],
    "cycle": [lambda: itertools.cycle([1])],
    "enumerate": [lambda: enumerate("ab")],
    "zip": [lambda: zip("ab", "cd")],
    "reversed": [lambda: reversed([1, 2])],
    "groupby": [lambda: itertools.groupby("aab")],
    "tee": [lambda: itertools.tee([1, 2])[0]],
    "accumulate": [lambda: itertools.accumulate([1, 2])],
    "repeat": [lambda: itertools.repeat(1, 3)],
    "product": [lambda: itertools.product("ab", repeat=2)],
    "combinations": [lambda: itertools.combinations("abc", 2)],
    "permutations": [lambda: itertools.permutations("abc", 2)],
    "zip_longest": [lambda: itertools.zip_longest("ab", "c")],
}
MAKERS.update((kind, [lambda value=value: value for value in values]) for kind, values in KINDS.items())
KIND_NAMES = sorted(MAKERS)

# Not called: of any kind, and of one.
NO_METHODS = {
    "__sizeof__": "sizes are the implementation's",
    "__dir__": "an order that nobody promises",
    "__reduce__": "pickles have tests of their own",
    "__reduce_ex__": "the same",
    "__getstate__": "the same",
    "__setstate__": "the same",
    "__doc__": "texts are our own",
    "__class__": "shown with everything",
    "__hash__": "made of addresses",
    "__init_subclass__": "of the class, and tells nothing",
    "__subclasshook__": "the same",
    "__module__": "an attribute of the class or computed",
    "__weakref__": "of some classes only",
    "__vectorcalloffset__": "of CPython's insides",
    "__bases__": "of some generic aliases",
    "__instancecheck__": "a method or a slot",
    "__subclasscheck__": "the same",
}
NOT_OF = {
    "datetime.today": "the time goes on",
    "datetime.now": "the same",
    "datetime.utcnow": "the same",
    "date.today": "the same",
    "type.__weakrefoffset__": "of CPython's insides",
    "type.__dictoffset__": "the same",
    "type.__basicsize__": "the same",
    "type.__itemsize__": "the same",
    "type.__flags__": "the same",
    "type.__dict__": "an order that nobody promises",
    "type.__getattribute__": "takes other objects than types",
    "GenericAlias.__getattribute__": "the same",
    "bytes.__rmod__": "gives NotImplemented or raises TypeError if the other is a bytearray",
    "array.frombytes": "takes buffers of wider items too",
    "array.buffer_info": "tells an address",
    "StringIO.seek": "checks its arguments in another order",
    "defaultdict.__missing__": "keeps the value that another thread may have made",
    "OrderedDict.pop": "KeyError(*key)",
    "str.__iter__": "another type's name if the text is ASCII",
    "int.__rpow__": "2**70 is an exponent that takes all day",
    "int.__rlshift__": "the same",
    "memoryview.cast": "checks its arguments in another order",
    "bytearray.__init__": "empties it first, or not, if the arguments are wrong",
    "Struct.__init__": "gives it another format in CPython",
    "Struct.unpack_from": "checks its arguments in another order",
    "deque.__getitem__": "OverflowError or IndexError for a number that is too large",
    "deque.__setitem__": "the same",
    "deque.__delitem__": "the same",
    "OrderedDict.move_to_end": "KeyError(*key), and of what has no hash",
}
# A large number would ask for all memory, or for a day.
LARGE = {"__mul__", "__rmul__", "__imul__", "__pow__", "__rpow__", "__ipow__", "__lshift__", "__rlshift__", "ljust"}
LARGE |= {
    "rjust",
    "center",
    "zfill",
    "expandtabs",
    "to_bytes",
    "rotate",
    "__round__",
    "__init__",
    "__new__",
    "__call__",
}


def attribute_names(kind, value):
    names = set(dir(value))
    if kind == "type":
        names |= set(dir(type(value)))
    names = [name for name in names if name.startswith("__") or not name.startswith("_")]
    return sorted(name for name in names if name not in NO_METHODS and f"{kind}.{name}" not in NOT_OF)


def play_round(draw):
    kind = draw.pick(KIND_NAMES)
    number = draw.below(len(MAKERS[kind]))
    names = attribute_names(kind, MAKERS[kind][number]())
    for _ in range(12):
        name, receiver = draw.pick(names), MAKERS[kind][number]()
        label = f"{kind}{number}.{name}"
        try:
            method = getattr(receiver, name)
        except Exception as error:
            say(label, "=", describe(error))
            continue
        if callable(method):
            call(label, method, draw_arguments(draw, large=name not in LARGE), receiver)
        else:
            say(label, "=", show(method))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    run(play_round, ROUNDS)
