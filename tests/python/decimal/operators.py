# Operators between Decimals and with numbers of other types; conversions; hashes.
import itertools
import math
import operator
import sys
from decimal import *
from fractions import Fraction

D = Decimal
context = getcontext()


def attempt(function, *args):
    context.clear_flags()
    try:
        result = repr(function(*args))
    except Exception as error:
        result = f"{type(error).__name__}: {error.args}"
    seen = [signal.__name__ for signal, there in context.flags.items() if there]
    return f"{result} {' '.join(seen)}"


values = [D(x) for x in ("0", "-0", "0e5", "1", "-1", "7", "-2.50", "3e30", "1e-20", "123456789.123456789", "-99999999999999999999999999999", "nan", "-nan12", "snan", "inf", "-inf")]
others = [2, -3, 0, True, 10**30, -2**64, 2.5, 0.0, float("nan"), float("inf"), 1e300, "x", None, Fraction(1, 3), Fraction(-5, 2), Fraction(7), 1j, 2 + 0j, complex("nan"), [1], D]
binary = [operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv, operator.mod, divmod]
orders = [operator.lt, operator.le, operator.eq, operator.ne, operator.gt, operator.ge]
for precision, traps in ((28, [InvalidOperation, DivisionByZero, Overflow]), (3, [FloatOperation])):
    context.traps = {signal: signal in traps for signal in context.traps}
    context.prec = precision
    for a, b in itertools.product(values, repeat=2):
        print(a, b, *(attempt(function, a, b) for function in binary + orders))
    for a, b in itertools.product(values, others):
        for function in binary + orders + [operator.matmul, operator.and_]:
            print(function.__name__, a, b, attempt(function, a, b), attempt(function, b, a))
context.traps = {signal: signal is InvalidOperation for signal in context.traps}

# Powers: only those that are exact or short are told here.
powers = [D(0), D(1), D(2), D(-3), D("0.5"), D("nan"), D("inf")]
for a, b in itertools.product(powers, repeat=2):
    print(a, "**", b, attempt(operator.pow, a, b))
for three in ((D(3), 2, 5), (D(3), 2, 1.5), (3, D(2), 5), (3, 2, D(5)), (D(3), -2, 5), (D(3), 2, 0), (D(3), 2, None), (2.0, D(2), 5), (D(3), "x", 5), (D(0), 0, 5), (D(123456789), D(10**20), D(10**9 + 7)),
              (D(-7), 3, 5), (D(7), 3, -5), (D("1.5"), 2, 5), (D(2), D(3), D("nan"))):
    print(*three, attempt(pow, *three))
for other in (2, True, 2.5, "x", None, 1j, Fraction(1, 2)):
    print(other, attempt(operator.pow, D(4), other), attempt(operator.pow, other, D(4)) if other != 2.5 else "")

context.prec = 28
unary = [int, float, complex, hash, round, math.floor, math.ceil, math.trunc, bool, abs, operator.neg, operator.pos, operator.invert, str, repr, operator.index, math.sqrt, math.isnan]
numbers = [D(x) for x in ("1.5", "-2.5", "0.5", "0", "-0", "snan", "-snan1", "inf", "-inf", "1e30", "-1", "1e-400", "1e400", "123456789012345", "2305843009213693951", "-2305843009213693952", "0.1",
                          "1e-10", "12e5", "-99.99", "1." + "9" * 80, "7" * 100, "7" * 100 + "e-50", "4.9e-324", "1.7976931348623158e308", "2.4703282292062327e-324", "0e-5", "0e7")]
for number, function in itertools.product(numbers, unary):
    print(number, function.__name__, attempt(function, number))
print(float(D("nan")), complex(D("-nan")), bool(D("nan")), attempt(float, D("snan")), attempt(int, D("nan")), attempt(round, D("nan")), hash(D("nan")) == object.__hash__(D("nan")) or True)
for places in (1, -1, 0, 10, 30, -40, "x", 1.5, None, True, 10**18, 10**30, -10**18, 2**63 - 1, -2**63):
    print(places, *(attempt(round, number, places) for number in (D("1.25"), D("-1234.5678"), D("nan"), D("inf"), D("snan"), D(0))))

# Equal numbers have equal hashes.
for n in (0, 1, -1, 7, 2**61 - 1, -2**61 + 1, 2**61 - 2, 2**70, 10**50, -3**100):
    print(n, hash(n) == hash(D(n)) == hash(Fraction(n)), D(n) == n == Fraction(n), D(n) in {n}, n in {D(n)})
for f in (0.5, -0.25, 1e10, 1e-10, 3.75, 1e300, 5e-324, -0.0, float("inf")):
    print(f, hash(f) == hash(D(f)), D(f) == f, {D(f): 1}[f])
for n, d in ((1, 2), (-7, 8), (3, 125), (10**30 + 1, 10**20), (1, 10**50)):
    fraction = Fraction(n, d)
    exact = Context(prec=200).divide(D(n), D(d))
    print(fraction, hash(exact) == hash(fraction), exact == fraction, fraction == exact, exact <= fraction, exact < fraction)
for text in ("1", "1.0", "1.00e0", "100e-2", "0.01e2", "1e1000000", "1e-1000000", "-1.5e999999999999999999"):
    print(text, hash(D(text)) % 2**61 if sys.hash_info.width == 64 else "", hash(D(text)) == hash(D(text).normalize(Context(Emin=MIN_EMIN, Emax=MAX_EMAX, prec=50))))

# Comparisons with Rationals of all kinds, and far apart.
print(D("0.1") == Fraction(1, 10), D("0.1") < Fraction(1, 9), D("inf") > Fraction(1, 2), D("-inf") < Fraction(1, 2), attempt(operator.eq, D("snan"), Fraction(1, 2)), D("nan") == Fraction(1, 2))
print(D("1e999999999999999999") > Fraction(1, 3), D("1e-999999999999999999") < Fraction(1, 3), D("-0") == Fraction(0), D("1e999999999") == D("1e-999999999"), D("1e999999999999999999") > 10**100)


class Odd:
    numerator, denominator = 3, 2


import numbers as abstract
abstract.Rational.register(Odd)
print(D("1.5") == Odd(), D(1) < Odd(), Odd() > D(1), isinstance(D(1), abstract.Number), isinstance(D(1), abstract.Real), issubclass(D, abstract.Complex))
print(sum([D("0.1")] * 10), max(D(1), D("1.0")), min(D(2), 1), sorted([D(3), 1, D("2.5"), 2.25, Fraction(1, 2)], key=float))
