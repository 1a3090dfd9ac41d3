# SPDX-License-Identifier: MIT
"""Operations on lists, dicts, sets and deques, drawn one after the other.

A round makes one container and prints, for each operation, its code, what it gave or raised, and what the container
became. Elements are of all kinds: numbers that are equal though their types differ, others whose hashes collide, texts,
large numbers. Subclasses of the containers, OrderedDict and defaultdict take their turns.

Not drawn: deque.insert and deque.index with what is no index, where the wording of the error differs; None and tuples as
keys of an OrderedDict, whose pop() and move_to_end() give KeyError() and KeyError(*key) in CPython.
"""
import collections
import operator

from _drawing import actions, outcome, run, say, show

ROUNDS = 160


class Odd:
    """Equal to numbers and to its like; hashes collide."""

    def __init__(self, n):
        self.n = n

    def __eq__(self, other):
        if isinstance(other, Odd):
            return self.n == other.n
        return self.n == other

    def __hash__(self):
        return self.n % 4

    def __lt__(self, other):
        return self.n < (other.n if isinstance(other, Odd) else other)

    def __repr__(self):
        return f"Odd({self.n})"


class SubList(list):
    pass


class SubDict(dict):
    def __missing__(self, key):
        return ("missing", key)


SCALARS = [
    0,
    1,
    -1,
    2,
    3,
    5,
    8,
    17,
    -7,
    100,
    2**61 - 1,
    2**62,
    -(2**62),
    2**62 - 1,
    10**30,
    True,
    False,
    None,
]
SCALARS += [1.0, 2.5, -0.0, 1e300, "a", "b", "ab", "", "\xe9", "\u20ac", b"x", (), (1,), (1, "a"), (2, 2.5)]
SCALARS += [Odd(1), Odd(5), frozenset([1, 2])]
ORDERED_KEYS = [item for item in SCALARS if item is not None and type(item) is not tuple]
NUMBERS = [0, 1, 2, 3, 4, 5, 7, 9, 11, 13, 16, 21, 40, 41, 42, 64, 100, 101, 255, 1000, -1, -2, -50]
INDICES = [0, 1, 2, 3, -1, -2, -3, 5, 10, -10, 2**70, -(2**70), True]
BOUNDS = [None, 0, 1, 2, 3, 4, -1, -2, -3, 7, -7, 100, -100, 2**65, -(2**65)]
STEPS = [None, None, None, 1, 2, 3, -1, -2, -3, 0, 2**65, -(2**65)]

LIST = """
    items.append(x)
    items[index]
    items["x"], items[1.5]
    items[index] = x
    items[None] = x
    del items[index]
    items[part]
    items[part] = others
    del items[part]
    items.extend(others)
    items.insert(index, x)
    items.pop()
    items.pop(index)
    items.remove(x)
    items.reverse()
    items.count(x)
    items.index(x)
    items.index(x, index, second)
    x in items
    items * few
    items * "x"
    items *= few if len(items) < 30 else 1
    items + some
    items + others
    items += others
    items == list(items)
    items < some
    items.copy()
    items[1:2] = items if len(items) < 30 else []
    list(reversed(items))
    items.sort()
    items.sort(key=repr)
    tuple(items)
    list(items)
    [*items, *others][:5]
    min(items, key=repr)
    [x, *rest] = items
"""
DICT = """
    items[key] = x
    items[key] = x
    items[key] = x
    items[key]
    del items[key]
    items.pop(key)
    items.pop(key, x)
    items.popitem()
    items.get(key, x)
    items.setdefault(key, x)
    key in items
    items.update(pairs)
    items.update(dict(pairs), q=1)
    items.update([key])
    items | dict(pairs)
    dict(pairs) | items
    items |= pairs
    items.copy()
    items == dict(items)
    items.keys() & [k for k, _ in pairs]
    items.keys() | {x}
    items.keys() - {key}
    items.keys() <= {key, x, 1, 2}
    items.keys().isdisjoint([key])
    items.items()
    items.items() ^ set(pairs)
    list(items.values())
    list(reversed(items))
    list(reversed(items.items()))
    len(items)
    list(items)
    type(items).fromkeys([key, x], 3)
    {**items, "z": 1}
    (lambda **kw: kw)(**items)
    for n in range(few * 13): items[n] = n
    for n in range(0, 40, 1 + few): items.pop(n, None)
    for k in items: items[key, x] = 1
    for k in items: items.pop(k)
    items.clear() if few == 0 else None
    dict(items)
"""
ORDERED_DICT = (
    DICT
    + 6
    * """
    items.move_to_end(key, last=few % 2)
    items.popitem(last=few % 2)
    items == collections.OrderedDict(reversed(items.items()))
"""
)
SET = """
    items.add(x)
    items.add(x)
    items.discard(x)
    items.remove(x)
    x in items
    items | other
    items & other
    items - other
    items ^ other
    other | items
    other - items
    items.union(others, other)
    items.intersection(others)
    items.difference(others)
    items.symmetric_difference(others)
    items.update(others, other)
    items.intersection_update(others)
    items.difference_update(others)
    items.symmetric_difference_update(others)
    items == other, items < other, items <= other, items >= other, items > other
    items.issubset(others)
    items.issuperset(others)
    items.isdisjoint(others)
    items.copy()
    len(items)
    list(items) if only_ints else len(list(items))
    hash(frozenset(items)) if only_ints else 0
    items.pop() if only_ints else None
    set([1]) in items
    for n in items: items.add((99, len(items)))
    items.add([])
    items | [1]
    items.update(range(few * 25))
    items.clear() if few == 0 else None
"""
DEQUE = """
    items.append(x)
    items.appendleft(x)
    items.pop()
    items.popleft()
    items.extend(others)
    items.extendleft(others)
    items.rotate(few - 2)
    items[index]
    items[index] = x
    del items[index]
    items.insert(few - 2, x)
    items.remove(x)
    items.index(x)
    items.index(x, few, 5)
    items.count(x)
    x in items
    items.reverse()
    items.copy()
    items + items
    items * few
    items.extend(items) if len(items) < 30 else None
    list(reversed(items))
    items < collections.deque(some)
    items == items.copy()
    for n in items: items.append(1)
    items *= few if len(items) < 30 else 1
    items.maxlen
"""
PARAMETERS = "items, x, key, index, second, part, few, some, others, other, pairs, only_ints"
LIST, DICT, ORDERED_DICT, SET, DEQUE = (
    actions(PARAMETERS, lines, globals()) for lines in (LIST, DICT, ORDERED_DICT, SET, DEQUE)
)


