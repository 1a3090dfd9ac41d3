# struct.Struct: attributes, subclasses, set up again, and its iterator.
import gc
import struct
import weakref


def attempt(f, *a):
    try:
        print(f(*a))
    except BaseException as e:
        print(type(e).__name__, e)


s = struct.Struct(">2hq")
print(s.size, repr(s.format), type(s), struct.error, struct.error.__mro__, struct.error.__module__)
print([n for n in dir(s) if not n.startswith("__")])
attempt(struct.Struct), attempt(struct.Struct, 1), attempt(struct.Struct, "i", 2), attempt(lambda: struct.Struct(format="<i").size)
attempt(s.pack, 1), attempt(s.pack, 1, 2, 3), attempt(s.pack_into, 1), attempt(s.pack_into), attempt(s.unpack, b""), attempt(s.unpack_from, b"")
attempt(s.unpack, bytes(12)), attempt(s.unpack_from, bytes(13), 1), attempt(lambda: s.unpack_from(buffer=bytes(13), offset=1))
attempt(setattr, s, "size", 1), attempt(setattr, s, "format", 1)
s.__init__("<b")
print(s.size, s.format, s.pack(-3))
attempt(s.__init__, "z")
print(s.size)
it = s.iter_unpack(b"abc")
print(it.__length_hint__(), next(it), it.__length_hint__(), list(it), it.__length_hint__(), list(it), iter(it) is it)
buffer = bytearray(b"abcd")
it = struct.iter_unpack("<h", buffer)
attempt(buffer.append, 1)
print(list(it))
it = None
buffer.append(1)
print(struct.Struct(b"<i").format)


class Named(struct.Struct):
    def __init__(self, format, name):
        super().__init__(format)
        self.name = name

    def both(self, data):
        return self.name, self.unpack(data)


n = Named("<hh", "pair")
print(n.both(b"\1\0\2\0"), n.size, n.name, n.pack(1, 2))
r = weakref.ref(n)
del n
gc.collect()
print(r())
struct._clearcache()
for i in range(300):
    struct.calcsize(f"{i}s")
print(struct.pack("<qQ", -(1 << 63), (1 << 64) - 1), struct.unpack("<qQ", b"\xff" * 16))
