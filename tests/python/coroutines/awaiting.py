# Coroutines: their type, what can be awaited, who may drive them, their errors.
import collections.abc
import sys
import types


def run(coroutine):
    values = []
    try:
        while True:
            values.append(coroutine.send(None))
    except StopIteration as stop:
        return values, stop.value


@types.coroutine
def pause(value):
    return (yield value)


async def inner(n):
    await pause(n)
    return n * 2


async def main():
    return [await inner(i) for i in range(3)], await inner(5)


print(run(main()))
c = inner(1)
print(type(c).__name__, c.__name__, c.__qualname__, repr(c).split(" at ")[0])
print(c.cr_running, c.cr_suspended, c.cr_await, c.cr_origin, c.cr_code.co_name, c.cr_frame.f_lineno - c.cr_code.co_firstlineno)
print(c.send(None), c.cr_suspended, type(c.cr_await).__name__)
print(isinstance(c, collections.abc.Coroutine), isinstance(c, collections.abc.Generator), hasattr(c, "__iter__"), hasattr(c, "__next__"))
c.close()
print(c.cr_frame)


def attempt(function, *args):
    try:
        return function(*args)
    except BaseException as error:
        return f"{type(error).__name__}: {error}"


print(attempt(c.send, None), attempt(c.throw, ValueError), attempt(c.close))
fresh = inner(1)
print(attempt(fresh.send, 5))
fresh.close()


async def awaits(x):
    return await x


class Gives:
    def __init__(self, value):
        self.value = value

    def __await__(self):
        return self.value


for x in (1, [], Gives(3), Gives(iter([1, 2])), Gives(None)):
    print(attempt(run, awaits(x)))
other = inner(2)
print(attempt(run, awaits(Gives(other))))
print(attempt(run, awaits(Gives(other.__await__()))))


async def stops():
    raise StopIteration(1)


async def reenters():
    me.send(None)


me = reenters()
print(attempt(run, stops()))
print(attempt(me.send, None))


async def stubborn():
    while True:
        try:
            await pause(1)
        except GeneratorExit:
            pass


s = stubborn()
s.send(None)
print(attempt(s.close))


def delegates(c):
    yield from c


c = inner(1)
print(attempt(list, delegates(c)), attempt(iter, c), attempt(list, c))
w = c.__await__()
print(type(w).__name__, iter(w) is w, next(w), attempt(w.send, 1))
busy = inner(3)
first, second = awaits(busy), awaits(busy)
print(first.send(None), attempt(second.send, None))
first.close()


class Manager:
    def __init__(self, enter=None, leave=None):
        self.values = enter, leave

    def __aenter__(self):
        return self.values[0] or pause("enter")

    def __aexit__(self, *what):
        print("leaves with", what[0])
        return self.values[1] or pause("leave")


async def uses(manager, error=None):
    async with manager as m:
        if error:
            raise error
        return m


print(run(uses(Manager())))
print(attempt(run, uses(Manager(), KeyError(1))))
print(attempt(run, uses(Manager(enter=1))))
print(attempt(run, uses(Manager(leave=1))))
print(attempt(run, uses(Manager(leave=1), KeyError(1))))
print(attempt(run, uses(object())))


def origin():
    return inner(1)


sys.set_coroutine_origin_tracking_depth(2)
c = origin()
print([(line - origin.__code__.co_firstlineno, name) for _, line, name in c.cr_origin], sys.get_coroutine_origin_tracking_depth())
sys.set_coroutine_origin_tracking_depth(0)
print(attempt(sys.set_coroutine_origin_tracking_depth, -1))
c.close()
for name in "cr_running cr_await cr_origin".split():
    print(attempt(setattr, c, name, 1))
print(attempt(type(c)))
