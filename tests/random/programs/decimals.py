# SPDX-License-Identifier: MIT
"""Decimals: every operation, in contexts of all kinds, on numbers near the edges of those contexts.

A round draws a context and a few numbers and takes several operations with them. Each line shows what was done, what it
gave or raised, and which flags it left; the context stands in the round's first line.

Not drawn: exponents that would make ints or texts of gigabytes, and powers that take minutes.
"""
import copy
import decimal
import fractions
import math
import pickle

from _drawing import actions, outcome, run, say, show

ROUNDS = 250

SPECIALS = ["0", "-0", "0e3", "-0e-5", "1", "-1", "10", "0.1", "5", "inf", "-inf", "nan", "-nan77", "snan", "snan123456", "0e99999", "1e-7", "9.99", "0.5", "-2.5", "101", "11010"]
ROUNDINGS = [decimal.ROUND_UP, decimal.ROUND_DOWN, decimal.ROUND_CEILING, decimal.ROUND_FLOOR, decimal.ROUND_HALF_UP, decimal.ROUND_HALF_DOWN, decimal.ROUND_HALF_EVEN, decimal.ROUND_05UP]
SIGNALS = list(decimal.Context().flags)

UNARY = """
    -a
    +a
    abs(a)
    a.logb()
    a.logical_invert()
    a.next_minus()
    a.next_plus()
    a.normalize()
    a.to_integral_exact()
    a.to_integral_value()
    a.to_integral_exact(rounding=mode)
    a.sqrt()
    a.number_class()
    a.to_eng_string()
    str(a)
    a.as_tuple()
    a.adjusted()
    [a.is_finite(), a.is_nan(), a.is_normal(), a.is_signed(), a.is_subnormal(), a.is_zero(), bool(a)]
    decimal.Decimal(str(a)).compare_total(a)
    pickle.loads(pickle.dumps(a)).compare_total(a)
    context.create_decimal(a)
    context.create_decimal(text)
    decimal.Decimal(text)
    context.copy().plus(a)
    decimal.Decimal(a.as_tuple())
    float(a)
    a == a.copy_negate().copy_negate()
    hash(a) == hash(a.normalize(wide)) or a.is_nan()
    context.to_sci_string(a)
    context.create_decimal_from_float(real)
    decimal.Decimal.from_float(real)
    decimal.Decimal(whole)
    context.create_decimal(whole)
    context.create_decimal((n & 1, a.as_tuple().digits, -n))
"""
SHORT = """
    int(a)
    round(a)
    round(a, n)
    math.floor(a)
    math.ceil(a)
    a.as_integer_ratio()
    a.is_qnan() or hash(a)
    fractions.Fraction(a)
    a == fractions.Fraction(a)
    a < fractions.Fraction(whole, 7)
    a.__format__(spec)
    a.__format__(spec + kind)
    f"{a:.{abs(n)}f}"
    f"{a:.{abs(n)}e}"
    f"{a:20.{abs(n)}g}"
"""
BINARY = """
    a + b
    a - b
    a * b
    a / b
    a // b
    a % b
    divmod(a, b)
    a < b
    a == b
    a >= whole
    a != real
    a + whole
    whole - a
    whole * a
    a / whole
    whole // a
    a.compare(b)
    a.compare_signal(b)
    a.compare_total(b)
    a.compare_total_mag(b)
    a.copy_sign(b)
    a.logical_and(b)
    a.logical_or(b)
    a.logical_xor(b)
    a.max(b)
    a.max_mag(b)
    a.min(b)
    a.min_mag(b)
    a.next_toward(b)
    a.quantize(b)
    a.quantize(b, mode)
    a.quantize(decimal.Decimal(f"1e{n}"))
    a.remainder_near(b)
    a.same_quantum(b)
    a.scaleb(n)
    a.scaleb(b)
    a.shift(n)
    a.rotate(n)
    a.rotate(b)
    a.fma(b, c)
    a.fma(a, c)
    context.divide_int(a, whole)
    context.remainder(whole, a)
    sum([a, b, c])
    max(a, b)
"""
SLOW = """
    a.exp()
    a.ln()
    a.log10()
    a ** b
    a ** n
    whole ** a
    context.power(a, n)
    pow(a, abs(n), b)
    pow(decimal.Decimal(whole), decimal.Decimal(abs(n)), c)
"""
PARAMETERS = "a, b, c, n, whole, real, mode, text, spec, kind, context"
WIDE = decimal.Context(prec=2000, Emax=decimal.MAX_EMAX, Emin=decimal.MIN_EMIN)
NAMES = {"decimal": decimal, "math": math, "pickle": pickle, "fractions": fractions, "wide": WIDE}
unary, short, binary, slow = (actions(PARAMETERS, lines, NAMES) for lines in (UNARY, SHORT, BINARY, SLOW))


