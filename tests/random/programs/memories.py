# SPDX-License-Identifier: MIT
"""Bytes in memory: struct formats, memoryviews and their casts, bytearrays that are resized under views, arrays, mmap.

    memories.py SEED ROUNDS
"""
import array
import mmap
import random
import struct
import sys
import warnings

CODES = "xcbB?hHiIlLqQnNefdspP"
NUMBERS = [
    0,
    1,
    -1,
    127,
    128,
    255,
    256,
    -128,
    -129,
    32767,
    65535,
    2**31 - 1,
    2**31,
    2**32 - 1,
    -(2**63),
    2**63,
    2**64 - 1,
    2**64,
    1.5,
    -0.0,
    65504.0,
    65520.0,
    1e39,
    float("inf"),
    float("nan"),
    True,
    None,
    "a",
    b"",
    b"a",
    b"abc",
    bytearray(b"q"),
    3 + 0j,
    "é",
]
BOUNDS = [None, None, 0, 1, 2, 3, 5, -1, -2, -4, 8, 100, -100]


def shown(value):
    if isinstance(value, memoryview):
        return f"<view {value.format} {value.itemsize} {value.shape} {value.strides} {value.readonly} {value.c_contiguous} {value.f_contiguous} {value.nbytes} {value.tobytes()!r}>"
    try:
        return ascii(value)
    except ValueError as e:  # an array of code points that are none
        return str(e)


def outcome(action):
    try:
        return shown(action())
    except Exception as e:
        return f"{type(e).__name__}: {e}"


def template(draw):
    parts = [draw.choice(["", "", "@", "=", "<", ">", "!", " <"])]
    for _ in range(draw.randrange(0, 5)):
        parts.append(
            draw.choice(
                ["", "", "", "2", "3", "0", "10", "1 ", " ", "99999999999999999999" if draw.random() < 0.1 else ""]
            )
        )
        parts.append(draw.choice(CODES) if draw.random() < 0.97 else draw.choice("zOyg@<é0"))
    return "".join(parts).replace("0p", "p")  # of 0p CPython makes a SystemError


def fitting(draw, code):
    if code in "sp":
        return draw.choice([b"", b"a", b"abcdef", b"x" * 300])
    if code == "c":
        return draw.choice([b"a", b"\xff"])
    if code in "efd":
        return draw.choice(
            [
                0,
                1.5,
                -2.25,
                1e-7,
                6e-8,
                65504,
                1e30,
                float("inf"),
                draw.random(),
                draw.random() * 2**-15,
                draw.random() * 1e-40,
            ]
        )
    if code == "?":
        return draw.choice([True, False, 0, 2, "", [1]])
    return draw.choice([0, 1, 5, 100, 127, -1, -128, 255, 60000])


def packed(draw):
    form = template(draw)
    values = [draw.choice(NUMBERS) for _ in range(draw.randrange(5))]
    if draw.random() < 0.7:
        try:
            count = len(struct.unpack(form, bytes(struct.calcsize(form))))
            plain = [c for c in form if c in CODES and c != "x"]
            values = [fitting(draw, plain[n % len(plain)]) for n in range(count)]
        except Exception:
            pass
    print(
        "pack", ascii(form), values, outcome(lambda: struct.calcsize(form)), outcome(lambda: struct.pack(form, *values))
    )
    data = bytes(draw.randrange(256) for _ in range(draw.randrange(40)))
    offset = draw.choice([0, 0, 1, -1, 5, -5, 50, -50])
    try:
        data = data[: struct.calcsize(form)].ljust(struct.calcsize(form), b"\x81") if draw.random() < 0.8 else data
    except Exception:
        pass
    print(
        "  unpack",
        data[:60],
        offset,
        outcome(lambda: struct.unpack(form, data)),
        outcome(lambda: struct.unpack_from(form, data * 2, offset)),
    )
    print("  iter", outcome(lambda: list(struct.iter_unpack(form, data * 3))))
    room = bytearray(b"." * 30)
    # What fails leaves our buffer alone, and CPython's changed in part.
    print(
        "  into",
        result := outcome(lambda: struct.pack_into(form, room, offset, *values)),
        "" if ":" in result else room,
    )


