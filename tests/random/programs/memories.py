# SPDX-License-Identifier: MIT
"""Bytes in memory: struct formats, memoryviews and their casts, bytearrays that are resized under views, arrays, mmap.

A round takes one of these and does a few things with it: packs and unpacks, casts, cuts, stores, resizes. Each line shows
what was done, what it gave or raised, and often what became of the bytes.

Not drawn: the struct format 0p, of which CPython makes a SystemError; comparisons of views of code points, which are never
equal in CPython, and of arrays of them, which it compares even where they are none; an array's own bytes
added to it, which only some strategies refuse; bytes.replace with a wrong count and a wrong argument besides. What struct.pack_into leaves behind where it fails
is not shown: CPython has changed a part of the buffer, we have not.
"""
import array
import mmap
import struct
import warnings

from _drawing import describe, run, say, show

ROUNDS = 240

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
    if not isinstance(value, memoryview):
        return show(value, 2000)
    order = f"{value.c_contiguous} {value.f_contiguous}"
    shape = f"{value.itemsize} {value.shape} {value.strides} {value.readonly} {order} {value.nbytes}"
    return f"<view {value.format} {shape} {value.tobytes()!r}>"


def outcome(action):
    try:
        return shown(action())
    except Exception as error:
        return describe(error)


def template(draw):
    parts = [draw.pick(["", "", "@", "=", "<", ">", "!", " <"])]
    for _ in range(draw.below(5)):
        parts.append(
            draw.pick(["", "", "", "2", "3", "0", "10", "1 ", " ", "99999999999999999999" if draw.chance(10) else ""])
        )
        parts.append(draw.pick(CODES) if draw.chance(97) else draw.pick("zOyg@<é0"))
    return "".join(parts).replace("0p", "p")  # of 0p CPython makes a SystemError


def fitting(draw, code):
    if code in "sp":
        return draw.pick([b"", b"a", b"abcdef", b"x" * 300])
    if code == "c":
        return draw.pick([b"a", b"\xff"])
    if code in "efd":
        return draw.pick(
            [
                0,
                1.5,
                -2.25,
                1e-7,
                6e-8,
                65504,
                1e30,
                float("inf"),
                draw.fraction(),
                draw.fraction() * 2**-15,
                draw.fraction() * 1e-40,
            ]
        )
    if code == "?":
        return draw.pick([True, False, 0, 2, "", [1]])
    return draw.pick([0, 1, 5, 100, 127, -1, -128, 255, 60000])


def packed(draw):
    form = template(draw)
    values = [draw.pick(NUMBERS) for _ in range(draw.below(5))]
    if draw.chance(70):
        try:
            count = len(struct.unpack(form, bytes(struct.calcsize(form))))
            plain = [c for c in form if c in CODES and c != "x"]
            values = [fitting(draw, plain[n % len(plain)]) for n in range(count)]
        except Exception:
            pass
    say(
        "pack", ascii(form), values, outcome(lambda: struct.calcsize(form)), outcome(lambda: struct.pack(form, *values))
    )
    data = bytes(draw.below(256) for _ in range(draw.below(40)))
    offset = draw.pick([0, 0, 1, -1, 5, -5, 50, -50])
    try:
        data = data[: struct.calcsize(form)].ljust(struct.calcsize(form), b"\x81") if draw.chance(80) else data
    except Exception:
        pass
    say(
        "unpack",
        data[:60],
        offset,
        outcome(lambda: struct.unpack(form, data)),
        outcome(lambda: struct.unpack_from(form, data * 2, offset)),
    )
    say("iter", outcome(lambda: list(struct.iter_unpack(form, data * 3))))
    room = bytearray(b"." * 30)
    # What fails leaves our buffer alone, and CPython's changed in part.
    say("into", result := outcome(lambda: struct.pack_into(form, room, offset, *values)), "" if ":" in result else room)


