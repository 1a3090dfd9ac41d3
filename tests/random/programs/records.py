# SPDX-License-Identifier: MIT
"""Data written and read: json, csv, pickle, marshal, dates and times, iterators copied half way, files in memory.

A round takes one of these: it writes random values, reads them back, whole and broken, calculates with dates, copies an
iterator that has given a few items, or reads and writes a file of a small buffer. Each line shows what was done and what it
gave or raised.

Not drawn: broken pickles that call something, or have half a surrogate, and broken numbers as text; a list within itself for
marshal, where it tells of the depth or of what else it cannot write; read1 and its like after a seek, when the buffer holds
more or less, and of a BufferedRandom, where CPython lets it overtake what is written; pickles of functions and of
datetime.datetime, where CPython writes the name of the module again if it is another str object.
"""
import collections
import copy
import csv
import datetime
import io
import itertools
import json
import marshal
import operator
import pickle
import warnings

import _drawing
from _drawing import describe, run, say

ROUNDS = 120

TEXTS = ["", "a", "é", "\u2028", "\U0001f600", "\ud800", '"', "\\", "\n\t\x00\x7f", "key", "1", "a" * 300]
SCALARS = [
    0,
    1,
    -1,
    255,
    256,
    65536,
    2**31,
    -(2**31) - 1,
    2**63,
    -(2**70),
    10**40,
    True,
    False,
    None,
    0.0,
    -0.0,
    1.5,
    1e300,
    1e-7,
    float("inf"),
    float("-inf"),
    ...,
    1 + 2j,
    b"",
    b"ab\xff",
    b"x" * 300,
    bytearray(b"q"),
    range(1, 9, 2),
    slice(1, None),
    int,
    NotImplemented,
    datetime.date(2020, 2, 29),
    datetime.timedelta(-1, 5, 7),
    datetime.timezone.utc,
    "interned".__class__,
]
BROKEN = [
    "",
    "{",
    "[1,",
    '{"a"',
    '{"a":',
    '{"a":1,',
    "[1 2]",
    "tru",
    "nul",
    "-",
    "01",
    "1.",
    "1e",
    ".5",
    "Infinity",
    "-Infinity",
    "NaN",
    '"\\x"',
    '"\\u12"',
    '"\\ud800"',
    '"\\ud83d\\ude00"',
    '"a\nb"',
    "'a'",
    "[1]x",
    "{1:2}",
    '{"a":1 "b":2}',
    "[,1]",
    "[1,]",
    '{"a":1,}',
    "\ufeff1",
    " 1 ",
    "1e999",
    "-0",
    "-0.0",
    "1E5",
    "1e-5",
    '{"a":1,"a":2}',
    "[[[[",
    '"\\',
    '"',
    "123456789012345678901234567890",
    "nulL",
    "[1,\n\n  x]",
    "\x00",
    "1" * 5000,
]


MOST = 2000  # characters shown of a value


def show(value):
    return _drawing.show(value, MOST)


def outcome(action):
    return _drawing.outcome(action, most=MOST)


class Maker:
    def __init__(self, draw):
        self.draw = draw
        self.made = []

    def value(self, depth, plain=False):
        draw = self.draw
        how = draw.below(12) if depth else draw.below(6)
        if how < 3:
            v = draw.pick(SCALARS[:19] if plain else SCALARS)
        elif how < 5:
            v = draw.pick(TEXTS)
        elif how == 5:
            v = (
                draw.pick(self.made)
                if self.made and draw.chance(50)
                else draw.pick([1, -1]) * draw.wide(draw.below(84))
            )
        elif how < 8:
            v = [self.value(depth - 1, plain) for _ in range(draw.below(5))]
        elif how == 8:
            v = tuple(self.value(depth - 1, plain) for _ in range(draw.below(5)))
        elif how < 11 or plain:
            v = {}
            for _ in range(draw.below(5)):
                try:
                    v[draw.pick(TEXTS[:8] + [1, 2.5, None, True, (1,), 10**30])] = self.value(depth - 1, plain)
                except TypeError:
                    pass
        else:
            v = draw.pick(
                [
                    lambda: {1},
                    lambda: frozenset([2]),
                    lambda: collections.OrderedDict(a=1, b=self.value(0)),
                    lambda: collections.deque([self.value(0)], 3),
                    lambda: collections.Counter(one=1, two=2),
                    lambda: ValueError(self.value(0)),
                    lambda: collections.defaultdict(list, {1: 2}),
                ]
            )()
        if draw.chance(20):
            self.made.append(v)
        return v


