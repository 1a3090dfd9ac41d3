# Native functions given what they do not take: which error comes first, and how it names them.
import array
import codecs
import collections
import heapq
import io
import itertools
import os
import re
import struct
import sys
import types
import unicodedata

bound_to = {}.clear, collections.defaultdict(int).clear, collections.Counter("a").items, True.bit_length, (5).conjugate
exception = ValueError()
match = re.match("(?P<n>a)", "a")
frame = sys._getframe()
calls = """
bound_to[0](1); bound_to[1](1); bound_to[2](1); bound_to[3](1); bound_to[4](1, 2)
{}.clear(1); collections.defaultdict(int).clear(1); collections.Counter().items(1); True.bit_length(1)
getattr(exception, "add_note")(); getattr(exception, "with_traceback")(1, 2); exception.add_note()
getattr(io.StringIO(), "detach")(1); getattr(collections.deque(), "__format__")(); getattr(int, "mro")(1)
bytes.fromhex(); bytearray.fromhex(1, 2); float.fromhex(); float.fromhex(1); bytes.fromhex(text="00")
dict.__class_getitem__(); list.__class_getitem__(1, 2); list.__class_getitem__(int); collections.deque.__class_getitem__()
[].__mul__(); "".__rmul__(1, 2); [].__imul__(); (1).__mul__(); 1.5.__rmul__(); [].__add__()
[].__setitem__(1); {}.__setitem__(); {}.__delitem__(); object().__setattr__("a"); object().__delattr__(); (2).__pow__()
(2).__rpow__(1, 2, 3); property().__get__(); property().__set__(1); property().__delete__(); "".__len__(1)
int.from_bytes(b"", None); (1).to_bytes(1, None); memoryview(b"").cast(None); b"".center(5, None); b"".ljust(5, "é")
format(1, None); format("", None); object().__format__(None); unicodedata.name(None); unicodedata.normalize(None, "")
codecs.encode("", None); codecs.utf_8_encode(None); array.array("u").fromunicode(None); io.BytesIO().readinto(None)
io.TextIOWrapper(io.BytesIO(), encoding=5); types.ModuleType(None); type(None, (), {}); types.FunctionType(None, {})
ExceptionGroup(None, [exception]); float.__getformat__(None); "".encode(None); "".replace(None, ""); "".removeprefix(None)
struct.Struct(collections.deque()); struct.Struct(array.array("i")); struct.Struct(None); os.fspath(collections.deque())
os.path.join(array.array("i")); os.fsencode(collections.deque()); os.path.join(None)
"".find(None, 1.5); "".count(None, 1.5); "".index(None, 1); "".rfind(5); "".find("a", None, [])
b"a".hex(None); b"a".hex([1]); b"a".hex([]); b"a".hex("é"); b"a".hex(b"::"); b"a".hex(":", None)
heapq.heappush(None, 1); heapq.heappop(()); heapq.heapify(collections.deque()); heapq.heapreplace({}, 1)
heapq.heappushpop("", 1); heapq.heappush()
slice(None).indices(True); slice(1, None, True).indices(5); slice(None).indices(-1); slice(None).indices(1.5)
itertools.count(True); list(itertools.islice(itertools.count(True), 3)); itertools.count(5, True); itertools.count(True, 2)
itertools.count("a"); itertools.count(2**70, True)
match[[]]; match.group({}); match.start(set()); match["missing"]; match[2**70]; match[-1]; match.group(1.5)
types.TracebackType(None, frame, 1); types.TracebackType(None, 1, 2, 3); types.TracebackType(1, frame, 2, 3)
types.TracebackType(tb_next=None, tb_frame=frame, tb_lasti=1, tb_lineno=2).tb_lineno; types.TracebackType(None, frame, 2**40, 1)
types.TracebackType(None, frame, "a", 1); types.TracebackType()
codecs.utf_16_decode(b"ab", "strict", "no flag"); codecs.utf_8_decode(b"ab", "strict", 2**40)
codecs.utf_16_ex_decode(b"ab", "strict", "no order"); codecs.unicode_escape_decode(b"a", None, [])
codecs.readbuffer_encode("é"); codecs.readbuffer_encode(b"ab")
io.IncrementalNewlineDecoder(None, None); io.IncrementalNewlineDecoder(None, 2**40); io.text_encoding("a", None)
io.BufferedReader(None, 0); io.BufferedWriter(5, -1); io.BufferedReader(io.BytesIO(), 0)
__build_class__(5, "X"); __build_class__(lambda a: 1, "X"); __build_class__(lambda: 1, 5)
"""
for call in calls.replace("\n", ";").split(";"):
    if call := call.strip():
        try:
            print(call, "->", ascii(eval(call)))
        except Exception as error:
            print(call, "->", type(error).__name__, ascii(error.args))


class Index:
    def __index__(self):
        return 2**70


class Hint:
    def __init__(self, hint):
        self.hint = hint

    def __iter__(self):
        return iter(())

    def __length_hint__(self):
        return self.hint


class Text(bytes):
    def __repr__(self):
        return "own"


class Keys:
    def keys(self):
        for key in "ab":
            print("key", key)
            yield key

    def __getitem__(self, key):
        print("value of", key)
        return key * 2


for call in (
    lambda: [1] * Index(), lambda: Index() * "a", lambda: (1,) * True, lambda: list(Hint(2**62)), lambda: list(Hint(2**63 - 1)),
    lambda: list(Hint(5)), lambda: [*Hint(2**62)], lambda: [1].extend(Hint(2**62)), lambda: str(Text(b"a")), lambda: f"{Text()}",
    lambda: repr(Text()), lambda: dict(Keys()), lambda: {**Keys()}, lambda: {}.update(Keys()), lambda: dict(**Keys(), c=1),
):
    try:
        print(ascii(call()))
    except Exception as error:
        print(type(error).__name__, error)
