# SPDX-License-Identifier: MIT
"""Readers against writers: what may be read without a lock is changed all the time, and freed as soon as it may be.

Every value says where it belongs, so that a reader knows whether what it got was ever stored there. Values are fresh
objects (tuples, strings, instances) of a few sizes: what is dropped is soon another's memory.
"""
import collections
import threading

from _stress import SLACK, main, settle


class Box:
    """What is stored: knows its place."""

    def __init__(self, place, number):
        self.place = place
        self.number = number

    def where(self):
        return self.place


class Slotted:
    __slots__ = ("place", "number")

    def __init__(self, place, number):
        self.place = place
        self.number = number

    def where(self):
        return self.place


def fresh(place, rng):
    kind = rng.randrange(4)
    if kind == 0:
        return Box(place, rng.randrange(1000))
    if kind == 1:
        return Slotted(place, rng.randrange(1000))
    if kind == 2:
        return (place,) * rng.randrange(1, 5)
    return "%s/%d" % (place, rng.randrange(1000000))


def place_of(value):
    if type(value) is tuple:
        return value[-1]
    if type(value) is str:
        return value.partition("/")[0]
    return value.where()


def noise(rng):
    """Objects that come and go, to take the place of what was dropped."""
    for _ in range(20):
        [fresh("noise", rng) for _ in range(4)]


