# SPDX-License-Identifier: MIT
"""Iterators and generators that several threads advance: nothing twice where CPython promises it, nothing foreign."""
import _tokenize
import gc
import itertools
from _stress import main


def drain(s, make, expected, exact=True):
    it, got = make(), [[] for _ in range(s.threads)]

    def work(i, rng):
        while True:
            try:
                got[i].append(next(it))
            except StopIteration:
                break
            except ValueError as error:
                s.check("already executing" in str(error), error)
            except RuntimeError as error:
                s.check("re-entered" in str(error) or "changed" in str(error), error)
    s.together(work)
    everything = sorted(x for g in got for x in g)
    if exact:
        s.check(everything == expected, "given twice or never", len(everything), len(expected))
    else:
        s.check(set(everything) <= set(expected), "foreign element")


def list_iterator(s):
    drain(s, lambda: iter(list(range(3000))), list(range(3000)))


def range_iterator(s):
    drain(s, lambda: iter(range(3000)), list(range(3000)))


def tuple_and_str(s):
    drain(s, lambda: iter(tuple(range(2000))), list(range(2000)))
    drain(s, lambda: iter("ab" * 1000), sorted("ab" * 1000))


def dict_and_set(s):
    drain(s, lambda: iter(dict.fromkeys(range(2000))), list(range(2000)))
    drain(s, lambda: iter(set(range(2000))), list(range(2000)))
    drain(s, lambda: iter({n: n for n in range(1000)}.items()), [(n, n) for n in range(1000)])


def generator(s):
    drain(s, lambda: (n for n in range(1500)), list(range(1500)))

    def numbers():
        for n in range(800):
            try:
                yield n
            finally:
                pass
    drain(s, numbers, list(range(800)))


def generator_that_builtins_run_through(s):
    """list.extend keeps the generator running from item to item: the others are told so, and nothing is lost."""
    numbers = (n for n in range(3000))
    got = [[] for _ in range(s.threads)]

    def work(i, rng):
        while True:
            try:
                got[i].append(next(numbers))
                got[i].extend(numbers)
            except StopIteration:
                return
            except ValueError as error:
                s.check("already executing" in str(error), error)
    s.together(work)
    s.check(sorted(n for g in got for n in g) == list(range(3000)), "lost or doubled")


def combined(s):
    # Two threads may each get half of a pair: every index and every item comes once, whatever the pairing.
    it, got = enumerate(range(1000)), [[] for _ in range(s.threads)]

    def work(i, rng):
        for pair in it:
            got[i].append(pair)
    s.together(work)
    for half in 0, 1:
        s.check(sorted(pair[half] for g in got for pair in g) == list(range(1000)), "enumerate", half)
    drain(s, lambda: itertools.chain(range(500), range(500, 1000)), list(range(1000)))
    drain(s, lambda: map(int, range(1000)), list(range(1000)))
    drain(s, lambda: filter(None, range(1, 1000)), list(range(1, 1000)))


def count_is_atomic(s):
    c, got = itertools.count(), [[] for _ in range(s.threads)]

    def work(i, rng):
        for _ in range(2000):
            got[i].append(next(c))
    s.together(work)
    s.check(sorted(x for g in got for x in g) == list(range(2000 * s.threads)), "count gave a number twice")


def list_that_shrinks(s):
    for _ in range(20):
        l = list(range(200))
        it = iter(l)

        def work(i, rng):
            for _ in range(60):
                if i % 2:
                    v = next(it, None)
                    s.check(v is None or 0 <= v < 200, "foreign element", v)
                elif l:
                    try:
                        l.pop()
                    except IndexError:
                        pass
        s.together(work)


def tokens_are_nobodys(s):
    """What gc shows of a tokenizer does not lead to its tokens' list."""
    source = "a = [1, 2]\n" * 50
    expected = len(list(_tokenize.TokenizerIter(source)))
    tokens = _tokenize.TokenizerIter(source)

    def work(i, rng):
        for o in gc.get_referents(tokens):
            if isinstance(o, list):
                o.clear()
        return list(tokens)
    found = []
    s.together(lambda i, rng: found.extend(work(i, rng)))
    s.check(len(found) == expected, "tokens", len(found), expected)


def taken_apart(s):
    """for a, b in ...: no tuple is made, but each half is given once, and what locals held goes before the tuple does."""
    pairs, rows = zip([[n] for n in range(600)], [(n,) for n in range(600)]), enumerate([[n] for n in range(600)])
    d, shared = {n: [n] for n in range(300)}, [[1], [2]]
    got = [([], [], [], []) for _ in range(s.threads)]

    def work(i, rng):
        first, second, numbers, items = got[i]
        for [a], (b,) in pairs:
            first.append(a)
            second.append(b)
        for n, [m] in rows:
            numbers.append(n)
            items.append(m)
        for k, v in d.items():
            s.check(v[0] == k, "value of another key", k, v)
            d[k] = [k]
        for n in range(200):
            shared[:] = [[n], [n]]
            try:
                x, y = shared
            except ValueError as error:
                s.check(False, error)
            s.check(x == y or [x, y] == [[1], [2]], "halves of two lists", x, y)
    s.together(work)
    for half, name in enumerate(("zip", "zip", "enumerate", "enumerate")):
        everything = sorted(x for g in got for x in g[half])
        s.check(len(set(everything)) == len(everything) >= 600 - s.threads, name, half, len(everything))


def strict_or_not(s):
    """zip.__setstate__ beside threads that come to its end, which is an error or none."""
    z, ends = zip(range(1), range(2)), [0] * s.threads

    def work(i, rng):
        for n in range(200):
            z.__setstate__(n & 1)
            s.check(len(z.__reduce__()) in (2, 3), "state")
            try:
                next(z)
            except (StopIteration, ValueError):
                ends[i] += 1
    s.together(work)
    s.check(sum(ends) >= 200 * s.threads - 1, "items beyond the end", ends)


main(strict_or_not, taken_apart, tokens_are_nobodys, list_iterator, range_iterator, tuple_and_str, dict_and_set, generator,
     generator_that_builtins_run_through, combined, count_is_atomic, list_that_shrinks)
