import operator as op


class N:
    def __init__(self, name): self.name = name
    def __repr__(self): return self.name


for n in "add sub mul truediv floordiv mod pow matmul and or xor lshift rshift divmod".split():
    def fwd(self, o, n=n): return "%s.%s(%r)" % (self, n, o)
    def rev(self, o, n=n): return "%s.r%s(%r)" % (self, n, o)
    def inp(self, o, n=n): return "%s.i%s(%r)" % (self, n, o)
    setattr(N, "__%s__" % n, fwd)
    setattr(N, "__r%s__" % n, rev)
    if n != "divmod":
        setattr(N, "__i%s__" % n, inp)
for n in "neg pos invert".split():
    setattr(N, "__%s__" % n, lambda self, n=n: "%s.%s" % (self, n))
a, b = N("a"), N("b")
print(a + b, a - 1, a * 2, a / b, a // b, a % b, a ** b, a @ b, a & b, a | b, a ^ b, a << b, a >> b, divmod(a, b))
print(1 + a, "s" - a, 2 * a, 1.5 / a, [] // a, "%d" % a if 0 else 5 % a, 2 ** a, 1 @ a, True & a, {} | a, 3 ^ a, 1 << a, 1 >> a, divmod(1, a))
print(-a, +a, ~a)
for o in ("+", "-", "*", "/", "//", "%", "**", "@", "&", "|", "^", "<<", ">>"):
    ns = {"x": N("x")}
    exec("x %s= 5" % o, ns)
    print(ns["x"], end=" ")
print()
print(op.add(a, 1), op.iadd(a, 1), op.matmul(a, b), op.neg(a), op.pow(1, a))
