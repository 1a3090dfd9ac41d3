# SPDX-License-Identifier: MIT
"""Asynchronous generators of many kinds, driven step by step by hand, in the right order or not.

A round makes one generator, then draws awaitables of it (asend, athrow, aclose, anext with a default), sends and throws
into them, looks at the generator, and lets it die where it stands. It prints all of it in one line: what each step gave
or raised, with context and cause, and what the generator's body saw. In every second round there are hooks
(sys.set_asyncgen_hooks).

Not drawn: a generator without hooks that returns when GeneratorExit comes while it dies. CPython tells of an unraisable
StopAsyncIteration there.
"""
import gc
import sys
import types
import warnings

from _drawing import describe, mask, printable, run, say

ROUNDS = 1500

log = []


class Bad(Exception):
    pass


@types.coroutine
def pause(value):
    return (yield ("paused", value))


async def plain():
    try:
        log.append(("got", (yield 1)))
        log.append(("got", (yield 2)))
    except ValueError as error:
        log.append(("caught", repr(error)))
        log.append(("got", (yield "after")))
    finally:
        log.append("finally")


async def awaiting():
    try:
        log.append(("awaited", await pause("a")))
        log.append(("got", (yield 1)))
        await pause("b")
        yield 2
    except Bad:
        log.append("bad")
        await pause("in except")
        yield 3
    finally:
        await pause("in finally")
        log.append("finally")


async def ignores_exit():
    while True:
        try:
            yield 1
        except GeneratorExit:
            log.append("ignored")
        except Bad:
            log.append("bad")


async def raises_on_exit():
    try:
        yield 1
    except GeneratorExit:
        raise Bad("exit")


async def returns_on_exit():
    try:
        yield 1
    except GeneratorExit:
        return


async def awaits_on_exit():
    try:
        yield 1
    except GeneratorExit:
        await pause("exit")
        log.append("exited")
        raise


async def yields_on_exit():
    try:
        yield 1
    finally:
        yield 2


async def raises_stop():
    yield 1
    raise StopIteration("s")


async def raises_async_stop():
    yield 1
    raise StopAsyncIteration("s")


async def empty():
    return
    yield


async def over_plain():
    async for x in plain():
        yield ("over", x)


async def over_awaiting():
    async for x in awaiting():
        yield ("over", x)


async def catches_async_stop():
    try:
        yield 1
    except StopAsyncIteration:
        log.append("own")
        yield 2


KINDS = [plain, awaiting, ignores_exit, raises_on_exit, awaits_on_exit, yields_on_exit, raises_stop]
KINDS += [raises_async_stop, empty, over_plain, over_awaiting, catches_async_stop]
KINDS_WITH_HOOKS = KINDS + [returns_on_exit]

AWAITABLES = {
    "next": lambda g: g.__anext__(),
    "asend None": lambda g: g.asend(None),
    "asend 5": lambda g: g.asend(5),
    "athrow ValueError('v')": lambda g: g.athrow(ValueError("v")),
    "athrow ValueError": lambda g: g.athrow(ValueError),
    "athrow ValueError, 'a'": lambda g: g.athrow(ValueError, "a"),
    "athrow Bad": lambda g: g.athrow(Bad("t")),
    "athrow GeneratorExit": lambda g: g.athrow(GeneratorExit),
    "athrow StopAsyncIteration": lambda g: g.athrow(StopAsyncIteration("x")),
    "athrow StopIteration": lambda g: g.athrow(StopIteration("x")),
    "athrow 5": lambda g: g.athrow(5),
    "aclose": lambda g: g.aclose(),
    "anext default": lambda g: anext(g, "default"),
    "anext": lambda g: anext(g),
}
STEPS = {
    "send None": lambda a: a.send(None),
    "send 7": lambda a: a.send(7),
    "next": lambda a: next(a),
    "throw ValueError('t')": lambda a: a.throw(ValueError("t")),
    "throw Bad": lambda a: a.throw(Bad("t")),
    "throw GeneratorExit": lambda a: a.throw(GeneratorExit),
    "throw StopIteration": lambda a: a.throw(StopIteration("t")),
    "throw StopAsyncIteration": lambda a: a.throw(StopAsyncIteration("t")),
    "throw 5": lambda a: a.throw(5),
    "throw ValueError, 'm'": lambda a: a.throw(ValueError, "m"),
    "close": lambda a: a.close(),
    "iter": lambda a: iter(a) is a,
    "await": lambda a: a.__await__() is a,
}
LOOKS = {
    "running": lambda g: g.ag_running,
    "frame": lambda g: g.ag_frame is None,
    "await": lambda g: type(g.ag_await).__name__,
}
AWAITABLE_NAMES, STEP_NAMES, LOOK_NAMES = list(AWAITABLES), list(STEPS), list(LOOKS)


def drive(draw, generator, awaitables):
    """One step: (its name, what it gave)."""
    chance = draw.below(100)
    if chance < 33 or not awaitables:
        name = draw.pick(AWAITABLE_NAMES) if draw.chance(60) else "next"
        awaitables.append(AWAITABLES[name](generator))
        return name
    if chance < 92:
        i = -1 if draw.chance(80) else draw.below(len(awaitables)) - len(awaitables)
        name = draw.pick(STEP_NAMES) if draw.chance(40) else "send None"
        try:
            return name, i, STEPS[name](awaitables[i])
        except BaseException as error:
            found = (repr(error), repr(error.__context__), repr(error.__cause__), getattr(error, "value", None))
            error.__traceback__ = None
            return name, i, found
    if chance < 97:
        name = draw.pick(LOOK_NAMES)
        return name, LOOKS[name](generator)
    awaitables.pop(draw.below(len(awaitables)))
    return "drop"


def play_round(draw):
    log.clear()
    hooks = draw.chance(50)
    if hooks:
        sys.set_asyncgen_hooks(lambda g: log.append(("first", g.__name__)), lambda g: log.append(("last", g.__name__)))
    else:
        sys.set_asyncgen_hooks(None, None)
    kind, out, awaitables = draw.pick(KINDS_WITH_HOOKS if hooks else KINDS), [], []
    generator = kind()
    for _ in range(draw.between(2, 11)):
        try:
            out.append(drive(draw, generator, awaitables))
        except Exception as error:
            out.append(describe(error))
    if draw.chance(50):
        awaitables.clear()
    del generator
    awaitables.clear()
    if draw.chance(2):
        gc.collect()
    say(kind.__name__, "hooks" if hooks else "", printable(mask(str(out))), "| body", log)


def note_unraisable(unraisable):
    log.append(("unraisable", describe(unraisable.exc_value)))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    run(play_round, ROUNDS, note_unraisable)
