# One site stores a native attribute: of native objects, of classes below, and where something comes before it.
class Base:
    pass


class Other:
    pass


class Slotted:
    __slots__ = ()


def store(thing, value):
    try:
        thing.__class__ = value
    except TypeError as error:
        return str(error)
    return type(thing).__name__


things = [Base() for _ in range(3)]
print([store(thing, Other) for thing in things for _ in range(2)], [store(thing, Base) for thing in things])
print(store(Base(), 1), store(Base(), Slotted), store(1, Base), store(None, Base))


def cause(error, value):
    try:
        error.__cause__ = value
    except (TypeError, AttributeError) as refused:
        return str(refused)
    return repr(error.__cause__), error.__suppress_context__


class Mine(ValueError):
    pass


class Hidden(ValueError):
    __cause__ = 'hidden'


for error in (ValueError(), Mine(), KeyError(), ValueError(), Mine(), Hidden(), Mine()):
    print(cause(error, TypeError('x')), cause(error, None), cause(error, 5))
Mine.__cause__ = property(lambda self: 'mine', lambda self, value: print('set', value))
print(cause(Mine(), None), cause(ValueError(), None))
del Mine.__cause__
print(cause(Mine(), None))
Mine.__setattr__ = lambda self, name, value: print('setattr', name)
print(cause(Mine(), None), cause(ValueError(), None))


def rename(function, value):
    try:
        function.__name__ = value
    except (TypeError, AttributeError) as refused:
        return str(refused)
    return function.__name__


def first():
    pass


print([rename(f, name) for f in (first, first, Base, len, Other, first, store.__get__(1)) for name in ('a', 'b', 3)])


def read_only(thing):
    try:
        thing.real = 1
    except AttributeError as error:
        return str(error)


print([read_only(thing) for thing in (1, 2, 1.5, True, Base(), 3)])
