# SPDX-License-Identifier: MIT
"""Objects that their maker goes on changing while others begin to: nothing is lost at the moment they become common."""
import collections
import gc
import random
import threading
from _stress import main


class Thing:
    def __init__(self, wide):
        self.total = 0
        if wide:
            for n in range(20):
                setattr(self, "field%d" % n, n)


def lists(s):
    """The maker appends without a pause; the others join in, each from another moment on."""
    shared = []
    published = threading.Event()

    def work(i, rng):
        if i == 0:
            mine = []
            for n in range(500):
                mine.append((0, n))
            shared.append(mine)
            published.set()
        else:
            published.wait()
            mine = shared[0]
            for _ in range(rng.randrange(2000)):
                pass
        for n in range(500, 1500):
            mine.append((i, n))
            if n % 7 == 0:
                mine[rng.randrange(len(mine))]
    s.together(work)
    last = {}
    for i, n in shared[0]:
        s.check(last.get(i, n - 1) == n - 1, "order", i, n)
        last[i] = n
    s.check(len(shared[0]) == 500 + 1000 * s.threads, "length", len(shared[0]))


def many_small(s):
    """So many objects change hands that their maker loses its privacy, and gets it back."""
    queue = collections.deque()
    done = threading.Event()

    def make(i, rng):
        for n in range(3000):
            table, items, names = {n: n}, [n], {n}
            queue.append((n, table, items, names))
            table["maker"] = n
            items.append("maker")
            names.add("maker")
        done.set()

    def take(i, rng):
        while True:
            try:
                n, table, items, names = queue.popleft()
            except IndexError:
                if done.is_set():
                    return
                continue
            table["taker"] = n
            items.append("taker")
            names.add("taker")
            kept.append((n, table, items, names))
    kept = []
    s.together(make, *[take] * max(1, s.threads - 1))
    for n, table, items, names in list(queue) + kept:
        s.check(table[n] == n and table["maker"] == n, "table", table)
        s.check(items[0] == n and "maker" in items and len(items) <= 3, "items", items)
        s.check(n in names and "maker" in names, "names", names)
    for n, table, items, names in kept:
        s.check(table["taker"] == n and items.count("taker") == 1 and "taker" in names, "taker", n)


def attributes(s):
    """Attributes appear, change and vanish under their maker's hands and others'."""
    things = []
    published = threading.Event()

    def work(i, rng):
        if i == 0:
            for n in range(200):
                thing = Thing(n % 2)
                things.append(thing)
                setattr(thing, "own%d" % n, n)
                thing.total = n
                if n == 20:
                    published.set()
                if n % 5 == 0:
                    setattr(thing, "gone", n)
                    del thing.gone
        else:
            published.wait()
            for _ in range(200):
                n = rng.randrange(len(things))
                thing = things[n]
                setattr(thing, "other%d" % i, n)
                s.check(getattr(thing, "field19", 19) == 19, "field19")
                s.check(getattr(thing, "own%d" % n, n) == n, "own", n)
                s.check(getattr(thing, "other%d" % i) == n, "other", i)
    s.together(work)
    for n, thing in enumerate(things):
        s.check(thing.total == n and getattr(thing, "own%d" % n) == n, "kept", n)


def tables(s):
    """One dict, one set: the maker's own at first."""
    shared = []
    published = threading.Event()

    def work(i, rng):
        if i == 0:
            shared.append(({}, set()))
            table, names = shared[0]
            for n in range(rng.randrange(300)):
                table[0, n] = n
                names.add((0, n))
            published.set()
        else:
            published.wait()
            table, names = shared[0]
        for n in range(1000, 1500):
            table[i, n] = n
            names.add((i, n))
            s.check(table[i, n] == n and (i, n) in names, "own entry", i, n)
            if n % 3 == 0:
                del table[i, n]
                names.discard((i, n))
    s.together(work)
    table, names = shared[0]
    for i in range(s.threads):
        for n in range(1000, 1500):
            s.check(((i, n) in table) == (n % 3 != 0) == ((i, n) in names), "entry", i, n)


