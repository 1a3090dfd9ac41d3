"""Pickler and Unpickler as objects: memos, persistent ids, dispatch tables, reducer_override, buffers, errors."""
import copyreg
import gc
import io
import pickle
import pickletools
import re
import sys


def attempt(function, *args, **options):
    try:
        print(repr(function(*args, **options)))
    except BaseException as e:
        print(type(e).__name__, re.sub("0x[0-9a-f]+", "0x...", str(e)))


class C:
    def __init__(self, n):
        self.n = n

    def __repr__(self):
        return f"C({self.n})"


# One memo for several pickles.
file = io.BytesIO()
pickler = pickle.Pickler(file)
shared = ["shared"]
for value in (shared, [shared, "shared"], {"k": shared}):
    pickler.dump(value)
print(file.getvalue())
print(sorted(v for v in pickler.memo.copy().values() if v[0] < 2), type(pickler.memo).__name__)
file.seek(0)
unpickler = pickle.Unpickler(file)
a, b, c = unpickler.load(), unpickler.load(), unpickler.load()
print(a, b, c, a is b[0] is c["k"], unpickler.memo.copy().keys())
attempt(unpickler.load)
pickler.clear_memo()
print(pickler.memo.copy())
pickler.memo = {1: (7, shared)}
pickler.dump("x")
attempt(setattr, pickler, "memo", 5)
attempt(setattr, pickler, "memo", {1: 2})
attempt(setattr, unpickler, "memo", {-1: 2})
attempt(setattr, unpickler, "memo", {"a": 2})
attempt(setattr, unpickler, "memo", [])
attempt(delattr, pickler, "memo")
other = pickle.Unpickler(io.BytesIO(b"h\x01."))
other.memo = unpickler.memo
print(other.load(), other.memo.copy().keys(), other.memo.__reduce__()[0])
other.memo.clear()
print(other.memo.copy())
attempt(hash, pickler.memo)

# Attributes.
print(pickler.bin, pickler.fast, pickle.Pickler(file, 0).bin)
attempt(lambda: pickler.dispatch_table)
attempt(lambda: pickler.persistent_id)
attempt(lambda: unpickler.persistent_load)
attempt(setattr, pickler, "persistent_id", 3)
attempt(delattr, pickler, "persistent_id")
attempt(setattr, pickler, "fast", "x")
attempt(lambda: pickler.nonesuch)

# Fast mode has no memo, and notices that a cycle never ends.
file = io.BytesIO()
pickler = pickle.Pickler(file, 2)
pickler.fast = True
pickler.dump([shared, shared, "shared", "shared"])
print(file.getvalue())
loop = []
loop.append(loop)
try:
    pickler.dump(loop)
except ValueError as e:
    print(str(e).rpartition(" at ")[0])
deep = []
for _ in range(60):
    deep = [deep]
pickler.dump(deep)

# Persistent ids.
class Persistent(pickle.Pickler):
    def persistent_id(self, value):
        return value.n if isinstance(value, C) else None


class PersistentLoader(pickle.Unpickler):
    def persistent_load(self, name):
        return C(name)


for protocol in range(6):
    for name in ("name", 5, "é"):
        file = io.BytesIO()
        try:
            Persistent(file, protocol).dump([C(name), C(name)])
        except pickle.PicklingError as e:
            print(e)
            continue
        print(file.getvalue(), PersistentLoader(io.BytesIO(file.getvalue())).load())
pickler = pickle.Pickler(file := io.BytesIO())
pickler.persistent_id = lambda value: "id" if value is shared else None
pickler.dump([shared])
unpickler = pickle.Unpickler(io.BytesIO(file.getvalue()))
unpickler.persistent_load = "<{}>".format
print(unpickler.load(), pickler.persistent_id(shared), Persistent(file).persistent_id(C(1)))
attempt(PersistentLoader(io.BytesIO(b"P\xff\n.")).load)

# dispatch_table and reducer_override.
def reduce_c(value):
    return C, (value.n * 10,)


class Table(pickle.Pickler):
    dispatch_table = copyreg.dispatch_table.copy()


