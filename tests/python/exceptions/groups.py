eg = ExceptionGroup("group", [ValueError(1), TypeError("t"), ExceptionGroup("inner", [KeyError("k"), ValueError(2)])])
print(repr(eg), eg, eg.message, len(eg.exceptions))
print(repr(eg.subgroup(ValueError)), repr(eg.subgroup(OSError)))
m, r = eg.split(ValueError)
print(repr(m), repr(r))
print(repr(eg.derive([KeyError()])), repr(eg.subgroup(lambda e: isinstance(e, KeyError))))
try:
    raise eg
except* ValueError as g:
    print("values", repr(g))
except* (TypeError, KeyError) as g:
    print("others", repr(g))
else:
    print("never")
finally:
    print("finally")
try:
    raise ValueError("naked")
except* ValueError as g:
    print(repr(g))
try:
    try:
        raise eg
    except* KeyError:
        print("key only")
except ExceptionGroup as rest:
    print(repr(rest))
try:
    try:
        raise ExceptionGroup("x", [ValueError("a")])
    except* ValueError:
        raise IndexError("new")
except ExceptionGroup as g:
    print(repr(g), repr(g.exceptions[0].__context__))
try:
    pass
except* OSError:
    print("never")
else:
    print("else")
for bad in (lambda: ExceptionGroup("m", []), lambda: ExceptionGroup("m", [1]), lambda: ExceptionGroup(1, [ValueError()]),
            lambda: ExceptionGroup("m", [KeyboardInterrupt()]), lambda: ExceptionGroup("m", 5), lambda: BaseExceptionGroup("m")):
    try:
        bad()
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)
print(type(BaseExceptionGroup("m", [ValueError()])).__name__, type(BaseExceptionGroup("m", [KeyboardInterrupt()])).__name__)