def detached_makers(s):
    """Others use what a thread has made while it sleeps, and it goes on afterwards."""
    made = [None] * s.threads
    gate, again = threading.Barrier(s.threads), threading.Barrier(s.threads)

    def work(i, rng):
        mine = {"count": 0, "list": [i]}
        made[i] = mine
        gate.wait()
        for k in range(s.threads):
            made[k]["list"].append(i)
            made[k][i] = i
        mine["count"] = i
        again.wait()
        for k in range(s.threads):
            s.check(made[k]["count"] == k and made[k][i] == i, "table", k, i)
            s.check(sorted(made[k]["list"]) == sorted([k] + list(range(s.threads))), "list", made[k])
    for _ in range(20):
        s.together(work)


def grown_under_readers(s):
    """Containers whose tables their maker replaces while another thread takes its first look into them."""
    offered = collections.deque(maxlen=1)
    done = threading.Event()

    def make_one(i, rng):
        table, names, ring = {}, set(), collections.deque()
        ordered = collections.OrderedDict()
        table[0] = ordered[0] = names
        names.add(0)
        ring.append(0)
        offered.append((table, ordered, names, ring))
        for n in range(1, rng.randrange(2, 200)):
            table[n] = ordered[n] = names
            names.add(n)
            ring.append(n)
        if rng.randrange(4) == 0:
            names.clear()
            ring.clear()
            table.clear()

    def make(i, rng):
        try:
            for _ in range(400):
                make_one(i, rng)
        finally:
            done.set()

    def look(i, rng):
        while not done.is_set():
            try:
                table, ordered, names, ring = offered[0]
            except IndexError:
                continue
            kind = rng.randrange(8)
            s.check(ordered[0] is names and ordered.get(n := rng.randrange(300), names) is names, "ordered", kind)
            s.check(table.get(n, names) is names, "table", n)
            (0 in names, n in names)
            try:
                s.check(ring[0] == 0, "ring")
                if kind == 0:
                    s.check(all(value is names for value in table.values()), "values")
                if kind == 1:
                    s.check(all(type(name) is int for name in names), "names")
                if kind == 2:
                    s.check(all(type(name) is int for name in ring), "items")
            except (RuntimeError, IndexError):
                pass  # it was changed, or cleared, meanwhile
    s.together(make, *[look] * max(1, s.threads - 1))


def grown_globals(s):
    """Functions read the globals of a module of which another thread goes on making more."""
    offered = collections.deque(maxlen=1)
    done = threading.Event()
    code = compile("def get():\n    return first, second\n", "made", "exec")

    def make_one(i, rng):
        names = {"first": 1}
        exec(code, names)
        names["second"] = 2
        s.check(names["get"]() == (1, 2), "own globals")
        offered.append(names["get"])
        for n in range(rng.randrange(60)):
            names["more%d" % n] = n
            if n % 8 == 0:
                s.check(names["get"]() == (1, 2), "own globals later", n)

    def make(i, rng):
        try:
            for _ in range(300):
                make_one(i, rng)
        finally:
            done.set()

    def call(i, rng):
        while not done.is_set():
            try:
                get = offered[0]
            except IndexError:
                continue
            for _ in range(rng.randrange(30)):
                s.check(get() == (1, 2), "globals")
    s.together(make, *[call] * max(1, s.threads - 1))


def found_by_the_collector(s):
    """A set that a method makes for itself is found by who asks the collector, and looked into while it ends."""
    offered = []
    done = threading.Event()

    class Key:
        def __hash__(self):
            return 5

        def __eq__(self, other):
            if not offered:
                offered.extend(o for o in gc.get_referrers(marker) if type(o) is set)
            return self is other

    marker = object()

    def make_one():
        mine = {marker, Key(), *range(40)}
        mine.intersection_update(iter([marker, *range(3), *list(mine), Key()]))
        for n in range(100, 100 + random.randrange(200)):
            mine.add(n)
        s.check(marker in mine, "marker")
        offered.clear()

    def make(i, rng):
        try:
            for _ in range(15):
                make_one()
        finally:
            done.set()

    def look(i, rng):
        while not done.is_set():
            for other in list(offered):
                for n in range(50):
                    (n in other, marker in other)
    s.together(make, *[look] * max(1, s.threads - 1))


main(lists, many_small, attributes, tables, detached_makers, grown_under_readers, grown_globals,
     found_by_the_collector)