def key(draw, most=2):
    if draw.random() < 0.5:
        return draw.choice(
            [
                0,
                1,
                2,
                -1,
                -3,
                7,
                50,
                -50,
                2**70,
                "a",
                None,
                1.0,
                (),
                (0,),
                (0, 1),
                (1, -1),
                (0, 0, 0),
                (5, 5),
                Ellipsis,
                True,
            ]
        )
    cut = slice(draw.choice(BOUNDS), draw.choice(BOUNDS), draw.choice([None, None, 1, 2, 3, -1, -2, -5, 0]))
    return cut if draw.random() < 0.9 else (cut, draw.choice([0, cut]))


def viewed(draw):
    size = draw.choice([0, 1, 4, 8, 12, 24, 24])
    source = draw.choice(
        [
            lambda: bytes(range(size)),
            lambda: bytearray(range(size)),
            lambda: array.array("h", range(size)),
            lambda: array.array("d", [1.5] * size),
            lambda: array.array("u", "aé\U0001f600"),
            lambda: memoryview(bytearray(range(size)))[::-1],
            lambda: mmap.mmap(-1, 24),
        ]
    )()
    view = memoryview(source)
    print("view", shown(view), draw.random() < 0.01 and hash(view))
    for _ in range(draw.randrange(3, 9)):
        how = draw.randrange(13)
        if how < 3:
            form, shape = draw.choice(
                [
                    "B",
                    "b",
                    "c",
                    "h",
                    "H",
                    "i",
                    "I",
                    "l",
                    "q",
                    "Q",
                    "n",
                    "N",
                    "f",
                    "d",
                    "e",
                    "?",
                    "P",
                    "@i",
                    "<i",
                    "x",
                    "BB",
                    "",
                    "s",
                    "@B",
                ]
            ), draw.choice(
                [None, None, None, [], [2, 3], [2, 2, 2], [4], [24], [0], [-1], [3, 8], (2, 6), [2, "a"], [2**62, 4]]
            )
            action = (lambda: view.cast(form)) if shape is None else (lambda: view.cast(form, shape))
            print("  cast", form, shape, outcome(action))
            try:
                view = action()
            except Exception:
                pass
        elif how < 5:
            k = key(draw)
            print("  item", k, outcome(lambda: view[k]))
            try:
                if isinstance(view[k], memoryview):
                    view = view[k]
            except Exception:
                pass
        elif how < 7:
            k, value = key(draw), draw.choice(
                NUMBERS + [b"ab", b"abcd", bytearray(8), array.array("h", [1, 2]), memoryview(b"abcdef")[::2], view]
            )
            print("  store", k, shown(value), outcome(lambda: view.__setitem__(k, value)), shown(view))
        elif how == 7:
            other = draw.choice(
                [
                    b"\x00\x01\x02\x03",
                    view,
                    bytes(range(24)),
                    array.array("h", range(12)),
                    memoryview(bytes(range(24))).cast("i"),
                    memoryview(bytes(24)).cast("d"),
                    5,
                    "a",
                    memoryview(bytes(range(24))).cast("c")[::2],
                    memoryview(bytes(range(24)))[::-1],
                    array.array("f", [1.5] * 24),
                    array.array("I", range(24)),
                ]
            )
            print(
                "  equal",
                shown(other),
                outcome(lambda: view == other),
                outcome(lambda: other != view),
                outcome(lambda: view < other),
            )
        elif how == 8:
            for name in ("tolist", "tobytes", "hex", "toreadonly", "__len__"):
                print("  ", name, outcome(lambda: getattr(view, name)()))
            print(
                "  ",
                outcome(lambda: view.tobytes(draw.choice(["C", "F", "A", None, "x"]))),
                outcome(lambda: view.hex(":", 2)),
                outcome(lambda: bytes(view)),
                outcome(lambda: list(view)),
            )
        elif how == 9:
            print(
                "  in",
                outcome(lambda: 3 in view),
                outcome(lambda: list(reversed(view))),
                outcome(lambda: hash(view)),
                outcome(lambda: view.obj is source),
            )
        elif how == 10:
            print(
                "  join",
                outcome(lambda: b"-".join([view, b"x"])),
                outcome(lambda: bytearray(view)),
                outcome(lambda: int.from_bytes(view, "big")),
                outcome(lambda: bytes(4) + view),
            )
        elif how == 11 and isinstance(source, (bytearray, array.array)):
            print(
                "  resize",
                outcome(lambda: source.append(1)),
                outcome(lambda: source.extend([])),
                outcome(lambda: source.pop()),
                outcome(lambda: source.__delitem__(slice(0, 1))),
            )
        elif how == 12 and draw.random() < 0.3:
            print(
                "  release",
                outcome(view.release),
                outcome(lambda: view[0]),
                outcome(lambda: len(view)),
                outcome(lambda: repr(view)[:20]),
                outcome(lambda: view == view),
                outcome(lambda: view.cast("B")),
            )
            break


