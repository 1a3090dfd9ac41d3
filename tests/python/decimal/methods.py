# Methods of Decimal and Context: all of them over a grid of numbers, their arguments, and what they refuse.
import copy
import inspect
import itertools
import pickle
from decimal import *

D = Decimal
# These are computed by series or trial: they have programs of their own.
LATER = {"exp", "ln", "log10", "power", "sqrt"}


class Sub(D):
    def __repr__(self):
        return f"Sub({str(self)!r})"


def attempt(function, *args, **kwargs):
    try:
        result = function(*args, **kwargs)
    except Exception as error:
        return f"{type(error).__name__}{error.args}"
    return repr(result)


numbers = [D(x) for x in ("0", "-0e3", "1", "-7", "2.50", "1101.01e2", "10110", "-99999", "123456.789", "1e-9", "-3e9", "9.9999e10", "1e-14", "nan12", "-snan", "inf", "-inf")]
context = Context(prec=5, Emin=-10, Emax=10, traps=[])
without = ["adjusted", "as_integer_ratio", "as_tuple", "canonical", "conjugate", "copy_abs", "copy_negate", "is_canonical", "is_finite", "is_infinite", "is_nan", "is_qnan", "is_signed", "is_snan", "is_zero", "radix",
           "__copy__", "__reduce__", "__trunc__", "__floor__", "__ceil__", "__complex__", "__float__", "__int__", "__bool__"]
unary = ["is_normal", "is_subnormal", "logb", "logical_invert", "next_minus", "next_plus", "normalize", "number_class", "to_eng_string", "to_integral", "to_integral_exact", "to_integral_value"]
binary = ["compare", "compare_signal", "compare_total", "compare_total_mag", "copy_sign", "logical_and", "logical_or", "logical_xor", "max", "max_mag", "min", "min_mag", "next_toward", "quantize", "remainder_near",
          "rotate", "same_quantum", "scaleb", "shift"]


def flagged(function, *args, **kwargs):
    context.clear_flags()
    result = attempt(function, *args, **kwargs)
    return result + " " + " ".join(signal.__name__ for signal, seen in context.flags.items() if seen)


for number in numbers:
    print(number, *(attempt(getattr(number, name)) for name in without))
    print(number, *(flagged(getattr(number, name), context=context) for name in unary))
    print(number, number.real is number, number.imag, copy.deepcopy(number) is number, copy.copy(number) is number, pickle.loads(pickle.dumps(number)), attempt(number.__deepcopy__, {}))
    for rounding in (ROUND_UP, ROUND_DOWN, ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_05UP):
        print(number, rounding, *(flagged(getattr(number, name), rounding=rounding, context=context) for name in ("to_integral_exact", "to_integral_value", "to_integral")),
              *(flagged(number.quantize, D(exponent), rounding, context) for exponent in ("1", "0.1", "1e1", "1e-3", "inf")))
    for other in (*numbers, 2, -3, 0):
        print(number, other, *(flagged(getattr(number, name), other, context=context) for name in binary), flagged(number.fma, other, D("0.3"), context=context))

names = [name for name in dir(Context) if not name.startswith("_") and callable(getattr(Context, name)) and name not in LATER]
for a in (D("-123456.7"), D("101"), D("snan3"), 7, -10**12, True):
    for name in names:
        method = getattr(context, name)
        if str(inspect.signature(method)) == "(x, /)":
            print(name, a, flagged(method, a))
        elif str(inspect.signature(method)) == "(x, y, /)":
            print(name, a, *(flagged(method, a, b) for b in (D("3"), D("-0.01"), 10, D("nan"), D("inf"))))
    print(a, flagged(context.fma, a, 3, D("0.001")), flagged(context._apply, a))
print(names)
for owner in (D, Context):
    for name in dir(owner):
        if not name.startswith("_") and callable(getattr(owner, name)):
            print(owner.__name__, name, inspect.signature(getattr(owner, name)))
