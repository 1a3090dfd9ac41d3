# Context managers whose methods are functions run in the caller's loop.
import sys


class Log:
    def __init__(self, name='m', swallow=False):
        self.name, self.swallow = name, swallow

    def __enter__(self):
        print('enter', self.name)
        return self

    def __exit__(self, kind, value, traceback):
        print('exit', self.name, kind and kind.__name__, value)
        return self.swallow


def simple():
    with Log() as m:
        print('in', m.name)
    with Log('a'), Log('b') as b:
        print(b.name)
    with Log():
        pass


simple()


def leaves(how):
    for i in range(3):
        with Log(how):
            if how == 'return':
                return 'returned'
            if how == 'break':
                break
            if how == 'continue':
                continue
            if how == 'raise':
                raise ValueError(how)
    return 'end'


for how in 'return', 'break', 'continue', 'raise':
    try:
        print(leaves(how))
    except ValueError as e:
        print('caught', e, e.__traceback__.tb_next.tb_lineno)

with Log('swallows', True):
    raise KeyError('gone')


# Exceptions of the methods themselves, with what tracebacks show.
class FailsToEnter(Log):
    def __enter__(self):
        raise LookupError('enter')


class FailsToExit(Log):
    def __exit__(self, *args):
        raise LookupError('exit')


def frames(e):
    t, lines = e.__traceback__, []
    while t:
        lines.append((t.tb_frame.f_code.co_name, t.tb_lineno - t.tb_frame.f_code.co_firstlineno))
        t = t.tb_next
    return lines


def fails(kind):
    try:
        with kind():
            print('body')
    except LookupError as e:
        print(e, frames(e), e.__context__)
    try:
        with kind():
            raise ValueError('body')
    except LookupError as e:
        print(e, frames(e), repr(e.__context__))
    with Log('outer', True), kind():
        pass


fails(FailsToEnter)
fails(FailsToExit)


# Methods with other parameters: defaults, stars, too few.
class Defaults:
    def __enter__(self, more=7, *args, key=8, **kw):
        return more, args, key, kw

    def __exit__(self, *args, key=1):
        print(args, key)


class TooFew:
    def __enter__():
        pass

    def __exit__(self):
        pass


class TooFewAtEnd:
    def __enter__(self):
        print('entered')

    def __exit__(self):
        pass


with Defaults() as d:
    print(d)
for kind in TooFew, TooFewAtEnd:
    try:
        with kind():
            print('body')
    except TypeError as e:
        print(e)


# Other kinds of methods.
class Static:
    @staticmethod
    def __enter__():
        return 'static'

    @classmethod
    def __exit__(cls, *args):
        print(cls.__name__, args)


class Half:
    def __enter__(self):
        print('never')


class NoEnter:
    def __exit__(self, *args):
        print('never')


class Callable:
    def __call__(self, *args):
        print('called', args)
        return 'c'


class Mixed:
    __enter__ = Callable()

    def __exit__(self, *args):
        print('function', args)


class Mixed2:
    def __enter__(self):
        return 'function'

    __exit__ = Callable()


for kind in Static, Half, NoEnter, Mixed, Mixed2, int:
    try:
        with kind() as value:
            print(value)
    except TypeError as e:
        print(e)


# A generator function and a coroutine function give their objects.
class Gen:
    def __enter__(self):
        yield 1
        yield 2

    async def __exit__(self, *args):
        print('never awaited')


import warnings
warnings.simplefilter('ignore')
with Gen() as g:
    print(list(g))


# In generators; the manager dies when nothing holds it any more.
class Dies(Log):
    def __del__(self):
        print('del', self.name)


def generator():
    with Log('gen') as m:
        yield m.name
        yield 2


print(list(generator()))
g = generator()
next(g)
g.close()


# The methods see the frame that they are called from.
class Looks:
    def __enter__(self):
        f = sys._getframe(1)
        print(f.f_code.co_name, f.f_lineno - f.f_code.co_firstlineno, sorted(f.f_locals))

    def __exit__(self, *args):
        f = sys._getframe(1)
        print(f.f_code.co_name, f.f_lineno - f.f_code.co_firstlineno, sorted(f.f_locals))


def looked_at():
    x = 1
    with Looks():
        y = 2


looked_at()


# Tracing that begins or ends inside a method.
events = []


def tracer(frame, event, arg):
    if frame.f_code.co_filename == __file__:
        events.append((event, frame.f_code.co_name, frame.f_lineno - frame.f_code.co_firstlineno))
    return tracer


class Traces:
    def __enter__(self):
        sys.settrace(tracer)
        sys._getframe(1).f_trace = tracer
        return 'tracing'

    def __exit__(self, *args):
        sys.settrace(None)


def traced():
    with Traces() as t:
        x = t
    with Log('plain'):
        return x


def untraced():
    sys.settrace(None)
    with Log('under'):
        x = 1
    return x


print(traced(), events)
del events[:]
sys.settrace(tracer)
traced()
sys.settrace(None)
print(events)
del events[:]
sys.settrace(tracer)
untraced()
print(events)


# Deep recursion through the methods ends as any other.
class Deep:
    def __enter__(self):
        with Deep():
            pass

    def __exit__(self, *args):
        pass


class DeepEnd:
    def __enter__(self):
        pass

    def __exit__(self, *args):
        with DeepEnd():
            pass


for kind in Deep, DeepEnd:
    try:
        with kind():
            pass
    except RecursionError as e:
        print(e)

# The methods replaced while the block runs: __exit__ was taken before.
class Replaced:
    def __enter__(self):
        Replaced.__exit__ = lambda self, *args: print('new exit')
        return self

    def __exit__(self, *args):
        print('old exit')


with Replaced():
    print('body')
with Replaced():
    print('body')
