# SPDX-License-Identifier: MIT
"""The operations that CPython's FAQ lists as atomic ("What kinds of global value mutation are thread-safe?")."""
from _stress import main


class Object:
    pass


def list_append(s):
    l = []
    s.together(lambda i, rng: [l.append(i) for _ in range(3000)])
    s.check(len(l) == 3000 * s.threads and all(l.count(i) == 3000 for i in range(s.threads)), "append")


def list_extend(s):
    l1 = []
    s.together(lambda i, rng: [l1.extend([i] * 7) for _ in range(500)])
    s.check(len(l1) == 3500 * s.threads, "extend lost")
    s.check(all(len(set(l1[k:k + 7])) == 1 for k in range(0, len(l1), 7)), "an extend was split by another")


def list_pop(s):
    l, got = list(range(4000)), [[] for _ in range(s.threads)]

    def work(i, rng):
        try:
            while True:
                got[i].append(l.pop())
        except IndexError:
            pass
    s.together(work)
    s.check(sorted(x for g in got for x in g) == list(range(4000)), "pop")
    s.check(all(g == sorted(g, reverse=True) for g in got), "pop order")


def list_assign_and_read(s):
    l1, l2 = [[0, 0]] * 10, [[1, 1]] * 20

    def work(i, rng):
        for n in range(1500):
            l1[n % 10] = [n, n]
            x = l1[(n + 3) % 10]
            s.check(x[0] == x[1], "item")
            if n % 10 == 0:
                l1[0:10] = l2[0:10]
            s.check(len(l1) == 10, "length seen", len(l1))
    s.together(work)


def list_sort(s):
    l = [5, 3, 1, 4, 2]

    def work(i, rng):
        for _ in range(500):
            try:
                l.sort()
            except ValueError as error:
                s.check("modified" in str(error), error)
    s.together(work)
    s.check(l == [1, 2, 3, 4, 5], "sort", l)


def assignment(s):
    o, y = Object(), Object()
    o.field = y
    x = None

    def work(i, rng):
        nonlocal x
        for n in range(2000):
            x = y
            o.field = y
            s.check(x is y and o.field is y, "assignment")
    s.together(work)


def dict_set_and_update(s):
    d, d2 = {}, {n: n for n in range(20)}

    def work(i, rng):
        for n in range(300):
            d["own", i] = n
            s.check(d["own", i] == n, "own key")
            d.update(d2)
            s.check(len(list(d.keys())) >= 21, "keys")
    s.together(work)
    s.check(all(d[n] == n for n in range(20)), "update")


def dict_setdefault(s):
    for _ in range(20):
        d, first = {}, []
        s.together(lambda i, rng: first.append(d.setdefault("k", object())))
        s.check(all(v is first[0] for v in first) and d["k"] is first[0], "setdefault gave two values")


def swap_and_counters_by_lists(s):
    tokens, got = ["token"], [0] * s.threads

    def work(i, rng):
        for _ in range(300):
            try:
                t = tokens.pop()
            except IndexError:
                continue
            got[i] += 1
            s.check(not tokens, "two tokens")
            tokens.append(t)
    s.together(work)
    s.check(tokens == ["token"], "token lost")


main(list_append, list_extend, list_pop, list_assign_and_read, list_sort, assignment, dict_set_and_update,
     dict_setdefault, swap_and_counters_by_lists)
