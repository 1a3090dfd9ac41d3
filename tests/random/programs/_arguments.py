# SPDX-License-Identifier: MIT
"""Arguments of every kind, and how a call with them is shown: for the programs that call natives with all they can find."""
import array
import collections
import io
import itertools
import types

from _drawing import describe, printable, say, show


class Index:
    def __index__(self):
        return 1

    def __repr__(self):
        return "Index()"


class SubStr(str):
    pass


class SubList(list):
    pass


class Iterable:
    def __iter__(self):
        return iter((1, "a"))

    def __repr__(self):
        return "Iterable()"


class Mapping:
    def keys(self):
        return ["k"]

    def __getitem__(self, key):
        if isinstance(key, int) and key > 3:
            raise IndexError(key)
        return 7

    def __repr__(self):
        return "Mapping()"


def function(a, b=2, *c, d=4, **e):
    return a


def generator():
    yield 1
    yield 2


# Each makes its argument anew, so that no call finds what another one has changed. No deque is among them: natives that
# ask for a mapping take it here. No text that cannot be encoded: natives encode theirs at once or only when they use it.
USUAL = [
    lambda: None,
    lambda: 0,
    lambda: 1,
    lambda: -1,
    lambda: 2**31,
    lambda: 1.5,
    lambda: "a",
    lambda: "ab c",
    lambda: b"ab",
    lambda: [1, 2],
    lambda: (1, 2),
    lambda: {"a": 1},
    lambda: {1, 2},
    lambda: function,
    lambda: Index(),
]
ALL = USUAL + [
    lambda: True,
    lambda: 3,
    lambda: 2**64,
    lambda: -(2**70),
    lambda: float("nan"),
    lambda: 1j,
    lambda: "",
    lambda: "\xe9",
    lambda: "utf-8",
    lambda: b"",
    lambda: bytearray(b"ab"),
    lambda: memoryview(b"ab"),
    lambda: [],
    lambda: ["a", "b"],
    lambda: (),
    lambda: ("a", "b"),
    lambda: {},
    lambda: frozenset([5]),
    lambda: range(3),
    lambda: slice(1, 2),
    lambda: slice(None, None, -1),
    generator,
    lambda: len,
    lambda: int,
    lambda: str,
    lambda: SubStr("s"),
    lambda: SubList([1]),
    lambda: Iterable(),
    lambda: Mapping(),
    lambda: array.array("i", [1, 2]),
    lambda: NotImplemented,
    lambda: object,
    lambda: ...,
]
COUNTS = [0] + 6 * [1] + 6 * [2] + 2 * [3] + [4, 5]


def is_large(argument):
    return isinstance(argument, int) and abs(argument) > 1000


def draw_arguments(draw, most=5, large=True):
    """Up to `most` arguments; those of longer calls are more usual ones. Without large numbers, if they would take all
    memory."""
    count = min(draw.pick(COUNTS), most)
    arguments = [draw.pick(ALL if draw.chance(60 // count) else USUAL)() for _ in range(count)]
    return [3 if is_large(argument) and not large else argument for argument in arguments]


def first_items(result):
    """What an iterator gives first, at its end with what it raises."""
    items = []
    try:
        for item in itertools.islice(result, 8):
            items.append(item)
    except Exception as error:
        items.append(describe(error))
    return items


def is_iterator(result):
    return hasattr(type(result), "__next__") and not isinstance(result, io.IOBase)


def call(label, function, arguments, receiver=None):
    """Calls, and says what came of it: the result, what it gives if it is an iterator, the receiver and the arguments that
    may have changed.

    Of a TypeError or OverflowError only that it is one: natives word many of theirs otherwise than CPython's, which is no
    fault.
    """
    shown = ", ".join(show(argument, 60) for argument in arguments)
    try:
        result = function(*arguments)
        text = show(result)
        if is_iterator(result):
            text += " gives " + show(first_items(result))
    except (TypeError, OverflowError) as error:
        text = type(error).__name__
    except BaseException as error:  # SystemExit and the like are called too
        text = describe(error)
    changed = [each for each in [receiver, *arguments] if isinstance(each, list | dict | set | bytearray)]
    if isinstance(receiver, collections.deque | array.array | types.SimpleNamespace):
        changed.append(receiver)
    say(printable(f"{label}({shown}) -> {text} {' '.join(show(each) for each in changed)}".rstrip()))
