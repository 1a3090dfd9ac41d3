# A native type with items that are found by keys alone is no sequence: nothing goes through it by position, and each
# says so at once, not at the first item.
import operator
import re
import sys
import types
from collections import defaultdict


def attempt(function, *args):
    try:
        result = function(*args)
    except Exception as error:
        print(function.__name__, type(error).__name__, error)
    else:
        print(function.__name__, type(result).__name__)


class ByPosition:
    def __getitem__(self, i):
        if i > 2:
            raise IndexError
        return b"x"

    def __len__(self):
        return 3


class BelowDict(dict):
    def __getitem__(self, key):
        return 1


def unpack(v):
    a, b = v


def star(v):
    print(*v)


def display(v):
    return [*v]


def loop(v):
    for item in v:
        pass


for v in (re.match("a", "a"), int | str, list[int], defaultdict(int), types.MappingProxyType({}), ByPosition(), BelowDict(),
          dict.__getitem__, b"ab", range(2), memoryview(b"ab")):
    print("----", type(v).__name__)
    for function in iter, reversed, list, loop, unpack, min, dict.fromkeys, "".join, b"".join, bytes, bytearray, bytearray().extend, star, display, sys.float_info.__class__:
        attempt(function, v)
    attempt(operator.concat, v, v)
    attempt(operator.iconcat, v, [1])
    attempt(operator.contains, v, 1)
    attempt(ExceptionGroup, "text", v)
