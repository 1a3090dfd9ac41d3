# SPDX-License-Identifier: MIT
"""Random calls of a few shared objects by several threads: nothing may crash, hang or be reported by a sanitizer.

    random_calls.py [--seconds S] [--seed N] [--threads N] [--rounds N] [--patience S] [KIND...]
    random_calls.py --list

In each round one to six objects of different kinds (of those named, or of all in _random_kinds.py) are shared by the
threads, each of which calls random methods of them with random arguments, sets their attributes, and uses them in
random expressions. What comes out of a call is not looked at: the stress programs and the random programs of
tests/random do that. The seed settles the objects and what each thread does, but not how the threads interleave.

Ends with one line that says how much was done. If a thread is not done with its calls of a round after --patience
seconds (give more with a sanitizer or a debug build), says which calls the threads were in, dumps all tracebacks and
exits with 3; a failure that raised nothing is named, and gives 4; a wrong kind gives 2.

This is no stress program (its name does not begin with stress_), so the stress runner and CI leave it alone: it is run
by hand and by `tests/run --all`. CPython 3.11 itself crashes and hangs under it.
"""
import argparse
import array
import collections
import copy
import faulthandler
import functools
import gc
import hashlib
import io
import itertools
import json
import marshal
import math
import operator
import os
import pickle
import random
import re
import struct
import sys
import threading
import time
import types
import warnings
import weakref
import zlib

import _random_kinds
from _random_kinds import CONTAINERS, ENDLESS, ENDLESS_METHODS, GROUPS, KINDS, Plain, Slots, function, generator

CALLS_PER_ROUND = 120  # of each thread
LONGEST = 60  # items of a container before it is emptied

# Arguments

SIMPLE = [None, True, 0, 1, -1, 2, 3, 7, 1.5, "a", "", "ab\n", "é", "utf-8", b"ab", b""]

ODD = [
    5,
    2**70,
    1j,
    float("nan"),
    _random_kinds.StrSubclass("s"),
    ...,
    NotImplemented,
    slice(1, 3),
    slice(None, None, -1),
    range(3),
]

FRESH = [
    lambda: [1, 2],
    lambda: {"a": 1},
    lambda: {1, "b"},
    lambda: (1, 2),
    lambda: bytearray(b"xy"),
    lambda: [("a", 1)],
    lambda: collections.deque([1]),
    lambda: array.array("i", [1]),
    lambda: io.BytesIO(b"q"),
    lambda: io.StringIO("q"),
    lambda: iter([1, 2]),
    lambda: generator(2),
    lambda: memoryview(b"ab"),
    Plain,
    Slots,
]

CALLABLES = [
    len,
    int,
    str,
    repr,
    list,
    dict,
    object,
    function,
    lambda *arguments, **named: 1,
    lambda x: x,
    Plain,
    Plain().method,
    ValueError,
]

# With these a large number makes a large object.
SMALL_NUMBER_METHODS = {
    "__mul__",
    "__rmul__",
    "__imul__",
    "__pow__",
    "__rpow__",
    "__lshift__",
    "__rlshift__",
    "ljust",
    "rjust",
    "center",
    "zfill",
    "expandtabs",
}

# Uses: what is done with an object other than by calling a method of it


def set_item(o, key, value):
    o[key] = value


def delete_item(o, key):
    del o[key]


def add_in_place(o, value):
    o += value


def or_in_place(o, value):
    o |= value


def double_in_place(o):
    o *= 2


def unpack(o):
    a, b, *c = o


def match(o):
    match o:
        case [a, b, *c]:
            return 1
        case {"a": value, **others}:
            return 2
        case Plain(x=1):
            return 3
        case str() | int():
            return 4


def enter(o):
    with o:
        pass


def walk(o):
    for i, item in enumerate(o):
        if i > 40:
            break


# Each is called with the object and two random arguments. These end with an endless iterator too:
ENDING_USES = {
    "next": lambda o, a, b: next(o),
    "next or": lambda o, a, b: next(o, None),
    "repr": lambda o, a, b: repr(o),
    "hash": lambda o, a, b: hash(o),
    "bool": lambda o, a, b: bool(o),
    "str": lambda o, a, b: str(o),
    "format": lambda o, a, b: f"{o}",
    "loop": lambda o, a, b: walk(o),
    "copy": lambda o, a, b: copy.copy(o),
    "weak reference": lambda o, a, b: weakref.ref(o, lambda reference: None),
    "referents": lambda o, a, b: gc.get_referents(o),
    "size": lambda o, a, b: sys.getsizeof(o),
    "class": lambda o, a, b: o.__class__,
}