print(inspect.signature(D), inspect.signature(Context), inspect.signature(getcontext), inspect.signature(setcontext), inspect.signature(localcontext))

# Arguments.
d = D(7)
for name in unary[:9] + ["exp", "ln", "log10", "sqrt"]:
    method = getattr(d, name)
    print(name, attempt(method, 3), attempt(method, context=3), attempt(method, None, None), attempt(method, foo=3), attempt(method, None) == attempt(method), attempt(method, getcontext()) == attempt(method))
for name in binary:
    method = getattr(d, name)
    print(name, attempt(method), attempt(method, "x"), attempt(method, 1.5), attempt(method, None), attempt(method, 1, 3), attempt(method, 1, None, 3, 4), attempt(method, foo=1), attempt(method, 1, foo=1), attempt(method, other=1) == attempt(method, 1))
print(attempt(d.fma, 1), attempt(d.fma, "x", 1), attempt(d.fma, 1, "x"), attempt(d.fma, 1, 2, 3), attempt(d.fma, 1, 2, None), attempt(d.fma, other=1, third=2, context=context), attempt(d.fma, 1, 2, None, 4))
for args in ((), (D("0.01"),), (D("0.01"), ROUND_UP), (D("0.01"), "x"), (D("0.01"), 3), (1.5,), (1, ROUND_UP, 3), (1, None, None), (1, 2, 3, 4), ("x", None, 3)):
    print(args, attempt(d.quantize, *args))
print(attempt(d.quantize, exp=1, rounding=None, context=None), attempt(d.quantize, 1, foo=3), attempt(d.quantize, 1, exp=2), attempt(d.quantize, a=1, b=2, c=3, d=4))
for args in ((ROUND_UP,), ("x",), (3,), (None, 3), (None, None, None)):
    print(args, attempt(d.to_integral, *args), attempt(d.to_integral_exact, *args), attempt(d.to_integral_value, *args))
for method in (context.add, context.sqrt, context.fma, context.divmod, context.power, context.copy_sign, context.is_nan, context.canonical, context.is_canonical, context.copy_decimal, context.create_decimal, context.to_sci_string):
    print(method.__name__, *(attempt(method, *args) for args in ((), ("x",), ("x", 1), (1, "x"), (1.5,), (1.5, 1), (1, 1.5), (1, 2, 3, 4, 5), (None,))))
print(attempt(context.power, 2, 3, 5), attempt(context.power, a=2, b=3, modulo=5), attempt(context.power, 2), attempt(context.power, 2, 3, mod=3), attempt(context.power, 2, 3, "x"), attempt(context.power, "x", 3, 5))
print(attempt(d.as_tuple, 1), attempt(d.adjusted, 1, 2), attempt(d.__round__, 1, 2), attempt(d.__deepcopy__), attempt(d.is_nan, 3), attempt(lambda: d.missing), attempt(lambda: D[int]), attempt(setattr, d, "x", 1), attempt(setattr, d, "real", 1), attempt(setattr, D, "x", 1))
print(D("1.20").as_tuple(), type(D(1).as_tuple()), DecimalTuple(1, (2,), 3), DecimalTuple.__module__, D(DecimalTuple(1, (2, 0), -1)), D("-inf").as_tuple(), D("nan123").as_tuple(), attempt(DecimalTuple))
sub = Sub("-2.5")
print(repr(sub), sub.copy_abs(), repr(sub.copy_abs()), type(sub.__copy__()), type(sub.canonical()), repr(sub.quantize(1)), sub.__reduce__(), repr(pickle.loads(pickle.dumps(sub))), repr(copy.deepcopy(sub)), type(context.copy_decimal(sub)), type(context.create_decimal(sub)), type(max(sub, 1)))
assert d.__sizeof__() > 0 and D("9" * 1000).__sizeof__() > d.__sizeof__()
