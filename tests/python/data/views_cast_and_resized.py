# Casts of memoryviews, views without dimensions, what is refused while views are out, and buffers that are not in one piece.
import array
import mmap


def show(action):
    try:
        value = action()
        if isinstance(value, memoryview):
            value = value.format, value.itemsize, value.shape, value.strides, value.tobytes()
        print(ascii(value))
    except Exception as e:
        print(type(e).__name__, e)


text = memoryview(array.array("u", "ab\xe9"))
for form, shape in [("B", None), ("c", (2, 6)), ("@B", [3, 8]), ("h", None), ("h", [-1]), ("B", [12]), ("B", []), ("w", None)]:
    show(lambda: text.cast(form) if shape is None else text.cast(form, shape))
square = memoryview(bytes(range(12))).cast("B", [3, 4])
for form, shape in [("B", None), ("B", [12]), ("B", [2, 6]), ("B", []), ("h", None), ("w", [2, 6]), ("B", 5), ("B", [1] * 65), ("I", [3]), ("I", ["a"]), ("h", [2**62, 4])]:
    show(lambda: square.cast(form) if shape is None else square.cast(form, shape))
show(lambda: memoryview(bytes(7)).cast("h"))
show(lambda: memoryview(bytes(7)).cast("h", [2, 2]))
show(lambda: memoryview(bytes(7))[::2].cast("w", 5))
show(lambda: memoryview(b"").cast("B", [1]))

point = memoryview(bytearray(b"\x05")).cast("B", [])
for key in ((), ..., 0, (0,), slice(None), (slice(None),), "a", None):
    show(lambda: point[key])
    show(lambda: point.__setitem__(key, 7))
show(lambda: point.cast("B", (2, 6)))
show(lambda: point.cast("b"))
show(lambda: (point[...] is point, point[()]))

for data in (bytearray(b""), bytearray(b"abc"), array.array("h"), array.array("h", [1, 2, 3])):
    view = memoryview(data)
    empty = type(data)(data.typecode) if isinstance(data, array.array) else b""
    for start, stop, step in [(0, 0, 1), (2, 1, 1), (5, 9, 2), (None, None, -1), (None, None, 1), (0, 1, 3), (100, 5, -1)]:
        show(lambda: data.__delitem__(slice(start, stop, step)))
        show(lambda: data.__setitem__(slice(start, stop, step), empty))
        show(lambda: data.__setitem__(slice(start, stop, step), data))
    show(lambda: data.extend(empty))
    show(lambda: data.__imul__(1))
    if isinstance(data, bytearray):
        show(data.clear)
    print(data)
show(lambda: bytearray(b"a").__setitem__(slice(5, 1, 0), [-1]))
show(lambda: bytearray(b"a").__setitem__(slice("a", 1), [-1]))

released = memoryview(b"ab")
released.release()
for odd in (memoryview(b"abcd")[::2], memoryview(b"abcd")[::-1], released, memoryview(array.array("h", [1, 2]))):
    for action in (lambda: b"x".join([b"a", odd]), lambda: bytearray(b"x").join([odd]), lambda: b"x" + odd, lambda: bytearray(b"x") + odd,
                   lambda: bytearray(b"x").__iadd__(odd), lambda: array.array("b").frombytes(odd)):
        show(action)
show(lambda: array.array("i").frombytes(array.array("i", [9, 8])))
show(lambda: array.array("i").frombytes(array.array("b", [9, 8, 7, 6])))
show(lambda: array.array("u").frombytes(array.array("u")))
show(lambda: array.array("u", "ab\xe9").__reduce_ex__(2))
show(lambda: square[2**70])
show(lambda: square[0])
show(lambda: square.__setitem__(2**70, 1))
square = memoryview(bytearray(12)).cast("@i").cast("B").cast("@B", [3, 4])
show(lambda: square.__setitem__(1, 1))
show(lambda: square.__setitem__((1, 1), 256))
show(lambda: memoryview(bytearray(12)).cast("@i").__setitem__(0, "a"))

for data in (bytearray(b"abc"), bytearray(b"")):
    show(lambda: data.__iadd__(data))
    show(lambda: data.__init__(memoryview(data)))
    show(lambda: data.__init__(data))
    for arguments in [([1, 2],), ("a",), (-1,), (b"x", "ascii"), ("abc", "ascii"), ("\xe9", "ascii"), (b"xyz",), (2,), (), ([],), (2**70,), ("a", "b", "c", "d")]:
        show(lambda: data.__init__(*arguments))
        print(data)
        data[:] = b"kept"
    view = memoryview(data)
    for arguments in [([1, 2],), ("a",), (-1,), (b"",), ()]:
        show(lambda: data.__init__(*arguments))
        print(data)
memory = mmap.mmap(-1, 10)
for key in ("a", (0,), 1.5, None):
    show(lambda: memory[key])
    show(lambda: memory.__setitem__(key, 1))
