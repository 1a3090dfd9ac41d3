# SPDX-License-Identifier: MIT
"""The counts of shared objects are pushed up and down by all threads: each object dies once, and not before its time."""
import gc
from _stress import SLACK, main

deaths = []


class Shared:
    def __init__(self, n):
        self.n, self.alive = n, True

    def method(self, x):
        return x

    def __del__(self):
        self.alive = False
        deaths.append(self.n)


def one_object(s):
    del deaths[:]
    o = Shared(1)

    def work(i, rng):
        for n in range(1500):
            a = o
            b = [a, a, a]
            c = {"k": b, "o": a}
            m = a.method
            s.check(m(n) == n and c["o"].alive and b[2].n == 1, "died early")
            del a, b, c, m
    s.together(work)
    s.check(deaths == [], "died while referenced")
    del work
    o = None
    s.check_gone(lambda: 1 - len(deaths), "not dead, or twice")


def handed_around(s):
    del deaths[:]
    slots = [Shared(n) for n in range(8)]

    def work(i, rng):
        for n in range(1500):
            a, b = rng.randrange(8), rng.randrange(8)
            o = slots[a]
            s.check(o.alive, "dead object read")
            slots[b] = o
    s.together(work)
    left = {o.n for o in slots}
    s.check_gone(lambda: 8 - len(left) - len(deaths), "not dead, or twice", SLACK // 8)
    s.check(not left.intersection(deaths), "deaths", deaths, left)


def replaced_while_read(s):
    del deaths[:]

    class Box:
        pass
    box = Box()
    box.v, table, cell = Shared(-1), {"v": Shared(-2)}, [Shared(-3)]

    def work(i, rng):
        if i == 0:
            for n in range(500):
                box.v = Shared(n)
                table["v"] = Shared(n)
                cell[0] = Shared(n)
        else:
            for n in range(1000):
                s.check(box.v.alive and table["v"].alive and cell[0].alive, "dead object read")
    s.together(work)
    box.v = table = cell = None
    gc.collect()


def constants_and_types(s):
    def work(i, rng):
        for n in range(1500):
            a = (None, True, 1, "text", 1.5, (1, 2), int, len, b"x", ..., ValueError, frozenset, 10 ** 30)
            b = list(a)
            b.reverse()
            del a, b
            isinstance(n, int), type(n)(n), "".join(["a"]), ().__class__
    s.together(work)


def arguments_and_results(s):
    def f(a, b=None, *args, c=(1, 2), **kw):
        return a, args, kw

    def work(i, rng):
        o = object()
        for n in range(800):
            x, args, kw = f(o, 1, o, o, c=o, d=o)
            s.check(x is o and args == (o, o) and kw == {"d": o}, "arguments")
    s.together(work)


main(one_object, handed_around, replaced_while_read, constants_and_types, arguments_and_results)
