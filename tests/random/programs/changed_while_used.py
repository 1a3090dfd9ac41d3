# SPDX-License-Identifier: MIT
"""Containers that are changed by their own elements while something works on them.

A round makes a list, dict, defaultdict, set or deque whose elements, when they are compared, hashed, iterated, counted or
asked for their truth, may change the container: empty it, add to it, take from it. Then operations follow, with iterables
and indices of that kind. Each line shows the operation, what it gave or raised, and what the container became.

Of dicts and sets it shows only whether they are still sound: which elements are compared with one another is nothing that
a program may rely on, and so they may become something else in each interpreter.

Not drawn: what crashes CPython itself (an OrderedDict that changes while it is compared, copied or listed); the order of
lists and deques, and the equality of deques, for which CPython looks again at what stands where two items differed; two
changes during a sort (CPython complains though the list be empty again); assigning what changes the list to its slice.
"""
import collections
import sys
import itertools  # noqa: F401  (the actions use it)

from _drawing import actions, describe, mask, printable, run, say

ROUNDS = 500

LIST = """
    items.append(x)
    items.extend(others)
    items.insert(index, x)
    items.pop()
    items.pop(index)
    items.remove(x)
    items.index(x)
    items.index(x, Changer(0), Changer(3))
    items.count(x)
    Changer.only_once(), items.sort()
    Changer.only_once(), items.sort(key=lambda each: (Changer(3).act(), str(each))[1], reverse=True)
    items.reverse()
    items[index]
    items[part]
    items[index] = x
    items[part] = [x, y]
    del items[index]
    del items[part]
    items += others
    items * few
    items *= few if len(items) < 8 else 1
    x in items
    items == [x, y, x]
    items.copy()
    list(items)
    max(items)
    sum(items)
    list(reversed(items))
    items == items
    items + [x]
    sorted(items, key=lambda each: 0)
    [(each, Changer(1).act() if each == few else 0) for each in itertools.islice(items, 9)]
    (lambda *a: a)(*items)
    any(items)
    list(filter(None, items))
    list(zip(items, ChangingIterator(3)))
    list(map(lambda each: (Changer(2).act(), each)[1], items))
    min(items, key=lambda each: (Changer(1).act(), str(each))[1])
    len(frozenset(items))
    dict.fromkeys(items)
"""
DICT = """
    items[x]
    items.get(x, 7)
    items[x] = y
    del items[x]
    items.pop(x, None)
    items.popitem()
    items.setdefault(x, y)
    items.update({x: y, y: 1})
    items.update([(x, y)])
    x in items
    list(items.keys())
    list(items.items())
    items == {x: y}
    items | {x: 1}
    items |= {x: 2}
    [(key, Changer(1).act() if few == 0 else 0) for key in items]
    (x, y) in items.items()
    sorted(map(str, items.keys() & {x, y}))
    list(reversed(items))
    items.copy()
    items.clear() if few == 0 else 0
    {key: x for key in items}
    [each for each in items.values()]
    (lambda **k: k)(**items)
    dict(items)
    len(items)
    sorted(map(str, items.items() ^ {(x, 1)}))
"""
SET = """
    items.add(x)
    items.discard(x)
    items.remove(x)
    x in items
    items.update(others)
    sorted(map(str, items & {x, y}))
    len(items | {x})
    sorted(map(str, items - {x}))
    sorted(map(str, items ^ {x, y}))
    items -= {x}
    items ^= {x}
    items <= {x, y}
    items == {x}
    items.isdisjoint(others)
    sorted(map(str, items.intersection(others)))
    sorted(map(str, items.difference(others)))
    items.symmetric_difference_update(others)
    items.difference_update(others)
    items.intersection_update(others)
    items.issuperset(others)
    items.issubset(others)
    len(items)
    len(items.copy())
"""
DEQUE = """
    items.append(x)
    items.appendleft(x)
    items.extend(others)
    items.extendleft(others)
    items.pop()
    items.popleft()
    items.rotate(few - 1)
    items.remove(x)
    items.index(x)
    items.index(x, Changer(0), Changer(3))
    items.count(x)
    items[few - 1]
    items[few - 1] = x
    del items[few - 1]
    items.insert(few - 1, x)
    x in items
    items += others
    items + collections.deque([x])
    items * 2
    items.reverse()
    [(each, Changer(1).act() if few == 0 else 0) for each in items]
    list(items)
    list(reversed(items))
    items.copy()
"""
PARAMETERS = "items, x, y, others, index, part, few"


