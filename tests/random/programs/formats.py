# SPDX-License-Identifier: MIT
"""Numbers as text and back: format specifications, %-formatting, str.format fields, parsing, rounding, integer arithmetic.

A round takes one of these with random values, mostly numbers of all sizes, and specifications that are well formed or
nearly so. Each line shows the values, and what each way to write, read or calculate gave or raised.

Not drawn: widths, precisions and exponents that would ask for all memory.
"""
import sys

import datetime
import decimal
import fractions
import math
import re
import statistics

from _drawing import describe, run, say, show

ROUNDS = 240

FLOATS = [
    0.0,
    -0.0,
    1.0,
    -1.5,
    0.1,
    2.5,
    1e16,
    123456789.125,
    1e-5,
    9.5e-5,
    1e22,
    1.7976931348623157e308,
    5e-324,
    float("inf"),
    float("-inf"),
    float("nan"),
    0.5,
    1.5,
    999999.5,
    99999.95,
    1e100,
    2**53 + 0.0,
    4.35,
    0.045,
    -1e-310,
]
INTS = [
    0,
    1,
    -1,
    7,
    10,
    -255,
    65535,
    1234567,
    2**31,
    -(2**63),
    2**62 - 1,
    2**62,
    2**64,
    10**20,
    -(10**30),
    97,
    0x110000,
    0x10FFFF,
    8364,
]
TEXTS = ["", "a", "abc", "é€", "\U0001f600x", "tab\t", "\ud800", "ß" * 5]
OTHERS = [
    True,
    False,
    None,
    b"ab\xff",
    bytearray(b"q"),
    [1, "a"],
    (1, 2),
    (),
    {"a": 1},
    decimal.Decimal("1.25"),
    decimal.Decimal("-Infinity"),
    decimal.Decimal("12345.678e10"),
    fractions.Fraction(22, 7),
    datetime.date(2024, 2, 29),
    datetime.datetime(1999, 12, 31, 23, 59, 59, 5),
    datetime.time(1, 2, 3),
    datetime.timedelta(days=-1, seconds=5),
    object,
    range(3),
]


class Sub(str):
    def __format__(self, spec):
        return f"<{spec!r}>"


class Indexed:
    def __index__(self):
        return 65

    def __str__(self):
        return "indexed"


class Floated:
    def __float__(self):
        return 2.75

    def __repr__(self):
        return "floated\u20ac"


def outcome(action):
    """The type and the value of what the action gives, or what it raises, as text."""
    try:
        value = action()
        return f"{type(value).__name__} {show(value, 2000)}"
    except Exception as error:
        return describe(error)


