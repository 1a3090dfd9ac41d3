# SPDX-License-Identifier: MIT
# One place in the code reads __name__, __bases__ and others of classes, of classes with a metaclass of their own, and of
# what is no class; names and bases change in between.
import types


class Meta(type):
    @property
    def __name__(cls):
        return 'named by Meta'


class Quiet(type):
    def __getattribute__(cls, name):
        return 'all by Quiet'


class A:
    "The doc of A."


class B(A):
    pass


class C(metaclass=Meta):
    pass


class D(metaclass=Quiet):
    pass


class E:
    def __init__(self):
        self.__name__ = 'an instance'
        self.__bases__ = self.__mro__ = ()
        self.__qualname__ = 'qualified'


def show(o):
    result = []
    for get in (lambda: o.__name__, lambda: o.__qualname__, lambda: o.__bases__, lambda: str(o.__doc__)[:3], lambda: o.__module__,
                lambda: o.__abstractmethods__):
        try:
            result.append(repr(get()))
        except AttributeError as e:
            result.append(str(e))
    return ' '.join(result)


def name_of(o):
    return o.__name__


def bases_of(o):
    return o.__bases__


def abstract_of(o):
    try:
        return o.__abstractmethods__
    except AttributeError as e:
        return str(e)


things = [A, B, C, D, E(), int, types.ModuleType('m'), Meta, type]
for _ in range(4):
    for o in things:
        print(show(o), name_of(o), abstract_of(o))
    for _ in range(3):
        name_of(A), name_of(B), bases_of(B), abstract_of(A)
    A.__name__ += '_'
    A.__qualname__ = 'Q.' + A.__name__
    B.__bases__ = (E,) if B.__bases__ == (A,) else (A,)
    B.__doc__ = 'changed' + str(B.__doc__)
    print(name_of(A), bases_of(B), B.__mro__, abstract_of(B))
Meta.__name__ = 'Renamed'
print(name_of(C), name_of(Meta))
