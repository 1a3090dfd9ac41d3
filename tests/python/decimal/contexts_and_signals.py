# Contexts: settings, the current one, with statements, flags and traps, copies, pickles, subclasses, threads.
import contextvars
import copy
import decimal
import pickle
import threading
from collections.abc import MutableMapping
from decimal import *

D = Decimal


def attempt(function, *args, **kwargs):
    try:
        result = function(*args, **kwargs)
    except BaseException as error:
        print(args, kwargs, "->", type(error), error.args)
    else:
        print(args, kwargs, "->", result if isinstance(result, str) else repr(result))


c = Context(prec=7, traps=[])
nothing = dict.fromkeys(c.flags, 0)
for name, value in (("prec", 0), ("prec", "x"), ("prec", 1.5), ("prec", 10**30), ("prec", 10**18), ("prec", 10**18 - 1), ("prec", -1), ("prec", 2**63 - 1), ("prec", None), ("prec", True), ("Emin", 1), ("Emin", 0),
                    ("Emin", -10**18), ("Emin", -10**18 + 1), ("Emin", "0"), ("Emin", -2**63 - 1), ("Emax", -1), ("Emax", 10**18), ("Emax", 0), ("Emax", 999), ("rounding", "x"), ("rounding", 3), ("rounding", None), ("rounding", ROUND_UP), ("rounding", "ROUND_" + "05UP"),
                    ("clamp", 2), ("clamp", -1), ("clamp", 1), ("clamp", False), ("capitals", 2), ("capitals", "x"), ("capitals", 0), ("capitals", 2**64), ("flags", 3), ("flags", []), ("flags", {}), ("flags", None),
                    ("flags", [Inexact]), ("flags", nothing), ("flags", {**nothing, Inexact: "yes"}), ("traps", 3), ("traps", {Inexact: 1}), ("traps", {**nothing, Rounded: 1, Clamped: []}), ("traps", c.flags), ("flags", dict.fromkeys("abcdefghi", 1)), ("foo", 3), ("_flags", 1), ("__class__", int)):
    attempt(setattr, c, name, value)
    print(c)
for name in ("prec", "Emin", "rounding", "flags", "foo", "__dict__"):
    attempt(delattr, c, name)
    attempt(getattr, c, name)