class Cases:
    def __init__(self, draw):
        self.draw = draw

    def number(self):
        draw = self.draw
        how = draw.below(12)
        if how < 3:
            return draw.pick(INTS)
        if how < 5:
            return draw.pick(FLOATS)
        if how == 5:
            return draw.pick([-1, 1]) * draw.wide(draw.pick([8, 31, 64, 65, 200, 1000]))
        if how == 6:
            return draw.pick([-1, 1]) * draw.fraction() * 10.0 ** draw.between(-30, 29)
        if how == 7:
            return round(draw.fraction() * 1000, draw.below(6))
        if how == 8:
            return draw.between(-10000, 9999) / draw.pick([2, 4, 8, 10, 100, 1000])
        if how == 9:
            return complex(draw.pick(FLOATS), draw.pick(FLOATS))
        if how == 10:
            return complex(draw.between(-99, 98) / 8, draw.pick([0.0, -0.0, 1.0, 2.25]))
        return draw.pick([True, False])

    def value(self):
        how = self.draw.below(10)
        if how < 6:
            return self.number()
        if how < 8:
            return self.draw.pick(TEXTS)
        return self.draw.pick(OTHERS + [Sub("s"), Indexed(), Floated()])

    def spec(self):
        draw = self.draw
        if draw.chance(5):
            return draw.pick(
                [
                    "%Y-%m-%d",
                    "%j|%U|%A",
                    "%%",
                    "x" * 3,
                    ".",
                    "<<",
                    "<",
                    "=",
                    "{",
                    "}",
                    " ",
                    "\x00",
                    "5.",
                    "5.f",
                    ".5.",
                    ",,",
                    "__",
                    ",_",
                    "0,_d",
                    "99999999999999999999",
                    ".99999999999999999999f",
                    "é<5",
                    "€^9",
                    "\U0001f600>7",
                    "0=5",
                    "00",
                    "010",
                    "z",
                    "-z.1f",
                    "ll",
                    "d5",
                    "1$",
                    "%f",
                    "%H:%M:%S.%f",
                    "٣",
                    "0٣",
                    "n5",
                    "_n",
                    ",n",
                    "#c",
                    "+c",
                    ",c",
                    "_c",
                    "0c",
                    ".3c",
                    ".0d",
                    "#s",
                    "=s",
                    "0s",
                    " s",
                    "-s",
                    "+s",
                    ",s",
                    "_s",
                    "=10s",
                    ",x",
                    "_x",
                    "_b",
                    ",b",
                    ",e",
                    "_e",
                    ",%",
                    "z,.2f",
                    "#g",
                    "#.0f",
                    "#x",
                    "#_x",
                    "#,d",
                ]
            )
        parts = []
        if draw.chance(50):
            parts.append(
                draw.pick(["", "", "*", "0", "é", "\u20ac", "\U0001f600", "{" if draw.chance(10) else "-"])
                + draw.pick("<>^=")
            )
        if draw.chance(40):
            parts.append(draw.pick("+- "))
        if draw.chance(10):
            parts.append("z")
        if draw.chance(20):
            parts.append("#")
        if draw.chance(20):
            parts.append("0")
        if draw.chance(50):
            parts.append(str(draw.pick([0, 1, 3, 5, 8, 12, 20, 25, 40])))
        if draw.chance(30):
            parts.append(draw.pick(",_"))
        if draw.chance(50):
            parts.append("." + str(draw.pick([0, 1, 2, 3, 5, 6, 10, 15, 17, 20, 40])))
        if draw.chance(80):
            parts.append(draw.pick("bcdeEfFgGnosxX%"))
        return "".join(parts)

    def percent(self):
        draw = self.draw
        parts = []
        for _ in range(draw.between(1, 3)):
            parts.append(draw.pick(["", "x", "é", "€ "]))
            parts.append("%" + draw.pick(["", "", "", "(a)", "(b)", "(", "(a(b))", "()"]) * (draw.chance(50)))
            parts.append("".join(draw.sample("#0- +", draw.pick([0, 0, 1, 2]))))
            parts.append(draw.pick(["", "", "*", "5", "12", "0", "3"]))
            parts.append(draw.pick(["", "", ".2", ".0", ".", ".*", ".10", ".3"]))
            parts.append(draw.pick(["", "", "", "l", "h", "L"]))
            parts.append(draw.pick("diouxXeEfFgGcrsa%") if draw.chance(95) else draw.pick("bé€ \n"))
        if draw.chance(5):
            parts.append("%")
        return "".join(parts)

    def field(self):
        draw = self.draw
        parts = []
        for _ in range(draw.between(1, 3)):
            if draw.chance(15):
                parts.append(
                    draw.pick(
                        [
                            "{{",
                            "}}",
                            "}",
                            "{",
                            "x",
                            "{!r}",
                            "{:{}}",
                            "{:{:{}}}",
                            "{!",
                            "{0!z}",
                            "{a.}",
                            "{a[}",
                            "{[0]}",
                            "{.real}",
                            "{a[0]x}",
                            "{!r",
                            "{0!rx}",
                            "{a[]}",
                            "{-1}",
                            "{ 0}",
                            "{0 }",
                            "{99999999999999999999}",
                            "{0[99999999999999999999]}",
                            "{0:{1}",
                            "{:{!r:>4}}",
                        ]
                    )
                )
                continue
            name = draw.pick(
                [
                    "",
                    "",
                    "0",
                    "1",
                    "2",
                    "a",
                    "b",
                    "9",
                    "a.real",
                    "0.imag",
                    "a[0]",
                    "0[0]",
                    "a[x]",
                    "0[-1]",
                    "b.__class__.__name__",
                    "0.x",
                    "٣",
                ]
            )
            spec = self.spec() if draw.chance(80) else draw.pick(["{1}", "{}", "{a}", ">{1}.{0}", "{b!r}", "{0:x}"])
            parts.append(
                "{"
                + name
                + draw.pick(["", "", "", "!r", "!s", "!a", "!x"])
                + (":" + spec if draw.chance(70) else "")
                + "}"
            )
        return "".join(parts)

    def text(self):
        draw = self.draw
        kind = draw.below(6)
        if kind == 0:
            return "".join(
                draw.pick("0123456789+-_.eEjJ xXbBoOaAfFnNiI() \t\n٣\uff11\xa0\u2003\x1f\x00é")
                for _ in range(draw.below(12))
            )
        text = str(self.number())
        if kind == 1:
            text = draw.pick(["0x", "0b", "0o", "0X", "-0x", "+0b_", "0x_", ""]) + "".join(
                draw.pick("01234567_89afz") for _ in range(draw.between(1, 8))
            )
        if kind == 2:
            at = draw.below(len(text) + 1)
            text = text[:at] + draw.pick("_+-. ejJ0٣\uff15\x00(") + text[at:]
        if kind == 3:
            text = text.translate({48 + n: draw.pick([0x660, 0xFF10, 0x966, 0x1D7CE]) + n for n in range(10)})
        if kind == 4:
            text = (
                draw.pick([" ", "\t\n", "\u2003", "\x1c", "", "_"])
                + text
                + draw.pick([" ", "\x0b", "\xa0", "", "_", "\x00"])
            )
        return text

    def digits_of_float(self):
        draw = self.draw
        text = "".join(draw.pick("0123456789") for _ in range(draw.between(1, 39)))
        at = draw.below(len(text) + 1)
        return text[:at] + "." + text[at:] + draw.pick(["", f"e{draw.between(-340, 319)}"])

    def hexadecimal(self):
        draw = self.draw
        digits = "".join(draw.pick("0123456789abcdefF") for _ in range(draw.below(20)))
        at = draw.below(len(digits) + 1)
        text = (
            draw.pick(["", "-", "+", " "])
            + draw.pick(["0x", "0X", ""])
            + digits[:at]
            + draw.pick([".", ""])
            + digits[at:]
        )
        return text + draw.pick(
            ["", f"p{draw.between(-1100, 1099)}", "p", "p+", f"P-{draw.below(1200)}", "inf", "nan", " ", "x"]
        )


