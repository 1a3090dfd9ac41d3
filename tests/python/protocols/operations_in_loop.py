# Calls that an instruction makes without another loop (f(*args), o[key] of a class), attributes of instances whose
# __dict__ was asked for, and other short ways: what they do is what the long ways do.
import collections
import sys
import typing


class Items:
    def __getitem__(self, key):
        return self, key


class Defaults:
    def __getitem__(self, key, more=5, *rest, last=7):
        x, y = key, more
        return (x, y, rest, last)


class Raises:
    def __getitem__(self, key):
        raise LookupError(key)


class Generates:
    def __getitem__(self, key):
        yield key


class Static:
    @staticmethod
    def __getitem__(key):
        return ('static', key)


class Callable:
    class Inner:
        def __call__(self, key):
            return ('called', key)
    __getitem__ = Inner()


class Deep:
    def __getitem__(self, key):
        return self[key + 1] if key < 50 else key


class Endless:
    def __getitem__(self, key):
        return self[key]


class Frames:
    def __getitem__(self, key):
        frame = sys._getframe()
        return frame.f_code.co_name, frame.f_back.f_code.co_name, frame.f_lineno - frame.f_code.co_firstlineno


class Child(dict):
    def __getitem__(self, key):
        return 'child', super().__getitem__(key)


def items():
    o = Items()
    print(o[1] == (o, 1), o[1, 2][1], o[1:2][1], o['a'][1], Items()[3][1], o[o[1]][1] == (o, 1))
    print(Defaults()[1], Static()[2], Callable()[3], list(Generates()[4]), Deep()[0], Frames()[0], Child(a=1)['a'])
    for key in (1, 'x'):
        try:
            print(Raises()[key])
        except LookupError as error:
            tb = error.__traceback__
            print(error.args, tb.tb_frame.f_code.co_name, tb.tb_next.tb_frame.f_code.co_name, tb.tb_next.tb_next)
    try:
        Endless()[0]
    except RecursionError as error:
        print(error)
    x = Items()
    x = x[0][0][5][0][6]
    print(x[1])
    Items.__getitem__ = lambda self, key: ('changed', key)
    print(Items()[1])
    Items.__getitem__ = len
    try:
        Items()[1]
    except TypeError as error:
        print(error)
    del Items.__getitem__
    try:
        Items()[1]
    except TypeError as error:
        print(error)

    def step():
        o = Defaults()
        for i in range(3):
            yield o[i][0]
    print(list(step()))


def plain(a, b=2, *rest, c=3, **more):
    return a, b, rest, c, more


def two(a, b):
    return a, b


def stars():
    t, none, empty = (1, 2), (), {}
    print(plain(*t), plain(*t, *t), plain(*t, **empty), plain(*t, **{'c': 5, 'd': 6}), two(*t), two(*[3, 4]), two(*t, **empty))
    for bad in ((), (1, 2, 3)):
        try:
            two(*bad)
        except TypeError as error:
            print(error)
    try:
        two(*bad, **{'a': 1})
    except TypeError as error:
        print(error)
    print(max(*t), (lambda *a: a)(*none), len(plain(*range(40))[2]))

    def endless(*args):
        return endless(*args)
    try:
        endless(1, 2)
    except RecursionError as error:
        print(str(error)[:32])

    def fails(*args):
        raise KeyError(*args)
    try:
        fails(*t)
    except KeyError as error:
        print(error.args, error.__traceback__.tb_next.tb_lineno - stars.__code__.co_firstlineno)

    def many(n, *args):
        return many(n - 1, *args, n) if n else args
    print(many(5), list((lambda *a: (yield from a))(*t)))
    events = []

    def tracer(frame, event, arg):
        events.append((event, frame.f_code.co_name))
        return tracer
    sys.settrace(tracer)
    two(*t)
    Defaults()[1]
    sys.settrace(None)
    print(events)

    def switches_on(*args):
        sys.settrace(tracer)
        return args
    del events[:]
    switches_on(*t)
    two(*t)
    sys.settrace(None)
    print(events)


class Plain:
    constant = 1

    def __init__(self):
        self.a = 1

    def method(self):
        return 'method'

    @property
    def both(self):
        return 'property'


def read(o):
    return o.a, o.constant, o.method(), o.both


def write(o, value):
    o.a = value
    o.b = value


