# SPDX-License-Identifier: MIT
"""What C code that goes through a container makes of it, while another thread replaces the contents as a whole.

The contents are one item over and over, so that a mixture of two moments shows. No item runs Python code, so with a GIL
nobody could come between.
"""
import array
import collections
import functools
import json
import marshal
import math
import operator
import pickle
import threading
from _stress import main

INTS, TEXTS, FLOATS = (1, 3, 7), ("a", "b\u0101", "c"), (1.5, 3.5, 7.25)
LENGTHS = (3, 40, 41, 130)


def same(items):
    return len(set(items)) <= 1


def same_keys(d):
    return len(d) <= 1




def extended(items):
    out = []
    out.extend(items)
    return out


def updated(items):
    out = set()
    out.update(items)
    return out


def called(items):
    return (lambda *a: a)(*items)


def assigned(items):
    out = [None] * 3
    out[:] = items
    return out


def fed(items):
    out = collections.deque()
    out.extend(items)
    return out


SUMS = {n * k for k in INTS for n in LENGTHS}
FSUMS = {n * k for k in FLOATS for n in LENGTHS}
ANY = [(list, same), (tuple, same), (set, same), (frozenset, same), (sorted, same), (dict.fromkeys, same_keys),
       (collections.deque, same), (extended, same), (updated, same), (called, same), (lambda l: l + l, same),
       (lambda l: [*l], same), (lambda l: {*l}, same), (collections.Counter, same_keys), (assigned, same), (fed, same),
       (lambda l: [max(l), min(l)], lambda r: True), (lambda l: {1}.union(l) - {1}, same),
       (lambda l: operator.countOf(l, l[0]), lambda n: n in LENGTHS or n == 0)]
LISTS = [(lambda l: l * 2, same), (list.copy, same),
         (lambda l: l[::2], same), (repr, lambda r: same(r[1:-1].split(", "))), (json.dumps, lambda r: same(json.loads(r))),
         (lambda l: marshal.loads(marshal.dumps(l)), same), (lambda l: pickle.loads(pickle.dumps(l)), same),
         (str, lambda r: same(r[1:-1].split(", "))), ("%s".__mod__, lambda r: same(r[1:-1].split(", "))),
         (json.JSONEncoder(indent=None).encode, lambda r: same(json.loads(r)))]
NUMBERS = [(sum, lambda n: n in SUMS), (math.fsum, lambda n: n in SUMS),
           (math.prod, lambda n: n in {k ** m for k in INTS for m in LENGTHS})]
REALS = [(sum, lambda n: n in FSUMS), (math.fsum, lambda n: n in FSUMS)]
PACKED = [(bytes, same), (bytearray, same), (lambda l: array.array("q", l), same)]


def replaced(s, shared, moments, looks):
    """looks: functions of what is shared, with what to ask of the result."""
    over = threading.Event()

    def replace(i, rng):
        try:
            for n in range(400):
                shared[:] = moments[rng.randrange(len(moments))]
        finally:
            over.set()

    def look(i, rng):
        for number, (function, check) in enumerate(looks):
            found = function(shared)
            s.check(check(found), type(shared).__name__, "look", number, function, found)
    s.together(replace, s.until(over, look), s.until(over, look))


def moments_of(make, kinds):
    return [make([kind] * n) for kind in kinds for n in LENGTHS]


def lists_of_ints(s):
    replaced(s, [1] * 3, moments_of(list, INTS), ANY + LISTS + NUMBERS + PACKED)


def lists_of_floats(s):
    replaced(s, [1.5] * 3, moments_of(list, FLOATS), ANY + LISTS + REALS + [(lambda l: array.array("d", l), same)])


def lists_of_texts(s):
    texts = [("".join, same_text)]
    replaced(s, ["a"] * 3, moments_of(list, TEXTS), ANY + LISTS + texts)
    replaced(s, [b"a"] * 3, moments_of(list, (b"a", b"b", b"c")), ANY + [(b"".join, same), (b"".join, lambda r: len(r) in LENGTHS)])


def same_text(text):
    return len(set(text.replace("b\u0101", "d"))) == 1


def lists_of_pairs(s):
    pairs = [(k, k) for k in INTS]
    replaced(s, [pairs[0]] * 3, moments_of(list, pairs), ANY + [(dict, same_keys), (lambda l: {}.__ior__(l), same_keys)])


