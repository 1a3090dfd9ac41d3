# Copies of rows in which objects, numbers and constants are mixed, and their ends.
import gc
import weakref


class Thing:
    pass


for n in (0, 1, 7, 8, 9, 15, 16, 17, 40):
    for m in (0, 1, 3, 8, 9):
        thing = Thing()
        death = weakref.ref(thing)
        row = [thing] * n + [1, 2.5] * m + ['k%d' % i for i in range(n)] + [None] * m + [thing, 7] * m
        copies = [row[:], row[::-1], list(row), tuple(row), row + row, [*row, 4], (*row, 4), sum([row], [])]
        more = []
        more.extend(row)
        copies += [row[::3], row[::-2], set(row), frozenset(tuple(row))]
        print(n, m, [len(c) for c in copies], copies[2] == row == list(copies[3]) == more,
              copies[1] == list(reversed(row)))
        del row, more, copies
        gc.collect()
        print(death() is thing)
        del thing
        gc.collect()
        print(death())
