#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Random operations on the builtin containers and on those of the native modules, compared with CPython.

    tests/random/containers.py --binary build/debug-gil/locksmith --seeds 1-50

runs this file as a program (`containers.py program SEED STEPS`) with both interpreters for each seed and shows the first
line in which their outputs differ. The program draws operations and arguments from a generator of its own, so that a seed
means the same in both. Each line shows the operation, what it gave or raised, and what the container became.
"""
import sys


# ---- the program ------------------------------------------------------------------------------------------------
class Draw:
    """A small generator of random numbers (splitmix64), the same everywhere."""

    def __init__(self, seed):
        self.state = seed * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF

    def bits(self):
        self.state = self.state + 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF
        z = self.state
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & 0xFFFFFFFFFFFFFFFF
        z = (z ^ z >> 27) * 0x94D049BB133111EB & 0xFFFFFFFFFFFFFFFF
        return z ^ z >> 31

    def below(self, n):
        return self.bits() % n

    def pick(self, items):
        return items[self.bits() % len(items)]


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


def show(value):
    """repr(), with the items of sets of anything but ints in the order of their own representations."""
    if isinstance(value, (set, frozenset)):
        if all(type(x) is int for x in value):
            return repr(value)
        return type(value).__name__ + "{" + ", ".join(sorted(show(x) for x in value)) + "}"
    if type(value) in (list, tuple) and any(isinstance(x, (set, frozenset)) for x in value):
        return type(value).__name__ + "(" + ", ".join(show(x) for x in value) + ")"
    text = repr(value)
    if " at 0x" in text:
        text = text[:text.index(" at 0x")]
    return text


def program(seed, steps):
    import bisect
    import collections
    import functools
    import heapq
    import itertools
    import operator

    draw = Draw(seed)
    scalars = [0, 1, -1, 2, 3, 5, 8, 17, -7, 100, 2**61 - 1, 2**62, -2**62, 2**62 - 1, 10**30, True, False, None, 1.0, 2.5, -0.0,
               1e300, "a", "b", "ab", "", "\xe9", "\u20ac", b"x", (), (1,), (1, "a"), (2, 2.5), Odd(1), Odd(5), frozenset([1, 2])]
    numbers = [0, 1, 2, 3, 4, 5, 7, 9, 11, 13, 16, 21, 40, 41, 42, 64, 100, 101, 255, 1000, -1, -2, -50]

    def scalar():
        return draw.pick(scalars)

    def number():
        return draw.pick(numbers)

    def index():
        return draw.pick([0, 1, 2, 3, -1, -2, -3, 5, 10, -10, 2**70, -2**70, True, "x", 1.5, None]) if draw.below(4) == 0 \
            else draw.below(9) - 4

    def bound():
        return draw.pick([None, 0, 1, 2, 3, 4, -1, -2, -3, 7, -7, 100, -100, 2**65, -2**65])

    def a_slice():
        return slice(bound(), bound(), draw.pick([None, None, None, 1, 2, 3, -1, -2, -3, 0, 2**65, -2**65]))

    def some(make, most):
        return [make() for _ in range(draw.below(most + 1))]

    def iterable(make=scalar, most=6):
        items = some(make, most)
        return draw.pick([lambda: items, lambda: tuple(items), lambda: iter(items), lambda: (x for x in items),
                          lambda: SubList(items), lambda: dict.fromkeys(items), lambda: collections.deque(items),
                          lambda: map(lambda x: x, items), lambda: range(draw.below(5))])()

    def sortable():
        kind = draw.below(7)
        if kind == 0:
            return some(number, 90)
        if kind == 1:
            return [n / 4 for n in some(number, 90)]
        if kind == 2:
            return [draw.pick(["", "a", "b", "ab", "abc", "\xe9", "\u20ac", "z" * 9, "\U0001f600"]) for _ in range(draw.below(80))]
        if kind == 3:
            return [(number(), draw.pick("abc"), number()) for _ in range(draw.below(80))]
        if kind == 4:
            return [draw.pick([1, 2.5, True, 10**20, -3, 0.25]) for _ in range(draw.below(60))]
        if kind == 5:
            return [Odd(number()) for _ in range(draw.below(60))]
        base = list(range(draw.below(300)))
        for _ in range(draw.below(6)):
            if base:
                i, k = draw.below(len(base)), draw.below(len(base))
                base[i], base[k] = base[k], base[i]
        return base[::-1] if draw.below(2) else base + base

    line = 0

    def step(text, action, container=None):
        nonlocal line
        line += 1
        try:
            result = show(action())
        except Exception as e:
            result = f"{type(e).__name__}: {e}"
        print(line, text, "->", result, "" if container is None else show(container))

    # ---- lists
    def list_round():
        items = draw.pick([list, SubList])(some(scalar, 8))
        for _ in range(12):
            i, x, it, s = index(), scalar(), iterable(), a_slice()
            name, action = draw.pick([
                ("append", lambda: items.append(x)), ("get", lambda: items[i]), ("set", lambda: operator.setitem(items, i, x)),
                ("del", lambda: operator.delitem(items, i)), ("slice", lambda: items[s]),
                ("set slice", lambda: operator.setitem(items, s, it)), ("del slice", lambda: operator.delitem(items, s)),
                ("extend", lambda: items.extend(it)), ("insert", lambda: items.insert(i, x)), ("pop", lambda: items.pop()),
                ("pop i", lambda: items.pop(i)), ("remove", lambda: items.remove(x)), ("reverse", lambda: items.reverse()),
                ("count", lambda: items.count(x)), ("index", lambda: items.index(x)), ("index3", lambda: items.index(x, i, index())),
                ("in", lambda: x in items), ("mul", lambda: items * i if i in (0, 1, 2, -1, "x", None) else None),
                ("imul", lambda: operator.imul(items, draw.pick([0, 1, 2, "a"])) if len(items) < 30 else None),
                ("add", lambda: items + some(scalar, 3)), ("add it", lambda: items + it), ("iadd", lambda: operator.iadd(items, it)),
                ("eq", lambda: items == list(items)), ("lt", lambda: items < some(scalar, 3)), ("copy", lambda: items.copy()),
                ("self", lambda: operator.setitem(items, slice(1, 2), items) if len(items) < 30 else None),
                ("reversed", lambda: list(reversed(items))), ("sort", lambda: items.sort()),
                ("sort key", lambda: items.sort(key=repr)), ("tuple", lambda: tuple(items)), ("list", lambda: list(items)),
                ("unpack", lambda: [*items, *it][:5]), ("min", lambda: min(items, key=repr)),
            ])
            step("list " + name, action, items)

    def sort_round():
        items = sortable()
        key = draw.pick([None, None, lambda x: x, repr, lambda x: 0, lambda x: (repr(x)[-1:], x)])
        reverse = draw.below(2)
        step("sorted", lambda: sorted(items, key=key, reverse=reverse))
        step("sort", lambda: items.sort(key=key, reverse=reverse), items)
        heap = sortable()

        def heap_work():
            out = []
            heapq.heapify(heap)
            for _ in range(6):
                out.append(heapq.heappop(heap))
                out.append(heapq.heappushpop(heap, heap[draw.below(len(heap))]))
                out.append(heapq.heapreplace(heap, heap[-1]))
            heapq.heappush(heap, out[0])
            return out
        step("heap", heap_work, heap)
        try:
            items.sort()
        except TypeError:
            return
        x = draw.pick(items or [1])
        step("bisect", lambda: (bisect.bisect_left(items, x), bisect.bisect_right(items, x), bisect.bisect(items, x, 1)))
        step("insort", lambda: bisect.insort(items, x), items)
        step("nsmallest", lambda: heapq.nsmallest(3, items) + heapq.nlargest(3, items, key=lambda v: repr(v)))

    # ---- dicts
    def dict_round(make):
        d = make()
        many = draw.below(3) == 0
        for _ in range(40 if many else 14):
            k = number() if many else scalar()
            x = scalar()
            pairs = [(scalar(), scalar()) for _ in range(draw.below(4))]
            actions = [
                ("set", lambda: operator.setitem(d, k, x)), ("set", lambda: operator.setitem(d, k, x)),
                ("set", lambda: operator.setitem(d, k, x)),
                ("get", lambda: d[k]), ("del", lambda: operator.delitem(d, k)), ("pop", lambda: d.pop(k)),
                ("pop default", lambda: d.pop(k, x)), ("popitem", lambda: d.popitem()), ("get method", lambda: d.get(k, x)),
                ("setdefault", lambda: d.setdefault(k, x)), ("in", lambda: k in d), ("update", lambda: d.update(pairs)),
                ("update dict", lambda: d.update(dict(pairs), q=1)), ("update bad", lambda: d.update([k])),
                ("or", lambda: d | dict(pairs)), ("ior", lambda: operator.ior(d, pairs)), ("copy", lambda: d.copy()),
                ("eq", lambda: d == dict(d)), ("keys", lambda: d.keys() & [k for k, _ in pairs]), ("items", lambda: d.items()),
                ("keys or", lambda: d.keys() | {x}), ("keys sub", lambda: d.keys() - {k}), ("items xor", lambda: d.items() ^ set(pairs)),
                ("values", lambda: list(d.values())), ("reversed", lambda: list(reversed(d))), ("len", lambda: len(d)),
                ("reversed items", lambda: list(reversed(d.items()))), ("fromkeys", lambda: type(d).fromkeys([k, x], 3)),
                ("list", lambda: list(d)), ("isdisjoint", lambda: d.keys() .isdisjoint([k])), ("ror", lambda: dict(pairs) | d),
                ("unpack", lambda: {**d, "z": 1}), ("call", lambda: (lambda **kw: kw)(**d)), ("lt", lambda: d.keys() <= {k, x, 1, 2}),
                ("grow", lambda: [operator.setitem(d, i, i) for i in range(draw.below(40))] and None),
                ("shrink", lambda: [d.pop(i, None) for i in range(0, 40, 1 + draw.below(3))] and None),
                ("mutate", lambda: [operator.setitem(d, (k, x), 1) for x in d]), ("clear", lambda: d.clear() if draw.below(3) == 0 else 0),
                ("new", lambda: dict(d)), ("iter del", lambda: [d.pop(k) for k in d]),
            ]
            if isinstance(d, collections.OrderedDict):
                last = draw.below(2)
                actions += [("move", lambda: d.move_to_end(k, last=last)), ("popitem 2", lambda: d.popitem(last=last))] * 6
                actions += [("order", lambda: d == collections.OrderedDict(reversed(d.items())))]
            name, action = draw.pick(actions)
            step(type(d).__name__ + " " + name, action, d)

    # ---- sets
    def set_round():
        ints = draw.below(2)
        make = number if ints else scalar
        s = draw.pick([set, set, frozenset])(some(make, 12))
        for _ in range(14):
            x, other, it = make(), draw.pick([set, frozenset])(some(make, 12)), iterable(make)
            name, action = draw.pick([
                ("add", lambda: s.add(x)), ("add", lambda: s.add(x)), ("discard", lambda: s.discard(x)), ("remove", lambda: s.remove(x)),
                ("in", lambda: x in s), ("or", lambda: s | other), ("and", lambda: s & other), ("sub", lambda: s - other),
                ("xor", lambda: s ^ other), ("ror", lambda: other | s), ("rsub", lambda: other - s), ("union", lambda: s.union(it, other)),
                ("intersection", lambda: s.intersection(it)), ("difference", lambda: s.difference(it)),
                ("symmetric", lambda: s.symmetric_difference(it)), ("update", lambda: s.update(it, other)),
                ("iupdate", lambda: s.intersection_update(it)), ("dupdate", lambda: s.difference_update(it)),
                ("supdate", lambda: s.symmetric_difference_update(it)), ("eq", lambda: (s == other, s < other, s <= other, s >= other, s > other)),
                ("issubset", lambda: s.issubset(it)), ("issuperset", lambda: s.issuperset(it)), ("isdisjoint", lambda: s.isdisjoint(it)),
                ("copy", lambda: s.copy()), ("len", lambda: len(s)), ("list", lambda: list(s) if ints else len(list(s))),
                ("hash", lambda: hash(frozenset(s)) if ints else 0), ("pop", lambda: s.pop() if ints else None), ("set in set", lambda: set([1]) in s),
                ("mutate", lambda: [s.add((99, len(s))) for _ in s]), ("bad", lambda: s.add([])), ("ops", lambda: s | [1]),
                ("many", lambda: s.update(range(draw.below(100)))), ("clear", lambda: s.clear() if draw.below(4) == 0 else None),
            ])
            step("set " + name, action, s)

    # ---- tuples, ranges, slices
    def immutable_round():
        t = tuple(some(scalar, 7))
        i, x, s = index(), scalar(), a_slice()
        for name, action in [("get", lambda: t[i]), ("slice", lambda: t[s]), ("add", lambda: t + tuple(some(scalar, 3))),
                             ("mul", lambda: t * draw.pick([0, 1, 2, -3])), ("in", lambda: x in t), ("count", lambda: t.count(x)),
                             ("index", lambda: t.index(x)), ("lt", lambda: t < tuple(some(scalar, 3))), ("eq", lambda: t == tuple(list(t))),
                             ("hash", lambda: hash(tuple(number() for _ in range(4)))), ("bad add", lambda: t + [1])]:
            step("tuple " + name, action)
        edge = [0, 1, 2, 3, 7, -1, -5, 10, 100, 2**62, -2**62, 2**63, 10**20, -10**20]
        r = None

        def make_range():
            nonlocal r
            r = range(*[draw.pick(edge) for _ in range(1 + draw.below(3))])
            return r
        step("range", make_range)
        if r is not None:
            if (r[1000:] or False) and type(x) not in (int, bool):
                x = 1  # others are searched for step by step
            for name, action in [("len", lambda: len(r)), ("get", lambda: r[i]), ("slice", lambda: r[s]), ("in", lambda: x in r),
                                 ("in edge", lambda: [e in r for e in edge]), ("index", lambda: r.index(draw.pick(edge))),
                                 ("count", lambda: r.count(x)), ("eq", lambda: r == r[:]), ("hash", lambda: hash(r) if r[1:] else 0),
                                 ("reversed", lambda: list(itertools.islice(reversed(r), 4))), ("list", lambda: list(itertools.islice(r, 5))),
                                 ("bool", lambda: bool(r)), ("attributes", lambda: (r.start, r.stop, r.step)),
                                 ("hint", lambda: operator.length_hint(iter(r))), ("whole", lambda: list(r) if len(r) < 200 else None)]:
                step("range " + name, action)
        step("indices", lambda: s.indices(draw.pick([0, 1, 5, 10, 2**70, -1])))
        step("slice eq", lambda: (s == a_slice(), s < a_slice()))

    # ---- deques
    def deque_round():
        d = collections.deque(some(scalar, 8), draw.pick([None, None, 0, 1, 3, 6]))
        for _ in range(14):
            i, x, it = index(), scalar(), iterable()
            name, action = draw.pick([
                ("append", lambda: d.append(x)), ("appendleft", lambda: d.appendleft(x)), ("pop", lambda: d.pop()),
                ("popleft", lambda: d.popleft()), ("extend", lambda: d.extend(it)), ("extendleft", lambda: d.extendleft(it)),
                ("rotate", lambda: d.rotate(draw.below(9) - 4)), ("get", lambda: d[i]), ("set", lambda: operator.setitem(d, i, x)),
                ("del", lambda: operator.delitem(d, i)), ("insert", lambda: d.insert(i, x)), ("remove", lambda: d.remove(x)),
                ("index", lambda: d.index(x)), ("index3", lambda: d.index(x, i, index())), ("count", lambda: d.count(x)), ("in", lambda: x in d),
                ("reverse", lambda: d.reverse()), ("copy", lambda: d.copy()), ("add", lambda: d + d), ("mul", lambda: d * draw.below(3)),
                ("iadd self", lambda: d.extend(d) if len(d) < 30 else None), ("reversed", lambda: list(reversed(d))),
                ("lt", lambda: d < collections.deque(some(scalar, 3))), ("eq", lambda: d == d.copy()), ("mutate", lambda: [d.append(1) for _ in d]),
                ("imul", lambda: operator.imul(d, draw.below(3)) if len(d) < 30 else None), ("maxlen", lambda: d.maxlen),
            ])
            step("deque " + name, action, d)

    # ---- iterators
    def iterator_round():
        a, b = some(number, 6), some(scalar, 6)
        n = draw.below(5)
        take = lambda it: list(itertools.islice(it, 12))
        for name, action in draw.pick([[
                ("chain", lambda: take(itertools.chain(a, b, iterable()))), ("cycle", lambda: take(itertools.cycle(a))),
                ("count", lambda: take(itertools.count(draw.pick(numbers + [2**62 - 3, 2.5]), draw.pick([1, 2, -1, 2**61, 0.5])))),
                ("repeat", lambda: take(itertools.repeat(3, n))), ("accumulate", lambda: take(itertools.accumulate(a))),
                ("accumulate f", lambda: take(itertools.accumulate(a, max, initial=3))),
                ("compress", lambda: take(itertools.compress(b, a))), ("pairwise", lambda: take(itertools.pairwise(b))),
                ("dropwhile", lambda: take(itertools.dropwhile(lambda x: x < 5, a))), ("starmap", lambda: take(itertools.starmap(pow, zip(a, a)))[:2]),
                ("takewhile", lambda: take(itertools.takewhile(lambda x: x < 9, a))), ("filterfalse", lambda: take(itertools.filterfalse(None, b))),
        ], [
                ("islice", lambda: list(itertools.islice(a, bound(), bound(), draw.pick([None, 1, 2, 0, -1])))),
                ("product", lambda: take(itertools.product(a[:3], b[:2], repeat=draw.below(3)))),
                ("combinations", lambda: take(itertools.combinations(b, n))), ("permutations", lambda: take(itertools.permutations(b, n))),
                ("replacement", lambda: take(itertools.combinations_with_replacement(b, n))),
                ("zip_longest", lambda: take(itertools.zip_longest(a, b, "xy", fillvalue=n))),
                ("groupby", lambda: [(k, list(g)) for k, g in itertools.groupby(sorted(a), lambda x: x // 10)]),
                ("tee", lambda: [take(t) for t in itertools.tee(iter(a), n)]), ("zip", lambda: list(zip(a, b))),
                ("zip strict", lambda: list(zip(a, b, strict=True))), ("enumerate", lambda: list(enumerate(b, draw.pick([0, 5, 2**62 - 1])))),
                ("map", lambda: list(map(lambda x, y: (x, y), a, b))), ("filter", lambda: list(filter(None, b))),
                ("reduce", lambda: functools.reduce(operator.add, a)), ("sum", lambda: sum(a, 0.5)),
                ("Counter", lambda: collections.Counter(map(str, a)).most_common()), ("unpack", lambda: (lambda p, *q: (p, q))(*b)),
                ("partial", lambda: functools.partial(max, 5)(*a)), ("getter", lambda: operator.itemgetter(n, 0)(b)),
        ]]):
            step(name, action)

    def cache_round():
        size = draw.pick([None, 0, 1, 2, 5, 30])
        calls = []

        @functools.lru_cache(maxsize=size, typed=bool(draw.below(2)))
        def f(*args, **kwargs):
            calls.append((args, kwargs))
            return len(calls)
        for _ in range(60):
            f(draw.pick([1, 1.0, True, "a", 2, 3, 4, 5, 6, 7]), *([2] if draw.below(4) == 0 else []), **({"k": 1} if draw.below(4) == 0 else {}))
        step("cache", lambda: f.cache_info())
        step("calls", lambda: calls)

    rounds = [list_round, list_round, sort_round, lambda: dict_round(dict), lambda: dict_round(SubDict), lambda: dict_round(collections.OrderedDict),
              lambda: dict_round(lambda: collections.defaultdict(draw.pick([int, list, None]))), set_round, set_round, immutable_round,
              deque_round, iterator_round, cache_round]
    for _ in range(steps):
        draw.pick(rounds)()


# ---- the comparison ---------------------------------------------------------------------------------------------
def main():
    import argparse
    import os
    import subprocess
    parser = argparse.ArgumentParser(description="Compare random container operations with CPython 3.11.")
    parser.add_argument("--binary", required=True, help="the locksmith executable to test")
    parser.add_argument("--oracle", default="/usr/bin/python3.11")
    parser.add_argument("--seeds", default="1-10", help="one seed or a range (default: 1-10)")
    parser.add_argument("--steps", type=int, default=60, help="rounds a seed")
    parser.add_argument("--timeout", type=float, default=60)
    options = parser.parse_args()
    first, _, last = options.seeds.partition("-")
    failed = 0
    for seed in range(int(first), int(last or first) + 1):
        outputs = []
        for executable in (options.oracle, options.binary):
            command = [executable, os.path.abspath(__file__), "program", str(seed), str(options.steps)]
            try:
                done = subprocess.run(command, capture_output=True, text=True, timeout=options.timeout)
            except subprocess.TimeoutExpired as e:
                outputs.append(((e.stdout or b"").decode(errors="replace").splitlines(), "timed out"))
                continue
            outputs.append((done.stdout.splitlines(), f"exit code {done.returncode} {done.stderr.strip()[-800:]}"))
        (want, _), (got, ending) = outputs
        if want == got:
            continue
        failed += 1
        at = next((i for i, (x, y) in enumerate(zip(want, got)) if x != y), min(len(want), len(got)))
        print(f"seed {seed}: line {at + 1} differs")
        if at:
            print("  before:  ", want[at - 1][:600])
        print("  expected:", want[at][:900] if at < len(want) else "(end)")
        print("  got:     ", got[at][:900] if at < len(got) else "(end) " + ending)
    print(f"{failed} seeds differ" if failed else "all seeds agree")
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) > 2 and sys.argv[1] == "program":
        program(int(sys.argv[2]), int(sys.argv[3]))
    else:
        sys.exit(main())
