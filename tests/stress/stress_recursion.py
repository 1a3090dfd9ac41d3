# SPDX-License-Identifier: MIT
"""Deep recursion in every thread: right results below the limit, RecursionError beyond it, and the thread goes on."""
import csv
import io
import itertools
import sys
from _stress import main, sanitized

# Deep enough for the end of the C stack. ThreadSanitizer keeps a stack of its own, of 65,536 calls, and dies beyond.
DEEP = 10_000 if sanitized() else 150_000
# An iterator over an iterator over an iterator: nothing but the C stack counts how deep.
WRAPPERS = (itertools.chain, enumerate, zip, itertools.pairwise, itertools.groupby, itertools.cycle, csv.reader, lambda x: map(id, x),
            lambda x: filter(None, x), lambda x: itertools.islice(x, 3), lambda x: itertools.takewhile(bool, x),
            itertools.accumulate, lambda x: itertools.compress(x, x), lambda x: itertools.zip_longest(x, x))


def below_the_limit(s):
    def down(n):
        return 0 if n == 0 else 1 + down(n - 1)

    def work(i, rng):
        for n in (10, 300, 800):
            s.check(down(n) == n, "depth")
    s.together(work)


def beyond_the_limit(s):
    def forever(n):
        return forever(n + 1)

    class Weird:
        def __getattr__(self, name):
            return getattr(self, name + "x")

        def __eq__(self, other):
            return self == other

        def __repr__(self):
            return repr([self])

    own_getter = property()
    own_getter.__init__(own_getter)

    def work(i, rng):
        for attempt in (lambda: forever(0), lambda: Weird().a, lambda: Weird() == 1, lambda: repr(Weird()),
                        lambda: sorted([1, 2], key=forever), lambda: own_getter.__isabstractmethod__):
            try:
                attempt()
            except RecursionError:
                pass
            else:
                s.check(False, "no RecursionError")
        s.check(sum(range(100)) == 4950, "thread broken afterwards")
    s.together(work)


def nested_data(s):
    def work(i, rng):
        l = []
        for _ in range(5000):
            l = [l]
        try:
            repr(l)
        except RecursionError:
            pass
        d = 0
        while l:
            l, d = l[0], d + 1
        s.check(d == 5000, "depth", d)
    s.together(work)


def iterators_of_iterators(s):
    def work(i, rng):
        wrap = rng.choice(WRAPPERS)
        iterator = iter(["a"])
        for _ in range(rng.choice([100, DEEP])):
            iterator = wrap(iterator)
        try:
            next(iterator, None)
        except (RecursionError, csv.Error):
            pass
    s.together(work)


def natives_of_themselves(s):
    if sanitized():  # they end where the C stack does
        return

    def work(i, rng):
        pair = io.BufferedRWPair(io.BytesIO(), io.BytesIO())
        pair.__init__(pair, pair)
        bound = classmethod(len)
        bound.__init__(bound)
        alias = list[int]
        for _ in range(DEEP):
            alias = list[alias]
        for attempt in (lambda: pair.read(1), lambda: pair.write(b"x" * 100_000), pair.close, lambda: bound.__get__(1, int),
                        lambda: hash(alias)):
            try:
                attempt()
            except RecursionError:
                pass
    s.together(work)


def generators(s):
    def down(n):
        if n:
            yield from down(n - 1)
        yield n

    def work(i, rng):
        s.check(list(down(150)) == list(range(151)), "generators")
    s.together(work)


def higher_limit(s):
    old = sys.getrecursionlimit()
    sys.setrecursionlimit(5000)
    try:
        def down(n):
            return 0 if n == 0 else 1 + down(n - 1)
        s.together(lambda i, rng: s.check(down(4000) == 4000, "deep"))
    finally:
        sys.setrecursionlimit(old)


main(below_the_limit, beyond_the_limit, nested_data, iterators_of_iterators, natives_of_themselves, generators, higher_limit)