def jsoned(draw):
    value = Maker(draw).value(3, draw.chance(80))
    options = {
        k: v
        for k, v in dict(
            indent=draw.pick([None, 0, 1, 2, "\t", "é"]),
            sort_keys=draw.pick([False, True]),
            ensure_ascii=draw.pick([True, False]),
            skipkeys=draw.pick([False, True]),
            allow_nan=draw.pick([True, False]),
            separators=draw.pick([None, (",", ":"), (", ", "é")]),
            default=draw.pick([None, repr, lambda o: [str(type(o))]]),
            check_circular=True,
        ).items()
        if draw.chance(40)
    }
    say(
        "dumps",
        show(value),
        {k: show(v) for k, v in options.items()},
        outcome(lambda: json.dumps(value, **options)),
        outcome(lambda: "".join(json.JSONEncoder(**options).iterencode(value))),
    )
    try:
        text = json.dumps(value, skipkeys=True, default=repr, indent=draw.pick([None, 1]))
    except Exception:
        text = "[1]"
    if draw.chance(60):
        at = draw.below(len(text) + 1)
        text = text[:at] + draw.pick(BROKEN) + text[at + draw.pick([0, 1, 3]) :]
    if draw.chance(30):
        text = draw.pick(BROKEN)
    options = {
        k: v
        for k, v in dict(
            strict=draw.pick([True, False]),
            parse_float=draw.pick([None, str]),
            parse_int=draw.pick([None, float, str]),
            parse_constant=draw.pick([None, str]),
            object_hook=draw.pick([None, len]),
            object_pairs_hook=draw.pick([None, list]),
        ).items()
        if draw.chance(30)
    }
    say(
        "loads",
        ascii(text)[:200],
        {k: show(v) for k, v in options.items()},
        outcome(lambda: json.loads(text, **options)),
        outcome(lambda: json.loads(text.encode(draw.pick(["utf-8", "utf-16", "utf-32-be", "utf-8-sig"])))),
        outcome(lambda: json.JSONDecoder().raw_decode(text, draw.pick([0, 1, 2]))),
    )


def csved(draw):
    fields = ["", "a", "1", "1.5", 'q"t', "c,d", "n\nl", "r\rx", "\\", "é", " s ", "'", None, 5, 2.5, "\0", ";"]
    options = {
        k: v
        for k, v in dict(
            delimiter=draw.pick([",", ";", "\t", " ", "é"]),
            quotechar=draw.pick(['"', "'", None]),
            escapechar=draw.pick([None, "\\", '"']),
            doublequote=draw.pick([True, False]),
            skipinitialspace=draw.pick([True, False]),
            lineterminator=draw.pick(["\r\n", "\n", "|", ""]),
            quoting=draw.pick([0, 1, 2, 3, 4]),
            strict=draw.pick([True, False]),
        ).items()
        if draw.chance(40)
    }
    rows = [[draw.pick(fields) for _ in range(draw.below(5))] for _ in range(draw.between(1, 3))]
    target = io.StringIO(newline="")
    say(
        "write", rows, options, outcome(lambda: csv.writer(target, **options).writerows(rows)), ascii(target.getvalue())
    )
    lines = draw.pick(
        [
            target.getvalue().splitlines(True),
            [
                "".join(draw.pick("ab1,;\"'\\ \n\r\t\0é.|") for _ in range(draw.below(15)))
                for _ in range(draw.between(1, 3))
            ],
        ]
    )
    reader = None

    def read():
        nonlocal reader
        reader = csv.reader(lines, **options)
        return list(reader)

    say("read", ascii(lines), outcome(read), getattr(reader, "line_num", None))


