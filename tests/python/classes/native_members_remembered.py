# Members of native types read again and again at one place.
import collections
import functools
import sys
import time


def mro(c):
    return c.__mro__


class A:
    pass


class B(A):
    pass


class C:
    pass


for c in A, B, int, A, B:
    print([k.__name__ for k in mro(c)])
B.__bases__ = (C,)
print([k.__name__ for k in mro(B)], B.__base__)


class Meta(type):
    pass


class M(metaclass=Meta):
    pass


for i in range(3):
    print([k.__name__ for k in mro(M)])


class Meta2(type):
    __mro__ = property(lambda cls: (cls, 'meta'))


class M2(metaclass=Meta2):
    pass


print(mro(M2)[1], mro(M)[1], [k.__name__ for k in mro(A)])
M.__class__ = Meta2
print(mro(M)[1])
print(mro(type('T', (), {'__mro__': 5}))[1])
o = A()
o.__mro__ = 'own'
print(mro(o), mro(A)[1])


def func(x):
    return x.func


class P:
    func = 'class'


class Partial(functools.partial):
    pass


class Hides(functools.partial):
    func = 'hides'


for x in functools.partial(len), P(), functools.partial(int), Partial(str), Hides(len), P(), Partial(str):
    print(func(x))
Partial.func = 'assigned'
print(func(Partial(str)), func(functools.partial(str)))


def year(t):
    return t.tm_year


for i in range(3):
    print(year(time.gmtime(i * 10 ** 8)))


def start(x):
    return x.start


for x in range(3), slice(4, 5), range(6), slice(7):
    print(start(x))


def name(e):
    return e.name


for e in NameError('x', name='n'), ImportError('y'), AttributeError('z', name='a'), ImportError(name='i'):
    print(name(e))


def value(e):
    return e.value


for e in StopIteration(3), StopIteration(), StopIteration(4):
    print(value(e))


def closure(f):
    return f.__closure__


print([closure(f) is None for f in (func, lambda: func, start)])


def missing(d):
    return d.default_factory


d = collections.defaultdict(list)
print(missing(d), missing(collections.defaultdict()))
d.default_factory = int
print(missing(d))


def text(x):
    try:
        return x.text
    except AttributeError as e:
        return str(e)


class Slots:
    __slots__ = ('text',)


full, empty = Slots(), Slots()
full.text = 't'
for x in full, empty, full, sys:
    print(text(x))
