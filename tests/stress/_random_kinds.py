# SPDX-License-Identifier: MIT
"""The kinds of objects that random_calls.py shares among threads, and what it must not do with them.

A kind is a name and a function that makes a fresh object. What it makes must be harmless whatever is called: it holds
nothing that other rounds use too, no name of a file that could be written, and no file descriptor but its own.
"""
import array
import ast
import asyncio
import bz2
import codecs
import collections
import contextvars
import csv
import datetime
import decimal
import enum
import fractions
import functools
import hashlib
import hmac
import io
import itertools
import json
import lzma
import mmap
import os
import pickle
import queue
import random
import re
import select
import socket
import sqlite3
import ssl
import string
import struct
import sys
import tempfile
import threading
import types
import typing
import weakref
import xml.etree.ElementTree as etree
import zlib
import zoneinfo

# What must outlive the function that made it: the other end of a pair of sockets, what a weak reference is to.
KEPT = collections.deque(maxlen=50)

# The loop of the futures: it never runs.
LOOP = asyncio.new_event_loop()
LOOP.set_exception_handler(lambda loop, context: None)


# What the objects are made of


class Plain:
    x = 1

    def method(self, *arguments):
        return arguments

    @property
    def managed(self):
        return self.__dict__.get("hidden")

    @managed.setter
    def managed(self, value):
        self.hidden = value

    @functools.cached_property
    def cached(self):
        return object()

    @classmethod
    def of_class(cls, *arguments):
        return cls

    def __call__(self, *arguments, **named):
        return len(arguments)


class Slots:
    __slots__ = ("a", "b", "__weakref__")

    def __init__(self, *arguments):
        self.a = arguments
        self.b = 1


class ListSubclass(list):
    pass


class DictSubclass(dict):
    pass


class StrSubclass(str):
    pass


class Meta(type):
    pass


class Cycle:
    """Only the collector frees it, and it has a finalizer."""

    def __init__(self):
        self.itself = self

    def __del__(self):
        pass


def new_class():
    class Fresh(Plain):
        y = 2

    return Fresh


def kept_class():
    KEPT.append(new_class())
    return KEPT[-1]


def function(a, b=2, *c, d=4, **e):
    x = (a, b)
    return lambda: (x, c)


def new_function():
    return types.FunctionType(function.__code__, {"__builtins__": __builtins__, "q": 1}, "name", (1,))


def generator(count=5):
    got = None
    for i in range(count):
        try:
            got = yield (i, got)
        except ValueError:
            pass


async def coroutine():
    return 1


async def async_generator():
    yield 1
    yield 2


def database():
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    connection.execute("create table t(a, b)")
    connection.executemany("insert into t values(?, ?)", [(i, b"abc") for i in range(9)])
    return connection


def database_blob():
    return database().blobopen("t", "b", 1)


def finished_frame():
    return sys._getframe()


def caught():
    try:
        raise ValueError(1, "two")
    except ValueError as e:
        return e


def future():
    LOOP._ready.clear()  # callbacks of earlier ones
    return asyncio.Future(loop=LOOP)


def cached_function():
    return functools.lru_cache(maxsize=random.choice([None, 2, 8]))(lambda *arguments, **named: arguments)


def memory_map():
    memory = mmap.mmap(-1, 64)
    memory.write(b"hello\nworld\n" * 3)
    memory.seek(0)
    return memory


def socket_of_pair():
    a, b = socket.socketpair()
    a.setblocking(False)
    b.setblocking(False)
    a.send(b"abc")
    KEPT.append(a)
    return b


def temporary_file(mode="w+b"):
    file = tempfile.TemporaryFile(mode)
    file.write(b"ab\ncd\n" * 5 if "b" in mode else "ab\ncd\n" * 5)
    file.seek(0)
    return file


# The kinds. Those in CONTAINERS are emptied when they grow.

CONTAINERS = {
    "list": lambda: [3, 1, 2, "a"],
    "list_subclass": lambda: ListSubclass([1, 2]),
    "userlist": lambda: collections.UserList([1]),
    "dict": lambda: {"a": 1, 2: "b"},
    "str_dict": lambda: {"a": 1, "b": 2, "c": 3},
    "dict_subclass": lambda: DictSubclass(a=1),
    "ordered_dict": lambda: collections.OrderedDict(a=1, b=2, c=3),
    "default_dict": lambda: collections.defaultdict(list, a=[1]),
    "counter": lambda: collections.Counter("abca"),
    "chain_map": lambda: collections.ChainMap({"a": 1}, {"b": 2}),
    "set": lambda: {1, "a", 2},
    "deque": lambda: collections.deque([1, 2, 3]),
    "deque_of_4": lambda: collections.deque([1, 2, 3], 4),
    "bytearray": lambda: bytearray(b"hello world\nab"),
    "array_i": lambda: array.array("i", [3, 1, 2]),
    "array_B": lambda: array.array("B", b"abc"),
    "array_u": lambda: array.array("u", "abc"),
    "array_d": lambda: array.array("d", [1.5, 2]),
    "weak_values": lambda: weakref.WeakValueDictionary(a=Plain),
    "weak_keys": weakref.WeakKeyDictionary,
    "weak_set": lambda: weakref.WeakSet([Plain]),
    "element": lambda: etree.fromstring("<a x='1'>t<b/><c>u</c>v</a>"),
}

