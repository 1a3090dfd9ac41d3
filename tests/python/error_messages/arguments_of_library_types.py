# SPDX-License-Identifier: MIT
# Messages about wrong arguments of types in modules, and what such a call leaves as it was.
import array
import io
import itertools
import struct


def attempt(action):
    try:
        print(ascii(action()))
    except Exception as error:
        print(type(error).__name__, error)


class Frozen(frozenset):
    pass


class Own:
    pass


attempt(lambda: Frozen(1, 2))
attempt(lambda: super(5))
attempt(lambda: type("Twice", (str, str), {}))
attempt(lambda: type("Twice", (Own, Own), {}))

# The state of permutations.
for state in (1, None, (), (1,), (1, 2, 3), ([0, 1, 2], (3, 2)), ((0, 1, 2), 5), ((0, 1), (3, 2)), ((2, 1, 0), (3, 2))):
    made = itertools.permutations([1, 2, 3], 2)
    attempt(lambda: made.__setstate__(state))
    print(list(made))

# A product of nothing is copied as it was made until it has been asked for an item.
made = itertools.product([], [1])
attempt(made.__reduce__)
print(list(made))
attempt(made.__reduce__)

# An array of code points may hold what is none. It cannot be had, and stays.
points = array.array("u")
points.frombytes(b"\x00\x00\x00\x61")
for action in (
    lambda: points[0],
    lambda: list(points),
    lambda: points.pop(),
    lambda: points.index("b"),
    lambda: "b" in points,
    lambda: repr(points),
    lambda: points.tounicode(),
    lambda: points.tobytes(),
):
    attempt(action)

# Pointers in a memoryview may be negative.
view = memoryview(bytearray(8)).cast("P")
for value in (-128, 2**64 - 1, -(2**63), -(2**63) - 1, 2**64, 1.5):
    attempt(lambda: view.__setitem__(0, value))
    attempt(lambda: view[0])
    attempt(lambda: struct.pack("P", value))
view = memoryview(bytearray(4)).cast("B", [2, 2])
attempt(lambda: view.__setitem__(2**70, 1))
attempt(lambda: view[2**70])

# At its start a text file has seen no newline.
for newline in (None, "", "\n"):
    file = io.TextIOWrapper(io.BytesIO(b"a\nb\r\n"), "utf-8", newline=newline)
    seen = [file.newlines]
    for action in (
        file.read,
        lambda: file.seek(0),
        file.readline,
        lambda: file.seek(2),
        lambda: file.seek(0, 2),
    ):
        action()
        seen.append(file.newlines)
    print(seen)