Table.dispatch_table[C] = reduce_c
file = io.BytesIO()
Table(file).dump(C(1))
print(pickle.loads(file.getvalue()), pickle.loads(pickle.dumps(C(1))))
pickler = pickle.Pickler(file := io.BytesIO())
pickler.dispatch_table = {C: reduce_c}
pickler.dump([C(2), complex(1, 2)])
print(pickle.loads(file.getvalue()))
del pickler.dispatch_table
copyreg.pickle(C, reduce_c)
print(pickle.loads(pickle.dumps(C(3))))
del copyreg.dispatch_table[C]


class Override(pickle.Pickler):
    def reducer_override(self, value):
        if value is C:
            return str, ("class C",)
        if isinstance(value, C):
            return "len" if value.n == 0 else NotImplemented if value.n == 1 else 5
        return NotImplemented


for value in (C, [C, int, len], C(1), C(2), {1: (2, [3])}):
    file = io.BytesIO()
    try:
        Override(file).dump(value)
        print(pickle.loads(file.getvalue()))
    except Exception as e:
        print(type(e).__name__, e)

# What __reduce__ may give.
class R:
    def __init__(self, value):
        self.value = value

    def __reduce_ex__(self, protocol):
        return self.value


def set_state(object, state):
    object.append(state)


for value in (5, (), (1,), (1, 2), (list, 2), (list, (), None, 3), (list, (), None, None, 3), (list, (), 1, None, None, 3),
              (1, 2, 3, 4, 5, 6, 7), "nonesuch", "C.nonesuch", (list, (), None, None, iter([1])),
              (list, (), "state", None, None, set_state), (dict, (), None, None, iter([(1, 2)])),
              (list, (), None, iter([1]), None, None), (copyreg.__newobj__, ()), (copyreg.__newobj__, (1,)),
              (copyreg.__newobj__, (C,)), (copyreg.__newobj_ex__, (C, (), 1)), (copyreg.__newobj_ex__, (C, 1, {})),
              (copyreg.__newobj_ex__, (1, (), {})), (copyreg.__newobj_ex__, (C, ())),
              (copyreg.__newobj_ex__, (bytes, (b"x",), {}))):
    for protocol in (1, 2, 4):
        attempt(lambda: pickle.loads(pickle.dumps(R(value), protocol)))
attempt(pickle.dumps, lambda: 0)
attempt(pickle.dumps, sys._getframe())


def local():
    class Local:
        pass
    return Local


attempt(pickle.dumps, local())
attempt(pickle.dumps, local()())
fake = type("Fake", (), {})
attempt(pickle.dumps, fake)
fake.__module__ = "nonesuch.module"
attempt(pickle.dumps, fake)
Name = type("C", (), {})
attempt(pickle.dumps, Name)
Unicode = type("É", (), {"__module__": __name__})
globals()["É"] = Unicode
for protocol in range(5):
    attempt(pickle.dumps, Unicode, protocol)
for changing in ([], {}, set()):
    class Changes:
        def __reduce__(self):
            changing.update([(9, 9)]) if not isinstance(changing, list) else changing.append(1)
            return int, ()
    value = Changes()
    changing.append(value) if isinstance(changing, list) else changing.update([(value, value)])
    changing.append(2) if isinstance(changing, list) else changing.update([(2, 2)])
    try:
        pickle.dumps(changing)
    except RuntimeError as e:
        print(e)

# Classes that say for themselves what is found in them.
class Finder(pickle.Unpickler):
    def find_class(self, module, name):
        print("find", module, name)
        return super().find_class(module, name) if module != "builtins" else f"{module}.{name}"


print(Finder(io.BytesIO(pickle.dumps([C(1), int, len], 2))).load(), Finder(io.BytesIO(b"c__builtin__\nxrange\n.")).load())
attempt(pickle.Unpickler(io.BytesIO()).find_class, "builtins", "int.x")
attempt(pickle.Unpickler(io.BytesIO()).find_class, "builtins", 5)
print(pickle.Unpickler(io.BytesIO()).find_class("__builtin__", "xrange"))
events = []
sys.addaudithook(lambda event, args: events.append((event, args)) if event == "pickle.find_class" else None)
pickle.loads(pickle.dumps(len))
print(events)