IMMUTABLES_AND_VIEWS = {
    "tuple": lambda: (3, 1, 2),
    "frozenset": lambda: frozenset({1, "a"}),
    "range": lambda: range(3, 30, 4),
    "slice": lambda: slice(1, 9, 2),
    "keys": lambda: {"a": 1, "b": 2}.keys(),
    "items": lambda: {"a": 1}.items(),
    "values": lambda: {"a": 1}.values(),
    "mapping_proxy": lambda: types.MappingProxyType({"a": 1}),
    "memoryview": lambda: memoryview(bytearray(b"hello world")),
    "memoryview_2d": lambda: memoryview(array.array("i", range(12))).cast("B").cast("B", (6, 8)),
    "pickle_buffer": lambda: pickle.PickleBuffer(bytearray(b"abc")),
}

ITERATORS = {
    "list_iterator": lambda: iter([1, 2, 3] * 5),
    "list_reversed": lambda: reversed([1, 2, 3] * 5),
    "tuple_iterator": lambda: iter((1, 2, 3) * 5),
    "str_iterator": lambda: iter("abcdé" * 5),
    "bytes_iterator": lambda: iter(b"abc" * 5),
    "bytearray_iterator": lambda: iter(bytearray(b"abc" * 7)),
    "array_iterator": lambda: iter(array.array("i", range(20))),
    "dict_iterator": lambda: iter(dict.fromkeys(range(20))),
    "dict_reversed": lambda: reversed(dict.fromkeys(range(20))),
    "items_iterator": lambda: iter(dict.fromkeys(range(20)).items()),
    "set_iterator": lambda: iter(set(range(20))),
    "deque_iterator": lambda: iter(collections.deque(range(20))),
    "range_iterator": lambda: iter(range(20)),
    "sequence_iterator": lambda: iter(memoryview(b"abc" * 7)),
    "call_iterator": lambda: iter(lambda: 1, 2),
    "struct_iterator": lambda: struct.iter_unpack("<H", b"ab" * 20),
    "match_iterator": lambda: re.finditer("a|b", "ab" * 20),
    "element_iterator": lambda: etree.fromstring("<a><b/><c/></a>").iter(),
    "scandir": lambda: os.scandir("/usr"),
    "map": lambda: map(str, range(20)),
    "filter": lambda: filter(None, range(20)),
    "zip": lambda: zip(range(20), "ab" * 10),
    "enumerate": lambda: enumerate("ab" * 10),
    "accumulate": lambda: itertools.accumulate(range(30)),
    "chain": lambda: itertools.chain([1] * 9, (x for x in "ab" * 5)),
    "combinations": lambda: itertools.combinations("abcdef", 3),
    "combinations_with_replacement": lambda: itertools.combinations_with_replacement("abcd", 3),
    "compress": lambda: itertools.compress("ab" * 10, [1, 0] * 10),
    "count": lambda: itertools.count(1),
    "count_to_big": lambda: itertools.count(2**62 - 3),
    "count_float": lambda: itertools.count(1.5),
    "cycle": lambda: itertools.cycle([1, 2]),
    "dropwhile": lambda: itertools.dropwhile(bool, [1] * 3 + [0] * 30),
    "filterfalse": lambda: itertools.filterfalse(None, [0, 1] * 9),
    "groupby": lambda: itertools.groupby("aabbbc" * 4),
    "islice": lambda: itertools.islice(range(99), 2, 50, 3),
    "pairwise": lambda: itertools.pairwise("ab" * 10),
    "permutations": lambda: itertools.permutations("abcd", 3),
    "product": lambda: itertools.product("abc", repeat=3),
    "repeat": lambda: itertools.repeat(1, 30),
    "starmap": lambda: itertools.starmap(pow, [(1, 2)] * 30),
    "takewhile": lambda: itertools.takewhile(bool, [1] * 30),
    "tee": lambda: itertools.tee(range(30))[0],
    "zip_longest": lambda: itertools.zip_longest("ab" * 9, range(30)),
}

