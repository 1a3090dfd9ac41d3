# SPDX-License-Identifier: MIT
"""One set and one deque, changed by all threads."""
from collections import deque, defaultdict
import threading
from _stress import main


def set_disjoint(s):
    t = set()

    def work(i, rng):
        for n in range(2000):
            t.add((i, n))
            if n % 2:
                t.remove((i, n))
            s.check(((i, n) in t) == (n % 2 == 0), "membership")
    s.together(work)
    s.check(len(t) == s.threads * 1000, "length", len(t))


def set_shared(s):
    t, popped = set(range(2000)), [[] for _ in range(s.threads)]

    def work(i, rng):
        try:
            while True:
                popped[i].append(t.pop())
        except KeyError:
            pass
    s.together(work)
    s.check(sorted(x for p in popped for x in p) == list(range(2000)), "popped twice or never")

    def mixed(i, rng):
        for n in range(400):
            k = rng.randrange(30)
            op = rng.randrange(6)
            try:
                if op == 0:
                    t.add(k)
                elif op == 1:
                    t.discard(k)
                elif op == 2:
                    t.update(range(k))
                elif op == 3:
                    s.check(all(0 <= x < 30 for x in t | {0}), "union")
                elif op == 4:
                    t.difference_update(range(k))
                else:
                    s.check(all(0 <= x < 30 for x in list(t)), "list")
            except RuntimeError as error:
                s.check("changed size" in str(error), error)
    s.together(mixed)
    s.check(all(0 <= x < 30 for x in t), "end state")


def set_whole(s):
    """Sets of strings that nobody else holds, small and large, are copied while they grow and shrink."""
    small, large, known = set(), set(), {'w%d' % n for n in range(400)}

    def work(i, rng):
        for n in range(150):
            t = small if rng.random() < 0.7 else large
            limit = 9 if t is small else 400
            some = {'w%d' % rng.randrange(limit) for _ in range(rng.randrange(limit))}
            op = rng.randrange(12)
            if op == 0:
                t.update(some)
            elif op == 1:
                t.clear()
            elif op == 2:
                made = t.copy()
                s.check(made <= known, "copy", made)
                made |= some
                s.check(some <= made <= known, "copy that grows", made)
            elif op == 3:
                s.check((t - some).isdisjoint(some), "difference")
            elif op == 4:
                s.check(some <= (t | some) <= known, "union")
            elif op == 5:
                s.check((t & some) <= some, "intersection")
            elif op == 6:
                made = list(t)
                s.check(len(set(made)) == len(made) and known.issuperset(made), "list", made)
            elif op == 7:
                t -= some
            elif op == 8:
                t &= some
            elif op == 9:
                made = frozenset(t)
                s.check(hash(made) == hash(frozenset(set(made))) and made <= known, "frozenset", made)
            elif op == 10:
                for x in some:
                    s.check((x in t) in (False, True), "membership")
                    t.discard(x)
            else:
                made = [0]
                made.extend(t)
                s.check(known.issuperset(made[1:]), "extended", made)
    s.together(work)
    s.check(small <= known and large <= known, "end state")


def set_at_once(s):
    """What C code goes through at one moment, no other thread changes meanwhile."""
    t = {0}
    looks = [sum, max, min, any, deque, sorted, dict.fromkeys, bytes, {0}.issuperset, {0: 1}.keys().isdisjoint]

    def work(i, rng):
        for n in range(60):
            if i % 2:
                for k in range(40):
                    t.add(k)
                for k in range(1, 40):
                    t.discard(k)
            else:
                for _ in range(9):
                    rng.choice(looks)(t)
    s.together(work)


def deque_ends(s):
    d, got = deque(), [[] for _ in range(s.threads)]

    def work(i, rng):
        for n in range(2000):
            (d.append if rng.random() < 0.5 else d.appendleft)(i * 2000 + n)
            try:
                got[i].append(d.pop() if rng.random() < 0.5 else d.popleft())
            except IndexError:
                pass
    s.together(work)
    s.check(sorted(list(d) + [x for g in got for x in g]) == list(range(s.threads * 2000)), "lost or doubled")


def deque_mixed(s):
    d = deque(range(50), maxlen=100)

    def work(i, rng):
        for n in range(200):
            op = rng.randrange(7)
            try:
                if op == 0:
                    d.rotate(rng.randrange(-5, 6))
                elif op == 1:
                    d.extend(range(10))
                elif op == 2:
                    s.check(all(type(x) is int for x in d), "element")
                elif op == 3:
                    d.clear()
                elif op == 4:
                    d.extendleft(range(10))
                elif op == 5:
                    s.check(len(d) <= 100, "length beyond maxlen")
                else:
                    d.reverse()
            except RuntimeError as error:
                s.check("mutated" in str(error), error)
    s.together(work)
    s.check(len(d) <= 100, "end length")


def deque_from_end(s):
    """An item counted from the end is read, set and deleted at one moment."""
    d = deque([1])

    def work(i, rng):
        for n in range(1000):
            if i % 2:
                d.append(1)
                if len(d) > 9:
                    del d[-1]
            else:
                s.check(d[-1] == 1, "item")
                d[-1] = 1
    s.together(work)
    own = deque([0])

    def delete(i, rng):
        for n in range(1000):
            own.append(n)
            del own[-1]
    s.together(delete)
    s.check(len(own) == 1, "not deleted:", len(own) - 1)


