# SPDX-License-Identifier: MIT
"""Weak references read while their object dies; callbacks exactly once; weak containers shared."""
import gc
import weakref
from _stress import SLACK, main


class Thing:
    def __init__(self, n):
        self.n = n


def death_race(s):
    for _ in range(10):
        holder = [Thing(n) for n in range(200)]
        refs = [weakref.ref(t) for t in holder]

        def work(i, rng):
            if i == 0:
                while holder:
                    holder.pop()
            else:
                for n, r in enumerate(refs):
                    o = r()
                    s.check(o is None or o.n == n, "a dead object was given out")
        s.together(work)
    gc.collect()


def callbacks_once(s):
    calls = []
    things = [Thing(n) for n in range(300)]
    refs = [weakref.ref(t, lambda r, n=n: calls.append(n)) for n, t in enumerate(things)]

    def work(i, rng):
        try:
            while True:
                things.pop()
        except IndexError:
            pass
    s.together(work)
    s.check_gone(lambda: 300 - len(calls), "callbacks missing", SLACK)
    s.check(len(set(calls)) == len(calls), "callbacks twice", len(calls) - len(set(calls)))
    s.check([n for n, r in enumerate(refs) if r() is None] == sorted(calls), "alive")


def created_by_all(s):
    for _ in range(30):
        t = Thing(1)
        got = [[] for _ in range(s.threads)]

        def work(i, rng):
            for _ in range(20):
                got[i].append(weakref.ref(t))
        s.together(work)
        s.check(len({id(r) for g in got for r in g}) == 1, "two plain weak references to one object")
        s.check(weakref.getweakrefcount(t) == 1, "count", weakref.getweakrefcount(t))


def weak_values(s):
    d = weakref.WeakValueDictionary()

    def work(i, rng):
        keep = []
        for n in range(200):
            t = Thing(n % 20)
            d[n % 20] = t
            keep.append(t)
            if len(keep) > 5:
                keep.pop(0)
            v = d.get(rng.randrange(20))
            s.check(v is None or 0 <= v.n < 20, "value")
    s.together(work)
    s.check_gone(lambda: len(d), "left over", SLACK)


def weak_sets(s):
    t = weakref.WeakSet()
    keep = [Thing(n) for n in range(20)]

    def work(i, rng):
        for n in range(150):
            t.add(keep[n % 20])
            t.add(Thing(n))
            s.check(keep[n % 20] in t, "lost")
            len(t)
    s.together(work)
    s.check_gone(lambda: len(t) - 20, "too many", SLACK)


def proxies(s):
    for _ in range(20):
        t = [Thing(7)]
        p = weakref.proxy(t[0])

        def work(i, rng):
            for n in range(50):
                if i == 0 and n == 25:
                    t.clear()
                try:
                    s.check(p.n == 7, "proxy")
                except ReferenceError:
                    pass
        s.together(work)


main(death_race, callbacks_once, created_by_all, weak_values, weak_sets, proxies)
