# What drives an asynchronous generator: async for, awaited asend(), and send() of the awaitables by hand.
import sys


def run(coroutine):
    yielded = []
    try:
        while True:
            yielded.append(coroutine.send(None))
    except StopIteration as stop:
        return stop.value, yielded


class Pause:
    def __init__(self, value):
        self.value = value

    def __await__(self):
        got = yield self.value
        return got


async def numbers(n):
    for i in range(n):
        if i % 3 == 2:
            await Pause('pause %d' % i)
        yield i


async def total(n):
    result = 0
    async for i in numbers(n):
        result += i
    return result


print(run(total(10)))


# Whatever is yielded arrives as it is.
async def anything():
    for value in (None, (), (1, 2), ValueError('x'), StopIteration(5), [3]):
        yield value


async def collect():
    return [repr(value) async for value in anything()]


print(run(collect()))


# Values sent in.
async def echo():
    got = 'first'
    while got is not None:
        got = yield got


async def talk():
    e = echo()
    said = [await e.asend(None)]
    for word in ('a', 'b', (1, 2)):
        said.append(await e.asend(word))
    try:
        await e.asend(None)
    except StopAsyncIteration as stop:
        said.append(type(stop).__name__)
    return said


print(run(talk()))

# By hand: the value is in StopIteration, and an awaitable is good for one time.
generator = numbers(4)
step = generator.__anext__()
try:
    step.send(None)
except StopIteration as stop:
    print('stop', stop.value)
for again in (lambda: step.send(None), lambda: next(step)):
    try:
        again()
    except RuntimeError as error:
        print(error)


async def await_twice():
    generator = numbers(4)
    step = generator.__anext__()
    print(await step)
    try:
        await step
    except RuntimeError as error:
        print(error)
    busy = numbers(9)
    await busy.__anext__(), await busy.__anext__()
    waits = busy.__anext__()
    print(waits.send(None))
    try:
        await busy.__anext__()
    except RuntimeError as error:
        print(error)


print(run(await_twice()))


# Errors on the way.
async def fails():
    yield 1
    raise KeyError('inside')


async def stops():
    yield 1
    raise StopIteration('inside')


async def catch(make):
    got = []
    try:
        async for i in make():
            got.append(i)
    except Exception as error:
        got.append((type(error).__name__, str(error)))
    return got


print(run(catch(fails)), run(catch(stops)))

# A trace function sees the StopIteration of each step.
events = []


def trace(frame, event, argument):
    if frame.f_code.co_name == 'traced':
        events.append((event, argument[0].__name__ if event == 'exception' else None))
        return trace


async def traced():
    async for i in numbers(2):
        pass


sys.settrace(trace)
run(traced())
sys.settrace(None)
print([e for e in events if e[0] == 'exception'])
