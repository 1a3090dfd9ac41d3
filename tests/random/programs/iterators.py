# SPDX-License-Identifier: MIT
"""Sorting, heaps, tuples, ranges, itertools and lru_cache with random elements.

A round takes one of these subjects. Lists to sort are of one type or mixed, in order but for a few places, or with many
equal elements; each line shows what was done and what it gave.
"""
import bisect  # noqa: F401  (the actions use it)
import collections  # noqa: F401
import functools
import heapq
import itertools
import operator  # noqa: F401

from _drawing import actions, outcome, run, say, show

ROUNDS = 400

NUMBERS = [0, 1, 2, 3, 4, 5, 7, 9, 11, 13, 16, 21, 40, 41, 42, 64, 100, 101, 255, 1000, -1, -2, -50]
SCALARS = [
    0,
    1,
    -1,
    3,
    17,
    -7,
    2**61 - 1,
    2**62,
    -(2**62),
    10**30,
    True,
    None,
    1.0,
    2.5,
    -0.0,
    "a",
    "ab",
    "",
    "\u20ac",
]
SCALARS += [b"x", (), (1, "a"), frozenset([1, 2])]
TEXTS = ["", "a", "b", "ab", "abc", "\xe9", "\u20ac", "z" * 9, "\U0001f600"]
MIXED_NUMBERS = [1, 2.5, True, 10**20, -3, 0.25]
EDGES = [0, 1, 2, 3, 7, -1, -5, 10, 100, 2**62, -(2**62), 2**63, 10**20, -(10**20)]
BOUNDS = [None, 0, 1, 2, 3, 4, -1, -2, -3, 7, -7, 100, -100, 2**65, -(2**65)]
STEPS = [None, None, None, 1, 2, 3, -1, -2, -3, 0, 2**65, -(2**65)]
INDICES = [0, 1, 2, 3, 4, -1, -2, -3, -4, 5, 10, -10, 2**70, -(2**70), True, "x", 1.5, None]
KEYS = [None, None, lambda x: x, repr, lambda x: 0, lambda x: (repr(x)[-1:], x)]
CACHED = [1, 1.0, True, "a", 2, 3, 4, 5, 6, 7]

TUPLE = """
    one[index]
    one[part]
    one + other
    one * few
    x in one
    one.count(x)
    one.index(x)
    one.index(x, 1, few)
    one < other
    one == tuple(list(one))
    hash((few, few + 1, few * 7))
    one + [1]
    first, *rest = one
    (lambda p, *q: (p, q))(*one)
    part.indices(edge)
    part == slice(few), part < slice(few, None)
"""
RANGE = """
    len(one)
    one[index]
    one[part]
    x in one
    [edge in one for edge in EDGES]
    one.index(edge)
    one.count(x)
    one == one[:]
    hash(one) if one[1:] else 0
    list(itertools.islice(reversed(one), 4))
    list(itertools.islice(one, 5))
    bool(one)
    one.start, one.stop, one.step
    operator.length_hint(iter(one))
    list(one) if len(one) < 200 else None
"""
ITERTOOLS = """
    take(itertools.chain(a, b))
    take(itertools.chain.from_iterable([a, b, "xy"]))
    take(itertools.cycle(a))
    take(itertools.count(start, step))
    take(itertools.repeat(3, few))
    take(itertools.accumulate(a))
    take(itertools.accumulate(a, max, initial=3))
    take(itertools.compress(b, a))
    take(itertools.pairwise(b))
    take(itertools.dropwhile(lambda x: x < 5, a))
    take(itertools.takewhile(lambda x: x < 9, a))
    take(itertools.starmap(divmod, zip(a, a)))
    take(itertools.filterfalse(None, b))
    list(itertools.islice(a, *bounds))
    take(itertools.product(a[:3], b[:2], repeat=few % 3))
    take(itertools.combinations(b, few))
    take(itertools.permutations(b, few))
    take(itertools.combinations_with_replacement(b, few))
    take(itertools.zip_longest(a, b, "xy", fillvalue=few))
    [(k, list(g)) for k, g in itertools.groupby(sorted(a), lambda x: x // 10)]
    [take(each) for each in itertools.tee(iter(a), few)]
    list(zip(a, b))
    list(zip(a, b, strict=True))
    list(enumerate(b, start))
    list(map(lambda x, y: (x, y), a, b))
    list(filter(None, b))
    functools.reduce(operator.add, a)
    sum(a, 0.5)
    max(a), min(a, key=lambda x: -x), max(a, default=0)
    any(b), all(b)
    collections.Counter(map(str, a)).most_common()
    functools.partial(max, 5)(*a)
    operator.itemgetter(few, 0)(b)
"""


def take(iterator):
    return list(itertools.islice(iterator, 12))


TUPLE = actions("one, other, x, index, part, few, edge", TUPLE, globals())
RANGE = actions("one, x, index, part, edge", RANGE, globals())
ITERTOOLS = actions("a, b, few, start, step, bounds", ITERTOOLS, globals())


