# A position too large for any sequence is an IndexError; what __index__ raises is passed on as it is.
import struct


class Large:
    def __index__(self):
        return 1 << 70


class Raises:
    def __index__(self):
        raise OverflowError("of its own")


def delete(o, key):
    del o[key]


def store(o, key):
    o[key] = 1


class Plain:
    pass


for thing in [1], (1,), "a", b"a", bytearray(b"a"), memoryview(b"a"), range(3), Plain(), frozenset():
    for key in 1 << 70, Large(), Raises():
        for use in lambda o, k: o[k], store, delete:
            try:
                print(use(thing, key))
            except Exception as error:
                print(type(thing).__name__, type(key).__name__, type(error).__name__, error)
for key in 1 << 70, Large(), Raises():
    try:
        struct.pack_into("<I", bytearray(8), key, 1)
    except Exception as error:
        print(type(key).__name__, type(error).__name__, error)
