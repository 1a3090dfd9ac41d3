# types.CodeType() with the attributes of a code object, some of them changed, and replace(): what both
# can change does as in CPython. Our instructions stand in co_exceptiontable, so a copy of the attributes
# is enough, in another process too.
import copyreg
import io
import pickle
import types

NAMES = ("argcount posonlyargcount kwonlyargcount nlocals stacksize flags code consts names varnames filename name "
         "qualname firstlineno linetable exceptiontable freevars cellvars").split()


def rebuilt(code, **changes):
    fields = [changes.get(name, getattr(code, "co_" + name)) for name in NAMES]
    return types.CodeType(*fields)


def outer(start, /, step=1, *rest, limit, **others):
    "doc"
    total = start

    def inner(n):
        nonlocal total
        total += n * step
        try:
            return total, limit, [total + x for x in rest], sorted(others)
        finally:
            step_seen.append(step)
    return inner


step_seen = []
for code in (outer.__code__, outer.__code__.co_consts[1], rebuilt.__code__, (lambda: 0).__code__,
             compile("x = 1\nclass C:\n    y = x", "f", "exec"), compile("[a for a in b]", "f", "eval")):
    again = rebuilt(code)
    print(code.co_name, again == code, again is code, hash(again) == hash(code), rebuilt(again) == code,
          list(again.co_lines()) == list(code.co_lines()), list(again.co_positions()) == list(code.co_positions()),
          again.co_varnames, sorted(again.co_cellvars), again.co_freevars)

f = types.FunctionType(rebuilt(outer.__code__), globals(), "f", (7,))
f.__kwdefaults__ = {"limit": 9}
print(f(1)(2), f(1, 2, 3, 4, limit=5, z=6, a=7)(10), step_seen)


# By value, nested code among the constants included, as packages do that send functions elsewhere.
def make_code(*fields):
    return types.CodeType(*fields)


def reduce_code(code):
    return make_code, tuple(getattr(code, "co_" + name) for name in NAMES)


class Pickler(pickle.Pickler):
    dispatch_table = copyreg.dispatch_table.copy()
    dispatch_table[types.CodeType] = reduce_code


file = io.BytesIO()
Pickler(file).dump(outer.__code__)
code = pickle.loads(file.getvalue())
print(code == outer.__code__, types.FunctionType(code, globals(), "g", (7,))(1, limit=3)(2))


# Others than those the code had
def small(a, b):
    c = a + b
    return "ten" + str(len(str(c)))


code = rebuilt(small.__code__, consts=tuple("thousand" if c == "ten" else c for c in small.__code__.co_consts) + (0,),
               names=small.__code__.co_names + ("more",),
               varnames=("x", "y", "z"), filename="elsewhere", name="n", qualname="q", firstlineno=100)
print(types.FunctionType(code, globals())(y=1, x=2), code.co_varnames, code.co_names[-1], code.co_filename, code.co_name,
      code.co_qualname, max(line - 100 for _, _, line in code.co_lines() if line))
moved = small.__code__.replace(co_firstlineno=50)
print(max(line - 50 for _, _, line in moved.co_lines() if line), moved == small.__code__,
      moved.replace(co_firstlineno=small.__code__.co_firstlineno) == small.__code__)
moved = small.__code__.replace(co_varnames=("p", "q", "r"))
print(types.FunctionType(moved, globals())(p=1, q=2), moved.co_varnames, moved.co_nlocals)


def guarded():
    try:
        return 1 / 0
    except ZeroDivisionError:
        return "caught"


bare = types.FunctionType(guarded.__code__.replace(co_exceptiontable=b""), globals())
print(guarded(), bare.__code__ == guarded.__code__)
try:
    print(bare())
except ZeroDivisionError as e:
    print(e)
lines = guarded.__code__.replace(co_linetable=b"")
print(list(lines.co_lines()), list(lines.co_positions()), types.FunctionType(lines, globals())())


# Who reads the tables finds nothing else in them.
import dis

print([(e.start, e.end) > (0, 0) for e in dis._parse_exception_table(small.__code__)],
      len(dis._parse_exception_table(guarded.__code__)) > 0)
dis.dis(guarded, file=io.StringIO())

# What cannot be
def refused(what, *args, **kwargs):
    try:
        what(*args, **kwargs)
        print("made")
    except Exception as e:
        print(type(e).__name__, e)


fields = [getattr(small.__code__, "co_" + name) for name in NAMES]
refused(types.CodeType)
refused(types.CodeType, *fields[:15])
refused(types.CodeType, *fields, 1)
refused(types.CodeType, *fields, x=1)
for i in range(18):
    for bad in (None, 1.5, 2**40, -1, (1,), "x", b"x"):
        if (isinstance(bad, type(fields[i])) and i not in (0, 1, 2, 3, 8, 9, 16, 17)) or (i == 7 and bad == (1,)):
            continue
        refused(types.CodeType, *fields[:i], bad, *fields[i + 1:])
for name, bad in (("argcount", -1), ("argcount", "x"), ("argcount", 9), ("nlocals", 2), ("nlocals", 4), ("code", b"x"),
                  ("code", "x"), ("names", ("a", 2)), ("names", [1]), ("varnames", ("a",)), ("varnames", 3),
                  ("freevars", (3,)), ("filename", 3), ("linetable", 3), ("exceptiontable", "x"), ("consts", [1]),
                  ("stacksize", -1), ("firstlineno", -5), ("flags", -1), ("flags", "x"), ("x", 1)):
    refused(small.__code__.replace, **{"co_" + name if name != "x" else name: bad})
refused(rebuilt, small.__code__, nlocals=4)
refused(rebuilt, small.__code__, varnames=("a",))
refused(rebuilt, small.__code__, code=b"x")
