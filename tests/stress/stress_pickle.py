# SPDX-License-Identifier: MIT
"""Threads that pickle at the same time: the same objects, with one Pickler, one Unpickler, one memo, one PickleBuffer."""
import io
import pickle
import pickletools
from _stress import main


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y


class Slow(pickle.Pickler):
    def persistent_id(self, value):
        return value.x if isinstance(value, Point) else None


class SlowLoader(pickle.Unpickler):
    def persistent_load(self, x):
        return Point(x, None)

    def find_class(self, module, name):
        return super().find_class(module, name)


def same_objects(s):
    """Containers are read while others change them: what comes out is made of what was in them."""
    numbers, table, group, point = list(range(50)), {i: i for i in range(50)}, set(range(50)), Point(1, 2)

    def change(i, rng):
        for n in range(400):
            k = rng.randrange(48)
            numbers[k] = k
            numbers.append(numbers.pop())
            table[k] = k
            group.discard(1000 + i)
            group.add(1000 + i)
            point.x, point.y = n, n
            if n % 20 == 0:
                setattr(point, f"more{i}", n)
                delattr(point, f"more{i}")

    def dump(i, rng):
        for _ in range(150):
            for value in (numbers, table, group, point):
                try:
                    again = pickle.loads(pickle.dumps(value, rng.choice((0, 2, 4, 5))))
                except RuntimeError as e:
                    s.check("changed size" in str(e), e)
                    continue
                s.check(type(again) is type(value), type(again))
            s.check(all(0 <= n < 50 for n in pickle.loads(pickle.dumps(numbers))), "strange number")
    s.together(change, dump, change, dump)


def one_pickler(s):
    """Each dump() of a shared Pickler is a pickle of its own, whoever else dumps."""
    file = io.BytesIO()
    pickler = pickle.Pickler(file, 4)
    slow = Slow(file, 4)

    def dump(i, rng):
        for n in range(100):
            (pickler if rng.random() < 0.8 else slow).dump([i, n, [str(n)] * 2, Point(i, n)])
            if n % 10 == 0:
                pickler.clear_memo()
                pickler.memo.copy()
                slow.memo = pickler.memo
            pickler.fast = rng.random() < 0.1
            pickler.fast = False
            if n % 30 == 0:
                slow.__init__(file, 4)
            pickler.__sizeof__()
    s.together(dump)
    file.seek(0)
    # Memos were cleared and mixed, so not all can be read; but each is whole.
    length, count = len(file.getvalue()), 0
    while file.tell() < length:
        for _ in pickletools.genops(file):
            pass
        count += 1
    s.check(count == 100 * s.threads, count, "pickles")


def one_unpickler(s):
    """load() of a shared Unpickler gives each pickle once, whole."""
    n = 60 * s.threads
    file = io.BytesIO(b"".join(pickle.dumps([k, (k, str(k)), {"k": Point(k, k)}]) for k in range(n)))
    got = [[] for _ in range(s.threads)]
    unpickler = SlowLoader(file) if s.random.random() < 0.5 else pickle.Unpickler(file)

    def load(i, rng):
        for _ in range(n // s.threads):
            k, pair, table = unpickler.load()
            s.check(pair == (k, str(k)) and table["k"].x == table["k"].y == k, "mixed", k, pair)
            got[i].append(k)
            if rng.random() < 0.1:
                unpickler.memo.copy()
                unpickler.__sizeof__()
    s.together(load)
    s.check(sorted(k for part in got for k in part) == list(range(n)), "lost or doubled")


def attributes(s):
    """Hooks that are replaced while they are in use."""
    pickler, unpickler = pickle.Pickler(io.BytesIO()), pickle.Unpickler(io.BytesIO())

    def replace(i, rng):
        for n in range(300):
            pickler.persistent_id = lambda value, n=n: None
            unpickler.persistent_load = lambda value, n=n: n
            pickler.dispatch_table = {Point: lambda p: (Point, (1, 2))}
            s.check(pickler.persistent_id(1) is None, "persistent_id")
            unpickler.persistent_load(1)

    def use(i, rng):
        for _ in range(300):
            pickler.dump([Point(1, 2), "x"])
            pickler.memo = {}
            unpickler.memo = {rng.randrange(9): "x"}
            unpickler.memo.clear()
    s.together(replace, use, use)


def one_buffer(s):
    """A PickleBuffer that is released while others look at its bytes."""
    for _ in range(20):
        array = bytearray(b"abc" * 100)
        buffer = pickle.PickleBuffer(array)

        def look(i, rng):
            for n in range(30):
                try:
                    view = memoryview(buffer)
                except ValueError:
                    break
                s.check(view[0] == 97 and len(view) == 300, "wrong bytes")
                view.release()
                try:
                    s.check(len(pickle.dumps(buffer, 5)) > 300, "short")
                except ValueError:
                    break
                if n == 20 + i:
                    buffer.release()
        s.together(look)
        array.append(1)


def imports(s):
    """Classes are found by many at once."""
    import decimal
    import fractions
    data = [pickle.dumps(v, p) for v in (decimal.Decimal(1), fractions.Fraction(1, 2), Point, len) for p in range(5)]

    def load(i, rng):
        for _ in range(100):
            value = pickle.loads(rng.choice(data))
            s.check(pickle.loads(pickle.dumps(value)) == value, value)
    s.together(load)


main(same_objects, one_pickler, one_unpickler, attributes, one_buffer, imports)
