print(abs(-5), abs(5.5), abs(-0.0), abs(3 + 4j), abs(True), abs(-2 ** 70), divmod(7, 3), divmod(-7, 3), divmod(7.5, 2), divmod(2 ** 70, 7), pow(2, 3), pow(2, 3, 5), pow(2.5, 2), sum([]), sum([1, 2.5]), sum([1], 10), sum([[1], [2]], []), sum(x for x in range(5)), sum([0.1] * 10), sum((1, 2), start=5), sum([2 ** 62] * 4), sum([1j, 1]), sum([True, True]), sum([1, 2 ** 70, -2 ** 70, 0.5]), sum({1: 2, 3: 4}))


class A:
    def __abs__(self): return "abs"
    def __divmod__(self, o): return "divmod", o
    def __rdivmod__(self, o): return "rdivmod", o
    def __pow__(self, o, m=None): return "pow", o, m
    def __rpow__(self, o): return "rpow", o
    def __radd__(self, o): return "radd %s" % o
    def __add__(self, o): return "add"


print(abs(A()), divmod(A(), 1), divmod(1, A()), pow(A(), 2), pow(A(), 2, 3), pow(2, A()), sum([A()]))
for f in (lambda: abs("a"), lambda: abs(), lambda: divmod(1, "a"), lambda: divmod(1, 0), lambda: pow("a", 2), lambda: sum("ab", ""), lambda: sum(["a"]), lambda: sum([b"a"], b""), lambda: sum([1], "a"), lambda: sum(5), lambda: sum(), lambda: pow(2, A(), 5), lambda: sum([], bytearray())):
    try:
        print(f())
    except (TypeError, ZeroDivisionError) as e:
        print(type(e).__name__, e)
