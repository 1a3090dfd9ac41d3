# _asyncio.Task: steps, what coroutines may yield, cancelling, names, contexts, subclasses, reports at the end, the child of a fork.
import asyncio
import _asyncio
import contextvars
import gc
import os
import re
import sys
import threading
import warnings


def show(text, names):
    try:
        value = eval(text, globals(), names)
        print(text, '->', re.sub(r'0x[0-9a-f]+', '0x', repr(value)))
    except BaseException as e:
        print(text, '!', type(e).__name__, e, repr(e.__context__))


def plain(v):
    return re.sub(r"0x[0-9a-f]+| at \S*:\d+|defined at [^>]*", '', repr(v))


async def nothing():
    return 1


async def sleeps(n=1):
    for _ in range(n):
        await asyncio.sleep(0)
    return n

loop = asyncio.new_event_loop()
run = loop.run_until_complete

print('a task')
t = asyncio.Task(sleeps(), loop=loop)
print(plain(t), type(t), plain(t.get_coro()), t._fut_waiter, t._must_cancel, t._log_destroy_pending, t.get_name())
step = loop._ready[0]._callback
print(type(step).__name__, step.__self__ is t)
for text in ('step(1, 2)', 'step(x=1)', 't.set_result(1)', 't.set_exception(1)', 't.set_name(5)', 't.get_name()', 't.get_stack(1)',
             'len(t.get_stack(limit=None))',
             't.cancelling()', 't.uncancel()', 't.cancel(1, 2)', 'asyncio.Task()', 'asyncio.Task(1, loop=loop)', 't in asyncio.all_tasks(loop)',
             'asyncio.current_task(loop)', 'type(step)()'):
    show(text, {'t': t, 'step': step})
print(run(t), plain(t), t.done())
show('step()', {'step': step})
t.print_stack(file=sys.stdout)

print('what is yielded')


class Yields:
    def __init__(self, v):
        self.v = v

    def __await__(self):
        return (yield self.v)


async def awaits(v):
    try:
        return await Yields(v)
    except BaseException as e:
        return plain(e)


def a_generator():
    yield

other = asyncio.new_event_loop()
for v in None, 1, a_generator(), loop.create_future(), other.create_future(), asyncio.Future(loop=loop):
    print(run(awaits(v)))


async def itself():
    try:
        await asyncio.current_task()
    except RuntimeError as e:
        print(plain(e))


run(itself())


async def foreign():
    try:
        await other.create_future()
    except RuntimeError as e:
        print(plain(e))


run(foreign())


class Like:
    """Not a future, but like one."""
    _asyncio_future_blocking = False

    def __init__(self, result):
        self._result = result
        self._loop = loop

    def add_done_callback(self, fn, context):
        print('add', plain(fn), type(fn).__name__, type(context).__name__)
        loop.call_soon(fn, self, context=context)

    def result(self):
        if isinstance(self._result, Exception):
            raise self._result
        return self._result

    def cancel(self, msg=None):
        print('cancel', msg)
        return False

    def __await__(self):
        self._asyncio_future_blocking = True
        yield self
        return self.result()


async def likes(v):
    return await Like(v)

print(run(likes(3)))
show('run(likes(OSError(4)))', {})


class Coroutine:
    """Nor is this a coroutine."""

    def __init__(self):
        self.log = []

    def send(self, v):
        self.log.append(v)
        if len(self.log) == 3:
            raise StopIteration(len(self.log))

    def throw(self, *e):
        self.log.append(plain(e))

    def close(self):
        pass

    def __await__(self):
        return self

asyncio.coroutines._is_coroutine, asyncio.coroutines._COROUTINE_TYPES
asyncio.coroutines._COROUTINE_TYPES += (Coroutine,)
c = Coroutine()
t = asyncio.Task(c, loop=loop)
loop._run_once()
t.cancel('why')
print(run(t), c.log)

print('cancelling')


async def stubborn():
    for n in range(2):
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError as e:
            print('cancelled', e.args, asyncio.current_task().cancelling())
    asyncio.current_task().uncancel()
    return asyncio.current_task().cancelling()


async def cancels():
    t = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    print(plain(t))
    print(t.cancel('one'), t._fut_waiter)
    print(plain(t))
    await asyncio.sleep(0)
    t.cancel()
    print(await t)
    print(t.cancel(), t.cancelling())
    t = asyncio.create_task(sleeps(100), name='sleeper')
    t.cancel('before it begins')
    try:
        await t
    except asyncio.CancelledError as e:
        print(e.args, t.cancelled(), plain(t))
    t = asyncio.create_task(stubborn())
    outer = asyncio.create_task(asyncio.wait_for(asyncio.shield(t), 5))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    outer.cancel('outer')
    try:
        await outer
    except asyncio.CancelledError as e:
        print(e.args, t.done())
    t.cancel()
    await asyncio.sleep(0)
    t.cancel()
    print(await asyncio.gather(t, return_exceptions=True))

    async def stops():
        asyncio.current_task().cancel('right before')
    t = asyncio.create_task(stops())
    try:
        await t
    except asyncio.CancelledError as e:
        print(e.args, t.cancelled())
    try:
        await t
    except asyncio.CancelledError as e:
        print(e.args)