def formatted(cases, draw):
    value, spec = cases.value(), cases.spec()
    say("format", ascii(value), ascii(spec), outcome(lambda: format(value, spec)))
    if spec.isprintable() and not set(spec) & set("{}\\'"):
        say(
            "f",
            outcome(
                lambda: eval(f"f'{{v!s:{spec}}}|{{v:{{w}}{spec}}}'", {"v": value, "w": draw.pick(["", "*>", "+"])})
            ),
        )


def percented(cases, draw):
    text = cases.percent()
    values = draw.pick(
        [
            cases.value(),
            tuple(cases.value() for _ in range(draw.below(5))),
            {"a": cases.value(), "b": 5, "a(b)": 2, "": 3},
        ]
    )
    say("%", ascii(text), ascii(values), outcome(lambda: text % values))
    binary = text.encode("ascii", "ignore")
    if isinstance(values, dict):
        values = {k.encode(): v for k, v in values.items()}
    say("b%", outcome(lambda: binary % values))


def fielded(cases, draw):
    text, values, names = (
        cases.field(),
        [cases.value() for _ in range(draw.below(4))],
        {"a": cases.value(), "b": cases.value()},
    )
    if ":" in text:  # no widths of gigabytes
        values = [v % 1000 if type(v) is int else v for v in values]
        names = {k: v % 1000 if type(v) is int else v for k, v in names.items()}
    say(
        "fields",
        ascii(text),
        ascii(values),
        ascii(names),
        outcome(lambda: text.format(*values, **names)),
        outcome(lambda: text.format_map(names)),
    )


def parsed(cases, draw):
    text = cases.text()
    base = draw.pick([0, 2, 8, 10, 16, 36, 3, 37, 1, -1])
    say(
        "parse",
        ascii(text),
        base,
        *(outcome(f) for f in (lambda: int(text), lambda: int(text, base), lambda: float(text), lambda: complex(text))),
    )
    if re.search("e[+-]?\\w{4}", text):  # no fractions of gigabytes
        return
    say(
        *(
            outcome(f)
            for f in (
                lambda: decimal.Decimal(text),
                lambda: fractions.Fraction(text),
                lambda: int(text.encode(), base),
                lambda: float(text.encode()),
            )
        )
    )
    text = cases.digits_of_float()
    say(
        "digits",
        text,
        outcome(lambda: float(text)),
        outcome(lambda: float(text).hex()),
        outcome(lambda: float(text).as_integer_ratio()),
    )
    text = cases.hexadecimal()
    say("hex", ascii(text), outcome(lambda: float.fromhex(text)), outcome(lambda: float.fromhex(text).hex()))


