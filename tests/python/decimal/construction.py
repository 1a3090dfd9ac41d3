# Decimals of texts, numbers, tuples and floats, exactly and rounded to a context, and what is refused.
import decimal
from decimal import *
from fractions import Fraction

D = Decimal


def attempt(function, *args, **kwargs):
    try:
        result = function(*args, **kwargs)
    except BaseException as error:
        print(args, kwargs, "->", type(error), error.args)
    else:
        print(args, kwargs, "->", repr(result), type(result))


class Text(str):
    pass


class Real(float):
    pass


class Whole(int):
    pass


class Items(tuple):
    pass


class Sub(D):
    pass


texts = ["x", "1_0", "__1", "1__0", " 12 \n", "\u0661\u0662", "\u0be7.\u0be8", "1e9999999999999999999", "1e999999999999999999", "1e1000000000000000000",
         "1e-1999999999999999997", "1e-1999999999999999998", "0e1000000000000000000", "0e-1999999999999999998", "nan123", "sNaN", "-Inf", "infinity", "nan" + "1" * 40,
         "1\0", "", "\ud800", "1 2", "\u20031\u2003", "\x1f1\x1c", "1\x002", "1e-999999999999999999999", "0e999999999999999999999", "1_e5", "1e_5", "_", ".", "1.", ".5", "+.5e-3",
         "+.e3", "NaN0", "NaN007", " nan ", "+inF", "-nan", "1e", "1e+", "e5", "0x1", "1.2.3", "infinit", "nanx", "snan1.5", "\u2460", "-\u22121", "00012", "-0", "-0.00e5", "9" * 200,
         "1." + "0" * 100, "1" * 60 + "." + "2" * 60 + "e-33", "1E5", "1e+05", "1e-0", "--1", "+-1", "inf1", "1e5e5", "1e5.5"]
integers = [0, 1, -1, True, False, 10**18, 2**62, -2**62, 2**63, 2**64 - 1, 2**64, -2**64, 10**19, 10**38, 2**128, 10**50, -10**77, 10**78, 3**500]
floats = [0.0, -0.0, 1.5, -1.5, 0.1, 1e300, 1e-320, 5e-324, 1.7976931348623157e308, 2.0**53, 2.0**70, 1 / 3, float("nan"), float("inf"), -float("inf"), -2.5e-8]
tuples = [(), (0,), (0, (1, 2), 3), (2, (1,), 0), ("0", (1,), 0), (0, (10,), 0), (0, ("1",), 0), (0, (1,), "x"), (0, (1,), "F"), (1, (), "F"), (0, (), "n"), (0, (1, 2), "N"), (0, (), 0),
          (0, 1, 0), (0, (1,), 1.5), (0, (1,), 10**20), [0, (1, 2), -1], (0, [1, 2], -1), (True, (1,), 0), (-1, (1,), 0), (0, (-1,), 0), (0, (1,), None), (0, (0, 0, 1), 2),
          (1, (0, 0), 3), (0, (), "F"), (0, (1, 1), "F"), (0, (1,), -10**19), (0, (1, 2, "a"), "n"), (0, "12", 0), (0, {1: 2}, 0), (0, (1, 2), True), (0, (1, 10**30), 0),
          (10**30, (1,), 0), (0, (), "Fx"), (0, (0, 0, 3), "N"), (0, (0,), "n"), (0, (1,) * 40, -5), (0, (1,), 10**18), (0, (1,), -3 * 10**18), (0, (Whole(5), True), 0), (0, (1,), 2**63 - 1),
          (0, (1,), -2**63), Items((0, (1,), 0)), (0, (1,), 0, 0)]
others = [None, [], {}, 1j, Fraction(1, 2), b"1", bytearray(b"1"), {1, 2, 3}, range(3), len, D, Text("1.5"), Real(1.5), Whole(15), D("1.50"), Sub("-2.50")]
for value in [*texts, *integers, *floats, *tuples, *others]:
    attempt(D, value)
    attempt(Sub, value)

narrow = Context(prec=5, Emin=-10, Emax=10, traps=[])
clamped = Context(prec=5, Emin=-10, Emax=10, clamp=1, rounding=ROUND_DOWN, traps=[])
for context in (narrow, clamped):
    for value in [*texts, *integers, *floats, *tuples, *others, D("nan12345"), D("nan123456"), D("123456789"), D("1e99"), D("-0e50"), D("1e-14"), D("1e-20"), D("sNaN7777777")]:
        context.clear_flags()
        attempt(context.create_decimal, value)
        print([signal.__name__ for signal, seen in context.flags.items() if seen])
        context.clear_flags()
        attempt(D, value, context)
        print([signal.__name__ for signal, seen in context.flags.items() if seen])
    for value in [*integers, *floats, "1", None, D(1)]:
        context.clear_flags()
        attempt(context.create_decimal_from_float, value)
        print([signal.__name__ for signal, seen in context.flags.items() if seen])
for value in [*integers, *floats, "1", None, D(1), Real(2.5), Whole(3)]:
    attempt(D.from_float, value)
    attempt(Sub.from_float, value)

tiny = Context(prec=20, Emin=-3, Emax=9, clamp=1, traps=[])
for value in (0, False, "0", D(0), 0.0, (0, (), 0), 1, -7, "nan"):
    tiny.clear_flags()
    attempt(tiny.create_decimal, value)
    print(tiny)
trapping = Context(traps=[FloatOperation, InvalidOperation, Inexact])
attempt(trapping.create_decimal, 1.5)
attempt(trapping.create_decimal, "1." + "1" * 50)
attempt(trapping.create_decimal_from_float, 0.1)
attempt(trapping.create_decimal_from_float, 0.5)
attempt(D, 1.5, trapping)
attempt(D, "x", trapping)
print(trapping)

# Arguments.
attempt(D)
attempt(D, 1, 2)
attempt(D, 1, None)
attempt(D, value="3")
attempt(D, context=None)
attempt(D, "1", context=getcontext())
attempt(D, 1, None, 3)
attempt(D, foo=3)
attempt(D, 1, value=2)
attempt(D, a=1, b=2, c=3)
attempt(D.from_float)
attempt(D.from_float, 1, 2)
attempt(narrow.create_decimal)
attempt(narrow.create_decimal, 1, 2)
attempt(narrow.create_decimal_from_float)


class Five(D):
    def __new__(cls, *args):
        return 5


attempt(Five, 1)
attempt(Five.from_float, 1.5)
attempt(D.__new__, D, "3")
attempt(D.__new__, Sub, "3")
attempt(D.__new__, int)
sub = Sub("1.5")
sub.note = 3
print(sub.__dict__, repr(sub), type(sub + sub), type(-sub), type(D(sub)), type(Sub(sub)), type(sub.real), sub.imag, type(sub.conjugate()))
print(decimal.__version__, MAX_PREC, MAX_EMAX, MIN_EMIN, MIN_ETINY, HAVE_THREADS, HAVE_CONTEXTVAR)