def against(s, reader, *writers):
    """Half of the threads read until the writers are done."""
    stop = threading.Event()
    left = [len(writers)]
    lock = threading.Lock()

    def writing(writer):
        def body(index, rng):
            try:
                writer(rng)
            finally:
                with lock:
                    left[0] -= 1
                    if not left[0]:
                        stop.set()
        return body

    def reading(index, rng):
        while not stop.is_set():
            reader(rng)
    s.together(*[writing(w) for w in writers], *[reading] * max(1, s.threads // 2))


def list_items(s):
    values = [fresh("list", s.random) for _ in range(8)]

    def reader(rng):
        for _ in range(50):
            i = rng.randrange(-4, 24)
            try:
                s.check(place_of(values[i]) == "list", "an item that was never in the list")
            except IndexError:
                pass
        for value in values:
            s.check(place_of(value) == "list", "iteration gave what was never in the list")

    def resizing(rng):
        for _ in range(60):
            for _ in range(rng.randrange(40)):
                values.append(fresh("list", rng))
            values.reverse()
            while values and rng.randrange(20):
                try:
                    values.pop(rng.choice((0, -1, len(values) // 2)))
                except IndexError:
                    break
            if rng.randrange(4) == 0:
                values.clear()
            noise(rng)

    def replacing(rng):
        for n in range(600):
            try:
                values[rng.randrange(-2, 8)] = fresh("list", rng)
            except IndexError:
                values.insert(0, fresh("list", rng))
            if n % 20 == 0:
                values[2:5] = [fresh("list", rng) for _ in range(rng.randrange(8))]
            if n % 30 == 0:
                try:
                    values.sort(key=lambda v: 0)
                except ValueError:
                    pass # modified during sort
            if n % 50 == 0:
                del values[::2]
                values.extend([fresh("list", rng)] * 3)
    against(s, reader, resizing, replacing)


def list_length(s):
    """An index below a length that was true is never in another array: ints tell their position."""
    values = list(range(16))

    def reader(rng):
        for _ in range(200):
            i = rng.randrange(3000)
            try:
                s.check(values[i] == i, "another item at", i)
            except IndexError:
                pass

    def writer(rng):
        for _ in range(30):
            while len(values) < 3000 * rng.random():
                values.append(len(values))
            while len(values) > 100 and rng.randrange(100):
                del values[len(values) - 10:]
            if rng.randrange(3) == 0:
                values.clear()
    against(s, reader, writer)


def dict_entries(s):
    names = ["name%d" % n for n in range(12)]
    keys = names + [n << 3 for n in range(12)] + [(n, n) for n in range(4)]
    d = {}

    def reader(rng):
        for _ in range(60):
            k = rng.choice(keys)
            if type(k) is str and rng.randrange(2):
                k = "".join(k) if rng.randrange(2) else k[:4] + k[4:] # equal, but not the same object
            v = d.get(k)
            s.check(v is None or place_of(v) == str(k), "value of another key", k, v)
            if k in d:
                try:
                    s.check(place_of(d[k]) == str(k), "item of another key", k)
                except KeyError:
                    pass
        try:
            for k, v in d.items():
                s.check(place_of(v) == str(k), "iteration paired", k, v)
        except RuntimeError:
            pass # changed size during iteration

    def coming_and_going(rng):
        for n in range(1500):
            k = rng.choice(keys)
            if rng.randrange(3):
                d[k] = fresh(str(k), rng)
            else:
                d.pop(k, None)
            if n % 40 == 0 and d:
                try:
                    d.popitem()
                except KeyError:
                    pass
            if n % 200 == 0:
                d.clear()
                noise(rng)

    def growing(rng):
        for _ in range(20):
            for n in range(rng.randrange(300)):
                d["extra%d" % n] = fresh("extra%d" % n, rng)
            for n in range(300):
                d.pop("extra%d" % n, None)
    against(s, reader, coming_and_going, growing)


def dict_replaced_values(s):
    d = dict.fromkeys("abcdefgh")
    for k in d:
        d[k] = fresh(k, s.random)

    def reader(rng):
        for k in "abcdefgh" * 10:
            s.check(place_of(d[k]) == k, "value of another key or none", k)

    def writer(rng):
        for _ in range(3000):
            k = rng.choice("abcdefgh")
            d[k] = fresh(k, rng)
    against(s, reader, writer, writer)


def ordered(s):
    d = collections.OrderedDict((k, fresh(k, s.random)) for k in "abcdef")

    def reader(rng):
        for k in "abcdef" * 10:
            s.check(place_of(d[k]) == k, "value of another key", k)

    def moving(rng):
        for _ in range(1500):
            d.move_to_end(rng.choice("abcdef"), rng.randrange(2))

    def setting(rng):
        for _ in range(1500):
            k = rng.choice("abcdef")
            d[k] = fresh(k, rng)
    against(s, reader, moving, setting)


def set_members(s):
    always = ["member%d" % n for n in range(6)] + [n << 5 for n in range(6)]
    sometimes = ["extra%d" % n for n in range(40)] + [(n << 5) + 1 for n in range(40)]
    never = ["never%d" % n for n in range(6)] + [-n << 5 for n in range(1, 6)]
    members = set(always)

    def reader(rng):
        for k in always:
            s.check(k in members, "lost", k)
            if type(k) is str:
                s.check(k[:3] + k[3:] in members, "lost an equal key", k)
        for k in never:
            s.check(k not in members, "found", k)
        for k in rng.sample(sometimes, 10):
            k in members
        try:
            for k in members:
                s.check(k not in never, "iteration found", k)
        except RuntimeError:
            pass # changed size during iteration

    def writer(rng):
        for n in range(1500):
            k = rng.choice(sometimes)
            if rng.randrange(2):
                members.add("".join(k) if type(k) is str else k)
            else:
                members.discard(k)
            if n % 100 == 0:
                members.update(sometimes)
            if n % 100 == 50:
                members.difference_update(sometimes)
    against(s, reader, writer, writer)


def deque_items(s):
    d = collections.deque(fresh("deque", s.random) for _ in range(4))

    def reader(rng):
        for _ in range(60):
            try:
                s.check(place_of(d[rng.randrange(-4, 40)]) == "deque", "never in the deque")
                s.check(place_of(d[0]) == "deque", "never in the deque")
                s.check(place_of(d[-1]) == "deque", "never in the deque")
            except IndexError:
                pass

    def ends(rng):
        for _ in range(2000):
            op = rng.randrange(9)
            try:
                if op < 3:
                    d.append(fresh("deque", rng))
                elif op < 5:
                    d.appendleft(fresh("deque", rng))
                elif op < 7:
                    d.pop()
                else:
                    d.popleft()
            except IndexError:
                d.extend(fresh("deque", rng) for _ in range(rng.randrange(60)))

    def inside(rng):
        for n in range(800):
            try:
                d[rng.randrange(8)] = fresh("deque", rng)
                if n % 20 == 0:
                    d.rotate(rng.randrange(-5, 5))
                if n % 30 == 0:
                    del d[rng.randrange(8)]
                    d.insert(2, fresh("deque", rng))
                if n % 200 == 0:
                    d.reverse()
                if n % 400 == 0:
                    d.clear()
            except IndexError:
                pass
    against(s, reader, ends, inside)


def attributes(s):
    """Attributes in slots, in the overflow, added, deleted, and in a dict once somebody asks for that."""
    class Thing:
        def method(self):
            return self.a

    for mode in ("slots", "add", "delete", "dict"):
        thing = Thing()
        names = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"]
        for name in names:
            setattr(thing, name, fresh(name, s.random))

        def reader(rng):
            for _ in range(20):
                s.check(place_of(thing.a) == "a", "a is another's")
                s.check(place_of(thing.method()) == "a", "a is another's")
                s.check(place_of(thing.b) == "b", "b is another's")
                s.check(place_of(thing.j) == "j", "j is another's")
                name = rng.choice("cdefghi")
                try:
                    s.check(place_of(getattr(thing, name)) == name, name, "is another's")
                except AttributeError:
                    s.check(mode == "delete", "lost", name)
                try:
                    s.check(place_of(thing.e) == "e", "e is another's")
                    s.check(place_of(thing.extra) == "extra", "extra is another's")
                except AttributeError:
                    pass

        def replacing(rng):
            for _ in range(800):
                name = rng.choice("abj")
                setattr(thing, name, fresh(name, rng))
                thing.a = fresh("a", rng)
                thing.j = fresh("j", rng)

        def changing(rng):
            for n in range(300):
                name = rng.choice("cdefghi")
                if mode == "delete" and rng.randrange(10) == 0:
                    try:
                        delattr(thing, name)
                    except AttributeError:
                        pass
                setattr(thing, name, fresh(name, rng))
                if mode == "add" and n % 20 == 0:
                    setattr(thing, "new%d" % n, fresh("new", rng))
                    thing.extra = fresh("extra", rng)
                if mode == "dict" and n == 150:
                    thing.__dict__["extra"] = fresh("extra", rng)
                if mode == "dict" and n % 40 == 39:
                    thing.__dict__ = dict(thing.__dict__)
        against(s, reader, replacing, changing)


def slotted(s):
    class Pair:
        __slots__ = ("left", "right")

    pair = Pair()
    pair.left, pair.right = fresh("left", s.random), fresh("right", s.random)

    def reader(rng):
        for _ in range(50):
            s.check(place_of(pair.left) == "left", "left is another's")
            try:
                s.check(place_of(pair.right) == "right", "right is another's")
            except AttributeError:
                pass

    def writer(rng):
        for n in range(2000):
            pair.left = fresh("left", rng)
            pair.right = fresh("right", rng)
            if n % 10 == 0:
                try:
                    del pair.right
                except AttributeError:
                    pass
    against(s, reader, writer, writer)


def cells(s):
    value = fresh("cell", s.random)
    function = lambda: "f" # a deferred object, where there are such

    def reader(rng):
        for _ in range(100):
            s.check(place_of(value) == "cell", "never in the cell")
            s.check(function() == "f", "another function")

    def writer(rng):
        nonlocal value, function
        for _ in range(2000):
            value = fresh("cell", rng)
            function = lambda: "f"
    against(s, reader, writer, writer)


shared = Box("global", 0)


def shared_function():
    return "global"


def global_names(s):
    names = globals()

    def reader(rng):
        for _ in range(100):
            s.check(place_of(shared) == "global", "never in the global")
            s.check(shared_function() == "global", "another function")

    def writer(rng):
        global shared, shared_function
        for n in range(1500):
            shared = fresh("global", rng)
            if n % 10 == 0:
                shared_function = lambda: "global"

    def others(rng):
        for n in range(300):
            names["other%d" % rng.randrange(40)] = fresh("other", rng)
            names.pop("other%d" % rng.randrange(40), None)
    against(s, reader, writer, others)


def dying(s):
    """What a reader met by chance and must let go again still dies, once, and soon."""
    alive = [0, 0]
    lock = threading.Lock()

    class Mortal:
        def __init__(self):
            with lock:
                alive[0] += 1

        def __del__(self):
            with lock:
                alive[1] += 1

    values = [Mortal()]

    def reader(rng):
        for _ in range(100):
            s.check(type(values[0]) is Mortal, "another object")

    def writer(rng):
        for _ in range(1000):
            values[0] = Mortal()
    against(s, reader, writer, writer)
    values.clear()
    settle()
    for _ in range(60000):
        with lock:
            if alive[0] <= alive[1] + SLACK:
                break
        threading.Event().wait(0.001)
    s.check(alive[1] <= alive[0] <= alive[1] + SLACK, "made", alive[0], "but died", alive[1])


main(list_items, list_length, dict_entries, dict_replaced_values, ordered, set_members, deque_items, attributes, slotted,
     cells, global_names, dying)
