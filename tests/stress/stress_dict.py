# SPDX-License-Identifier: MIT
"""One dict, changed by all threads: set, get, setdefault, pop, update, resize, iteration."""
from collections import OrderedDict
from _stress import main


def disjoint_keys(s):
    d = {}

    def work(i, rng):
        for n in range(2000):
            d[i, n] = n
            s.check(d[i, n] == n, "own key lost")
            if n % 3 == 0:
                del d[i, n]
    s.together(work)
    s.check(len(d) == s.threads * (2000 - 667), "length", len(d))
    s.check(all(d[k] == k[1] for k in d), "value of another key")


def same_keys(s):
    d = {}

    def work(i, rng):
        for n in range(4000):
            k = rng.randrange(50)
            op = rng.randrange(6)
            if op == 0:
                d[k] = (k, i)
            elif op == 1:
                d.pop(k, None)
            elif op == 2:
                v = d.get(k)
                s.check(v is None or v[0] == k, "value of another key", k, v)
            elif op == 3:
                v = d.setdefault(k, (k, i))
                s.check(v[0] == k, "setdefault of another key", k, v)
            elif op == 4:
                d.update({k: (k, i), k + 1: (k + 1, i)})
            else:
                try:
                    s.check(d[k][0] == k, "item of another key")
                except KeyError as error:
                    s.check(error.args == (k,), "KeyError of another key")
    s.together(work)
    s.check(all(v[0] == k for k, v in d.items()), "end state")


def setdefault_once(s):
    for size in (1, 5, 40):
        d = {}
        got = [[] for _ in range(s.threads)]

        def work(i, rng):
            for k in range(size * 20):
                got[i].append(d.setdefault("key%d" % k, object()))
        s.together(work)
        for row in got[1:]:
            s.check(all(a is b for a, b in zip(row, got[0])), "setdefault gave two threads different values")


def pop_exactly_once(s):
    d = {n: n for n in range(3000)}
    got = [[] for _ in range(s.threads)]

    def work(i, rng):
        for n in range(3000):
            v = d.pop(n, None)
            if v is not None:
                got[i].append(v)
    s.together(work)
    s.check(not d and sorted(x for g in got for x in g) == list(range(3000)), "popped twice or never")
    d = {n: n for n in range(2000)}
    got = [[] for _ in range(s.threads)]

    def items(i, rng):
        try:
            while True:
                got[i].append(d.popitem()[0])
        except KeyError:
            pass
    s.together(items)
    s.check(sorted(x for g in got for x in g) == list(range(2000)), "popitem twice or never")


def iterate_while_changing(s):
    d = {n: str(n) for n in range(30)}

    def work(i, rng):
        for n in range(200):
            try:
                if i % 2:
                    for k, v in d.items():
                        s.check(str(k) == v, "torn item", k, v)
                    for k in list(d):
                        s.check(type(k) is int, "key", k)
                    s.check(all(str(k) == v for k, v in d.copy().items()), "copy")
                    s.check(all(str(k) == v for k, v in dict(d).items()), "dict()")
                    s.check(sorted(d)[:0] == [], "sorted")
                else:
                    k = rng.randrange(100)
                    if rng.random() < 0.5:
                        d[k] = str(k)
                    elif rng.random() < 0.9:
                        d.pop(k, None)
                    else:
                        d.clear()
            except RuntimeError as error:
                s.check("changed" in str(error), error)
    s.together(work)


class Key:
    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return self.n % 4

    def __eq__(self, other):
        return isinstance(other, Key) and self.n == other.n


def python_level_keys(s):
    d = {}

    def work(i, rng):
        for n in range(300):
            k = rng.randrange(25)
            op = rng.randrange(4)
            if op < 2:
                d[Key(k)] = k
            elif op == 2:
                v = d.get(Key(k))
                s.check(v is None or v == k, "value of another key")
            else:
                d.pop(Key(k), None)
    s.together(work)
    s.check(all(k.n == v for k, v in d.items()) and len({k.n for k in d}) == len(d), "end state")


def grow_and_shrink(s):
    d = {}

    def work(i, rng):
        base = i * 10000
        for size in (10, 1000, 100):
            for n in range(size):
                d[base + n] = n
            s.check(all(d[base + n] == n for n in range(size)), "missing after growth")
            for n in range(size):
                del d[base + n]
    s.together(work)
    s.check(d == {}, "not empty")


def keywords(s):
    """A dict that all change is the ** of calls; what a call gets is its own."""
    d, names = {}, ['n%d' % n for n in range(20)]

    def takes(*a, **k):
        s.check(all(v == 'v' + x[1:] for x, v in k.items()), "value of another key", k)
        k['own'] = 'vwn'
        k.pop('n1', None)
        return k

    def passes(*a, **k):
        return takes(*a, **k)

    def work(i, rng):
        for n in range(400):
            name = rng.choice(names)
            op = rng.randrange(8)
            if op < 3:
                d[name] = 'v' + name[1:]
            elif op == 3:
                d.pop(name, None)
            elif op == 4 and rng.random() < 0.2:
                d.clear()
            elif op == 5:
                s.check(takes(**d) is not d and 'own' not in d, "the caller's dict")
            elif op == 6:
                s.check('own' in passes(i, **d), "the callee's dict")
            else:
                s.check(set(takes(extra='vxtra', **d)) <= {*names, 'own', 'extra'}, "names")
    s.together(work)
    s.check('own' not in d, "end state")


def at_once(s):
    """What C code goes through at one moment, no other thread changes meanwhile."""
    for d in {0: 0}, OrderedDict({0: 0}):
        look_at_once(s, d)


def look_at_once(s, d):
    looks = [sum, max, min, any, tuple, bytes, {0}.issuperset, {0, 1}.intersection, {0}.issubset, dict.fromkeys,
             list, lambda d: list(d.items()), lambda d: sorted(d.values()), lambda d: sum(d.values()),
             lambda d: max(d.values()), lambda d: all(d.values()), lambda d: 77 in d.values(),
             lambda d: set(d.values()), lambda d: set(d.items()), lambda d: d.keys() - {1}, lambda d: d.keys() | {1},
             lambda d: d.keys() & {1}, lambda d: d.keys() <= {1}, lambda d: d.items() ^ {1}, lambda d: {1} - d.keys()]

    def work(i, rng):
        for n in range(60):
            if i % 2:
                for k in range(40):
                    d[k] = k
                for k in range(1, 40):
                    d.pop(k, None)
            else:
                for _ in range(9):
                    rng.choice(looks)(d)
    s.together(work)


main(disjoint_keys, same_keys, setdefault_once, pop_exactly_once, iterate_while_changing, python_level_keys,
     grow_and_shrink, keywords, at_once)