OTHER_USES = {
    # operators and statements
    "iter": lambda o, a, b: iter(o),
    "==": lambda o, a, b: o == a,
    "<": lambda o, a, b: o < a,
    "in": lambda o, a, b: a in o,
    "first item": lambda o, a, b: o[0],
    "item": lambda o, a, b: o[a],
    "slice": lambda o, a, b: o[1:3],
    "set first item": lambda o, a, b: set_item(o, 0, a),
    "set item": lambda o, a, b: set_item(o, a, b),
    "set slice": lambda o, a, b: set_item(o, slice(1, 2), a),
    "delete first item": lambda o, a, b: delete_item(o, 0),
    "delete item": lambda o, a, b: delete_item(o, a),
    "delete slice": lambda o, a, b: delete_item(o, slice(0, 2)),
    "+": lambda o, a, b: o + a,
    "|": lambda o, a, b: o | a,
    "&": lambda o, a, b: o & a,
    "-": lambda o, a, b: o - a,
    "*": lambda o, a, b: o * 2,
    "+=": lambda o, a, b: add_in_place(o, a),
    "|=": lambda o, a, b: or_in_place(o, a),
    "*=": lambda o, a, b: double_in_place(o),
    "%": lambda o, a, b: "%s %r" % (o, o),
    "unpack": lambda o, a, b: unpack(o),
    "match": lambda o, a, b: match(o),
    "with": lambda o, a, b: enter(o),
    "spread in list": lambda o, a, b: [*o, *o],
    "spread in set": lambda o, a, b: {*o},
    "spread in dict": lambda o, a, b: {**o},
    # calls
    "call": lambda o, a, b: o(),
    "call with 1": lambda o, a, b: o(a),
    "call with 2": lambda o, a, b: o(a, b),
    "call with name": lambda o, a, b: o(a, **{"d": b}),
    "spread in call": lambda o, a, b: function(*o),
    "spread names in call": lambda o, a, b: function(1, **o),
    "bound call": lambda o, a, b: types.MethodType(len, o)(),
    # built-in functions and classes
    "len": lambda o, a, b: len(o),
    "list": lambda o, a, b: list(o),
    "tuple": lambda o, a, b: tuple(o),
    "set": lambda o, a, b: set(o),
    "frozenset": lambda o, a, b: frozenset(o),
    "dict": lambda o, a, b: dict(o),
    "bytes": lambda o, a, b: bytes(o),
    "bytearray": lambda o, a, b: bytearray(o),
    "int": lambda o, a, b: int(o),
    "sorted": lambda o, a, b: sorted(o),
    "sum": lambda o, a, b: sum(o),
    "max": lambda o, a, b: max(o),
    "min": lambda o, a, b: min(o, key=id),
    "any": lambda o, a, b: any(o),
    "zip": lambda o, a, b: list(zip(o, o)),
    "map": lambda o, a, b: list(map(str, o)),
    "reversed": lambda o, a, b: list(reversed(o)),
    "join": lambda o, a, b: "".join(o),
    "join bytes": lambda o, a, b: b"".join(o),
    "fromkeys": lambda o, a, b: dict.fromkeys(o),
    "isinstance": lambda o, a, b: isinstance(a, o),
    "issubclass": lambda o, a, b: issubclass(o, Plain),
    "vars": lambda o, a, b: vars(o),
    "dir": lambda o, a, b: dir(o),
    "memoryview item": lambda o, a, b: memoryview(o)[0],
    "memoryview bytes": lambda o, a, b: memoryview(o).tobytes(),
    "object.__init__": lambda o, a, b: object.__init__(o),
    # modules
    "deepcopy": lambda o, a, b: copy.deepcopy(o),
    "pickle": lambda o, a, b: pickle.dumps(o),
    "pickle and load": lambda o, a, b: pickle.loads(pickle.dumps(o, 2)),
    "reduce_ex": lambda o, a, b: o.__reduce_ex__(2),
    "json": lambda o, a, b: json.dumps(o),
    "marshal": lambda o, a, b: marshal.dumps(o),
    "crc32": lambda o, a, b: zlib.crc32(o),
    "md5": lambda o, a, b: hashlib.md5(o),
    "findall": lambda o, a, b: re.findall(b"a", o),
    "unpack_from": lambda o, a, b: struct.unpack_from("H", o),
    "length_hint": lambda o, a, b: operator.length_hint(o),
    "fsum": lambda o, a, b: math.fsum(o),
    "deque": lambda o, a, b: collections.deque(o, 3),
    "array": lambda o, a, b: array.array("i", o),
    "reduce": lambda o, a, b: functools.reduce(operator.add, o),
    "tee": lambda o, a, b: itertools.tee(o),
    # methods and attributes that many kinds have
    "send": lambda o, a, b: o.send(a),
    "items": lambda o, a, b: list(o.items()),
    "keys": lambda o, a, b: list(o.keys()),
    "values": lambda o, a, b: list(o.values()),
    "get": lambda o, a, b: o.get(a),
    "pop": lambda o, a, b: o.pop(),
    "update": lambda o, a, b: o.update(a),
    "append": lambda o, a, b: o.append(a),
    "extend": lambda o, a, b: o.extend(a),
    "clear": lambda o, a, b: o.clear(),
    "sort": lambda o, a, b: o.sort(),
    "reverse": lambda o, a, b: o.reverse(),
    "read": lambda o, a, b: o.read(3),
    "readline": lambda o, a, b: o.readline(),
    "write": lambda o, a, b: o.write(a),
    "seek": lambda o, a, b: o.seek(0),
    "method": lambda o, a, b: o.method(a),
    ".a": lambda o, a, b: o.a,
    ".x": lambda o, a, b: o.x,
    ".managed": lambda o, a, b: o.managed,
    ".cached": lambda o, a, b: o.cached,
    "set .a": lambda o, a, b: setattr(o, "a", a),
    "set .x": lambda o, a, b: setattr(o, "x", a),
    "set .managed": lambda o, a, b: setattr(o, "managed", a),
    "delete .a": lambda o, a, b: delattr(o, "a"),
    "delete .x": lambda o, a, b: delattr(o, "x"),
    "delete .cached": lambda o, a, b: delattr(o, "cached"),
    "update __dict__": lambda o, a, b: o.__dict__.update(a=1),
}