def rounded(cases, draw):
    value, digits = cases.number(), draw.pick(
        [None, 0, 1, 2, 3, -1, -2, -5, 15, 16, 17, 22, 300, 330, -400, 2**70, True, 1.0]
    )
    say(
        "round",
        ascii(value),
        digits,
        *(
            outcome(f)
            for f in (
                lambda: round(value),
                lambda: round(value, digits),
                lambda: math.floor(value),
                lambda: math.trunc(value),
                lambda: repr(value),
                lambda: value != value or hash(value),
                lambda: value.as_integer_ratio(),
            )
        ),
    )


def integers(cases, draw):
    a, b, c = (
        draw.pick([-1, 1]) * draw.wide(draw.pick([1, 3, 8, 31, 62, 63, 64, 65, 128, 300, 2000])) for _ in range(3)
    )
    small = draw.pick([0, 1, 2, 5, 31, 62, 63, 64, 65, 100, -1])
    say("int", a, b, c, small)
    for f in (
        lambda: a + b,
        lambda: a - b,
        lambda: a * b,
        lambda: a // b,
        lambda: a % b,
        lambda: divmod(a, b),
        lambda: a / b,
        lambda: a & b,
        lambda: a | b,
        lambda: a ^ b,
        lambda: a << small,
        lambda: a >> small,
        lambda: pow(a, small),
        lambda: pow(a, b, c),
        lambda: pow(a, -1, c),
        lambda: math.gcd(a, b, c),
        lambda: math.lcm(a, b),
        lambda: math.isqrt(a),
        lambda: a.bit_length(),
        lambda: a.bit_count(),
        lambda: float(a),
        lambda: a == float(a),
        lambda: a < float(b),
        lambda: hash(a),
        lambda: ~a,
        lambda: a.to_bytes(draw.pick([1, 8, 40]), "big", signed=True),
        lambda: a.to_bytes(300, "little"),
        lambda: math.comb(abs(a) % 300, abs(b) % 20),
        lambda: int.from_bytes(b"\xff" + abs(a).to_bytes(300, "big"), "big", signed=True),
        lambda: math.log(abs(a)),
        lambda: math.log2(abs(b)),
        lambda: round(a, -small),
        lambda: bin(a),
        lambda: oct(a),
        lambda: hex(b),
        lambda: int(str(a)),
        lambda: int(hex(a), 16),
        lambda: a**0.5,
        lambda: math.ldexp(1.5, small),
        lambda: a.real,
    ):
        say(outcome(f))


def fractional(cases, draw):
    values = [
        draw.pick([fractions.Fraction(draw.between(-20, 19), draw.between(1, 8)), cases.number(), draw.between(-9, 8)])
        for _ in range(draw.between(1, 5))
    ]
    say("fractions", ascii(values))
    for f in (
        statistics.mean,
        statistics.fmean,
        statistics.median,
        statistics.mode,
        statistics.pstdev,
        statistics.variance,
        statistics.harmonic_mean,
        statistics.geometric_mean,
        sum,
        math.fsum,
        math.prod,
        max,
        sorted,
        lambda v: statistics.quantiles(v, n=3),
        lambda v: v[0] % v[-1],
        lambda v: v[0] ** v[-1] if abs(v[-1]) < 20 else 0,
        lambda v: v[0] // v[-1],
        lambda v: divmod(v[-1], v[0]),
        lambda v: fractions.Fraction(v[0]).limit_denominator(50),
        lambda v: v[-1] != v[-1] or hash(v[-1]),
    ):
        say(outcome(lambda: f(values)))


KINDS = [formatted] * 8 + [percented] * 6 + [fielded] * 4 + [parsed] * 5 + [rounded] * 3 + [integers, fractional]


def play_round(draw):
    draw.pick(KINDS)(Cases(draw), draw)


if __name__ == "__main__":
    sys.set_int_max_str_digits(5000)
    run(play_round, ROUNDS)