def resized(draw):
    data, views = bytearray(draw.choice([b"", b"abc", b"hello world"])), []
    print("bytearray", data)
    other = lambda: draw.choice(
        [
            b"",
            b"xy",
            bytearray(b"123"),
            memoryview(b"mv"),
            [65, 66],
            (67,),
            range(3),
            "s",
            5,
            None,
            [300],
            [-1],
            data,
            array.array("h", [1]),
            memoryview(data),
        ]
    )
    number = lambda: draw.choice([0, 1, 2, -1, -2, 5, 11, 100, -100, 65, 255, 256, 2**70, "a", b"a"])
    for _ in range(draw.randrange(4, 14)):
        how = draw.randrange(12)
        value, k, n = other(), key(draw), number()
        if how == 0:
            print("  view", outcome(lambda: views.append(memoryview(data))))
        elif how == 1 and views:
            print("  release", outcome(views.pop().release))
        elif how == 2:
            print("  set", k, shown(value), outcome(lambda: data.__setitem__(k, value)))
        elif how == 3:
            print("  del", k, outcome(lambda: data.__delitem__(k)))
        elif how == 4:
            print("  get", k, outcome(lambda: data[k]))
        elif how == 5:
            name = draw.choice(
                [
                    "append",
                    "pop",
                    "insert",
                    "remove",
                    "extend",
                    "clear",
                    "reverse",
                    "copy",
                    "__iadd__",
                    "__imul__",
                    "__mul__",
                    "__add__",
                    "__iadd__",
                ]
            )
            args = [
                [n],
                [n],
                [n, draw.choice([65, 300])],
                [n],
                [value],
                [],
                [],
                [],
                [value],
                [draw.choice([0, 1, 2, 3, -1])],
                [2],
                [value],
                [value],
            ][
                [
                    "append",
                    "pop",
                    "insert",
                    "remove",
                    "extend",
                    "clear",
                    "reverse",
                    "copy",
                    "__iadd__",
                    "__imul__",
                    "__mul__",
                    "__add__",
                    "__iadd__",
                ].index(name)
            ]
            print("  ", name, *map(shown, args), outcome(lambda: getattr(data, name)(*args)))
        elif how < 9:
            name = draw.choice(
                [
                    "find",
                    "rfind",
                    "index",
                    "count",
                    "startswith",
                    "endswith",
                    "split",
                    "rsplit",
                    "partition",
                    "rpartition",
                    "strip",
                    "lstrip",
                    "removeprefix",
                    "replace",
                    "join",
                    "translate",
                    "__contains__",
                    "center",
                    "zfill",
                    "expandtabs",
                    "splitlines",
                    "title",
                    "swapcase",
                    "isalnum",
                    "hex",
                    "decode",
                ]
            )
            args = draw.choice([[], [value], [value, n], [value, n, number()], [value, other()], [n], [n, value]])
            print("  ", name, *map(shown, args), outcome(lambda: getattr(data, name)(*args)))
        elif how == 9:
            print(
                "  compare",
                shown(value),
                outcome(lambda: data == value),
                outcome(lambda: data < value),
                outcome(lambda: value in data),
            )
        else:
            print(
                "  own",
                k,
                outcome(lambda: data.__setitem__(k, data)),
                outcome(lambda: data.extend(data)) if len(data) < 50 else "",
            )
        print("   =", data[:80], len(data))
        if len(data) > 200:
            break