def dict_mode():
    o = Plain()
    o.__dict__['z'] = 5
    for _ in range(3):
        print(read(o), o.z)
        write(o, 7)
    o.__dict__['constant'] = 'own'
    o.__dict__['method'] = lambda: 'own method'
    o.__dict__['both'] = 'hidden'
    print(read(o))
    del o.__dict__['method'], o.constant
    print(read(o))
    Plain.constant = 2
    Plain.method = lambda self: 'new method'
    print(read(o))
    Plain.method = staticmethod(lambda: 'static')
    print(read(o))
    Plain.method = classmethod(lambda cls: cls.__name__)
    print(read(o))
    Plain.a = property(lambda self: 'a property', lambda self, value: print('set', value))
    print(read(o))
    write(o, 8)
    del Plain.a
    print(read(o), sorted(o.__dict__))
    o.__dict__ = {'a': 'other'}
    print(read(o))
    write(o, 9)
    print(o.__dict__)
    for name in ('nothing', 'z'):
        try:
            for _ in range(3):
                o.z if name == 'z' else o.nothing
        except AttributeError as error:
            print(error)
    Plain.__getattr__ = lambda self, name: 'for ' + name
    print(o.nothing, read(o))
    del Plain.__getattr__

    class Key(str):
        def __hash__(self):
            return hash('odd')

        def __eq__(self, other):
            print('asked')
            return str.__eq__(self, other)
    o.__dict__[Key('odd')] = 1
    print(o.odd, read(o))
    Plain.__setattr__ = lambda self, name, value: print('set', name)
    write(o, 10)
    del Plain.__setattr__
    write(o, 11)
    print(o.a, o.b)


def matching():
    class Point:
        __match_args__ = ('x', 'y')

        def __init__(self):
            self.x, self.y = 1, 2

    class Twice:
        __match_args__ = ('x', 'x')
        x = 1

    class Missing(dict):
        def __missing__(self, key):
            return 5
    for subject in ({'a': 1}, {'a': 1, 'b': 2}, {}, {1: 2}, Missing(), collections.OrderedDict(a=1), Point(), Twice(), 5):
        match subject:
            case {'a': x, 'b': y, **rest}:
                print('a, b', x, y, rest)
            case {'a': x}:
                print('a', x)
            case {1: x}:
                print('1', x)
            case {}:
                print('mapping')
            case Point(x, y=2):
                print('point', x)
            case _:
                print('other')
    try:
        match Twice():
            case Twice(_, _):
                pass
    except TypeError as error:
        print(error)
    try:
        match Point():
            case Point(_, x=1):
                pass
    except TypeError as error:
        print(error)

    class K:
        a = b = 'same'
    try:
        match {'same': 1}:
            case {K.a: _, K.b: _}:
                pass
    except ValueError as error:
        print(error)


def generators():
    def plain():
        kept = 'kept'
        yield 1
        yield kept

    def guarded():
        try:
            yield 1
        finally:
            print('finally')

    def delegating():
        yield from guarded()

    async def coroutine():
        pass
    g = plain()
    g.close()
    g.close()
    print(list(g), g.gi_frame)
    g = plain()
    next(g)
    print('closing')
    g.close()
    print(list(g), g.gi_frame, g.gi_running)
    for function in (guarded, delegating):
        g = function()
        next(g)
        g.close()
    c = coroutine()
    c.close()
    try:
        c.send(None)
    except RuntimeError as error:
        print(error)
    g = plain()
    next(g)
    frame = g.gi_frame
    g.close()
    print(frame.f_lineno - plain.__code__.co_firstlineno)
    del frame

    def three():
        yield 1
        yield 2
        yield 3

    def endless():
        while True:
            yield 1
    a, b, c = three()
    print(a, b, c)
    for bad in ('a, b = three()', 'a, b, c, d = three()', 'a, b = endless()'):
        try:
            exec(bad, {'three': three, 'endless': endless})
        except ValueError as error:
            print(error)

    def breaks():
        yield 1
        raise LookupError('within')
    try:
        a, b = breaks()
    except LookupError as error:
        print(error, error.__traceback__.tb_next.tb_frame.f_code.co_name)


def others():
    P = collections.namedtuple('P', 'x y')

    class Own(tuple):
        def __iter__(self):
            return iter('own')
    print(tuple(P(1, 2)), type(tuple(P(1, 2))), list(P(1, 2)), tuple(Own((1, 2))), list(Own((1, 2))), [*Own((1,))])

    class N(typing.NamedTuple):
        a: int
        b: str = 'x'
    print(N(1), N.__bases__, N.__mro__)

    class A:
        pass

    class B(A):
        pass
    before, bases = B.__bases__, tuple([A])
    B.__bases__ = bases
    print(B.__bases__ is bases, B.__mro__ == (B, A, object), A.__subclasses__() == [B])

    def ask():
        return NotImplemented
    print(ask(), ask())
    import builtins
    kept, builtins.NotImplemented = NotImplemented, 'replaced'
    print(ask())
    builtins.NotImplemented = kept
    print(ask(), isinstance(1, int | str), isinstance((), collections.abc.Mapping))

    class Meta(type):
        def __instancecheck__(cls, o):
            return o == 5

    class Static(type):
        @staticmethod
        def __instancecheck__(o):
            return o == 6

    class M(metaclass=Meta):
        pass

    class S(metaclass=Static):
        pass
    print(isinstance(5, M), isinstance(6, M), isinstance(6, S), isinstance(5, S))


items()
stars()
dict_mode()
matching()
generators()
others()