class Changer:
    """Equal to its number; whatever it is asked, it may first change the container that is worked on."""

    target = None
    budget = 0  # how often that may still happen

    def __init__(self, n):
        self.n = n

    def act(self):
        if Changer.budget <= 0 or Changer.target is None:
            return
        Changer.budget -= 1
        target, kind = Changer.target, self.n % 5
        try:
            if kind == 0:
                target.clear()
            elif kind == 1:
                self.add(target)
            elif kind == 2:
                self.take(target)
            elif kind == 3 and isinstance(target, list):
                target[:] = [1, 2]
            elif kind == 3 and isinstance(target, collections.deque):
                target.rotate(1)
        except (IndexError, KeyError):
            pass

    @classmethod
    def only_once(cls):
        cls.budget = min(cls.budget, 1)

    def add(self, target):
        if isinstance(target, dict):
            target[f"x{self.n}"] = 1
        elif isinstance(target, set):
            target.add(f"x{self.n}")
        else:
            target.append(99)

    def take(self, target):
        if isinstance(target, dict):
            target.popitem()
        elif isinstance(target, collections.deque):
            target.popleft()
        else:
            target.pop()

    def number_of(self, other):
        """What is compared with, as a number, or None."""
        self.act()
        return other.n if isinstance(other, Changer) else other if isinstance(other, int) else None

    def __eq__(self, other):
        n = self.number_of(other)
        return NotImplemented if n is None else self.n == n

    def __lt__(self, other):
        n = self.number_of(other)
        return NotImplemented if n is None else self.n < n

    def __gt__(self, other):
        n = self.number_of(other)
        return NotImplemented if n is None else self.n > n

    def __hash__(self):
        return self.n

    def __repr__(self):
        return f"C{self.n}"

    def __index__(self):
        self.act()
        return self.n

    def __iter__(self):
        self.act()
        return iter([self.n])

    def __len__(self):
        self.act()
        return self.n % 3

    def __bool__(self):
        self.act()
        return self.n % 2 == 0


class ChangingIterator:
    def __init__(self, n):
        self.n = n
        self.i = 0

    def __iter__(self):
        return self

    def __next__(self):
        self.i += 1
        if self.i > self.n:
            raise StopIteration
        Changer(self.i + self.n).act()
        return self.i


LIST, DICT, SET, DEQUE = (actions(PARAMETERS, lines, globals()) for lines in (LIST, DICT, SET, DEQUE))


def value(draw):
    kind = draw.below(8)
    if kind < 2:
        return draw.below(5)
    if kind < 5:
        return Changer(draw.below(8))
    return (draw.pick("ab"), (draw.below(3),), draw.pick([1.0, True]))[kind - 5]


def iterable(draw, items):
    kind = draw.below(7)
    if kind == 0:
        return [value(draw), value(draw)]
    if kind == 1:
        return (value(draw),)
    if kind == 2:
        return ChangingIterator(draw.below(4))
    if kind == 3:
        return {value(draw): 1}
    if kind == 4:
        return items
    if kind == 5:
        return range(draw.below(3))
    return Changer(draw.below(4))


def make(draw):
    """A container, and what is done with it."""
    values = [value(draw) for _ in range(draw.below(6))]
    kind = draw.below(5)
    if kind == 0:
        return values, LIST
    if kind == 1:
        return {key: i for i, key in enumerate(values)}, DICT
    if kind == 2:
        return collections.defaultdict(lambda: (Changer(0).act(), 5)[1], {key: 1 for key in values}), DICT
    if kind == 3:
        return set(values), SET
    return collections.deque(values, draw.pick([None, 5])), DEQUE


def sound(items):
    """Whether a dict or set holds what it says it holds. CPython's own may come out otherwise."""
    if sys.implementation.name == "cpython":
        return True
    listed = list(items)
    same_length = len(listed) == len(items) == len(set(map(id, listed)))
    return same_length and all(any(each is other for other in items) for each in listed) and set(listed) == set(items)


def play_round(draw):
    Changer.budget = 0
    items, operations = make(draw)
    say(type(items).__name__)
    hashed = isinstance(items, dict | set)
    for _ in range(draw.between(4, 14)):
        code, operation = draw.pick(operations)
        index = Changer(draw.below(4)) if draw.chance(40) else draw.between(-3, 5)
        bounds = draw.pick([None, 0, 1, Changer(1)]), draw.pick([None, 2, -1, Changer(2)])
        part = slice(*bounds, draw.pick([None, 1, 2, -1, Changer(1)]))
        x, y, others, few = value(draw), value(draw), iterable(draw, items), draw.below(4)
        Changer.target, Changer.budget = items, draw.pick([0, 1, 3])
        try:
            result = printable(mask(repr(operation(items, x, y, others, index, part, few))))[:300]
        except Exception as error:
            result = describe(error)
        Changer.budget = 0
        if hashed:
            say(code, sound(items))
        else:
            say(code, "->", result, "|", items)
            if len(items) > 40:
                break


if __name__ == "__main__":
    run(play_round, ROUNDS)