def arrayed(draw):
    code = draw.choice("bBuhHiIlLqQfd")
    data = array.array(code, draw.choice([[], "abé"] if code == "u" else [[], [1, 2, 3], range(7)]))
    print("array", data)
    item = lambda: draw.choice(NUMBERS + [1, 2, 3, 65])
    other = lambda: draw.choice(
        [
            [1, 2],
            (3,),
            array.array(code, "q" if code == "u" else [9, 8]),
            array.array("b", [1]),
            "xy",
            b"\x01\x02\x03\x04\x05\x06\x07\x08",
            [1.5],
            ["a"],
            5,
            None,
            data,
            memoryview(b"12"),
        ]
    )
    for _ in range(draw.randrange(3, 12)):
        k, value, n = key(draw), other(), item()
        name = draw.choice(
            [
                "append",
                "extend",
                "insert",
                "pop",
                "remove",
                "index",
                "count",
                "frombytes",
                "fromlist",
                "fromunicode",
                "tobytes",
                "tolist",
                "tounicode",
                "byteswap",
                "reverse",
                "__setitem__",
                "__setitem__",
                "__delitem__",
                "__getitem__",
                "__contains__",
                "__add__",
                "__iadd__",
                "__mul__",
                "__imul__",
                "__reduce_ex__",
                "__eq__",
                "__lt__",
            ]
        )
        args = {
            "append": [n],
            "extend": [value],
            "insert": [draw.choice([0, 1, -1, 50, -50, "a"]), n],
            "pop": draw.choice([[], [0], [-1], [9], ["x"]]),
            "remove": [n],
            "index": draw.choice([[n], [n, 1], [n, 0, -1]]),
            "count": [n],
            "frombytes": [value],
            "fromlist": [value],
            "fromunicode": [value],
            "__setitem__": [k, draw.choice([n, value])],
            "__delitem__": [k],
            "__getitem__": [k],
            "__contains__": [n],
            "__add__": [value],
            "__iadd__": [value],
            "__mul__": [draw.choice([0, 2, -1, "a"])],
            "__imul__": [draw.choice([0, 1, 2, -1])],
            "__reduce_ex__": [draw.choice([2, 3, 4])],
            "__eq__": [value],
            "__lt__": [value],
        }.get(name, [])
        print("  ", name, *map(shown, args), outcome(lambda: getattr(data, name)(*args)), shown(data)[:300])
        if len(data) > 100:
            break


def mapped(draw):
    data = mmap.mmap(-1, draw.choice([1, 10, 4096]))
    view = None
    for _ in range(draw.randrange(3, 12)):
        n, m = draw.choice([0, 1, 2, 5, 9, 10, -1, 4096, 5000, -5000]), draw.choice([0, 1, 3, 10, -1, 5000])
        value = draw.choice([b"", b"a", b"ab\n", b"0123456789AB", bytearray(b"zz"), "s", 5, memoryview(b"\n")])
        k = key(draw)
        kinds = [
            ("write", lambda: data.write(value)),
            ("read", lambda: data.read(n)),
            ("readline", data.readline),
            ("seek", lambda: data.seek(n, draw.choice([0, 1, 2, 3]))),
            ("tell", data.tell),
            ("find", lambda: data.find(value, n)),
            ("rfind", lambda: data.rfind(value or b"a", n, m)),
            ("item", lambda: data[k]),
            ("store", lambda: data.__setitem__(k, draw.choice([value, 7, 300]))),
            ("move", lambda: data.move(n, m, draw.choice([0, 1, 3, -1, 5000]))),
            ("byte", lambda: data.write_byte(draw.choice([0, 255, 256, -1, "a"]))),
            ("read_byte", data.read_byte),
            ("size", data.size),
            ("len", lambda: len(data)),
            ("resize", lambda: data.resize(draw.choice([4096, 20, 0, -1]))),
            ("flush", lambda: data.flush()),
            ("in", lambda: value in data),
            ("view", lambda: memoryview(data).nbytes),
            ("madvise", lambda: data.madvise(mmap.MADV_NORMAL)),
            ("flush2", lambda: data.flush(n, m)),
        ]
        name, action = draw.choice(kinds)
        print("mmap", name, n, m, shown(value), k, outcome(action)[:300], outcome(lambda: data[:20]))


def main(seed, rounds):
    warnings.simplefilter("ignore")
    draw = random.Random(seed)
    for number in range(rounds):
        print(number, end=" ")
        draw.choice([packed, viewed, viewed, resized, arrayed, mapped])(draw)


main(int(sys.argv[1]), int(sys.argv[2]))