def pickled(draw):
    value = Maker(draw).value(3)
    if draw.chance(10) and not isinstance(value, (set, frozenset)):
        value = [value]
        value.append(value)
    for protocol in range(6):
        try:
            data = pickle.dumps(value, protocol)
        except Exception as e:
            say("pickle", show(value), protocol, describe(e))
            continue
        say(
            "pickle",
            show(value),
            protocol,
            data,
            outcome(lambda: pickle.loads(data)),
            outcome(lambda: pickle.dumps(pickle.loads(data), protocol) == data),
        )
        at = draw.below(len(data))
        broken = data[:at] + draw.pick([b"", bytes([draw.pick(data)])]) + data[at + 1 :]
        if protocol > 1 and not set(broken) & set(b"ciRbo\x81\x92\x93\xedFILg"):  # nothing that calls
            say("broken", at, outcome(lambda: pickle.loads(broken)))
    version = draw.pick([0, 1, 2, 3, 4])
    if type(value) is list and value and value[-1] is value:
        return
    say(
        "marshal",
        version,
        outcome(lambda: marshal.loads(marshal.dumps(value, version))),
        outcome(lambda: marshal.dumps(value, version)) if version < 3 else "",
    )


def dated(draw):
    number = lambda: draw.pick(
        [0, 1, 2, 12, 13, 28, 29, 31, 59, 60, 999999, 1000000, -1, 23, 24, 2024, 1900, 9999, 10000, draw.below(3000)]
    )
    zones = [
        None,
        datetime.timezone.utc,
        datetime.timezone(datetime.timedelta(hours=5, minutes=30)),
        datetime.timezone(datetime.timedelta(seconds=-1), "odd"),
        datetime.timezone(datetime.timedelta(hours=-23, microseconds=1)),
    ]
    day = datetime.date(draw.between(1, 9999), draw.between(1, 12), draw.between(1, 28))
    moment = datetime.datetime(
        draw.between(1, 9999),
        draw.between(1, 12),
        draw.between(1, 28),
        draw.below(24),
        draw.below(60),
        draw.below(60),
        draw.pick([0, 5, 999999]),
        draw.pick(zones),
        fold=draw.below(2),
    )
    time = datetime.time(draw.below(24), draw.below(60), draw.below(60), draw.pick([0, 1000, 999999]), draw.pick(zones))
    span = datetime.timedelta(
        draw.pick([0, 1, -1, 999999998, -999999998, draw.between(-5000, 4999)]),
        draw.pick([0, 86399, 1.5, -0.1]),
        draw.pick([0, 0.5, 1.5, 999999, -1]),
    )
    kinds = [day, moment, time, span, 1, 2.5, None, moment.replace(tzinfo=None)]
    a, b = draw.pick(kinds[:4]), draw.pick(kinds)
    say("dates", repr(a), repr(b))
    text = draw.pick(
        [
            str(a),
            a.isoformat() if hasattr(a, "isoformat") else "",
            "2024-02-30",
            "20240229T1234",
            "2024-W09-4",
            "2024-060",
            "12:30:15,5",
            "T12",
            "2024-02-29T24:00",
            "2024-02-29 12:30:15.123456789+05:30",
            "24:00",
            "2024W101",
            "2024-W53-1",
            "12:30Z",
            "12:30:00+24:00",
            "123015.5",
            "",
            "2024-02-29\u2028",
            "\u0662024-01-01",
            "1-1-1",
        ]
    )
    if draw.chance(40) and text:
        at = draw.below(len(text))
        text = text[:at] + draw.pick("0123456789:-+TZW., ") + text[at + 1 :]
    code = draw.pick(
        [
            "%Y-%m-%d",
            "%H:%M:%S.%f",
            "%z %Z",
            "%j %U %W %G %V %u",
            "%a %A %b %B",
            "%c|%x|%X",
            "%%",
            "%:z",
            "%y %I %p",
            "%",
            "é%dé",
            "%s",
            "%-d",
            "%Q",
            "%10Y",
            "\x00%Y",
            "%f%f",
            "%C%e%D%h%n%R%T",
        ]
    )
    for action in [
        lambda: a + b,
        lambda: a - b,
        lambda: b - a,
        lambda: a < b,
        lambda: a == b,
        lambda: a * b,
        lambda: a / b,
        lambda: a // b,
        lambda: a % b,
        lambda: divmod(a, b),
        lambda: hash(a) == hash(copy.copy(a)),
        lambda: str(a),
        lambda: format(a, code),
        lambda: a.strftime(code) if code != "%s" else 0,
        lambda: a.isoformat(),
        lambda: a.isoformat("é", draw.pick(["auto", "hours", "minutes", "milliseconds", "x"])),
        lambda: a.timetuple(),
        lambda: a.utctimetuple(),
        lambda: a.isocalendar(),
        lambda: a.timestamp(),
        lambda: a.astimezone(draw.pick(zones[1:])),
        lambda: a.utcoffset(),
        lambda: a.tzname(),
        lambda: a.replace(draw.pick([1, 5, 0]), fold=1),
        lambda: a.replace(tzinfo=None),
        lambda: a.toordinal(),
        lambda: a.weekday(),
        lambda: a.ctime(),
        lambda: type(a).fromisoformat(text),
        lambda: datetime.datetime.fromisoformat(text),
        lambda: datetime.date.fromisoformat(text),
        lambda: datetime.time.fromisoformat(text),
        lambda: datetime.datetime.strptime(text, draw.pick(["%Y-%m-%d", "%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"])),
        lambda: datetime.date(number(), number(), number()),
        lambda: datetime.datetime(number(), number(), number(), number(), number(), fold=draw.pick([0, 1, 2])),
        lambda: datetime.time(number(), number(), number(), number()),
        lambda: datetime.timedelta(number(), number(), number(), number() / 7, number(), number() * 0.1, number()),
        lambda: span.total_seconds(),
        lambda: -span,
        lambda: abs(span),
        lambda: datetime.datetime.fromtimestamp(
            draw.pick([0, -1, 1.5, 1e10, 0.0000005, 1e20, -62135596800]), draw.pick(zones[1:])
        ),
        lambda: datetime.date.fromisocalendar(number(), number(), number() % 9),
        lambda: datetime.date.fromordinal(number() * 1000),
        lambda: datetime.datetime.combine(day, time),
        lambda: pickle.dumps(a, 2),
        lambda: a.__reduce_ex__(4),
        lambda: copy.deepcopy(a) == a,
        lambda: datetime.timezone(span),
        lambda: span / number(),
        lambda: span * 0.3,
    ]:
        say(outcome(action))


