# SPDX-License-Identifier: MIT
# isinstance() of unions: plain classes, abstract ones, metaclasses that decide, and objects that claim another class.
import collections.abc
import typing


class Claims:
    @property
    def __class__(self):
        return int


class Meta(type):
    def __instancecheck__(cls, o):
        print('asked', cls.__name__)
        if o == 'fail':
            raise ValueError('asked in vain')
        return o == 'yes'


class M(metaclass=Meta):
    pass


class Sub(int):
    pass


unions = [int | str, int | None, M | int, int | M, collections.abc.Sized | int, str | collections.abc.Callable, M | M | None]
for u in unions:
    for o in (1, True, 'yes', 'no', 'fail', None, [], len, Sub(), Claims(), 1 << 80, 1.5):
        try:
            print(u, type(o).__name__, isinstance(o, u), isinstance(o, (bytes, u)))
        except ValueError as e:
            print(u, e)
try:
    print(isinstance(1.5, str | list[int]))
except TypeError as e:
    print(e)
try:
    print(isinstance(1, int | list[int]))
except TypeError as e:
    print(e)
T = typing.TypeVar('T')
for o in (1, 'x'):
    try:
        print(isinstance(o, int | T))
    except TypeError as e:
        print(e)
