# SPDX-License-Identifier: MIT
"""Objects that all threads use all the time, so that strategies change how they count them: none dies early, none stays."""
import collections
import gc
import itertools
from _stress import SLACK, main


class Thing:
    def __init__(self, value):
        self.value = value

    def get(self):
        return self.value


class Counter:
    """Gives away how many of its instances are alive, without a finaliser."""
    def __init__(self):
        self.items = [Thing(1), (Thing(2),), {"three": Thing(3)}]


def use(holder, n):
    thing = holder["thing"]
    total = 0
    for _ in range(n):
        total += thing.get() + len(holder["items"]) + holder["counter"].items[0].value
    return total


def living(kind):
    return sum(type(o) is kind for o in gc.get_objects())


def hot_objects(s):
    """They are used, replaced while they are used, and gone in the end."""
    holder = {"thing": Thing(1), "items": [1, 2, 3], "counter": Counter()}

    def work(i, rng):
        for n in range(30):
            s.check(use(holder, 200) == 200 * 5, "sum")
            if i == 0:
                holder["thing"] = Thing(1)
                holder["items"] = [4, 5, 6]
                holder["counter"] = Counter()
    s.together(work)
    holder.clear()
    gc.collect()
    s.check_gone(lambda: living(Counter), "counters", SLACK)


def in_generators(s):
    """Suspended frames hold them in registers meanwhile."""
    thing, items = Thing(7), [Thing(n) for n in range(10)]

    def numbers():
        own = thing
        mine = items
        for n in itertools.count():
            yield own.value + mine[n % 10].value

    def work(i, rng):
        held = [numbers() for _ in range(5)]
        for n in range(200):
            for g in held:
                s.check(next(g) == 7 + n % 10, "item")
        del held[rng.randrange(5)]
        for g in held:
            g.close()
    for _ in range(4):
        s.together(work)
    del thing, items
    gc.collect()


def recursion(s):
    """Many registers of one thread hold the same object."""
    thing = Thing(3)

    def down(t, depth):
        return t.get() + down(t, depth - 1) if depth else 0

    def work(i, rng):
        for _ in range(60):
            s.check(down(thing, 60) == 180, "sum")
    s.together(work)
    s.check(thing.get() == 3, "alive")


def churn(s):
    """Hot for a moment each, in large numbers."""
    queue = collections.deque()

    def work(i, rng):
        for n in range(40):
            queue.append([Thing(n)])
            try:
                shared = queue[rng.randrange(len(queue))]
            except IndexError:
                continue
            for _ in range(100):
                s.check(shared[0].get() >= 0, "value")
            if len(queue) > 10:
                try:
                    queue.popleft()
                except IndexError:
                    pass
    s.together(work)


def leaves(s):
    """Keys of a dict that all threads read, replaced meanwhile."""
    box = [None]

    def fresh(generation):
        table = {"key %d of %d" % (n, generation): n for n in range(100)}
        box[0] = table, list(table)

    fresh(0)

    def work(i, rng):
        for generation in range(10):
            table, keys = box[0]
            for _ in range(20):
                total = 0
                for n in range(100):
                    total += table[keys[n]]
                s.check(total == 4950, "sum")
            text = keys[rng.randrange(100)]
            s.check(text.startswith("key ") and text in table, "key", text)
            if i == 0:
                table = keys = None
                fresh(generation)
    s.together(work)
    text = box[0][1][7]
    box[0] = None
    gc.collect()
    s.check(text.startswith("key 7 of "), "kept", text)


main(hot_objects, in_generators, recursion, churn, leaves)