def iterated(draw):
    items = [draw.pick([1, 2, 3, "a", None, 0]) for _ in range(draw.below(6))]
    numbers = [draw.below(5) for _ in range(draw.below(5))]
    made = draw.pick(
        [
            lambda: iter(items),
            lambda: reversed(items),
            lambda: iter(tuple(items)),
            lambda: iter(range(draw.below(9))),
            lambda: iter("aé"),
            lambda: iter(dict.fromkeys(items)),
            lambda: zip(items, numbers),
            lambda: enumerate(items, 5),
            lambda: map(operator.add, numbers, numbers),
            lambda: filter(None, items),
            lambda: itertools.chain(items, numbers),
            lambda: itertools.cycle(items),
            lambda: itertools.islice(iter(items), 1, None, 2),
            lambda: itertools.accumulate(numbers),
            lambda: itertools.combinations(items, 2),
            lambda: itertools.permutations(numbers, 2),
            lambda: itertools.product(items, repeat=2),
            lambda: itertools.combinations_with_replacement(numbers, 2),
            lambda: itertools.count(3, draw.pick([1, 2.5, -1])),
            lambda: itertools.repeat("r", draw.below(4)),
            lambda: itertools.groupby(numbers),
            lambda: itertools.takewhile(bool, numbers),
            lambda: itertools.dropwhile(bool, numbers),
            lambda: itertools.filterfalse(None, numbers),
            lambda: itertools.starmap(pow, [(2, 3), (3, 2)]),
            lambda: itertools.zip_longest(items, numbers),
            lambda: itertools.compress(items, numbers),
            lambda: itertools.pairwise(items),
            lambda: itertools.tee(items)[1],
            lambda: iter(b"ab"),
            lambda: iter(bytearray(b"xy")),
            lambda: iter(collections.deque(items)),
            lambda: iter({1}),
            lambda: reversed(dict.fromkeys(items)),
            lambda: reversed(range(4)),
            lambda: iter(collections.OrderedDict.fromkeys(items)),
        ]
    )()
    say("iterator", type(made).__name__, items, numbers, [outcome(lambda: next(made)) for _ in range(draw.below(4))])
    for how in [
        lambda: copy.copy(made),
        lambda: copy.deepcopy(made),
        lambda: pickle.loads(pickle.dumps(made, 4)),
        lambda: pickle.loads(pickle.dumps(made, 1)),
        lambda: made,
    ]:
        say(
            outcome(lambda: operator.length_hint(made, -1)),
            outcome(lambda: isinstance(made, itertools.zip_longest) or made.__reduce__()).replace("<", "")[:200],
            outcome(lambda: list(itertools.islice(how(), 6))),
        )
    say(
        outcome(lambda: made.__setstate__(draw.pick([0, 1, -1, 100]))), outcome(lambda: list(itertools.islice(made, 4)))
    )