run(cancels())

print('exceptions')


async def fails(e):
    await asyncio.sleep(0)
    raise e

for e in ValueError('v'), StopIteration(1), asyncio.TimeoutError(), GeneratorExit():
    show('run(fails(e))', {'e': e})
for e in KeyboardInterrupt('k'), SystemExit(3):
    t = asyncio.Task(fails(e), loop=loop)
    try:
        loop.run_forever()
    except BaseException as got:
        print(got is e, repr(t.exception()), plain(t))


async def traced():
    def inner():
        1 / 0
    inner()

t = asyncio.Task(traced(), loop=loop)
try:
    run(t)
except ZeroDivisionError as e:
    names, tb = [], e.__traceback__
    while tb:
        names.append(tb.tb_frame.f_code.co_name)
        tb = tb.tb_next
    print(names[-2:], 'step' in names)
print([f.f_code.co_name for f in t.get_stack()][-2:], [f.f_code.co_name for f in t.get_stack(limit=1)])

print('names and contexts')
v = contextvars.ContextVar('v', default=0)


async def context():
    v.set(v.get() + 1)
    await asyncio.sleep(0)
    return v.get()


async def contexts():
    one = contextvars.copy_context()
    print(await asyncio.create_task(context()), v.get())
    for n in range(2):
        print(await asyncio.create_task(context(), context=one), v.get(), one[v])
    a, b = asyncio.create_task(nothing()), asyncio.create_task(nothing())
    print(int(b.get_name()[5:]) - int(a.get_name()[5:]), a.get_name().startswith('Task-'))
    t = asyncio.create_task(nothing(), name=7)
    print(repr(t.get_name()), await asyncio.gather(a, b, t))

    class Text(str):
        pass
    t = asyncio.Task(nothing(), name=Text('text'), loop=loop)
    print(type(t.get_name()), await t)

run(contexts())

print('subclasses')


class Sub(asyncio.Task):
    def __init__(self, *args, **keywords):
        super().__init__(*args, **keywords)
        self.note = 'note'

    def add_done_callback(self, fn, *, context=None):
        print('add', type(fn).__name__)
        super().add_done_callback(fn, context=context)

    def result(self):
        print('result')
        return super().result()


async def subclassed():
    t = Sub(sleeps(2))
    print(await t, t.note, plain(t))

loop.set_task_factory(lambda loop, coro, **keywords: Sub(coro, loop=loop, **keywords))
run(subclassed())
loop.set_task_factory(None)
for cls in asyncio.tasks._PyTask, asyncio.tasks._CTask:
    async def mixed():
        f = asyncio.futures._PyFuture(loop=loop)
        t = cls(sleeps(1), loop=loop)
        loop.call_soon(f.set_result, 'set')
        return await f, await t, await cls(asyncio.wait_for(asyncio.sleep(0, 'slept'), 5), loop=loop)
    print(run(cls(mixed(), loop=loop)))

# Tasks that die before their first step: when, and so where the warning is, depends on the collector.
warnings.filterwarnings('ignore', 'coroutine .* was never awaited')
print('reports')
reports = []
loop.set_exception_handler(lambda loop, context: reports.append(context))
t = asyncio.Task(sleeps(), loop=loop)
loop._ready.clear()
del t
gc.collect()
print([{k: v if isinstance(v, str) else plain(v) for k, v in c.items()} for c in reports])
reports.clear()
t = asyncio.Task(sleeps(), loop=loop)
t._log_destroy_pending = False
loop._ready.clear()
del t
gc.collect()
print(reports)


async def unseen():
    asyncio.create_task(fails(OSError('unseen')))
    for n in range(4):
        await asyncio.sleep(0)

run(unseen())
gc.collect()
print([c['message'] for c in reports])

print('cycles')


class Marker:
    def __del__(self):
        print('marker gone')


async def cycle():
    f = loop.create_future()
    f.marker, f.self = Marker(), f
    f.add_done_callback(lambda f, g=f: None)

run(cycle())
gc.collect()

print('threads and processes')


def in_thread():
    show('asyncio.get_running_loop()', {})
    own = asyncio.new_event_loop()
    print(own.run_until_complete(asyncio.wait_for(sleeps(3), 60)))
    own.close()


async def beside():
    await asyncio.to_thread(in_thread)
    f = asyncio.run_coroutine_threadsafe(sleeps(2), loop)
    print(await asyncio.wrap_future(f))
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        print('child', _asyncio._get_running_loop())
        show('asyncio.get_running_loop()', {})
        sys.stdout.flush()
        os._exit(0)
    os.waitpid(pid, 0)
    print('parent', asyncio.get_running_loop() is loop)

run(beside())
print(_asyncio._current_tasks, _asyncio._get_running_loop(), threading.active_count() > 0)
loop.run_until_complete(loop.shutdown_default_executor())
loop.close()
other.close()
