# Asynchronous generators, what drives them, and the hooks of the event loop.
import gc
import sys
import types

sys.unraisablehook = lambda u: print("unraisable:", u.exc_value, u.object.__name__)


@types.coroutine
def pause(value):
    return (yield value)


def run(coroutine):
    values = []
    try:
        while True:
            values.append(coroutine.send(None))
    except StopIteration as stop:
        return values, stop.value


def attempt(function, *args):
    try:
        return function(*args)
    except BaseException as error:
        return f"{type(error).__name__}: {error}"


async def count(n):
    try:
        for i in range(n):
            got = yield i
            await pause(f"after {i}")
            if got:
                print("got", got)
    finally:
        await pause("finally")
        print("done")


async def uses():
    print([x async for x in count(2)])
    print({x: y async for x in count(2) for y in "ab"}, {x async for x in count(1) if x})
    async for x in count(3):
        print(x)
        if x == 1:
            break
    else:
        print("not reached")
    gc.collect()
    g = count(5)
    print(await g.__anext__(), await g.asend("hello"))
    try:
        await g.athrow(KeyError("thrown"))
    except KeyError as error:
        print(repr(error))
    try:
        await g.__anext__()
    except StopAsyncIteration as stop:
        print(repr(stop))
    await g.aclose()
    h = count(1)
    await h.aclose()
    first = await anext(count(1))
    gc.collect()
    print(first, await anext(h, "default"))
    print([x async for x in (y * 2 async for y in count(3))])
    return "end"


print(run(uses()))
g = count(1)
print(type(g).__name__, repr(g).split(" at ")[0], g.ag_running, g.ag_await, g.ag_code.co_name, g.ag_frame is None, aiter(g) is g)
step = g.__anext__()
print(type(step).__name__, type(g.aclose()).__name__, type(anext(g, 1)).__name__)
print(attempt(step.send, None))
print(attempt(step.send, None))
step = g.__anext__()
print(step.send(None), g.ag_running, attempt(g.__anext__().send, None), attempt(g.aclose().send, None), attempt(g.athrow(ValueError).send, None))
print(step.throw(ValueError))
print(attempt(step.send, None))
print(attempt(g.__anext__().send, None), attempt(g.aclose().send, None))


async def stubborn():
    try:
        yield 1
    except GeneratorExit:
        yield 2


g = stubborn()
print(attempt(run, g.__anext__()))
print(attempt(run, g.aclose()))


async def stops(error):
    yield 1
    raise error


async def collects(g):
    return [x async for x in g]


for error in (StopIteration(1), StopAsyncIteration(2), KeyError(3)):
    print(attempt(run, collects(stops(error))))


class NotIterable:
    def __aiter__(self):
        return 5


class BadNext:
    def __aiter__(self):
        return self

    def __anext__(self):
        return 5


for bad in (1, NotIterable(), BadNext()):
    print(attempt(run, collects(bad)), "" if isinstance(bad, BadNext) else (attempt(aiter, bad), attempt(anext, bad)))

# hooks
print(sys.get_asyncgen_hooks(), attempt(sys.set_asyncgen_hooks, 1), attempt(sys.set_asyncgen_hooks, None, "x"))


def finalizer(g):
    print("finalizer", g.__name__, g.ag_frame is not None)
    attempt(run, g.aclose())


sys.set_asyncgen_hooks(lambda g: print("first", g.__name__), finalizer)
print(sys.get_asyncgen_hooks().firstiter is not None)
g = count(3)
print(attempt(run, g.__anext__()), attempt(run, g.__anext__()))
del g
for _ in range(2):  # where the dead are found by looking, what was left in the machine's registers is gone by the second
    gc.collect()
g = count(3)
del g
sys.set_asyncgen_hooks(None, None)
print(tuple(sys.get_asyncgen_hooks()))
g = count(3)
print(attempt(run, g.__anext__()))
del g
