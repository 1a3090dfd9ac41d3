"""Generators that builtins run to their end, or not: what can be seen of them meanwhile and afterwards."""
import gc
import inspect
import sys
import traceback


def numbers(n, log=None):
    try:
        for i in range(n):
            if log is not None:
                log.append(i)
            yield i
    finally:
        if log is not None:
            log.append("end")
    return "result"


print(list(numbers(5)), tuple(numbers(3)), sum(numbers(10)), sorted(numbers(3)), ",".join(str(x) for x in numbers(4)))
print(sum(numbers(4), 0.5), sum((x / 2 for x in numbers(5)), 0.0), sum(x << 61 for x in numbers(6)))
print(sum(([x] for x in numbers(3)), []), sum(float(x) if x & 1 else x for x in numbers(6)))
print(any(x > 2 for x in numbers(9)), all(x < 3 for x in numbers(9)), any([]), all(x for x in numbers(0)))
print(any(x for x in [0, "", [], {}, 0.0, (), "x"]), all(x for x in [1, "a", [1], 2.5, (1,)]), all(x for x in [True, None]))

# Stopping early leaves it suspended, where it was.
log = []
g = numbers(10, log)
print(any(x == 3 for x in g), log, next(g), inspect.getgeneratorstate(g))
log.clear()
print(all(x < 6 for x in g), log, next(g), log, g.gi_running, g.gi_frame.f_lineno)
x = [0]
x.extend(g)
print(x, log, inspect.getgeneratorstate(g), g.gi_frame, list(g), sum(g), any(g))


# What the items do.
class Truth:
    def __init__(self, g):
        self.g = g

    def __bool__(self):
        print("asked", inspect.getgeneratorstate(self.g[0]), sys._getframe().f_back.f_code.co_name)
        return False


def truths(holder):
    for i in range(3):
        yield Truth(holder)
        yield False


holder = []
holder.append(truths(holder))
print(any(holder[0]))


class Adds:
    def __init__(self, n):
        self.n = n

    def __radd__(self, other):
        print("add", other, sys._getframe().f_back.f_code.co_name, inspect.getgeneratorstate(adding))
        return other + self.n


def adds():
    yield 1
    yield 2
    yield Adds(3)
    yield 4
    yield 5.5
    yield 0.25
    yield Adds(1)


adding = adds()
print(sum(adding))


# Whom the generator sees.
def sees():
    yield sys._getframe().f_back.f_code.co_name
    yield sys._getframe().f_back.f_code.co_name
    yield sys._getframe().f_back.f_lineno > 0


def consumer():
    return list(sees())


print(consumer())


# A generator that wants itself.
def itself():
    yield 1
    try:
        yield sum(me)
    except ValueError as e:
        print(e)
    yield 2
    try:
        next(me)
    except ValueError as e:
        print(e)


me = itself()
print(list(me))


# A list that grows from what looks at it.
def looking(out):
    for i in range(20):
        yield len(out)


out = [7]
out.extend(looking(out))
print(out)
def clearing(out):
    for i in range(40):
        if i % 7 == 0:
            out.clear()
        yield i
out.extend(clearing(out))
print(out)


# Exceptions.
def raising(n, what):
    for i in range(n):
        yield i
    raise what


for consume in (list, tuple, sum, sorted, lambda g: any(x < 0 for x in g), lambda g: [].extend(g), lambda g: [*g]):
    for what in (ValueError("v"), StopIteration("s"), KeyError("k")):
        try:
            consume(raising(3, what))
        except Exception as e:
            print(type(e).__name__, e, [f.name for f in traceback.extract_tb(e.__traceback__)][1:], type(e.__cause__).__name__)
def handled():
    try:
        raise OSError("inner")
    except OSError:
        yield 1
        yield sys.exc_info()[0]
        yield 2
print(list(handled()), sys.exc_info())
try:
    raise KeyError("outer")
except KeyError:
    print(list(handled()), sys.exc_info()[0])
    def context():
        yield sys.exc_info()[0]
        yield sys.exc_info()[0]
    print(list(context()))
def mixed():
    try:
        raise OSError("inner")
    except OSError:
        yield 1
        yield "x"
try:
    sum(mixed())
except TypeError as e:
    print(e, e.__context__)


# Nested, delegating, deep.
def inner(n):
    yield from range(n)
    yield from numbers(n)
    return n


def outer(n):
    a = yield from inner(n)
    yield ("got", a)
    b = yield from (x * 2 for x in inner(2))
    yield b


print(list(outer(3)), sum(inner(4)), any(x > 100 for x in inner(5)))
print(sum(sum(y for y in range(x)) for x in range(10)), list(list(y for y in range(x)) for x in range(4)))


def deep(n):
    if n:
        yield sum(deep(n - 1)) + 1
    else:
        yield 0


print(sum(deep(50)))
def endless():
    yield sum(endless())
try:
    sum(endless())
except RecursionError as e:
    print("RecursionError")
print(list(numbers(3)))


# Trace functions that come and go.
events = []
def tracer(frame, event, arg):
    if frame.f_code.co_name in ("traced", "switching"):
        events.append((frame.f_code.co_name, event, frame.f_lineno - frame.f_code.co_firstlineno, arg if event == "return" else None))
    return tracer


def traced():
    yield 1
    yield 2


def switching():
    yield 1
    sys.settrace(tracer)
    yield 2
    yield 3
    sys.settrace(None)
    yield 4


sys.settrace(tracer)
result = list(traced()), sum(traced()), any(x > 5 for x in traced())
sys.settrace(None)
print(result, events)
events.clear()
print(list(switching()), sum(switching()))
print(events)
def hook(frame, event, arg):
    if frame.f_code.co_name == "traced":
        events.append((event, arg))
events.clear()
sys.setprofile(hook)
result = list(traced()), sum(traced())
sys.setprofile(None)
print(result, events)


# Dropped while it runs, and closed.
class Holder:
    pass


h = Holder()
def dropping():
    yield 1
    del h.g
    gc.collect()
    yield 2
    yield 3
h.g = dropping()
print(sum(h.g))
def closing():
    yield 1
    try:
        g.close()
    except ValueError as e:
        print(e)
    yield 2
g = closing()
print(list(g))
def collecting():
    for i in range(5):
        gc.collect()
        yield [i]
print(list(collecting()), sum(collecting(), []))