def several(draw, values, most):
    return [draw.pick(values) for _ in range(draw.below(most + 1))]


def iterable(draw, values):
    """An iterable of some kind over some of the values."""
    items = several(draw, values, 6)
    kind = draw.below(9)
    if kind == 0:
        return items
    if kind == 1:
        return (item for item in items)
    if kind == 2:
        return map(lambda item: item, items)
    if kind == 3:
        return range(draw.below(5))
    return (tuple, iter, SubList, dict.fromkeys, collections.deque)[kind - 4](items)


def a_slice(draw):
    return slice(draw.pick(BOUNDS), draw.pick(BOUNDS), draw.pick(STEPS))


def an_index(draw):
    return draw.pick(INDICES) if draw.chance(25) else draw.between(-4, 4)


def play(draw, name, items, operations, steps, values):
    """Does so many of the operations with the container, one after the other."""
    for _ in range(steps):
        code, operation = draw.pick(operations)
        result = outcome(
            operation,
            items,
            draw.pick(values),
            draw.pick(values),
            an_index(draw),
            an_index(draw),
            a_slice(draw),
            draw.below(4),
            several(draw, values, 3),
            iterable(draw, values),
            draw.pick([set, frozenset])(several(draw, values, 12)),
            [(draw.pick(values), draw.pick(SCALARS)) for _ in range(draw.below(4))],
            values is NUMBERS,
        )
        say(name, code, "->", result, "|", show(items, 2000))


def play_round(draw):
    kind = draw.below(9)
    values = draw.pick([SCALARS, NUMBERS])
    if kind < 2:
        play(draw, "list", draw.pick([list, SubList])(several(draw, values, 8)), LIST, 12, values)
    elif kind < 4:
        play(draw, "set", draw.pick([set, frozenset])(several(draw, values, 12)), SET, 14, values)
    elif kind < 5:
        lengths = [None, None, 0, 1, 3, 6]
        play(draw, "deque", collections.deque(several(draw, values, 8), draw.pick(lengths)), DEQUE, 14, values)
    elif kind < 6:
        values = draw.pick([ORDERED_KEYS, NUMBERS])
        play(draw, "OrderedDict", collections.OrderedDict(), ORDERED_DICT, 30, values)
    elif kind < 7:
        play(draw, "defaultdict", collections.defaultdict(draw.pick([int, list, None])), DICT, 20, values)
    else:
        play(draw, "dict", draw.pick([dict, SubDict])(), DICT, draw.pick([14, 40]), values)


if __name__ == "__main__":
    run(play_round, ROUNDS)
