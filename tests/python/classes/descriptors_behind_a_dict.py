# Instances whose __dict__ was asked for, of classes with descriptors: what is found, and who is asked.
import functools


class Named:
    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        if self.name == 'missing':
            raise AttributeError('missing from ' + owner.__name__)
        return self.name, instance.__dict__.get(self.name)


class Holder:
    plain = Named()
    missing = Named()
    constant = 7

    @functools.cached_property
    def cached(self):
        print('computed', end=' ')
        return 'cached'

    @classmethod
    def of_class(cls, *args):
        return cls.__name__, args

    @staticmethod
    def static(*args):
        return args

    def method(self, *args):
        return args

    partial = functools.partialmethod(method, 'p')


class WithGetattr(Holder):
    def __getattr__(self, name):
        return 'getattr ' + name


def read(holder):
    return holder.plain, holder.constant, holder.cached, holder.of_class(1), holder.static(2), holder.method(3), \
        holder.partial(4), holder.of_class.__self__.__name__


def read_missing(holder):
    try:
        return holder.missing
    except AttributeError as error:
        return error.args


def call_plain(holder):
    try:
        return holder.plain(1)
    except TypeError as error:
        return str(error)


for kind in (Holder, WithGetattr):
    holders = [kind() for _ in range(3)]
    for holder in holders:
        vars(holder)
        for _ in range(4):
            print(read(holder), read_missing(holder), call_plain(holder))
    holders[1].__dict__['plain'] = 'own'
    holders[1].__dict__['of_class'] = lambda *args: ('own', args)
    holders[1].constant = 8
    for holder in holders:
        print(read(holder)[:4] if holder is not holders[1] else (holder.plain, holder.constant, holder.of_class(5)))
        print(call_plain(holder))
    del holders[1].plain
    print(holders[1].plain, call_plain(holders[1]))

# The descriptor's class changes.
holder = Holder()
vars(holder)


def look():
    v = holder.plain
    return v if isinstance(v, (tuple, str)) else type(v).__name__


print([look() for _ in range(3)])
get = Named.__get__
del Named.__get__
print([look() for _ in range(3)])
Named.__get__ = lambda self, instance, owner: 'another'
print([look() for _ in range(3)])
holder.plain = 'own'
print([look() for _ in range(3)])
Named.__set__ = lambda self, instance, value: print('set', value)
print([look() for _ in range(3)])
holder.plain = 1
del Named.__set__
print([look() for _ in range(3)])
Holder.plain = 'constant'
print(look())
del holder.__dict__['plain']
print(look())
