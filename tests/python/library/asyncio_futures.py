# _asyncio.Future: states, callbacks, cancelling, its iterator, attributes, re-initialisation, reports at the end.
import asyncio
import _asyncio
import contextvars
import gc
import re
import weakref


def show(text, names):
    try:
        value = eval(text, globals(), names)
        print(text, '->', re.sub(r'0x[0-9a-f]+', '0x', repr(value)))
    except BaseException as e:
        print(text, '!', type(e).__name__, e, repr(e.__context__))


class Loop:
    """Notes what a future asks of its loop."""
    debug = False

    def __init__(self):
        self.calls, self.reports = [], []

    def get_debug(self):
        return self.debug

    def call_soon(self, *args, **keywords):
        self.calls.append((args, sorted(keywords)))

    def call_exception_handler(self, context):
        self.reports.append(context)

    def __repr__(self):
        return '<Loop>'


print(asyncio.Future is _asyncio.Future, asyncio.Task is _asyncio.Task, asyncio.get_running_loop is _asyncio.get_running_loop)
print(_asyncio.Future, _asyncio.Task, _asyncio.Task.__mro__, _asyncio.Future[int], _asyncio.Future.__module__)
print(_asyncio.Future.__text_signature__, _asyncio.Task.__text_signature__)
for cls in _asyncio.Future, _asyncio.Task:
    for name in sorted(dir(cls)):
        if not name.startswith('__'):
            print(cls.__name__, name, type(getattr(cls, name)).__name__, getattr(getattr(cls, name), '__text_signature__', None))

loop = Loop()
print('pending')
f = asyncio.Future(loop=loop)
for text in ('f', 'f.done()', 'f.cancelled()', 'f._state', 'f._loop', 'f._callbacks', 'f._result', 'f._exception', 'f._source_traceback',
             'f._cancel_message', 'f._log_traceback', 'f._asyncio_future_blocking', 'f.get_loop()', 'f.result()', 'f.exception()',
             'f.set_exception(1)', 'f.set_exception(int)', 'f.set_exception(StopIteration)', 'f.add_done_callback()', 'f.add_done_callback(1, 2)',
             'f.add_done_callback(print, context=None)', 'f._callbacks', 'f.remove_done_callback(len)',
             'f.remove_done_callback(print)', 'f._callbacks', 'f.cancel(1, 2)', 'f.cancel(foo=1)', 'f.remove_done_callback()', 'f.set_result()',
             'f.set_result(result=1)', 'asyncio.Future(1)', 'asyncio.Future(x=1)', 'f.set_result(5)', 'f', 'f.result()', 'f.exception()',
             'f.set_result(6)', 'f.set_exception(ValueError())', 'f.cancel()', 'f._state', 'f._result'):
    show(text, {'f': f})

print('attributes')
f = asyncio.Future(loop=loop)
for name in ('_state', '_result', '_callbacks', '_loop', '_exception', '_log_traceback', '_asyncio_future_blocking', '_cancel_message'):
    for value in 0, 'x':
        try:
            setattr(f, name, value)
            print(name, value, getattr(f, name))
        except Exception as e:
            print(name, value, type(e).__name__, e)
    try:
        delattr(f, name)
    except Exception as e:
        print(name, type(e).__name__, e)
f.extra = 3
print(f.extra, weakref.ref(f)() is f)

print('not initialised')
for text in ('f.result()', 'f.exception()', 'f.cancel()', 'f.set_result(1)', 'f.set_exception(ValueError())', 'f.add_done_callback(print)',
             'f.remove_done_callback(print)', 'f.get_loop()', 'f._make_cancelled_error()', 'next(iter(f))', 'list(f)', 'f.done()', 'f.cancelled()',
             'f._state', 'f._loop', 'f._callbacks', 'f._result', 'f._exception', 'f._source_traceback', 'f._cancel_message',
             'f._log_traceback', 'f._asyncio_future_blocking', 'repr(f)'):
    show(text, {'f': _asyncio.Future.__new__(_asyncio.Future)})

print('cancelled')
f = asyncio.Future(loop=loop)
f.add_done_callback(len, context=contextvars.Context())
f.add_done_callback(abs)
loop.calls.clear()
for text in ('f.cancel(msg="m")', 'f', 'f.cancelled()', 'f.done()', 'f.result()', 'f.exception()', 'f._make_cancelled_error()', 'f._cancel_message',
             'f.cancel()', 'f._callbacks', 'loop.calls'):
    show(text, {'f': f})
f = asyncio.Future(loop=loop)
f.cancel()
show('f.result()', {'f': f})

print('exceptions')


def fail():
    raise ValueError('x')


try:
    fail()
except ValueError as e:
    error = e
f = asyncio.Future(loop=loop)
f.set_exception(error)
print(f._log_traceback, f._exception is error)
for n in range(3):
    try:
        f.result()
    except ValueError as e:
        names, t = [], e.__traceback__
        while t:
            names.append(t.tb_frame.f_code.co_name)
            t = t.tb_next
        print(names, f._log_traceback)
f = asyncio.Future(loop=loop)
f.set_exception(KeyError)
print(repr(f.exception()), f)

