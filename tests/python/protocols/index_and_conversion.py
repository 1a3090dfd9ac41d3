class I:
    def __index__(self): return 2
class Bad:
    def __index__(self): return 1.0
class Int:
    def __int__(self): return 5
class Fl:
    def __float__(self): return 1.5
class Cx:
    def __complex__(self): return 1 + 2j
class Sub(int):
    pass
class RetSub:
    def __index__(self): return Sub(3)


i = I()
print([10, 20, 30][i], "abc"[i], (1, 2, 3)[i], b"abc"[i], range(10)[i], [1, 2, 3, 4][:i], [0] * i, "a" * i, bytes(i), hex(i), round(1.2345, i), int(i), float(i), complex(i), 1 << 2, list(range(i)), chr(i) == "\2", "%d" % Int() if 0 else "%d" % 5, int(Int()), float(Fl()), complex(Cx()), complex(Fl()), [1, 2, 3].pop(i), "abc".center(5, "*"), (5).to_bytes(i, "big"), slice(i).indices(5), type(int(Sub(1))).__name__)
import operator, math
print(operator.index(i), operator.index(5), math.factorial(i), math.gcd(i, 4), pow(5, 2, 7))
for f in ("[1][Bad()]", "[1][Int()]", "[1][1.0]", "range(Fl())", "operator.index(1.5)", "int(Fl())", "float(Int())", "bin(Int())", "'a' * Fl()", "round(1.5, Fl())", "i + 1", "operator.index('a')", "operator.index(Bad())", "chr(Int())", "[1, 2][Bad():]", "[1, 2][Int():]", "int(Bad())", "1 << i"):
    try:
        print(f, eval(f))
    except Exception as e:
        print(f, "->", type(e).__name__, e)
import warnings
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter("always")
    print(operator.index(RetSub()), len(w))
