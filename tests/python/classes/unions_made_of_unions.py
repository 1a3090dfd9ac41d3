# int | str: members once each, unions among them dissolved, however many.
from typing import TypeVar

classes = [type('C%d' % i, (), {}) for i in range(20)]
union = int | str
print(union, union | int, int | int, union | None, None | union | str, union | union)
for c in classes:
    union = union | c
print(union, len(union.__args__), (union | union) == union, (union | classes[3]) == union)
print(list[int] | list[int], list[int] | list[str] | list[int], (list[int] | None).__args__)
try:
    int | 3
except TypeError as error:
    print(error)
T = TypeVar('T')
print((list[T] | int)[str])


class Refuses(type):
    def __eq__(cls, other):
        raise KeyError('compared')

    __hash__ = type.__hash__


class Odd(metaclass=Refuses):
    pass


print(len((Odd | int).__args__), len((Odd | int | Odd).__args__))
try:
    list[Odd] | list[int]
except KeyError as error:
    print(error)
