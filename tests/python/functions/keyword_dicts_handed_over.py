# Calls with ** of functions that have a ** themselves: what they get, and what they must not get.
import gc
import weakref
from collections import OrderedDict, UserDict


def show(f, *args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except TypeError as error:
        print("TypeError:", error)


def call(f, args, mapping):
    try:
        print(f(*args, **mapping))
    except TypeError as error:
        print("TypeError:", error)


def rest(**k):
    return k


def both(*a, **k):
    return a, k


def named(a, b=2, *c, d=4, **k):
    return a, b, c, d, k


def positional(a, b=5, /, **k):
    return a, b, k


def many(a=1, b=2, c=3, d=4, e=5, f=6, **k):
    return a, b, c, d, e, f, k


def nothing(*a):
    return a


d = {'x': 1, 'y': 2}
kept = rest(**d)
print(kept, kept is d, kept == d, rest(**d) is rest(**d))
kept['z'] = 3
del kept['x']
print(d, kept)


def changes(**k):
    k.pop('x')
    k['new'] = 1
    return k


print(changes(**d), d, changes(**d, w=5), changes(w=5, **d), d)
mappings = [{}, {'a': 10}, {'k': 1}, {'a': 1, 'b': 2, 'x': 3}, {'d': 1, 'q': 2}, {'x': 1, 'e': 9}, {1: 2}, {'a': 1, 2: 3}, OrderedDict(p=1, a=2), UserDict(u=1, v=2)]
moved = OrderedDict(p=1, q=2, r=3)
moved.move_to_end('p')
mappings.append(moved)
shrunk = {str(n): n for n in range(20)}
for n in range(18):
    del shrunk[str(n)]
mappings.append(shrunk)
for f in (rest, both, named, positional, many, nothing):
    print(f.__name__)
    for mapping in mappings:
        for args in ((), (1,), (1, 2, 3)):
            call(f, args, mapping)
    show(f, 1, x=1)
    show(f, a=1, x=1)


class Name(str):
    pass


class Strange(dict):
    def keys(self):
        return ['one', 'two']

    def __getitem__(self, key):
        return key * 2


print(rest(**{Name('n'): 1, 'm': 2}), rest(**Strange(a=1)), type(list(rest(**{Name('n'): 1}))[0]).__name__)
for text in ("rest(**d, **d)", "rest(**d, x=5)", "rest(x=1, **d)", "rest(**5)", "rest(**d, **{1: 2})", "rest(1, **d)", "named(**d)", "named(1, **{'a': 2})", "rest(**None)", "both(*5, **d)"):
    try:
        print(eval(text))
    except TypeError as error:
        print("TypeError:", error)


class C:
    def method(self, a=0, **k):
        return type(self).__name__, a, k

    @classmethod
    def of_class(cls, **k):
        return cls.__name__, k

    @staticmethod
    def static(**k):
        return k

    def __call__(self, *a, **k):
        return 'called', a, k

    def __init__(self, **k):
        self.k = k


c = C(**d)
print(c.k, c.method(**d), c.method(1, **d), c.method(**d, a=3), c.of_class(**d), C.of_class(**d), c.static(**d), c(**d), C.method(c, 4, **d))
bound = c.method
print(bound(**d), bound(*[7], **d))
call(bound, (1, 2), d)


def generate(*a, **k):
    yield a
    yield from k.items()


async def later(**k):
    return k

print(list(generate(1, **d)))
coroutine = later(**d)
try:
    coroutine.send(None)
except StopIteration as stop:
    print(stop.value)


def wrap(f):
    def wrapper(*args, **kwargs):
        return f(*args, **kwargs)
    return wrapper


print(wrap(wrap(named))(1, q=5, d=6), wrap(wrap(rest))(**d), wrap(nothing)(1, 2))


def deep(n, **k):
    return k if n == 0 else deep(n - 1, **k)


print(deep(100, **d))


def endless(**k):
    return endless(**k)


try:
    endless(**d)
except RecursionError as error:
    print("RecursionError")


def cell(**k):
    return (lambda: k), k


function, k = cell(**d)
print(function() is k, function())


def fails(**k):
    raise KeyError(k['x'])


try:
    fails(**d)
except KeyError as error:
    frame = error.__traceback__.tb_next.tb_frame
    print(error, frame.f_locals)
    del frame


class Thing:
    pass


thing = Thing()
reference = weakref.ref(thing)


def gives_up(**k):
    k.clear()
    gc.collect()
    return k


print(gives_up(thing=thing, **d), gives_up(**{'thing': thing}))
del thing
gc.collect()
print(reference())


# Code that is replaced between calls.
def first(**k):
    return 'first', k


def second(*a, x, **k):
    return 'second', x, k


def third():
    return 'third'


print(first(**d))
first.__code__ = second.__code__
print(first(**d))
first.__code__ = third.__code__
call(first, (), d)

# Displays.
key = (1, 2)
print({'a': 1, 'b': 2, 'a': 3}, {1: 'x', True: 'y', 1.0: 'z'}, {'k': 1, 5: 2, key: 3, None: 4, 'k': 5}, {'%d' % 1: 1, '1': 2, 'z': 3})
for text in ("{[]: 1}", "{'a': 1, {}: 2}", "{'a': 1, 'b': {}, (1, []): 2}"):
    try:
        print(eval(text))
    except TypeError as error:
        print("TypeError:", error)


class Key:
    def __init__(self, n):
        self.n = n

    def __hash__(self):
        print('hash', self.n)
        return 1

    def __eq__(self, other):
        print('eq', self.n, other.n)
        if self.n == other.n == 13:
            raise ValueError('unlucky')
        return self.n == other.n


made = {Key(1): 'a', 'b': 'c', Key(2): 'd', Key(1): 'e'}
print(list(made.values()))
try:
    {Key(13): 1, Key(13): 2}
except ValueError as error:
    print(error)
things = [Thing(), Thing()]
references = [weakref.ref(t) for t in things]
made = {'same': things[0], 'other': 1, 'same': things[1]}
del things
gc.collect()
print([r() is None for r in references], list(made))
del made
gc.collect()
print([r() is None for r in references])
large = {'a0': 0, 'a1': 1, 'a2': 2, 'a3': 3, 'a4': 4, 'a5': 5, 'a6': 6, 'a7': 7, 'a8': 8, 'a9': 9, 'a10': 10, 'a11': 11, 'a5': 55}
large['a12'] = 12
print(large, large['a5'], 'a6' in large, 'b' in large)