def comparisons(s):
    """Two halves change places; what both halves are like at different moments is never equal to it."""
    kinds = [(list, INTS), (list, FLOATS), (list, TEXTS), (bytearray, INTS)]
    kinds += [(functools.partial(array.array, code), values) for code, values in (("q", INTS), ("B", INTS), ("d", FLOATS))]
    for make, (a, b, _) in kinds:
        moments, wrong = [make([a] * 40 + [b] * 40), make([b] * 40 + [a] * 40)], [make([a] * 80), make([b] * 80)]
        looks = [(lambda l: [l == w for w in wrong], lambda r: not any(r)), (lambda l: [w != l for w in wrong], all),
                 (lambda l: l in wrong, operator.not_),
                 (lambda l: [l < w for w in wrong], lambda r: r in ([False, True], [True, True], [False, False]))]
        replaced(s, moments[0][:], moments, looks)


def counted(kinds):
    def counts(l):
        return [l.count(kind) for kind in kinds]

    def first(l):
        try:
            return l.index(kinds[1])
        except ValueError:
            return 0
    return [(counts, lambda r: all(n in LENGTHS or n == 0 for n in r)), (first, operator.not_), (lambda l: 99 in l, operator.not_)]


def searches(s):
    for make, values in ((list, INTS), (list, FLOATS), (functools.partial(array.array, "q"), INTS),
                         (functools.partial(array.array, "d"), FLOATS), (bytearray, INTS)):
        replaced(s, make([values[0]] * 3), moments_of(make, values), counted(values))
        # The other way: an equal number of another type.
        other = [float(v) if type(v) is int else v for v in values] if make is not bytearray else values
        replaced(s, make([values[0]] * 3), moments_of(make, values), counted(other))


def arrays(s):
    looks = [(array.array.tolist, same), (array.array.tobytes, lambda b: same(b[i:i + 8] for i in range(0, len(b), 8))),
             (lambda a: a * 2, same), (lambda a: a[::2], same), (repr, lambda r: same(r[12:-2].split(", "))),
             (lambda a: array.array("d", a), same), (lambda a: pickle.loads(pickle.dumps(a)), same)]
    for kind, values, sums in ("q", INTS, NUMBERS), ("d", FLOATS, REALS):
        make = functools.partial(array.array, kind)
        replaced(s, make(values[:1] * 3), moments_of(make, values), ANY + looks + sums)


def bytearrays(s):
    looks = [(bytes, same), (lambda a: a * 2, same), (lambda a: a[::2], same), (repr, lambda r: same(r[12:-2].split("\\")[1:])),
             (lambda a: pickle.loads(pickle.dumps(a)), same), (bytearray.hex, lambda r: same(r[::2]) and same(r[1::2]))]
    replaced(s, bytearray([1] * 3), moments_of(bytearray, INTS), ANY + looks + NUMBERS)


def deques(s):
    """Extended by as many as it holds, one has other contents at once."""
    shared = collections.deque([1] * 40, 40)
    over = threading.Event()
    wrong = [collections.deque([a] * i + [b] * (40 - i)) for a, b in ((1, 3), (3, 1), (7, 1)) for i in range(1, 40)]

    def replace(i, rng):
        try:
            for _ in range(1500):
                shared.extend([rng.choice(INTS)] * 40)
        finally:
            over.set()

    def look(i, rng):
        for other in wrong:
            s.check(shared != other and not shared == other, "comparison")
        s.check(same(shared * 2) and same(shared.copy()) and same(shared + shared), "repeated")
        s.check(sum(shared) in {40 * k for k in INTS} and shared.count(3) in (0, 40), "sum")
    s.together(replace, s.until(over, look), s.until(over, look))


def nothing_lost_by_repeating(s):
    """*= n is one step: what others append meanwhile is there before or behind, and not lost."""
    for make, value in ((list, 1), (functools.partial(array.array, "b"), 1), (bytearray, 1), (collections.deque, 1)):
        for _ in range(20):
            shared = make([value] * 4)
            appended = []

            def append(i, rng):
                for n in range(50):
                    shared.append(2)
                    appended.append(2)

            def repeat(i, rng):
                nonlocal_shared = shared
                for _ in range(7):
                    nonlocal_shared *= 2
            s.together(append, append, repeat)
            s.check(shared.count(2) >= len(appended), "lost", make, shared.count(2))
            s.check(shared.count(1) == 4 << 7, "repeated", make, shared.count(1))


main(lists_of_ints, lists_of_floats, lists_of_texts, lists_of_pairs, comparisons, searches, arrays, bytearrays, deques,
     nothing_lost_by_repeating)