def draw_context(draw):
    precision = draw.pick([1, 2, 3, 5, 9, 16, 19, 20, 28, 34, 38, 39, 60, 150])
    edge = draw.pick([0, 1, 5, 20, 99, 384, 6144, 999999, 999999, decimal.MAX_EMAX])
    return decimal.Context(
        prec=precision,
        rounding=draw.pick(ROUNDINGS),
        Emax=edge,
        Emin=-draw.pick([edge, edge, 0, 7]),
        capitals=draw.below(2),
        clamp=draw.chance(25),
        flags=[],
        traps=[signal for signal in SIGNALS if draw.chance(draw.pick([0, 10, 60]))],
    )


def draw_digits(draw, context):
    """Digits, mostly about as many as the context keeps."""
    count = draw.pick([1, 2, context.prec, context.prec + 1, 2 * context.prec, draw.between(1, 50), draw.between(1, 200)])
    kind = draw.below(6)
    if kind == 0:
        return "9" * count
    if kind == 1:
        return "1" + "0" * (count - 1)
    if kind == 2:
        return "".join(draw.pick("01") for _ in range(count))
    if kind == 3:  # half of the last place
        return str(draw.wide(64))[: context.prec].ljust(context.prec, "7") + "5" + "0" * draw.below(4)
    return "".join(draw.pick("0123456789") for _ in range(count))


def draw_number(draw, context, far):
    if draw.chance(15):
        return decimal.Decimal(draw.pick(SPECIALS))
    digits = draw_digits(draw, context)
    near = [0, -1, 1, -len(digits), -(len(digits) // 2), draw.between(-30, 30)]
    edges = [context.Emax, context.Emax - len(digits) + 1, context.Emin, context.Etiny(), context.Etiny() - len(digits), context.Etop()]
    exponent = draw.pick(near + (edges if far else []))
    return decimal.Decimal((draw.below(2), tuple(map(int, digits)), max(min(exponent, decimal.MAX_EMAX - len(digits)), decimal.MIN_EMIN)))


def draw_text(draw, context):
    text = draw.pick(["", "-", "+"]) + draw_digits(draw, context)
    if draw.chance(60):
        at = draw.below(len(text) + 1)
        text = text[:at] + "." + text[at:]
    if draw.chance(50):
        text += draw.pick("eE") + str(draw.pick([0, 5, -7, context.Emax, -context.Emax, context.Etiny(), 10**18, -(10**19), 10**30]))
    if draw.chance(10):
        at = draw.below(len(text) + 1)
        text = text[:at] + draw.pick("_ x.e-\u0661n\0") + text[at:]
    return text


def play_round(draw):
    context = draw_context(draw)
    decimal.setcontext(context)
    say(show(context))
    far = draw.chance(50)
    for _ in range(12):
        a, b, c = (draw_number(draw, context, far) for _ in range(3))
        if draw.chance(20):
            b = decimal.Decimal(draw.between(-12, 12))
        n = draw.between(-45, 45)
        whole = draw.pick([-1, 1]) * draw.wide(draw.pick([1, 4, 31, 63, 64, 65, 130, 300]))
        real = draw.pick([0.0, -0.5, 1e300, float("nan"), float("-inf"), draw.fraction(), draw.fraction() * 1e-20, float(draw.wide(70))])
        text = draw_text(draw, context)
        spec = draw.pick(["", "<", "^", "=", "*>", "\u00e9^"]) + draw.pick(["", "+", " "]) + draw.pick(["", "z"]) + draw.pick(["", "12", "30"]) + draw.pick(["", ","]) + draw.pick(["", ".0", ".1", ".7", ".30"])
        groups = [unary, unary, binary, binary, binary]
        tame = all(abs(x.adjusted()) < 400 and x.as_tuple().exponent not in ("F",) or not x.is_finite() for x in (a, b, c))
        if tame:
            groups += [short, short]
        if tame and context.prec <= 39:
            groups += [slow]
        line, action = draw.pick(draw.pick(groups))
        context.clear_flags()
        result = outcome(action, a, b, c, n, whole, real, draw.pick(ROUNDINGS), text, spec, draw.pick("eEfFgG%n"), context)
        say(line, *map(str, (a, b, c)), n, hex(whole), repr(real), ascii(text), ascii(spec))
        say("gives", result, [signal.__name__ for signal in SIGNALS if context.flags[signal]])


run(play_round, ROUNDS)