for kwargs in ({"prec": 0}, {"prec": "x"}, {"rounding": 1}, {"Emin": 1}, {"Emax": -1}, {"capitals": 3}, {"clamp": 3}, {"flags": 3}, {"traps": 3}, {"flags": [3]}, {"traps": [int]}, {"foo": 2}, {"prec": None, "flags": {}},
               {"flags": {Inexact: 1}}, {"traps": c.traps, "flags": c.flags}, {"flags": (Inexact,)}, {"traps": [DivisionUndefined]}, {"traps": [InvalidOperation]}, {"flags": [Clamped, Clamped, Inexact]}, {"flags": nothing, "traps": []},
               {"prec": 3, "rounding": ROUND_FLOOR, "Emin": -5, "Emax": 5, "capitals": 0, "clamp": 1, "flags": [Underflow], "traps": list(c.flags)}, {"a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6, "g": 7, "h": 8, "i": 9}):
    attempt(Context, **kwargs)
attempt(Context, 1, 2, 3, 4, 5, 6, 7, 8, 9)
attempt(Context, 5, ROUND_UP, -3, 4, 0, 1, [], [Inexact])
attempt(Context, 5, prec=3)
again = Context(prec=5)
again.__init__(rounding=ROUND_UP)
print(again, again.__init__(), again.Etiny(), again.Etop(), again.radix(), hash(again) == hash(again), again == again, again == again.copy(), again != again.copy())

# Flags and traps.
holder = Context(prec=2)  # a context's mappings live as long as it does in CPython
flags = holder.flags
print(flags, len(flags), list(flags), dict(flags), isinstance(flags, MutableMapping), type(flags).__name__, bool(flags), [key in flags for key in (Inexact, ConversionSyntax, 3, "x")])
for function, args in ((flags.__getitem__, (3,)), (flags.__getitem__, (DivisionUndefined,)), (flags.__setitem__, (Inexact, "x")), (flags.__getitem__, (Inexact,)), (flags.__setitem__, (Inexact, [])), (flags.__setitem__, (Inexact, 1)),
                       (flags.__setitem__, (DivisionUndefined, 1)), (flags.__delitem__, (Inexact,)), (flags.get, (Inexact,)), (flags.get, ("x",)), (flags.get, ("x", "y")), (flags.update, ({Rounded: 1},)), (flags.pop, (Inexact,)),
                       (flags.clear, ()), (flags.popitem, ()), (flags.setdefault, (Inexact, 2)), (hash, (flags,)), (flags.copy, ()), (pickle.dumps, (flags,)), (copy.copy, (flags,)), (flags.keys, ()), (flags.items, ()), (flags.update, ({3: 4},))):
    attempt(function, *args)
print(flags, sorted(key.__name__ for key, value in flags.items() if value), list(flags.values()))
holding = Context(flags=[Inexact, Rounded])
other = holding.flags
print(flags == other, flags != other, other == flags.copy(), other == {}, other == 3, other == dict.fromkeys("abcdefghi"), other == flags.copy() | {Clamped: 1}, {**flags} == other, other is other, c.flags is c.flags)
attempt(lambda: flags < other)
c = Context(prec=5, traps=[])
f = c.flags
c.divide(1, 3)
print(f is c.flags, f[Inexact], f[Rounded])
f[Inexact] = False
print(c)
c.clear_flags()
c.traps[Inexact] = True
attempt(c.divide, 1, 3)
print(c, c.clear_traps(), c.clear_flags(), c)

# What is raised, where several signals are met.
c = Context(prec=5, Emin=-20, Emax=20)
cases = [lambda: c.divide(D(1), 0), lambda: c.divide(0, D(0)), lambda: c.divmod(5, 0), lambda: c.divmod(0, 0), lambda: c.divide_int(10**10, 1), lambda: c.sqrt(D(-1)), lambda: c.create_decimal("x"), lambda: c.multiply(D("1e20"), 10),
         lambda: c.multiply(D("1e-20"), D("1e-4")), lambda: c.multiply(D("1.2345e-20"), D("1.5e-3")), lambda: c.multiply(D("1e-20"), D("1e-30")), lambda: c.divide(1, 3), lambda: c.add(D("123456"), 0), lambda: c.add(D("100000"), 0), lambda: c.logb(0), lambda: c.quantize(D(1), D("1e-30")),
         lambda: c.compare_signal(D("nan"), 1), lambda: c.plus(D("snan12")), lambda: c.create_decimal("0e100"), lambda: c.remainder(10**20, D("1e-10")), lambda: c.create_decimal(1.1), lambda: c.create_decimal((0, (1,) * 9, 15)), lambda: c.scaleb(1, 10**6), lambda: c.shift(1, D("1.5")),
         lambda: c.logical_and(2, 1), lambda: c.max(D("snan"), 1), lambda: c.next_plus(D("snan")), lambda: c.to_integral_exact(D("1.5")), lambda: c.normalize(D("1e-24"))]
for n, case in enumerate(cases):
    for traps in ([], [signal for signal in c.flags], [InvalidOperation], [Inexact, Clamped], [Rounded, Underflow, DivisionByZero, Overflow], [FloatOperation, Subnormal]):
        c.clear_flags()
        c.traps = {signal: signal in traps for signal in c.flags}
        try:
            result = repr(case())
        except ArithmeticError as error:
            result = f"{type(error).__name__}{error.args} {str(error)}"
        print(n, result, repr(c)[repr(c).index("flags"):])
for name in ("DecimalException", "Clamped", "InvalidOperation", "DivisionByZero", "Inexact", "Rounded", "Subnormal", "Overflow", "Underflow", "FloatOperation", "ConversionSyntax", "DivisionImpossible", "DivisionUndefined", "InvalidContext"):
    error = getattr(decimal, name)
    print(error, error.__mro__, error.__module__, error.__doc__ is None or decimal.__name__, error(), error("x", 1), pickle.loads(pickle.dumps(error("x"))), pickle.loads(pickle.dumps(error)) is error)

# The current context.
print(getcontext() is getcontext(), getcontext(), DefaultContext, BasicContext, ExtendedContext)
for template in (DefaultContext, BasicContext, ExtendedContext):
    setcontext(template)
    print(getcontext() is template, getcontext())
setcontext(c)
print(getcontext() is c)
attempt(setcontext, 3)
setcontext(DefaultContext)
getcontext().prec = 9
with localcontext() as inner:
    inner.prec = 4
    print(D(1) / 3, getcontext() is inner)
    with localcontext(ExtendedContext) as third:
        print(D(1) / 0, getcontext() is third, third)
    with localcontext(inner, prec=2, rounding=ROUND_UP, Emin=-7, Emax=7, capitals=0, clamp=1, flags=[Clamped], traps=[Inexact]) as fourth:
        print(fourth)
    print(getcontext() is inner, inner)
print(D(1) / 3, getcontext())
for args, kwargs in (((3,), {}), ((), {"prec": 5, "foo": 3}), ((), {"prec": 0}), ((), {"flags": [Inexact], "traps": {Inexact: 1}}), ((None,), {"rounding": 3}), ((1, 2), {}), ((), {"context": 3}), ((), {"ctx": "x"}), ((), {"Emin": 1}), ((), {"traps": [3]}), ((), {"flags": None, "clamp": 2})):
    attempt(localcontext, *args, **kwargs)
manager = localcontext(prec=None, Emin=None)
print(type(manager), manager.__enter__() is getcontext(), manager.__exit__(None, None, None), manager.__exit__(), getcontext().prec)
attempt(type(manager))
attempt(manager.__exit__, 1)
before = getcontext()
try:
    with localcontext(prec=3):
        raise KeyError("left by an exception")
except KeyError:
    print(getcontext() is before)

with localcontext(prec=3) as three:
    snapshot = contextvars.copy_context()
print(getcontext().prec, snapshot.run(lambda: (getcontext() is three, D(2) / 3, getcontext().prec)), D(2) / 3)


def changes():
    getcontext().prec = 11  # in place: seen outside
    setcontext(Context(prec=2))  # in the snapshot only
    return D(2) / 3


print(snapshot.run(changes), three.prec, getcontext().prec, D(2) / 3, snapshot.run(lambda: D(1) / 7), D(1) / 7)


def generator():
    with localcontext(prec=2):
        yield D(1) / 3
        yield D(2) / 3


steps = generator()
print(next(steps), D(1) / 7, next(steps), D(1) / 7, list(steps), D(1) / 7)
seen = []


def in_thread():
    seen.append(getcontext())
    seen.append(D(1) / 3)
    getcontext().prec = 2
    seen.append(D(1) / 3)


DefaultContext.prec, DefaultContext.flags[Rounded] = 6, True
thread = threading.Thread(target=in_thread)
thread.start()
thread.join()
print(seen, D(1) / 3, Context())
DefaultContext.prec, DefaultContext.flags[Rounded] = 28, False

# Copies and pickles.
c = Context(prec=5, rounding=ROUND_FLOOR, Emin=-7, Emax=9, capitals=0, clamp=1, flags=[Inexact], traps=[Overflow, Clamped])
for twin in (c.copy(), copy.copy(c), copy.deepcopy(c), *(pickle.loads(pickle.dumps(c, protocol)) for protocol in range(6))):
    print(twin, type(twin), twin.flags == c.flags, twin.flags is c.flags)
print(c.__reduce__())


class Own(Context):
    extra = 1


own = Own(prec=3)
own.note = "kept"
print(own, own.note, type(own.copy()), type(copy.copy(own)), own.__reduce__(), type(pickle.loads(pickle.dumps(own))), own.divide(1, 3))
attempt(getattr, own, "missing")
attempt(delattr, own, "note")
setcontext(own)
print(getcontext() is own, D(1) / 3)
with localcontext() as inner:
    print(type(inner))


class Strange(Context):
    def __init__(self, depth):
        super().__init__(prec=depth)
        self.depth = depth


print(Strange(4), Strange(4).depth)
attempt(Strange)
attempt(Strange, prec=3)
setcontext(Context())
