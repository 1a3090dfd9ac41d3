# format(): every type, padding, grouping, rounding, what is refused, and a dict in the locale's stead.
import itertools
from decimal import *

D = Decimal


def attempt(number, *args):
    try:
        return repr(number.__format__(*args))
    except Exception as error:
        return f"{type(error).__name__}: {error.args}"


values = [D(x) for x in ("0", "-0", "1", "1234567.891", "-1e-7", "1e10", "123e5", "nan", "-snan12", "-inf", "0e5", "-0e-10", "1.5e-10", "9.999", "0.05", "-99.95", "1e30", "1e-30", "12345678901234567890123456789012345678901234567890.5")]
specs = ["", "e", "E", "f", "F", "g", "G", "n", "N", "%", ".2", ".3e", ".0e", ".0f", ".3g", ".0g", ".2%", ".0%", "10", "<10", "^10.2f", "=+10", "010", "<010", "+", "-", " ", "\u00e9>12", "z", "#", "_", ",",
         ",.2f", "020,.2f", "n>", "xx", ".", "d", "s", "x", "20n", ".3n", "+.3n", "\u00e9<20.3n", "_.2f", ",e", ",%", "5.", "<<10", "^^5", "=^10", "=010", "*^+20,.3f", ",n", "08.2f", ".-1",
         "9999999999999999999", ".9999999999999999999", "9223372036854775807", ".1000000000000000000g", ".999999999999999999g", "-10", " <5", "\0<5", "5\0", "\ud800<5", "\U0001f600^10", "\U0001f600", "a", "a<", "<<",
         "<", "0", "00", "+0", "z0", "0z", "+z010.2f", "z+", "zz", "z>5", "+z>5", "1z", "\u00e9<<5", "<\0", "\0", "\0\0<5", "\0>", "_<5", "z.1f", "z.0%", "+z.1f", "012.1f", ".20f", ".20e", ".20g", "012,e", "=12,.1f",
         "<12,.1f", "z,.0f", " 08,.1f", "012%", "015,%", "1.5", "05.1", "E5", "+08", "-08,", "^ 9", "0", "=z8"]
for spec in specs:
    print(repr(spec), *(attempt(value, spec) for value in values))
for width, shape in itertools.product(range(6, 21), ("0{},.2f", "0{},", "+0{},.1f", "0{},e", "x={},.1f", "0{},%", " 0{},.0f")):
    print(width, shape, *(attempt(value, shape.format(width)) for value in values[:7]))

for mode in (ROUND_UP, ROUND_DOWN, ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_05UP):
    with localcontext(rounding=mode, prec=2):
        for spec, text in itertools.product((".1f", ".2g", ".1e", ".0%", ".2", "z.1f", ".3", ".0f"), ("1.25", "-1.25", "1.35", "0.05", "-0.04", "99.96", "2.501", "1005", "0.5", "-0.55", "9.96e20")):
            print(mode, spec, text, attempt(D(text), spec))
with localcontext(capitals=0):
    print(D("1e10"), repr(D("1e-10")), f"{D('1e10')} {D('1e10'):e} {D('1e10'):E} {D('1e10'):g} {D('1e10'):G} {D('1e10'):.3} {D('1e10'):n} {D('1e10'):N}", D("1e10").to_eng_string(), D("nan"), D("-inf"))


def dots(sizes="\3", point=".", separator=","):
    return {"decimal_point": point, "thousands_sep": separator, "grouping": sizes}


class Sub(dict):
    pass


for sizes in ("\3", "\3\2", "\3\2\0", "\x7f", "\3\x7f", "\3\2\x7f", "\0", "\1", "\3\0", "\2\3\1", "\x80", "\3\xff", "\x7e", "\3\x7f\2", "\2\1", ""):
    for spec in ("f", "035f", "n", ">30n", "=+30,"):
        print(repr(sizes), spec, attempt(D("-123456789012345.5"), spec, dots(sizes)))
for override in (dots("\3", "xyzw", "abcd"), dots("\3", "xyzwv"), dots("\3", ".", "abcde"), dots("\3", "\u00e9", "\u00e9\u00e9"), dots("\3", "\u00e9\u00e9\u00e9"), dots("\3", ""), dots("\3", ".", ""), {}, {"grouping": 3}, {"thousands_sep": 3},
                 {"decimal_point": None}, {"decimal_point": "\ud800"}, {"grouping": "\3"}, {"thousands_sep": "_"}, {"decimal_point": ":"}, dots("\3", ".", "a\0b"), dots("\3", "\0"), Sub(dots()), dots("\3" * 70), None, 3, [], "x"):
    for spec in ("f", "n", ",", "015f", "12.1f", "<20,.2f", "e", "x"):
        print(repr(override), spec, attempt(D("1234567.25"), spec, override), attempt(D("nan"), spec, override))
print(attempt(D(1)), attempt(D(1), 3), attempt(D(1), "", {}), attempt(D(1), "", {}, 3), attempt(D(1), b""), attempt(D(1), None))
print(f"{D('1.25'):>{10}.1f}|{D('1.5')!r:>20}|{D('1.5')!s:5}|", "{:08.3f} {}".format(D("-1.5"), D("1e5")), "%s %r %5s" % (D(1), D("2.0"), D(3)), "%d %.3f %i %x" % (D("7.9"), D("1.0005"), D(-3), int(D(255))))


class Tuned(D):
    def __str__(self):
        return "tuned"


print(f"{Tuned('1.5')} {Tuned('1.5'):.3f} {Tuned('1.5')!r} {Tuned('1.5')!s}", format(Tuned(2), ""), format(Tuned(2), "5"))