def deque_whole(s):
    """What C code goes through at one moment, no other thread changes meanwhile."""
    d = deque([1, 2, 3])
    looks = [list, tuple, sorted, set, deque.copy, deque, repr, sum, max, lambda d: [0] + [*d], lambda d: 7 in d,
             lambda d: d.count(7), lambda d: ".".join(map(str, list(d))), lambda d: any(x > 9 for x in tuple(d)),
             lambda d: dict.fromkeys(d), lambda d: d + d]

    def work(i, rng):
        for n in range(300):
            if i % 2:
                d.append(1) if n % 2 else d.appendleft(1)
                d.rotate(n % 3)
                if len(d) > 40:
                    for _ in range(30):
                        if len(d) > 9:
                            d.pop()
            else:
                rng.choice(looks)(d)
    s.together(work)


def deque_extended(s):
    """What is put in together stays together."""
    d, last = deque(), deque(maxlen=9)

    def work(i, rng):
        for n in range(300):
            part = [i] * 3
            d.extend(part) if n % 2 else d.extendleft(tuple(part))
            last.extend(part if n % 3 else deque(part))
            for seen in (list(d), list(last)):
                s.check(all(seen[k] == seen[k + 1] == seen[k + 2] for k in range(0, len(seen), 3)), "apart", seen)
            if len(d) > 60:
                d.clear()
    s.together(work)


def deque_remove_own(s):
    """Every thread removes what it put in itself."""
    d = deque()

    def work(i, rng):
        own = object()
        for n in range(500):
            d.append(own)
            d.appendleft(i)
            s.check(d.count(own) == 1 and (n, i) not in d and d.index(i) >= 0 and own in d, "there")
            d.remove(i)
            d.remove(own)
    s.together(work)
    s.check(not d, "left", d)


def default_dict(s):
    d = defaultdict(list)

    def work(i, rng):
        for n in range(1000):
            d[i].append(n)
    s.together(work)
    s.check(all(d[i] == list(range(1000)) for i in range(s.threads)), "lists")


class Asked:
    """A key whose __eq__ does not return before another thread has come to what is looked into."""
    def __init__(self):
        self.asked, self.come = threading.Event(), threading.Event()

    def __hash__(self):
        return 5

    def __eq__(self, other):
        self.asked.set()
        self.come.wait(60)
        return False


def asked_while_another_comes(s):
    """A container that its maker looks into, and another thread for the first time while __eq__ runs, serves both
    afterwards."""
    def drop(call, *arguments):
        try:
            call(*arguments)
        except (KeyError, ValueError):
            pass

    lookups = [
        (set, lambda c, key: key in c), (frozenset, lambda c, key: key in c),
        (set, lambda c, key: c.add(key)), (set, lambda c, key: c.discard(key)),
        (set, lambda c, key: drop(c.remove, key)), (set, lambda c, key: c.update([key])),
        (set, lambda c, key: c.issubset({key, 1})), (set, lambda c, key: c.isdisjoint({key})),
        (set, lambda c, key: c & {key}), (set, lambda c, key: c - {key}), (set, lambda c, key: c ^ {key}),
        (set, lambda c, key: c == {key, 1}), (set, lambda c, key: c.intersection_update({key})),
        (set, lambda c, key: c.symmetric_difference_update({key})), (set, lambda c, key: c.difference_update({key})),
        (dict.fromkeys, lambda c, key: key in c), (dict.fromkeys, lambda c, key: c.get(key)),
        (dict.fromkeys, lambda c, key: drop(c.__getitem__, key)), (dict.fromkeys, lambda c, key: c.__setitem__(key, 1)),
        (dict.fromkeys, lambda c, key: drop(c.__delitem__, key)), (dict.fromkeys, lambda c, key: c.pop(key, 1)),
        (dict.fromkeys, lambda c, key: c.setdefault(key, 1)), (dict.fromkeys, lambda c, key: c.update({key: 1})),
        (dict.fromkeys, lambda c, key: c == {key: None, 1: None}),
        (list, lambda c, key: key in c), (list, lambda c, key: drop(c.index, key)), (list, lambda c, key: c.count(key)),
        (list, lambda c, key: drop(c.remove, key)), (list, lambda c, key: c == [1, key]),
        (deque, lambda c, key: key in c), (deque, lambda c, key: drop(c.index, key)),
        (deque, lambda c, key: c.count(key)), (deque, lambda c, key: drop(c.remove, key)),
        (deque, lambda c, key: c == deque([1, key])),
    ]

    def both(number):
        make, look = lookups[number]
        there, key = Asked(), Asked()
        for k in (there, key):  # whichever is asked
            k.asked, k.come = there.asked, there.come
        box = []

        def other():
            there.asked.wait(60)
            for container in box:  # without asking: lists and deques would
                (list(container), not isinstance(container, (list, deque)) and 7 in container)
            there.come.set()
            for container in box:
                (8 in container, len(container))

        def maker():
            box.append(make([1, there]))
            look(box[0], key)
            (9 in box[0], len(box[0]))
        threads = [threading.Thread(target=f, daemon=True) for f in (other, maker)]
        for t in threads:
            t.start()
        for t in threads:
            t.join(100)
        s.check(there.asked.is_set() and not any(t.is_alive() for t in threads), "lookup", number, "never ends")
    for number in range(len(lookups)):
        both(number)


main(set_disjoint, set_shared, set_whole, asked_while_another_comes, deque_ends, deque_mixed,
     deque_from_end, deque_whole, deque_extended, deque_remove_own, set_at_once, default_dict)
