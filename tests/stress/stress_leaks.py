# SPDX-License-Identifier: MIT
"""After work in many threads, and gc.collect(), the live objects are back at the level they began with.

Measured three ways: by the collector's list of objects, by counting births and deaths of instances, and by the
resident memory of the process, which must not grow from one repetition of the same work to the next.
"""
import collections
import functools
import gc
import itertools
import os
import re
import threading
import weakref
from _stress import ATTEMPTS, SLACK, main

births, deaths = [], []
numbers_given = itertools.count()
# One stale word of a stack may lead to all that work() had in hand at its end, and to the instances of one more turn; a leak of
# one instance a turn would leave 720 of 3,600.
INSTANCES = 6 * SLACK
# Objects: some of the VM's own, and those that these instances lead to.
ROOM = 20 + 20 * INSTANCES


class Text(str):
    pass


class Counted:
    def __init__(self):
        self.number = next(numbers_given)
        births.append(self.number)

    def __del__(self):
        deaths.append(self.number)


def work(i, rng):
    for n in range(60):
        a, b = Counted(), Counted()
        a.other, b.other = b, a
        keep = {"list": [a, (b, {n: a})], "set": {a}, "deque": collections.deque([a] * 3, 5)}
        a.function = lambda: keep
        a.partial = functools.partial(a.function)
        a.weak = weakref.ref(b, lambda r: None)

        def numbers():
            local = Counted()
            for k in range(3):
                yield local, k
        a.generator = numbers()
        next(a.generator)
        list(numbers())
        T = type("T", (Counted,), {"made": a})
        a.instance = T()
        try:
            try:
                raise ValueError(a)
            finally:
                b.text = "%r %s" % (n, "x" * n)
        except ValueError as error:
            a.error = error
        exec("def made(x): return [x] * 2", space := {})
        space["made"](a)
        b.big = 3 ** (n * 5) * [1][0] + len(str(2 ** n))
        a.local = threading.local()
        a.local.b = b
        text = Text("a1 b2 c3")
        text.owner = a
        a.match = re.search(r"(?P<letter>\w)(\d)", text)
        a.match.regs
        a.scanner = re.compile(r"\w(%d)" % (n % 5)).scanner(text)
        a.found = re.finditer(r"\d", text)
        next(a.found)
        b.replaced = re.sub(r"(\w)(\d)", r"\2\1", text) + re.sub(r"\d", lambda m: m[0] * 2, text)
        sorted([b, a], key=id)
        for name in ("p", "q", "r"):
            setattr(b, name, n)
            delattr(b, "p") if hasattr(b, "p") else None


def settle():
    for _ in range(4):
        gc.collect()


def resident():
    with open("/proc/self/statm") as f:
        return int(f.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 0


# Both empty the list of all objects that they looked at: where a stale word keeps the list, it keeps no object.
def objects_alive():
    objects = gc.get_objects()
    count = len(objects)
    objects.clear()
    return count


def kinds():
    count = {}
    objects = gc.get_objects()
    while objects:
        name = type(objects.pop()).__name__
        count[name] = count.get(name, 0) + 1
    return count


def leak_free(s):
    s.together(work)
    settle()
    del births[:], deaths[:]
    before = objects_alive()
    before_kinds = kinds()
    for _ in range(3):
        s.together(work)
    for attempt in range(ATTEMPTS):
        settle()
        after = objects_alive()
        alive = set(births).difference(deaths)
        if len(alive) <= INSTANCES and after <= before + ROOM:
            break
        s.overwrite_stacks()
    s.check(len(set(deaths)) == len(deaths), "died twice:", len(deaths) - len(set(deaths)))
    s.check(len(alive) <= INSTANCES, "instances alive:", len(alive))
    after_kinds = kinds()
    grown = {k: v - before_kinds.get(k, 0) for k, v in after_kinds.items() if v > before_kinds.get(k, 0) + 2}
    s.check(after <= before + ROOM, "objects before and after:", before, after, grown)


memory = []
# ThreadSanitizer keeps records of every thread that ever ran, in memory that counts as the process's.
with open("/proc/self/maps") as maps:
    memory_is_ours = "libtsan" not in maps.read()


def memory_flat(s):
    s.together(work)
    settle()
    del births[:], deaths[:]
    memory.append(resident())
    if len(memory) > 8 and memory_is_ours:
        early, late = min(memory[3:6]), min(memory[-3:])
        s.check(late <= early + (8 << 20) + early // 10, "resident memory grows", memory)


main(leak_free, memory_flat)
