# SPDX-License-Identifier: MIT
"""gc.collect() in one thread while others build and drop cycles; finalizers exactly once; nothing alive collected."""
import collections
import functools
import gc
import itertools
import os
import threading
import time
import weakref
from _stress import SLACK, forks_at_work, main, sanitized


class Node:
    made = 0

    def __init__(self, value):
        self.value = value


class Finalised:
    def __init__(self, log, n):
        self.log, self.n, self.me = log, n, self

    def __del__(self):
        self.log.append(self.n)


def ring(n, value):
    nodes = [Node(value) for _ in range(n)]
    for i, node in enumerate(nodes):
        node.next = nodes[(i + 1) % n]
        node.all = nodes
    return nodes[0]


def collect_while_building(s):
    def work(i, rng):
        if i == 0:
            for _ in range(8):
                gc.collect(rng.randrange(3))
        else:
            keep = []
            for n in range(60):
                r = ring(rng.randrange(1, 12), (i, n))
                keep.append(r)
                if len(keep) > 5:
                    keep.pop(rng.randrange(5))
                for k in keep:
                    node, steps = k.next, 1
                    while node is not k:
                        s.check(node.value == k.value, "foreign node")
                        node, steps = node.next, steps + 1
                    s.check(steps == len(k.all), "ring", steps)
    s.together(work)


def finalised_once(s):
    gc.collect()
    logs = [[] for _ in range(s.threads)]

    def work(i, rng):
        for n in range(200):
            Finalised(logs[i], n)
            if n % 50 == 0 and i == 0:
                gc.collect()
    s.together(work)
    s.check_gone(lambda: 200 * len(logs) - sum(map(len, logs)), "not finalised", SLACK)
    for log in logs:
        s.check(len(set(log)) == len(log), "finalised twice", len(log) - len(set(log)))


def all_collect(s):
    def work(i, rng):
        for n in range(3):
            l = [n]
            l.append(l)
            del l
            gc.collect()
    s.together(work)


def containers_of_all_kinds(s):
    stop = threading.Event()

    def work(i, rng):
        if i == 0:
            for _ in range(6):
                gc.collect()
            stop.set()
            return
        n = 0
        while not stop.is_set() or n < 20:
            n += 1
            d = {"n": n}
            d["self"] = d
            t = ([d], {1: d}, (d,), {n})
            d["t"] = t
            f = lambda: (d, t, f)
            d["f"] = f

            def g():
                yield d
                yield t
            it = g()
            next(it)
            d["it"] = it
            d["class"] = type("T", (), {"d": d})
            s.check(f()[0]["t"][0][0] is d and next(it) is t and d["class"].d["n"] == n, "content")
    s.together(work)
    gc.collect()


def cleared_by_their_makers(s):
    """Collections that nobody asked for, of what several threads have made, also for each other; some of the threads block
    and some end meanwhile."""
    shared, dead, old = [None] * 4, [], gc.get_threshold()

    def garbage(other, n):
        node = Node([other, {n}, (n, [n]), collections.deque([other]), collections.OrderedDict(n=other), bytearray(9)])
        node.next = [node, {"node": node}, (node,), {Node(node)}, collections.deque([node])]
        node.method, node.chain = node.next.append, itertools.chain(node.next, iter([node]))
        node.function = lambda: (node, other)
        node.partial = functools.partial(node.function, node)

        def g():
            yield node
        node.generator = g()
        next(node.generator)
        try:
            raise KeyError(node)
        except KeyError as e:
            node.error = e
        return node

    def work(i, rng):
        for n in range(150):
            k = rng.randrange(4)
            node = garbage(shared[k] if n % 4 else None, n)
            if n % 10 == 0:
                dead.append(weakref.ref(node))
            shared[k] = node if n % 3 else None
            if rng.randrange(40) == 0:
                time.sleep(0.001)
            if rng.randrange(200) == 0:
                return
    gc.set_threshold(1500)
    try:
        s.together(work)
    finally:
        gc.set_threshold(*old)
    shared[:] = []
    s.check_gone(lambda: sum(r() is not None for r in dead), "alive", SLACK)


def referrers_and_objects(s):
    def work(i, rng):
        if i == 0:
            for _ in range(3):
                s.check(len(gc.get_objects()) > 100, "objects")
        else:
            for n in range(200):
                l = [[n], {n: n}]
                s.check(l[0][0] == n, "list")
    s.together(work)


def collect_after_fork(s):
    """The child of a fork within another thread's collection can collect."""
    entered, forked, parent = threading.Event(), threading.Event(), os.getpid()

    class Slow:
        def __del__(self):
            if os.getpid() == parent:
                entered.set()
                forked.wait(300)

    class Seen:
        dead = 0

        def __del__(self):
            Seen.dead += 1

    def leave(make):
        o = make()
        o.self = o

    for _ in range(20):  # an address of one may still lie on the stack
        leave(Slow)
    t = threading.Thread(target=gc.collect)
    t.start()
    entered.wait(300)
    child = os.fork()
    if child == 0:
        for _ in range(20):
            leave(Seen)
        gc.collect()
        os._exit(0 if Seen.dead > 10 else 1)
    status = os.waitpid(child, 0)[1]
    forked.set()
    t.join()
    s.check(entered.is_set() and status == 0, "the child does not collect", status)


def fork_while_threads_end(s):
    """The child of a fork that meets threads at their very end gives up what they had once."""
    def short():
        return [[n] for n in range(50)]

    def child_works():
        made = []
        threads = [threading.Thread(target=lambda: made.append([{n: [n]} for n in range(2000)])) for _ in range(4)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        gc.collect()
        return len(made) == 4 and all(d == {n: [n]} for part in made for n, d in enumerate(part))

    for _ in range(4):
        threads = [threading.Thread(target=short) for _ in range(8)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()  # goes on while the thread is still giving things up
        child = os.fork()
        if child == 0:
            os._exit(0 if child_works() else 1)
        status = os.waitpid(child, 0)[1]
        s.check(status == 0, "the child of a fork ended with", status)


def collector_asked(s):
    """Numbers and settings of the collector, while it runs."""
    def work(i, rng):
        for n in range(30):
            if i == 0:
                l = [[n] for n in range(500)]
                for a in l:
                    a.append(a)
                del l
                gc.collect(n % 3)
            else:
                s.check(len(gc.get_stats()) == 3 and gc.get_freeze_count() >= 0, "numbers")
                gc.set_debug(gc.get_debug())
                gc.get_count()
                if i == 1:
                    gc.freeze()
                    gc.unfreeze()
    s.together(work)


# For forks see forks_at_work(); when collect_after_fork does, no other thread allocates.
main(*[] if sanitized() else [collect_after_fork], *[fork_while_threads_end] if forks_at_work() else [], collect_while_building, finalised_once, all_collect, containers_of_all_kinds, cleared_by_their_makers,
     referrers_and_objects, collector_asked)