def key(draw, most=2):
    if draw.chance(50):
        return draw.pick(
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
    cut = slice(draw.pick(BOUNDS), draw.pick(BOUNDS), draw.pick([None, None, 1, 2, 3, -1, -2, -5, 0]))
    return cut if draw.chance(90) else (cut, draw.pick([0, cut]))


def viewed(draw):
    size = draw.pick([0, 1, 4, 8, 12, 24, 24])
    source = draw.pick(
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
    say("view", shown(view))
    for _ in range(draw.between(3, 8)):
        how = draw.below(13)
        if how < 3:
            form, shape = draw.pick(
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
            ), draw.pick(
                [None, None, None, [], [2, 3], [2, 2, 2], [4], [24], [0], [-1], [3, 8], (2, 6), [2, "a"], [2**62, 4]]
            )
            action = (lambda: view.cast(form)) if shape is None else (lambda: view.cast(form, shape))
            say("cast", form, shape, outcome(action))
            try:
                view = action()
            except Exception:
                pass
        elif how < 5:
            k = key(draw)
            say("item", k, outcome(lambda: view[k]))
            try:
                if isinstance(view[k], memoryview):
                    view = view[k]
            except Exception:
                pass
        elif how < 7:
            k, value = key(draw), draw.pick(
                NUMBERS + [b"ab", b"abcd", bytearray(8), array.array("h", [1, 2]), memoryview(b"abcdef")[::2], view]
            )
            say("store", k, shown(value), outcome(lambda: view.__setitem__(k, value)), shown(view))
        elif how == 7 and view.format != "w":
            other = draw.pick(
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
            say(
                "equal",
                shown(other),
                outcome(lambda: view == other),
                outcome(lambda: other != view),
                outcome(lambda: view < other),
            )
        elif how == 8:
            for name in ("tolist", "tobytes", "hex", "toreadonly", "__len__"):
                say(name, outcome(lambda: getattr(view, name)()))
            say(
                outcome(lambda: view.tobytes(draw.pick(["C", "F", "A", None, "x"]))),
                outcome(lambda: view.hex(":", 2)),
                outcome(lambda: bytes(view)),
                outcome(lambda: list(view)),
            )
        elif how == 9:
            say(
                "in",
                outcome(lambda: 3 in view),
                outcome(lambda: list(reversed(view))),
                outcome(lambda: hash(view)),
                outcome(lambda: view.obj is source),
            )
        elif how == 10:
            say(
                "join",
                outcome(lambda: b"-".join([view, b"x"])),
                outcome(lambda: bytearray(view)),
                outcome(lambda: int.from_bytes(view, "big")),
                outcome(lambda: bytes(4) + view),
            )
        elif how == 11 and isinstance(source, (bytearray, array.array)):
            say(
                "resize",
                outcome(lambda: source.append(1)),
                outcome(lambda: source.extend([])),
                outcome(lambda: source.pop()),
                outcome(lambda: source.__delitem__(slice(0, 1))),
            )
        elif how == 12 and draw.chance(30):
            say(
                "release",
                outcome(view.release),
                outcome(lambda: view[0]),
                outcome(lambda: len(view)),
                outcome(lambda: repr(view)[:20]),
                outcome(lambda: view == view),
                outcome(lambda: view.cast("B")),
            )
            break


def resized(draw):
    data, views = bytearray(draw.pick([b"", b"abc", b"hello world"])), []
    say("bytearray", data)
    other = lambda: draw.pick(
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
    number = lambda: draw.pick([0, 1, 2, -1, -2, 5, 11, 100, -100, 65, 255, 256, 2**70, "a", b"a"])
    for _ in range(draw.between(4, 13)):
        how = draw.below(12)
        value, k, n = other(), key(draw), number()
        if how == 0:
            say("view", outcome(lambda: views.append(memoryview(data))))
        elif how == 1 and views:
            say("release", outcome(views.pop().release))
        elif how == 2:
            say("set", k, shown(value), outcome(lambda: data.__setitem__(k, value)))
        elif how == 3:
            say("del", k, outcome(lambda: data.__delitem__(k)))
        elif how == 4:
            say("get", k, outcome(lambda: data[k]))
        elif how == 5:
            which = draw.below(13)
            name, args = [
                ("append", [n]),
                ("pop", [n]),
                ("insert", [n, draw.pick([65, 300])]),
                ("remove", [n]),
                ("extend", [value]),
                ("clear", []),
                ("reverse", []),
                ("copy", []),
                ("__iadd__", [value]),
                ("__imul__", [draw.pick([0, 1, 2, 3, -1])]),
                ("__mul__", [2]),
                ("__add__", [value]),
                ("__iadd__", [value]),
            ][which]
            say(name, *map(shown, args), outcome(lambda: getattr(data, name)(*args)))
        elif how < 9:
            name = draw.pick(
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
            args = draw.pick([[], [value], [value, n], [value, n, number()], [value, other()], [n], [n, value]])
            if name == "replace" and len(args) == 3:
                args[2] = 2
            say(name, *map(shown, args), outcome(lambda: getattr(data, name)(*args)))
        elif how == 9:
            say(
                "compare",
                shown(value),
                outcome(lambda: data == value),
                outcome(lambda: data < value),
                outcome(lambda: value in data),
            )
        else:
            say(
                "own",
                k,
                outcome(lambda: data.__setitem__(k, data)),
                outcome(lambda: data.extend(data)) if len(data) < 50 else "",
            )
        say("   =", data[:80], len(data))
        if len(data) > 200:
            break


def arrayed(draw):
    code = draw.pick("bBuhHiIlLqQfd")
    data = array.array(code, draw.pick([[], "abé"] if code == "u" else [[], [1, 2, 3], range(7)]))
    say("array", data)
    item = lambda: draw.pick(NUMBERS + [1, 2, 3, 65])
    other = lambda: draw.pick(
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
    for _ in range(draw.between(3, 11)):
        k, value, n = key(draw), other(), item()
        name = draw.pick(
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
        if code == "u" and name in ("__eq__", "__lt__"):
            continue
        if name == "frombytes" and value is data:
            continue
        args = {
            "append": [n],
            "extend": [value],
            "insert": [draw.pick([0, 1, -1, 50, -50, "a"]), n],
            "pop": draw.pick([[], [0], [-1], [9], ["x"]]),
            "remove": [n],
            "index": draw.pick([[n], [n, 1], [n, 0, -1]]),
            "count": [n],
            "frombytes": [value],
            "fromlist": [value],
            "fromunicode": [value],
            "__setitem__": [k, draw.pick([n, value])],
            "__delitem__": [k],
            "__getitem__": [k],
            "__contains__": [n],
            "__add__": [value],
            "__iadd__": [value],
            "__mul__": [draw.pick([0, 2, -1, "a"])],
            "__imul__": [draw.pick([0, 1, 2, -1])],
            "__reduce_ex__": [draw.pick([2, 3, 4])],
            "__eq__": [value],
            "__lt__": [value],
        }.get(name, [])
        say(name, *map(shown, args), outcome(lambda: getattr(data, name)(*args)), shown(data)[:300])
        if len(data) > 100:
            break


def mapped(draw):
    data = mmap.mmap(-1, draw.pick([1, 10, 4096]))
    view = None
    for _ in range(draw.between(3, 11)):
        n, m = draw.pick([0, 1, 2, 5, 9, 10, -1, 4096, 5000, -5000]), draw.pick([0, 1, 3, 10, -1, 5000])
        value = draw.pick([b"", b"a", b"ab\n", b"0123456789AB", bytearray(b"zz"), "s", 5, memoryview(b"\n")])
        k = key(draw)
        kinds = [
            ("write", lambda: data.write(value)),
            ("read", lambda: data.read(n)),
            ("readline", data.readline),
            ("seek", lambda: data.seek(n, draw.pick([0, 1, 2, 3]))),
            ("tell", data.tell),
            ("find", lambda: data.find(value, n)),
            ("rfind", lambda: data.rfind(value or b"a", n, m)),
            ("item", lambda: data[k]),
            ("store", lambda: data.__setitem__(k, draw.pick([value, 7, 300]))),
            ("move", lambda: data.move(n, m, draw.pick([0, 1, 3, -1, 5000]))),
            ("byte", lambda: data.write_byte(draw.pick([0, 255, 256, -1, "a"]))),
            ("read_byte", data.read_byte),
            ("size", data.size),
            ("len", lambda: len(data)),
            ("resize", lambda: data.resize(draw.pick([4096, 20, 0, -1]))),
            ("flush", lambda: data.flush()),
            ("in", lambda: value in data),
            ("view", lambda: memoryview(data).nbytes),
            ("madvise", lambda: data.madvise(mmap.MADV_NORMAL)),
            ("flush2", lambda: data.flush(n, m)),
        ]
        name, action = draw.pick(kinds)
        say("mmap", name, n, m, shown(value), k, outcome(action)[:300], outcome(lambda: data[:20]))


KINDS = [packed, viewed, viewed, resized, arrayed, mapped]


def play_round(draw):
    draw.pick(KINDS)(draw)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    run(play_round, ROUNDS)