USES = ENDING_USES | OTHER_USES
ENDING_NAMES, USE_NAMES = list(ENDING_USES), list(USES)

# Attributes that are set and deleted, not only called.
SETTABLE = {
    "__abstractmethods__",
    "__annotations__",
    "__bases__",
    "__cause__",
    "__class__",
    "__closure__",
    "__code__",
    "__context__",
    "__defaults__",
    "__dict__",
    "__doc__",
    "__kwdefaults__",
    "__module__",
    "__name__",
    "__notes__",
    "__qualname__",
    "__suppress_context__",
    "__traceback__",
    "args",
    "attrib",
    "cell_contents",
    "default_factory",
    "dispatch_table",
    "errno",
    "f_lineno",
    "f_trace",
    "f_trace_lines",
    "fast",
    "filename",
    "gi_frame",
    "maxsize",
    "memo",
    "name",
    "tag",
    "tail",
    "tb_next",
    "text",
    "value",
}


# An object that the threads of a round share; names are those of its attributes that may be called or set.
Shared = collections.namedtuple("Shared", "kind object names")


class Caller(threading.Thread):
    """One of the threads of a round. objects is a list of Shared."""

    def __init__(self, objects, seed, barrier):
        super().__init__(daemon=True)
        self.objects, self.barrier = objects, barrier
        self.random = random.Random(seed)
        self.calls = 0
        self.doing = None  # for the report of a hang

    def argument(self, nested=False):
        choose = self.random.choice
        die = self.random.randrange(34)
        if die < 14:
            return choose(SIMPLE)
        if die < 17:
            return choose(ODD)
        if die < 22:
            return choose(FRESH)()
        if die < 25:
            return choose(CALLABLES)
        if die < 28:
            shared = choose(self.objects)
            return 1 if shared.kind in ENDLESS else shared.object
        if die < 30 and not nested:
            return [self.argument(nested=True), self.argument(nested=True)]
        return choose(SIMPLE)

    def arguments(self, name):
        if name in SMALL_NUMBER_METHODS:
            return [self.random.randrange(-1, 4)]
        return [self.argument() for _ in range(self.random.choice([0, 0, 1, 1, 1, 2, 2, 3]))]

    def change_attribute(self, kind, o, name):
        die = self.random.randrange(10)
        if die < 5:
            value = self.argument()
            self.doing = (kind, "set", name, type(value).__name__)
            setattr(o, name, value)
        elif die < 8:
            self.doing = (kind, "set to itself", name)
            setattr(o, name, getattr(o, name))
        else:
            self.doing = (kind, "delete", name)
            delattr(o, name)

    def call_method(self, kind, o, name):
        arguments = self.arguments(name)
        self.doing = (kind, "call", name, [type(argument).__name__ for argument in arguments])
        method = getattr(o, name)
        if not callable(method):
            return
        result = method(*arguments)
        if isinstance(result, (types.GeneratorType, map)):
            next(result, None)

    def use(self, kind, o):
        name = self.random.choice(ENDING_NAMES if kind in ENDLESS else USE_NAMES)
        if name not in _random_kinds.BLOCKING_USES.get(kind, ()):
            arguments = self.argument(), self.argument()
            self.doing = (kind, "use", name, [type(argument).__name__ for argument in arguments])
            USES[name](o, *arguments)

    def step(self):
        kind, o, names = self.random.choice(self.objects)
        if self.random.randrange(10) >= 6:
            self.use(kind, o)
            return
        name = self.random.choice(names)
        if kind in ENDLESS and name not in ENDLESS_METHODS:
            return
        if name in SETTABLE and self.random.random() < 0.3:
            self.change_attribute(kind, o, name)
        else:
            self.call_method(kind, o, name)

    @staticmethod
    def look_at(error, doing):
        """The one exception that is our fault: something failed and did not say why."""
        if type(error) is SystemError and "without exception set" in str(error):
            print("a failure without an exception:", *doing, flush=True)
            os._exit(4)

    def empty_long_ones(self):
        for kind, o, _ in self.objects:
            try:
                if kind in CONTAINERS and len(o) > LONGEST:
                    o.clear() if hasattr(o, "clear") else delete_item(o, slice(None))
            except BaseException as e:  # its class or methods may have been replaced, or its memory is lent
                self.look_at(e, (kind, "emptied"))

    def run(self):
        self.barrier.wait()
        for _ in range(CALLS_PER_ROUND):
            try:
                self.step()
            except BaseException as e:  # CancelledError and GeneratorExit are thrown, too
                self.look_at(e, self.doing)
                e.__traceback__ = None
            self.calls += 1
            self.empty_long_ones()
        self.doing = None


