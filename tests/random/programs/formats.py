# SPDX-License-Identifier: MIT
"""Numbers as text and back: format specifications, %-formatting, str.format fields, parsing, rounding, integer arithmetic.

    formats.py SEED ROUNDS
"""
import sys

sys.modules["_decimal"] = None  # both run the decimal of Python code
import datetime
import decimal
import fractions
import math
import random
import re
import statistics

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
    try:
        value = action()
        return type(value).__name__ + " " + ascii(value)
    except Exception as e:
        return f"{type(e).__name__}: {ascii(str(e))}"


class Cases:
    def __init__(self, draw):
        self.draw = draw

    def number(self):
        draw = self.draw
        how = draw.randrange(12)
        if how < 3:
            return draw.choice(INTS)
        if how < 5:
            return draw.choice(FLOATS)
        if how == 5:
            return draw.choice([-1, 1]) * draw.getrandbits(draw.choice([8, 31, 64, 65, 200, 1000]))
        if how == 6:
            return draw.choice([-1, 1]) * draw.random() * 10.0 ** draw.randrange(-30, 30)
        if how == 7:
            return round(draw.random() * 1000, draw.randrange(0, 6))
        if how == 8:
            return draw.randrange(-10000, 10000) / draw.choice([2, 4, 8, 10, 100, 1000])
        if how == 9:
            return complex(draw.choice(FLOATS), draw.choice(FLOATS))
        if how == 10:
            return complex(draw.randrange(-99, 99) / 8, draw.choice([0.0, -0.0, 1.0, 2.25]))
        return draw.choice([True, False])

    def value(self):
        how = self.draw.randrange(10)
        if how < 6:
            return self.number()
        if how < 8:
            return self.draw.choice(TEXTS)
        return self.draw.choice(OTHERS + [Sub("s"), Indexed(), Floated()])

    def spec(self):
        draw = self.draw
        if draw.random() < 0.05:
            return draw.choice(
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
        if draw.random() < 0.5:
            parts.append(
                draw.choice(["", "", "*", "0", "é", "\u20ac", "\U0001f600", "{" if draw.random() < 0.1 else "-"])
                + draw.choice("<>^=")
            )
        if draw.random() < 0.4:
            parts.append(draw.choice("+- "))
        if draw.random() < 0.1:
            parts.append("z")
        if draw.random() < 0.2:
            parts.append("#")
        if draw.random() < 0.2:
            parts.append("0")
        if draw.random() < 0.5:
            parts.append(str(draw.choice([0, 1, 3, 5, 8, 12, 20, 25, 40])))
        if draw.random() < 0.3:
            parts.append(draw.choice(",_"))
        if draw.random() < 0.5:
            parts.append("." + str(draw.choice([0, 1, 2, 3, 5, 6, 10, 15, 17, 20, 40])))
        if draw.random() < 0.8:
            parts.append(draw.choice("bcdeEfFgGnosxX%"))
        return "".join(parts)

    def percent(self):
        draw = self.draw
        parts = []
        for _ in range(draw.randrange(1, 4)):
            parts.append(draw.choice(["", "x", "é", "€ "]))
            parts.append("%" + draw.choice(["", "", "", "(a)", "(b)", "(", "(a(b))", "()"]) * (draw.random() < 0.5))
            parts.append("".join(draw.sample("#0- +", draw.choice([0, 0, 1, 2]))))
            parts.append(draw.choice(["", "", "*", "5", "12", "0", "3"]))
            parts.append(draw.choice(["", "", ".2", ".0", ".", ".*", ".10", ".3"]))
            parts.append(draw.choice(["", "", "", "l", "h", "L"]))
            parts.append(draw.choice("diouxXeEfFgGcrsa%") if draw.random() < 0.95 else draw.choice("bé€ \n"))
        if draw.random() < 0.05:
            parts.append("%")
        return "".join(parts)

    def field(self):
        draw = self.draw
        parts = []
        for _ in range(draw.randrange(1, 4)):
            if draw.random() < 0.15:
                parts.append(
                    draw.choice(
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
            name = draw.choice(
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
            spec = (
                self.spec() if draw.random() < 0.8 else draw.choice(["{1}", "{}", "{a}", ">{1}.{0}", "{b!r}", "{0:x}"])
            )
            parts.append(
                "{"
                + name
                + draw.choice(["", "", "", "!r", "!s", "!a", "!x"])
                + (":" + spec if draw.random() < 0.7 else "")
                + "}"
            )
        return "".join(parts)

    def text(self):
        draw = self.draw
        kind = draw.randrange(6)
        if kind == 0:
            return "".join(
                draw.choice("0123456789+-_.eEjJ xXbBoOaAfFnNiI() \t\n٣\uff11\xa0\u2003\x1f\x00é")
                for _ in range(draw.randrange(0, 12))
            )
        text = str(self.number())
        if kind == 1:
            text = draw.choice(["0x", "0b", "0o", "0X", "-0x", "+0b_", "0x_", ""]) + "".join(
                draw.choice("01234567_89afz") for _ in range(draw.randrange(1, 9))
            )
        if kind == 2:
            at = draw.randrange(len(text) + 1)
            text = text[:at] + draw.choice("_+-. ejJ0٣\uff15\x00(") + text[at:]
        if kind == 3:
            text = text.translate({48 + n: draw.choice([0x660, 0xFF10, 0x966, 0x1D7CE]) + n for n in range(10)})
        if kind == 4:
            text = (
                draw.choice([" ", "\t\n", "\u2003", "\x1c", "", "_"])
                + text
                + draw.choice([" ", "\x0b", "\xa0", "", "_", "\x00"])
            )
        return text

    def digits_of_float(self):
        draw = self.draw
        text = "".join(draw.choice("0123456789") for _ in range(draw.randrange(1, 40)))
        at = draw.randrange(len(text) + 1)
        return text[:at] + "." + text[at:] + draw.choice(["", f"e{draw.randrange(-340, 320)}"])

    def hexadecimal(self):
        draw = self.draw
        digits = "".join(draw.choice("0123456789abcdefF") for _ in range(draw.randrange(0, 20)))
        at = draw.randrange(len(digits) + 1)
        text = (
            draw.choice(["", "-", "+", " "])
            + draw.choice(["0x", "0X", ""])
            + digits[:at]
            + draw.choice([".", ""])
            + digits[at:]
        )
        return text + draw.choice(
            ["", f"p{draw.randrange(-1100, 1100)}", "p", "p+", f"P-{draw.randrange(1200)}", "inf", "nan", " ", "x"]
        )


def formatted(cases, draw):
    value, spec = cases.value(), cases.spec()
    print("format", ascii(value), ascii(spec), outcome(lambda: format(value, spec)))
    if spec.isprintable() and not set(spec) & set("{}\\'"):
        print(
            "f",
            outcome(
                lambda: eval(f"f'{{v!s:{spec}}}|{{v:{{w}}{spec}}}'", {"v": value, "w": draw.choice(["", "*>", "+"])})
            ),
        )


def percented(cases, draw):
    text = cases.percent()
    values = draw.choice(
        [
            cases.value(),
            tuple(cases.value() for _ in range(draw.randrange(0, 5))),
            {"a": cases.value(), "b": 5, "a(b)": 2, "": 3},
        ]
    )
    print("%", ascii(text), ascii(values), outcome(lambda: text % values))
    binary = text.encode("ascii", "ignore")
    if isinstance(values, dict):
        values = {k.encode(): v for k, v in values.items()}
    print("b%", outcome(lambda: binary % values))


def fielded(cases, draw):
    text, values, names = (
        cases.field(),
        [cases.value() for _ in range(draw.randrange(0, 4))],
        {"a": cases.value(), "b": cases.value()},
    )
    if ":" in text:  # no widths of gigabytes
        values = [v % 1000 if type(v) is int else v for v in values]
        names = {k: v % 1000 if type(v) is int else v for k, v in names.items()}
    print(
        "fields",
        ascii(text),
        ascii(values),
        ascii(names),
        outcome(lambda: text.format(*values, **names)),
        outcome(lambda: text.format_map(names)),
    )


def parsed(cases, draw):
    text = cases.text()
    base = draw.choice([0, 2, 8, 10, 16, 36, 3, 37, 1, -1])
    print(
        "parse",
        ascii(text),
        base,
        *(outcome(f) for f in (lambda: int(text), lambda: int(text, base), lambda: float(text), lambda: complex(text))),
    )
    if re.search("e[+-]?\\w{4}", text):  # no fractions of gigabytes
        return
    print(
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
    print(
        "digits",
        text,
        outcome(lambda: float(text)),
        outcome(lambda: float(text).hex()),
        outcome(lambda: float(text).as_integer_ratio()),
    )
    text = cases.hexadecimal()
    print("hex", ascii(text), outcome(lambda: float.fromhex(text)), outcome(lambda: float.fromhex(text).hex()))


def rounded(cases, draw):
    value, digits = cases.number(), draw.choice(
        [None, 0, 1, 2, 3, -1, -2, -5, 15, 16, 17, 22, 300, 330, -400, 2**70, True, 1.0]
    )
    print(
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
        draw.choice([-1, 1]) * draw.getrandbits(draw.choice([1, 3, 8, 31, 62, 63, 64, 65, 128, 300, 2000]))
        for _ in range(3)
    )
    small = draw.choice([0, 1, 2, 5, 31, 62, 63, 64, 65, 100, -1])
    print("int", a, b, c, small)
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
        lambda: a.to_bytes(draw.choice([1, 8, 40]), "big", signed=True),
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
        print("  ", outcome(f))


def fractional(cases, draw):
    values = [
        draw.choice(
            [fractions.Fraction(draw.randrange(-20, 20), draw.randrange(1, 9)), cases.number(), draw.randrange(-9, 9)]
        )
        for _ in range(draw.randrange(1, 6))
    ]
    print("fractions", ascii(values))
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
        print("  ", outcome(lambda: f(values)))


def main(seed, rounds):
    sys.set_int_max_str_digits(5000)
    draw = random.Random(seed)
    cases = Cases(draw)
    for number in range(rounds):
        print(number, end=" ")
        draw.choices([formatted, percented, fielded, parsed, rounded, integers, fractional], [8, 6, 4, 5, 3, 1, 1])[0](
            cases, draw
        )


main(int(sys.argv[1]), int(sys.argv[2]))
