# Containers of subclasses added to themselves: what they give is asked before the first item is added.
# (bytearrays cannot in CPython: they are exported meanwhile.)
import array
import collections


class SubList(list):
    pass


class Iterating(list):
    def __iter__(self):
        return iter("xyz")


class SubDeque(collections.deque):
    pass


class SubBytes(bytearray):
    pass


class SubArray(array.array):
    pass


for make in (list, SubList, Iterating, collections.deque, SubDeque):
    items = make(b"ab")
    items += items
    items.extend(items)
    print(make.__name__, len(items), items[-1])
for make in (list, SubList, bytearray, SubBytes):
    items = make(b"ab")
    items[1:1] = items
    print(make.__name__, items)
for make in (array.array, SubArray):
    items = make("i", [1, 2])
    items += items
    items.extend(items)
    items[1:1] = items
    print(make.__name__, items)
