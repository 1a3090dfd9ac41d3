# Descriptors of one class in another one are refused, however often they are tried.
import types


class Class:
    __slots__ = ('slot',)


class Sneaky:
    __slots__ = ('shadowed',)
    shadowing = Class.slot
    code = types.FunctionType.__code__
    closure = types.FunctionType.__closure__


o = Sneaky()
o.shadowed = 42
for attempt in range(5):
    for action in (lambda: o.shadowing, lambda: o.code, lambda: o.closure,
                   lambda: setattr(o, 'shadowing', 1)):
        try:
            action()
        except TypeError as e:
            if attempt == 4:
                print(e)
        else:
            print('not refused')


def store():
    o.shadowing = 1


def read():
    return o.shadowing, o.code


for function in (store, read):
    for attempt in range(3):
        try:
            function()
        except TypeError as e:
            print(e)
