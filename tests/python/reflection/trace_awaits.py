# What who traces sees where a coroutine or a generator that is waited for ends.
import sys


async def nothing():
    pass


async def three():
    return 3


async def fails():
    raise KeyError(1)


def one():
    yield 1


def one_and_four():
    yield 1
    return 4


def delegates():
    yield from one()
    x = yield from one_and_four()
    yield from [x]
    for i in one():
        pass
    for i in one_and_four():
        pass


async def awaits():
    await nothing()
    x = await three()
    await nothing()
    return x


class Ready:
    def __await__(self):
        return iter(())


async def mixed():
    await Ready()
    for x in delegates():
        pass


async def meets():
    try:
        await fails()
    except KeyError:
        await nothing()


for function in awaits, mixed, meets:
    log = []

    def tracer(frame, event, argument):
        if event == "exception":
            argument = repr(argument[1])
        elif not isinstance(argument, (int, type(None))):
            argument = type(argument).__name__
        log.append((frame.f_code.co_name, event, frame.f_lineno - frame.f_code.co_firstlineno, argument))
        return tracer

    sys.settrace(tracer)
    try:
        function().send(None)
    except StopIteration:
        pass
    finally:
        sys.settrace(None)
    for entry in log:
        print(*entry)