class Rounds:
    """Makes the objects and the threads of the rounds, and waits for them."""

    def __init__(self, kinds, options):
        self.kinds, self.options = kinds, options
        self.random = random.Random(options.seed)
        self.names = {}  # of the attributes of each kind
        self.done = self.calls = 0

    def share(self, kind):
        o = KINDS[kind]()
        if kind not in self.names:
            # dir of a class does not list what its class has.
            self.names[kind] = sorted((set(dir(o)) | set(dir(type(o)))) - _random_kinds.left_out(kind))
        return Shared(kind, o, self.names[kind])

    def run(self):
        sys.setswitchinterval(self.random.choice((1e-6, 1e-4, 5e-3)))
        # Often one or two: then they are contended.
        count = min(len(self.kinds), self.random.choice([1, 1, 2, 3, 6]))
        objects = [self.share(kind) for kind in self.random.sample(self.kinds, count)]
        barrier = threading.Barrier(self.options.threads)
        threads = [Caller(objects, self.random.random(), barrier) for _ in range(self.options.threads)]
        for thread in threads:
            thread.start()
        deadline = time.monotonic() + self.options.patience
        for thread in threads:
            thread.join(max(0, deadline - time.monotonic()))
            if thread.is_alive():
                self.hangs(threads, objects)
        self.done += 1
        self.calls += sum(thread.calls for thread in threads)
        if self.done % 20 == 0:
            gc.collect()

    def hangs(self, threads, objects):
        print(f"hangs in round {self.done} of seed {self.options.seed} with", *(shared.kind for shared in objects))
        for thread in threads:
            print("   ", thread.name, "is in" if thread.doing else "is done", thread.doing or "", flush=True)
        faulthandler.dump_traceback(all_threads=True)
        os._exit(3)


def options_and_kinds():
    parser = argparse.ArgumentParser(description="Random calls of a few shared objects by several threads.")
    parser.add_argument("--list", action="store_true", help="names the kinds of objects")
    parser.add_argument("--seconds", type=float, default=30, help="how long to go on (default 30)")
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100000, help="of the random choices")
    parser.add_argument("--threads", type=int, default=4, help="threads that share the objects (default 4)")
    parser.add_argument("--rounds", type=int, help="to end after so many rounds, if the time is not up before")
    parser.add_argument("--patience", type=float, default=25, help="seconds after which a round hangs (default 25)")
    parser.add_argument("kind", nargs="*", help="only these kinds of objects")
    options = parser.parse_args()
    wrong = [kind for kind in options.kind if kind not in KINDS]
    if wrong:
        print("random_calls.py: no such kind:", *wrong, "(--list names them)", file=sys.stderr)
        sys.exit(2)
    return options, [kind for kind in KINDS if not options.kind or kind in options.kind]


def main():
    options, kinds = options_and_kinds()
    if options.list:
        for title, group in GROUPS.items():
            print(f"{title}: {' '.join(group)}")
        return
    warnings.simplefilter("ignore")
    sys.unraisablehook = lambda unraisable: None  # finalizers and callbacks are random too
    faulthandler.enable()
    # If the main thread hangs, which makes the objects and collects.
    faulthandler.dump_traceback_later(options.seconds + 10 * options.patience, exit=True)
    rounds = Rounds(kinds, options)
    deadline = time.monotonic() + options.seconds
    while time.monotonic() < deadline and rounds.done != options.rounds:
        rounds.run()
    print(f"ok: {rounds.done} rounds, {rounds.calls} calls (seed {options.seed})")


if __name__ == "__main__":
    main()
