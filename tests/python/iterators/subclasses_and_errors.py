# What runs through an iterable: subclasses with an iteration of their own, iterators that fail, classes that cannot be iterated.
import array


class Failed(Exception):
    pass


def failing(n):
    yield from range(n)
    raise Failed(n)


def eights(kind):
    class Eights(kind):
        def __iter__(self):
            return iter([8, 9])

    return Eights


class Doubled(list):
    def __getitem__(self, i):
        return 2 * super().__getitem__(i)


class Longer(list):
    def __len__(self):
        return 1


class Never:
    __iter__ = None


class Wrong:
    def __iter__(self):
        return 5


class Broken:
    def __iter__(self):
        raise Failed("iter")


def assigned(v):
    items = [1, 2, 3]
    items[1:2] = v
    return items


def assigned_apart(v):
    items = [1, 2, 3]
    items[::2] = v
    return items


def updated(s, method, v):
    getattr(s, method)(v)
    return s


def kept_in_place(items, v):
    items += v
    return items


KINDS = {
    "list": lambda: eights(list)([1, 2]), "tuple": lambda: eights(tuple)([1, 2]), "set": lambda: eights(set)([1, 2]),
    "frozenset": lambda: eights(frozenset)([1, 2]), "dict": lambda: eights(dict)({1: 0, 2: 0}), "doubled": lambda: Doubled([1, 2]),
    "longer": lambda: Longer([1, 2]), "never": Never, "wrong": Wrong, "broken": Broken, "failing 0": lambda: failing(0), "failing 2": lambda: failing(2), "number": lambda: 3,
}
USES = [
    list, tuple, sum, sorted, set, frozenset, lambda v: dict.fromkeys(v), lambda v: dict.fromkeys(v, 1), assigned, assigned_apart,
    lambda v: array.array("i", v), lambda v: updated(array.array("i"), "extend", v), lambda v: updated([], "extend", v), lambda v: kept_in_place([0], v),
    lambda v: 8 in v, lambda v: [*v], lambda v: max(*v), lambda v: {1}.intersection(v), lambda v: {1, 2}.intersection(v), lambda v: frozenset([8]).intersection(v),
    lambda v: {1}.isdisjoint(v), lambda v: {8}.isdisjoint(v), lambda v: {1}.issubset(v), lambda v: {8}.issubset(v), lambda v: {1}.issuperset(v), lambda v: {8, 9}.issuperset(v),
    lambda v: {1}.union(v), lambda v: {1, 8}.difference(v), lambda v: {1, 8}.symmetric_difference(v), lambda v: updated({1, 8}, "update", v), lambda v: updated({1, 8}, "difference_update", v),
    lambda v: updated({1, 8}, "intersection_update", v), lambda v: updated({1, 8}, "symmetric_difference_update", v),
]
for name, make in KINDS.items():
    for number, use in enumerate(USES):
        try:
            result = use(make())
        except Exception as e:
            result = type(e).__name__, str(e)
        print(name, number, sorted(result) if isinstance(result, (set, frozenset)) else result)
rest = failing(3)
print({0}.intersection(rest), list(zip(rest, "a")))