print('order of callbacks')
f = asyncio.Future(loop=loop)
done = [lambda f, n=n: n for n in range(12)]
for c in done:
    f.add_done_callback(c)
f.add_done_callback(done[3])
print(f.remove_done_callback(done[3]), f.remove_done_callback(done[0]), f.remove_done_callback(done[11]), f.remove_done_callback(done[0]))
f.add_done_callback(done[0])
print([done.index(c) for c, context in f._callbacks], {type(context).__name__ for c, context in f._callbacks})
loop.calls.clear()
f.set_result(None)
print([(done.index(args[0]), args[1] is f, names) for args, names in loop.calls], f._callbacks)
f.add_done_callback(print)
print(loop.calls[-1][0][0], loop.calls[-1][1])


class Evil:
    def __init__(self, f, answer):
        self.f, self.answer = f, answer

    def __eq__(self, other):
        self.f.remove_done_callback(len)
        if self.answer is None:
            raise KeyError('evil')
        return self.answer


for answer in False, True, None:
    f = asyncio.Future(loop=loop)
    for n in range(6):
        f.add_done_callback(len if n % 2 else abs)
    show('f.remove_done_callback(Evil(f, answer))', {'f': f, 'answer': answer})
    print([c for c, context in f._callbacks or ()])


class Refuses(Loop):
    def call_soon(self, callback, *args, context):
        if callback is abs:
            raise OSError('no')
        super().call_soon(callback)


f = asyncio.Future(loop=Refuses())
for c in len, abs, print:
    f.add_done_callback(c)
show('f.set_result(1)', {'f': f})
print(f, f._loop.calls, f._callbacks)

print('iterator')
f = asyncio.Future(loop=loop)
it = iter(f)
print(type(it), iter(it) is it)
show('type(it)()', {'it': it})
for text in ('it.throw()', 'it.throw(1)', 'it.throw(int)', 'it.throw(ValueError("a"), 1)', 'it.throw(ValueError, "q")', 'it.throw(ValueError, ("q", 1))',
             'it.throw(ValueError, ValueError("z"))', 'it.throw(ValueError, 1, 2)', 'it.close()', 'next(it)', 'it.send()', 'it.throw(ValueError, None, None)'):
    show(text, {'it': it})
it = f.__await__()
print(next(it) is f, f._asyncio_future_blocking)
for text in 'next(it)', 'it.send(5)':
    show(text, {'it': it})
f.set_result((1, 2))
for text in 'next(it)', 'next(it)', 'list(f)':
    show(text, {'it': it, 'f': f})


def delegating(f):
    return (yield from f)


g = delegating(f)
show('next(g)', {'g': g})
f = asyncio.Future(loop=loop)
g = delegating(f)
print(next(g) is f)
f.set_exception(OSError('later'))
show('next(g)', {'g': g})
f = asyncio.Future(loop=loop)
g = delegating(f)
next(g)
show('g.throw(IndexError("in"))', {'g': g})

print('subclasses')


class Sub(asyncio.Future):
    def __init__(self, *, loop):
        self.before = 1
        super().__init__(loop=loop)

    def cancel(self, msg=None):
        print('cancel', msg)
        return super().cancel(msg)

    def __del__(self):
        print('del', self.done())
        super().__del__()


f = Sub(loop=loop)
f.note = 1
print(f, f.before, f.note, isinstance(f, asyncio.Future), asyncio.isfuture(f))
print(f.cancel('s'), f)
del f
gc.collect()
f = asyncio.Future(loop=loop)
f.set_exception(OSError(1))
f.__init__(loop=loop)
print(f, f._exception, f._log_traceback)

print('reports')
f = asyncio.Future(loop=loop)
f.set_exception(OSError('unseen'))
del f
gc.collect()
print([{k: v if isinstance(v, str) else repr(v) for k, v in c.items()} for c in loop.reports])
loop.reports.clear()
loop.debug = True
f = asyncio.Future(loop=loop)
print(f._source_traceback[-1].line, len(f._source_traceback), re.sub(r'at .*:', 'at :', repr(f)))
f.set_exception(OSError('unseen'))
f.loop = f
del f
gc.collect()
print([sorted(c) for c in loop.reports])

print('loops')
for text in ('asyncio.get_running_loop()', '_asyncio._get_running_loop()', '_asyncio._set_running_loop()', '_asyncio._enter_task()',
             '_asyncio._enter_task(1)', '_asyncio._enter_task(1, 2)', '_asyncio._current_tasks', '_asyncio._enter_task(1, 3)', '_asyncio._leave_task(1, 3)',
             '_asyncio._leave_task(1, 2)', '_asyncio._leave_task(1, 2)', '_asyncio._current_tasks', '_asyncio._register_task(1)',
             '_asyncio._enter_task([], 1)', '_asyncio._set_running_loop(7)', 'asyncio.get_running_loop()', 'asyncio.get_event_loop()',
             '_asyncio._get_event_loop(5)', '_asyncio._set_running_loop(None)', '_asyncio._get_running_loop()'):
    show(text, {})
