class F:
    def __format__(self, spec): return "[%s]" % spec
class NoFormat:
    def __str__(self): return "str!"
class BadFormat:
    def __format__(self, spec): return 5


print(format(F()), format(F(), "abc"), f"{F():x{1 + 1}}", "{:q}".format(F()), f"{F()!s:.3}"[:0], f"{NoFormat()}", format(NoFormat()))
for f in (lambda: format(NoFormat(), "5"), lambda: format(BadFormat()), lambda: f"{BadFormat()}", lambda: format(5, 5), lambda: format(), lambda: f"{5:zz}"):
    try:
        print(f())
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)