def filed(draw):
    size = draw.pick([1, 3, 8, 64])
    raw = io.BytesIO(bytes(draw.pick(b"ab\n\r") for _ in range(draw.below(40))))
    kind = draw.below(5)
    file = [
        lambda: raw,
        lambda: io.BufferedReader(raw, size),
        lambda: io.BufferedWriter(raw, size),
        lambda: io.BufferedRandom(raw, size),
        lambda: io.StringIO("a\nb\r\nc\rdé" * draw.below(3), draw.pick([None, "", "\n", "\r\n", "\r"])),
    ][kind]()
    say("file", type(file).__name__, size, raw.getvalue() if kind < 4 else ascii(file.getvalue()))
    moved = False
    for _ in range(draw.between(3, 13)):
        n, m = draw.pick([0, 1, 2, 5, 9, 40, -1, None]), draw.pick([0, 1, 2])
        data = draw.pick([b"", b"x", b"yz\n", b"0123456789"])
        if kind == 4 and draw.chance(95):
            data = data.decode() + draw.pick(["", "\r", "é\n"])
        name, action = draw.pick(
            [
                ("read", lambda: file.read(n)),
                ("read1", lambda: file.read1(n)),
                ("peek", lambda: file.peek(n)),
                ("readline", lambda: file.readline(n)),
                ("readlines", lambda: file.readlines(n)),
                ("next", lambda: next(file)),
                ("readinto", lambda: file.readinto(bytearray(n or 3))),
                ("readinto1", lambda: file.readinto1(bytearray(n or 3))),
                ("write", lambda: file.write(data)),
                ("write", lambda: file.write(data)),
                ("writelines", lambda: file.writelines([data, data])),
                ("seek", lambda: file.seek(n, m)),
                ("seek", lambda: file.seek(n or 0)),
                ("tell", file.tell),
                ("truncate", lambda: file.truncate(n)),
                ("flush", file.flush),
                ("state", lambda: file.__getstate__()[:2]),
                ("setstate", lambda: file.__setstate__(draw.pick([(b"abc", 1, None), ("a\r\n", "", 1, None)]))),
                ("buffer", lambda: bytes(file.getbuffer()[:4])),
                ("seekable", lambda: (file.seekable(), file.readable(), file.writable())),
            ]
        )
        if kind in (1, 2, 3):
            moved |= name == "seek"
            if name in ("read1", "readinto1", "peek") and (moved or kind == 3):
                continue
        say(name, n, m, outcome(action), outcome(lambda: file.tell()) if draw.chance(50) else "")
    say(
        "end",
        outcome(lambda: file.detach() is raw) if kind in (1, 2, 3) else "",
        raw.getvalue() if kind < 4 else outcome(file.getvalue),
    )


KINDS = [jsoned, csved, pickled, dated, iterated, iterated, filed, filed]


def play_round(draw):
    draw.pick(KINDS)(draw)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    run(play_round, ROUNDS)