GENERATORS_AND_FUTURES = {
    "generator": generator,
    "generator_expression": lambda: (x for x in range(9)),
    "coroutine": coroutine,
    "async_generator": async_generator,
    "async_generator_asend": lambda: async_generator().asend(None),
    "future": future,
}

FILES_AND_BUFFERS = {
    "string_io": lambda: io.StringIO("ab\ncd\n" * 4),
    "bytes_io": lambda: io.BytesIO(b"ab\ncd\n" * 4),
    "buffered_reader": lambda: io.BufferedReader(io.BytesIO(b"ab\ncd\n" * 20), 16),
    "buffered_writer": lambda: io.BufferedWriter(io.BytesIO(), 16),
    "buffered_random": lambda: io.BufferedRandom(io.BytesIO(b"ab\ncd\n" * 20), 16),
    "buffered_pair": lambda: io.BufferedRWPair(io.BytesIO(b"abc\n" * 9), io.BytesIO(), 16),
    "text_reader": lambda: io.TextIOWrapper(io.BytesIO(b"ab\ncd\xc3\xa9\n" * 9), "utf-8"),
    "text_writer": lambda: io.TextIOWrapper(io.BytesIO(), "utf-16"),
    "newline_decoder": lambda: io.IncrementalNewlineDecoder(None, True),
    "temporary_file": temporary_file,
    "temporary_text_file": lambda: temporary_file("w+"),
    "mmap": memory_map,
    "socket": socket_of_pair,
    "epoll": select.epoll,
    "poll": select.poll,
    "memory_bio": ssl.MemoryBIO,
    "ssl_context": lambda: ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
}