# Files.
class Minimal:
    def __init__(self, data):
        self.file, self.calls = io.BytesIO(data), []

    def read(self, n):
        self.calls.append(n)
        return self.file.read(n)

    def readline(self):
        self.calls.append("line")
        return self.file.readline()


class Peeking(Minimal):
    def peek(self, n):
        self.calls.append(("peek", n))
        at = self.file.tell()
        data = self.file.read(20)
        self.file.seek(at)
        return data


class Into(Minimal):
    def readinto(self, buffer):
        self.calls.append(("into", len(buffer)))
        return self.file.readinto(buffer)


value = [1, "two", b"three" * 10, bytearray(b"four" * 10), 5.5, C]
for kind in (Minimal, Peeking, Into):
    for protocol in (0, 2, 5):
        source = kind(pickle.dumps(value, protocol) + b"tail")
        again = pickle.load(source)
        print(kind.__name__, protocol, again == value, source.file.read(), len(source.calls) < 100)
for data in (b"", b"\x80", b"I1", b"(lp0\nI1", b"\x96\x05\0\0\0\0\0\0\0ab"):
    for kind in (Minimal, Into):
        attempt(pickle.load, kind(data))
attempt(pickle.load, 5)
attempt(pickle.dump, 1, 5)
attempt(pickle.dump, 1)
attempt(pickle.Pickler)
attempt(pickle.Pickler, io.BytesIO(), 6)
attempt(pickle.dumps, 1, "x")
attempt(pickle.dumps, 1, buffer_callback=print)
attempt(pickle.dumps, 1, protocol=-1)
attempt(pickle.Pickler.__new__(pickle.Pickler).dump, 1)
attempt(pickle.Unpickler.__new__(pickle.Unpickler).load)


class BadWrite:
    def write(self, data):
        raise OSError("no room")


attempt(pickle.dump, [1], BadWrite())

# Out-of-band buffers.
class Buffered(bytearray):
    def __reduce_ex__(self, protocol):
        return Buffered, (pickle.PickleBuffer(self),)


for keep in (None, True, False):
    buffers = []
    data = pickle.dumps([Buffered(b"abc"), Buffered(b"")], 5, buffer_callback=lambda b: buffers.append(b) or keep)
    print(data, [bytes(b) for b in buffers], pickle.loads(data, buffers=buffers))
attempt(pickle.dumps, Buffered(b"x"), 4)
print(pickle.dumps(pickle.PickleBuffer(b"ab"), 5), pickle.dumps(pickle.PickleBuffer(bytearray(b"ab")), 5))
scattered = pickle.PickleBuffer(memoryview(b"abcd")[::2])
attempt(pickle.dumps, scattered, 5)
attempt(scattered.raw)
buffer = pickle.PickleBuffer(memoryview(b"abcdefgh").cast("I"))
print(buffer.raw().format, bytes(buffer), memoryview(buffer).format, type(memoryview(buffer).obj))
buffer.release()
buffer.release()
attempt(memoryview, buffer)
attempt(buffer.raw)
attempt(pickle.dumps, buffer, 5)
attempt(pickle.PickleBuffer)
attempt(pickle.PickleBuffer, 5)
array = bytearray(b"abc")
buffer = pickle.PickleBuffer(array)
view = memoryview(buffer)
view[0] = 65
attempt(array.append, 1)
buffer.release()
attempt(array.append, 1)
view.release()
array.append(1)
print(array)

# Depth, and cycles that only the collector finds.
deep = []
for _ in range(100000):
    deep = [deep]
attempt(pickle.dumps, deep)
del deep
import weakref


class Kept:
    pass


pickler = Persistent(io.BytesIO())
kept = Kept()
kept.pickler = pickler
pickler.dump([1, kept.__class__])
pickler.kept = kept
gone = weakref.ref(kept)
unpickler = PersistentLoader(io.BytesIO(pickle.dumps("x")))
unpickler.kept = kept
kept.unpickler = unpickler
del kept, pickler, unpickler
gc.collect()
print(gone())
pickletools.dis(pickle.dumps({"a": C(1)}, 4))
