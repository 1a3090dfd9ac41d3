# SPDX-License-Identifier: MIT
"""Attributes of shared instances: set, get, delete, growing in different orders, __dict__, slots."""
from _stress import main


class Plain:
    pass


class Slots:
    __slots__ = ("a", "b", "c")


def set_and_get(s):
    o = Plain()
    o.pair = (0, 0)

    def work(i, rng):
        for n in range(4000):
            o.pair = (n, n)
            a, b = o.pair
            s.check(a == b, "torn pair", a, b)
    s.together(work)


def grow_in_all_orders(s):
    names = ["n%d" % k for k in range(12)]
    objects = [Plain() for _ in range(30)]

    def work(i, rng):
        for o in objects:
            mine = names[:]
            rng.shuffle(mine)
            for name in mine:
                setattr(o, name, name)
                s.check(getattr(o, name) == name, "value of another attribute", name)
            setattr(o, "own%d" % i, i)
    s.together(work)
    for o in objects:
        s.check(all(getattr(o, n) == n for n in names), "lost attribute", o.__dict__)
        s.check(all(getattr(o, "own%d" % i) == i for i in range(s.threads)), "lost own attribute")
        s.check(sorted(o.__dict__) == sorted(names + ["own%d" % i for i in range(s.threads)]), "dict", o.__dict__)


def delete_and_set(s):
    o = Plain()

    def work(i, rng):
        for n in range(1500):
            name = "xyzuvw"[rng.randrange(6)]
            op = rng.randrange(4)
            try:
                if op == 0:
                    setattr(o, name, (name, n))
                elif op == 1:
                    delattr(o, name)
                elif op == 2:
                    s.check(getattr(o, name)[0] == name, "value of another attribute")
                else:
                    v = getattr(o, name, None)
                    s.check(v is None or v[0] == name, "value of another attribute")
            except AttributeError as error:
                s.check(error.name == name or name in str(error), error)
    s.together(work)
    s.check(all(v[0] == k for k, v in o.__dict__.items()), "end state")


def dict_appears(s):
    for _ in range(10):
        o = Plain()

        def work(i, rng):
            for n in range(60):
                setattr(o, "a%d" % (n % 10), n % 10)
                if rng.random() < 0.3:
                    d = o.__dict__
                    d["b%d" % i] = i
                    s.check(getattr(o, "b%d" % i) == i, "written through __dict__, not seen")
                s.check(getattr(o, "a%d" % (n % 10)) == n % 10, "attribute")
                try:
                    s.check(all(int(k[1:]) == v for k, v in vars(o).copy().items()), "vars", vars(o))
                except RuntimeError as error:
                    s.check("changed" in str(error), error)
        s.together(work)
        s.check(all(o.__dict__["a%d" % n] == n for n in range(10)), "end state", o.__dict__)


def replace_dict(s):
    o = Plain()
    o.v = ("old", 0)

    def work(i, rng):
        for n in range(500):
            if i % 2:
                o.__dict__ = {"v": ("new", n)}
            else:
                s.check(o.v[0] in ("old", "new", "set"), "value")
                o.v = ("set", n)
    s.together(work)


def slots(s):
    o = Slots()

    def work(i, rng):
        for n in range(2000):
            name = "abc"[rng.randrange(3)]
            try:
                if rng.random() < 0.5:
                    setattr(o, name, [name, n])
                elif rng.random() < 0.3:
                    delattr(o, name)
                else:
                    s.check(getattr(o, name)[0] == name, "value of another slot")
            except AttributeError:
                pass
    s.together(work)


def change_class(s):
    class A:
        def who(self):
            return "A"

    class B:
        def who(self):
            return "B"
    o = A()
    o.x = 1

    def work(i, rng):
        for n in range(800):
            if i % 2:
                o.__class__ = rng.choice((A, B))
            else:
                s.check(o.who() in "AB" and o.x == 1 and type(o) in (A, B), "class")
    s.together(work)


main(set_and_get, grow_in_all_orders, delete_and_set, dict_appears, replace_dict, slots, change_class)
