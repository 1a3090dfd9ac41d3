"""Copies, releases and turning round of lists and tuples whose items are numbers, objects or both, for lengths
around eight, which is how many are looked at together."""
import gc
import sys
import weakref


class Item:
    def __init__(self, n):
        self.n = n

    def __repr__(self):
        return f"<{self.n}>"


def pattern(length, objects):
    return [Item(i) if i in objects else i for i in range(length)]


def check(length, objects):
    source = pattern(length, objects)
    refs = [weakref.ref(x) for x in source if isinstance(x, Item)]
    copies = [source[:], list(source), tuple(source), source + source, source * 2, list(tuple(source)), tuple(source)[1:],
              (tuple(source) + tuple(source)), source[1:], source[::-1], source[::2], [*source, *source]]
    extended = [0]
    extended.extend(source)
    extended += source
    extended.extend(tuple(source))
    extended.extend(extended)
    copies.append(extended)
    for n, copy in enumerate(copies):
        back = list(copy)
        back.reverse()
        assert back == list(copy)[::-1], (length, objects, n)
    assert copies[0] == copies[1] == list(copies[2]) == copies[5] == source
    assert copies[3] == copies[4] == list(copies[7]) == copies[11] == [source[i % length] for i in range(2 * length)]
    assert extended == ([0] + source * 3) * 2
    expected = [x.n for x in source if isinstance(x, Item)]
    del source, back, copy
    gc.collect()
    assert [r().n for r in refs] == expected
    made.extend(refs)


made = []
for length in list(range(1, 36)):
    for objects in (set(), {0}, {length - 1}, {length // 2}, set(range(length)), set(range(0, length, 7)), {7, 8}):
        check(length, objects)
# A collector that looks at C stacks may find stale words there, which keep a list or two; a reference too many or too
# few shows with every list.
for _ in range(3):
    gc.collect()
print("right", len(made), sum(r() is not None for r in made) < len(made) // 20)

# Lists of constants are new each time, and may be changed.
def constants():
    return [1, 2, 3]


a, b = constants(), constants()
a.append(4)
print(a, b, constants(), a is b)
print([None, True, 1.5, "x", b"y", (1, (2,)), -1, 2**70])
print([[1, 2, 3], ["a", "b", "c"], [(), (), ()]])
print(["a", "b", "c"][1], len([1, 2, 3, 4]), [1, 2, 3] == [1, 2, 3])
x, y, z = [1, 2, 3]
print(x, y, z)
print([1, 2, 3, *[4, 5, 6], 7], [*(1, 2, 3)], [1, 2, 3] + [4, 5, 6])
for x in [10, 20, 30]:
    for y in [1, 2, 3]:
        print(x + y, end=" ")
print()
print(sorted([3, 1, 2], key=[0, 9, 5, 7].__getitem__))
print(constants.__code__.co_consts)
def default(values=[5, 6, 7]):
    values.append(len(values))
    return values
print(default(), default())

print(sys.getsizeof([1, 2, 3]) > sys.getsizeof([]))
