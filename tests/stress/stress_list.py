# SPDX-License-Identifier: MIT
"""One list, changed by all threads: append, pop, extend, insert, sort, slices, iteration."""
import heapq
from _stress import main


def append_all(s):
    l = []

    def work(i, rng):
        for n in range(2000):
            l.append((i, n))
    s.together(work)
    s.check(len(l) == s.threads * 2000, "appends lost:", len(l))
    for i in range(s.threads):
        s.check([n for j, n in l if j == i] == list(range(2000)), "order of one thread's appends changed")


def append_and_pop(s):
    l, popped = [], [[] for _ in range(s.threads)]

    def work(i, rng):
        for n in range(1500):
            l.append(i * 1500 + n)
            if rng.random() < 0.7:
                try:
                    popped[i].append(l.pop(rng.choice((-1, 0))))
                except IndexError:
                    pass
    s.together(work)
    everything = sorted(l + [x for p in popped for x in p])
    s.check(everything == list(range(s.threads * 1500)), "an element was lost or doubled")


def extend_and_slices(s):
    l = []

    def work(i, rng):
        for n in range(300):
            l.extend([i] * 3)
            same = l
            same += (i, i)
            part = l[max(0, len(l) - 8):]
            s.check(all(0 <= x < s.threads for x in part), "foreign element", part)
            l[0:0] = [i]
    s.together(work)
    s.check(len(l) == s.threads * 300 * 6, "length", len(l))
    s.check(all(l.count(i) == 300 * 6 for i in range(s.threads)), "counts")


def sort_while_changing(s):
    l = list(range(200))

    def work(i, rng):
        for n in range(100):
            op = rng.randrange(6)
            try:
                if op == 0:
                    l.sort()
                elif op == 1:
                    l.sort(key=lambda x: -x)
                elif op == 2:
                    l.append(rng.randrange(1000))
                elif op == 3:
                    l.reverse()
                elif op == 4:
                    s.check(all(type(x) is int for x in sorted(l)), "not an int")
                else:
                    sum(l)
            except ValueError as error:
                s.check("modified during sort" in str(error), error)
    s.together(work)
    s.check(all(type(x) is int for x in l), "foreign element")


def iterate_while_changing(s):
    l = [str(i) for i in range(50)]

    def work(i, rng):
        for n in range(150):
            if i % 2:
                for x in l:
                    s.check(type(x) is str and x.isdigit(), "read", x)
                x = l[:]
                s.check(len(x) >= 0 and all(type(v) is str for v in x), "slice")
                "5" in l, l.count("7"), l == x, len(l), repr(l)[:1]
            else:
                op = rng.randrange(5)
                if op == 0:
                    l.clear()
                elif op == 1:
                    l[:] = [str(k) for k in range(rng.randrange(100))]
                elif op == 2:
                    del l[::2]
                elif op == 3:
                    l.insert(rng.randrange(10), str(n))
                else:
                    l.extend(map(str, range(10)))
    s.together(work)


def set_items(s):
    l = [None] * 64

    def work(i, rng):
        for n in range(3000):
            k = rng.randrange(64)
            l[k] = [i, n, i + n]
            v = l[rng.randrange(64)]
            s.check(v is None or v[0] + v[1] == v[2], "torn element", v)
    s.together(work)


def remove_own(s):
    """Removing finds and takes out in one moment: everybody's own objects, and no others."""
    class Item:
        pass

    items = []

    def work(i, rng):
        own = []
        for n in range(300):
            own.append(Item())
            items.append(own[-1])
            if n % 4 == 3:
                items.remove(own.pop(rng.randrange(len(own))))
        kept[i] = own
    kept = [None] * s.threads
    s.together(work)
    s.check(sorted(map(id, items)) == sorted(id(item) for own in kept for item in own), "these very ones")


def whole_slices(s):
    """A slice is read and assigned at one moment, and so is an item counted from the end."""
    l = [1] * 2

    def work(i, rng):
        for n in range(1000):
            if i % 2:
                k = rng.randrange(1, 6)
                l[:] = [k] * (k + 1) if n % 3 else (k,) * (k + 1)
            else:
                part, length = l[:], len(l)
                s.check(part == [part[0]] * (part[0] + 1), "of several lists", part)
                s.check(2 <= length <= 6, "length", length)
                s.check(1 <= l[-1] <= 5, "from the end")
    s.together(work)


def delete_last(s):
    l = [0]

    def work(i, rng):
        for n in range(2000):
            l.append(n)
            s.check(type(l[-1]) is int, "not there")
            del l[-1]
    s.together(work)
    s.check(len(l) == 1, "not deleted:", len(l) - 1)


def count_while_moving(s):
    """list.count() and comparison look at the list at one moment."""
    l = [1] * 30

    def work(i, rng):
        for n in range(1000):
            if i % 2:
                l.insert(0, 2)
                l.remove(2)
            else:
                s.check(l.count(1) == 30, "count")
                s.check(l == l, "itself")
    s.together(work)


def heaps(s):
    """A heap of what compares without Python code stays one, whoever pushes and pops."""
    heap = list(range(20))

    def work(i, rng):
        for n in range(500):
            heapq.heappush(heap, rng.randrange(100))
            if n % 3 == 0:
                heapq.heapreplace(heap, rng.randrange(100))
            elif n % 3 == 1:
                heapq.heappushpop(heap, rng.randrange(100))
            heapq.heappop(heap)
            seen = heap[:]
            s.check(all(seen[(k - 1) // 2] <= seen[k] for k in range(1, len(seen))), "no heap", seen)
    s.together(work)
    s.check(len(heap) == 20, "length", len(heap))


main(append_all, append_and_pop, extend_and_slices, sort_while_changing, iterate_while_changing, set_items,
     remove_own, whole_slices, delete_last, count_while_moving, heaps)