NUMBERS_TEXT_AND_TIMES = {
    "int": lambda: 12345678901234567890,
    "float": lambda: 1.5,
    "complex": lambda: 1.5j,
    "decimal": lambda: decimal.Decimal("1.5"),
    "fraction": lambda: fractions.Fraction(1, 3),
    "str": lambda: "aBc dé\n",
    "bytes": lambda: b"ab c\n",
    "formatter": string.Formatter,
    "template": lambda: string.Template("$a"),
    "pattern": lambda: re.compile("(a)(?P<n>b)?"),
    "match": lambda: re.match("(a)(?P<n>b)?", "abc"),
    "scanner": lambda: re.compile("(a)|b").scanner("ab" * 20),
    "date": lambda: datetime.date(2020, 2, 29),
    "datetime": lambda: datetime.datetime(2020, 2, 29, 1, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin")),
    "timedelta": lambda: datetime.timedelta(1, 2),
    "zone": lambda: zoneinfo.ZoneInfo("Europe/Paris"),
}

CLASSES_AND_FUNCTIONS = {
    "plain": Plain,
    "slots": Slots,
    "cycle_with_finalizer": Cycle,
    "class": new_class,
    "class_of_meta": lambda: Meta("OfMeta", (Plain,), {"z": 1}),
    "enum": lambda: enum.Enum("Color", "RED BLUE"),
    "function": new_function,
    "method": lambda: new_class()().method,
    "property": lambda: property(function, function),
    "classmethod": lambda: classmethod(new_function()),
    "staticmethod": lambda: staticmethod(new_function()),
    "super": lambda: super(Plain, new_class()()),
    "partial": lambda: functools.partial(new_function(), 1, d=5),
    "lru_cache": cached_function,
    "cmp_key": lambda: functools.cmp_to_key(lambda a, b: 0)(1),
    "namespace": lambda: types.SimpleNamespace(a=1, b=2),
    "module": lambda: types.ModuleType("module"),
    "cell": lambda: types.CellType(1),
    "code": lambda: function.__code__,
    "frame": finished_frame,
    "traceback": lambda: caught().__traceback__,
    "exception": caught,
    "exception_group": lambda: ExceptionGroup("m", [ValueError(1), OSError(2, "x")]),
    "os_error": lambda: OSError(2, "x", "f"),
    "unicode_error": lambda: UnicodeDecodeError("utf-8", b"ab", 0, 1, "r"),
    "syntax_error": lambda: SyntaxError("m", ("f", 1, 2, "t")),
    "ast": lambda: ast.parse("x = f(1) + 2"),
    "alias": lambda: list[int],
    "union": lambda: int | str,
    "typevar": lambda: typing.TypeVar("T"),
    "weak_reference": lambda: weakref.ref(kept_class()),
    "weak_proxy": lambda: weakref.proxy(kept_class()),
}

THREADS_AND_CONTEXTS = {
    "lock": threading.Lock,
    "rlock": threading.RLock,
    "event": threading.Event,
    "simple_queue": queue.SimpleQueue,
    "local": threading.local,
    "context": contextvars.copy_context,
    "context_variable": lambda: contextvars.ContextVar("v", default=1),
}

NATIVE_HELPERS = {
    "random": lambda: random.Random(5),
    "md5": hashlib.md5,
    "sha3": hashlib.sha3_256,
    "shake": hashlib.shake_128,
    "blake2b": hashlib.blake2b,
    "hmac": lambda: hmac.new(b"k", b"", "sha1"),
    "zlib_compressor": zlib.compressobj,
    "zlib_decompressor": zlib.decompressobj,
    "bz2_compressor": bz2.BZ2Compressor,
    "bz2_decompressor": bz2.BZ2Decompressor,
    "lzma_compressor": lambda: lzma.LZMACompressor(preset=0),
    "lzma_decompressor": lzma.LZMADecompressor,
    "csv_reader": lambda: csv.reader(["a,b", '"c,d"', "e"] * 9),
    "csv_writer": lambda: csv.writer(io.StringIO()),
    "csv_dialect": lambda: csv.get_dialect("excel"),
    "json_encoder": json.JSONEncoder,
    "json_scanner": lambda: json.JSONDecoder().scan_once,
    "pickler": lambda: pickle.Pickler(io.BytesIO()),
    "unpickler": lambda: pickle.Unpickler(io.BytesIO(pickle.dumps([1, {"a": (2, 3)}]) * 9)),
    "struct": lambda: struct.Struct("<iH"),
    "tree_builder": etree.TreeBuilder,
    "xml_parser": etree.XMLParser,
    "decimal_context": decimal.Context,
    "decimal_flags": lambda: decimal.Context().flags,
    "local_context": decimal.localcontext,
    "database": database,
    "database_cursor": lambda: database().execute("select * from t"),
    "database_row": lambda: sqlite3.Row(database().cursor(), (1, "a")),
    "database_blob": database_blob,
    "incremental_encoder": lambda: codecs.getincrementalencoder("utf-16")(),
    "incremental_decoder": lambda: codecs.getincrementaldecoder("utf-8")("replace"),
}

GROUPS = {
    "containers": CONTAINERS,
    "immutables and views": IMMUTABLES_AND_VIEWS,
    "iterators": ITERATORS,
    "generators and futures": GENERATORS_AND_FUTURES,
    "files and buffers": FILES_AND_BUFFERS,
    "numbers, text and times": NUMBERS_TEXT_AND_TIMES,
    "classes and functions": CLASSES_AND_FUNCTIONS,
    "threads and contexts": THREADS_AND_CONTEXTS,
    "native helpers": NATIVE_HELPERS,
}

KINDS = {name: make for group in GROUPS.values() for name, make in group.items()}

# What is left out

# Those that never end: only these of their methods and uses are called, and no other object gets them as an argument.
ENDLESS = {"count", "count_to_big", "count_float", "cycle", "call_iterator"}
ENDLESS_METHODS = {"__next__", "__repr__", "__reduce__", "__iter__", "__copy__", "__setstate__"}

# Methods that every object has and that do nothing.
IDLE_METHODS = {"__init_subclass__", "__subclasshook__"}

# They wait for what nobody will do.
BLOCKING_METHODS = {
    "lock": {"acquire", "acquire_lock", "__enter__"},
    "rlock": {"acquire", "__enter__", "_acquire_restore"},
    "event": {"wait"},
    "simple_queue": {"get"},
    "epoll": {"poll"},
    "poll": {"poll"},
    "socket": {"setblocking", "settimeout"},  # the others would block then
}
BLOCKING_USES = {
    "lock": {"with"},
    "rlock": {"with"},
    "simple_queue": {"get"},
}

# Loops in Python that wrong arguments (a negative number, NaN) never end.
LOOPING_METHODS = {
    "random": {
        "_randbelow",
        "_randbelow_with_getrandbits",
        "_randbelow_without_getrandbits",
        "betavariate",
        "gammavariate",
        "vonmisesvariate",
    },
}

# They close or use file descriptors that are not the object's own, lose its own, or leave files behind.
DESCRIPTOR_METHODS = {
    "epoll": {"__init__", "fromfd"},
    "socket": {"__init__", "bind", "detach"},
    "ssl_context": {"wrap_socket"},
    "database": {"__class__", "__init__"},
}

# They take tens of milliseconds, or leave nothing that the other calls could work on.
DULL_METHODS = {
    "ssl_context": {"load_default_certs", "set_default_verify_paths"},
    "socket": {"listen", "shutdown"},
}


def left_out(kind):
    """The names of the methods of a kind that must not be called."""
    names = set(IDLE_METHODS)
    for table in (BLOCKING_METHODS, LOOPING_METHODS, DESCRIPTOR_METHODS, DULL_METHODS):
        names |= table.get(kind, set())
    return names