def several(draw, values, most):
    return [draw.pick(values) for _ in range(draw.below(most + 1))]


class Number:
    """Has an order and no more."""

    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        return self.n < other.n

    def __repr__(self):
        return f"Number({self.n})"


def sortable(draw):
    kind = draw.below(8)
    if kind == 0:
        return several(draw, NUMBERS, 90)
    if kind == 1:
        return [n / 4 for n in several(draw, NUMBERS, 90)]
    if kind == 2:
        return several(draw, TEXTS, 80)
    if kind == 3:
        return [(draw.pick(NUMBERS), draw.pick("abc"), draw.pick(NUMBERS)) for _ in range(draw.below(80))]
    if kind == 4:
        return several(draw, MIXED_NUMBERS, 60)
    if kind == 5:
        return [Number(n) for n in several(draw, NUMBERS, 60)]
    if kind == 6:
        return several(draw, SCALARS, 5)
    ordered = list(range(draw.below(300)))
    for _ in range(draw.below(6)):
        if ordered:
            i, k = draw.below(len(ordered)), draw.below(len(ordered))
            ordered[i], ordered[k] = ordered[k], ordered[i]
    return ordered[::-1] if draw.chance(50) else ordered + ordered


def sort_round(draw):
    items, key, reverse = sortable(draw), draw.pick(KEYS), draw.below(2)
    say("sorted", outcome(lambda: sorted(items, key=key, reverse=reverse)))
    say("sort", outcome(lambda: items.sort(key=key, reverse=reverse)), show(items))
    try:
        items.sort()
    except TypeError:
        return
    x = draw.pick(items or [1])
    positions = (bisect.bisect_left, bisect.bisect_right, lambda items, x: bisect.bisect(items, x, 1))
    say("bisect", outcome(lambda: [position(items, x) for position in positions]))
    say("insort", outcome(lambda: bisect.insort(items, x)), show(items))
    say("nsmallest", outcome(lambda: heapq.nsmallest(3, items) + heapq.nlargest(3, items, key=repr)))


def heap_round(draw):
    heap = sortable(draw)

    def work():
        out = []
        heapq.heapify(heap)
        for _ in range(6):
            out.append(heapq.heappop(heap))
            out.append(heapq.heappushpop(heap, heap[draw.below(len(heap))]))
            out.append(heapq.heapreplace(heap, heap[-1]))
        heapq.heappush(heap, out[0])
        return out

    say("heap", outcome(work), show(heap))


def tuple_round(draw):
    one, other = tuple(several(draw, SCALARS, 7)), tuple(several(draw, SCALARS, 3))
    part = slice(draw.pick(BOUNDS), draw.pick(BOUNDS), draw.pick(STEPS))
    for code, action in TUPLE:
        few, edge = draw.between(-1, 3), draw.pick(EDGES)
        say(code, "->", outcome(action, one, other, draw.pick(SCALARS), draw.pick(INDICES), part, few, edge))


def range_round(draw):
    numbers = [draw.pick(EDGES) for _ in range(draw.between(1, 3))]
    say("range", numbers, outcome(lambda: range(*numbers)))
    if len(numbers) == 3 and numbers[2] == 0:
        return
    one, x = range(*numbers), draw.pick(SCALARS)
    if one[1000:] and type(x) not in (int, bool):
        x = 1  # others are searched for step by step
    part = slice(draw.pick(BOUNDS), draw.pick(BOUNDS), draw.pick(STEPS))
    for code, action in RANGE:
        say(code, "->", outcome(action, one, x, draw.pick(INDICES), part, draw.pick(EDGES)))


def itertools_round(draw):
    a, b, few = several(draw, NUMBERS, 6), several(draw, SCALARS, 6), draw.below(5)
    bounds = (draw.pick(BOUNDS), draw.pick(BOUNDS), draw.pick([None, 1, 2, 0, -1]))
    say(a, show(b), few, bounds)
    for _ in range(12):
        code, action = draw.pick(ITERTOOLS)
        start, step = draw.pick(NUMBERS + [2**62 - 3, 2**63 - 2, 2.5]), draw.pick([1, 2, -1, 2**61, 0.5])
        say(code, "->", outcome(action, a, b, few, start, step, bounds))


def cache_round(draw):
    calls = []

    @functools.lru_cache(maxsize=draw.pick([None, 0, 1, 2, 5, 30]), typed=draw.chance(50))
    def cached(*args, **kwargs):
        calls.append((args, kwargs))
        return len(calls)

    for _ in range(60):
        more = [2] if draw.chance(25) else []
        keywords = {"k": 1} if draw.chance(25) else {}
        cached(draw.pick(CACHED), *more, **keywords)
    say("lru_cache", cached.cache_info(), show(calls, 2000))


def play_round(draw):
    draw.pick([sort_round, sort_round, heap_round, tuple_round, range_round, itertools_round, cache_round])(draw)


if __name__ == "__main__":
    run(play_round, ROUNDS)
