# SPDX-License-Identifier: MIT
# needs: python3-sortedcontainers
"""Sorted lists, dictionaries and sets against the builtin types."""
import bisect
import operator
import pickle
import random

from sortedcontainers import SortedDict, SortedKeyList, SortedList, SortedSet

random.seed(4)
numbers = [random.randrange(100000) for _ in range(20000)]
items = SortedList(load for load in numbers)
plain = sorted(numbers)
print(list(items) == plain, items[1000], items[-1], items.bisect_left(5000) == bisect.bisect_left(plain, 5000), items.count(plain[7]))
for _ in range(3000):
    value = random.choice(plain)
    items.remove(value)
    plain.remove(value)
    items.add(value + 1)
    bisect.insort(plain, value + 1)
items._check()
print(list(items) == plain, list(items.irange(100, 160)), list(items.islice(5, 10)), items.index(plain[77]), items.pop(50), items[10:20:3])
del items[100:15000]
items.update(range(50))
items._check()
print(len(items), items * 2 == sorted(list(items) * 2), SortedList("hello") + SortedList("world"), SortedList([3, 1]) < SortedList([3, 2]))
keyed = SortedKeyList(["pear", "fig", "apple", "banana", "kiwi"], key=len)
keyed.add("plum")
print(keyed, keyed.bisect_key(4), list(keyed.irange_key(4, 5)), SortedKeyList([1, 2, 3], key=operator.neg))
table = SortedDict({"b": 2, "a": 1}, d=4)
table["c"] = 3
print(table, table.peekitem(0), table.popitem(), table.keys()[1], table.items()[-1], table.setdefault("z", 26), list(table.irange("b")), table.keys() & {"a", "q"})
group = SortedSet([5, 1, 3, 1])
print(group, group | {9, 2}, group & [1, 5], group ^ {1, 10}, group[0], group.isdisjoint({7}), group <= {1, 3, 5, 7}, group.difference([3]))
print(pickle.loads(pickle.dumps(table)) == table, pickle.loads(pickle.dumps(keyed.__class__([2, 1], key=operator.neg))), hash(group.__class__) is not None)
for action in (lambda: items.remove(-1), lambda: items.append(1), lambda: table.peekitem(99), lambda: SortedList([1, "a"]), lambda: items.insert(0, 0)):
    try:
        print(action())
    except Exception as error:
        print(type(error).__name__, error)
