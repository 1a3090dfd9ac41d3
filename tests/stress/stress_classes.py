# SPDX-License-Identifier: MIT
"""Class attributes, methods and bases change while other threads use them; classes made in all threads."""
from _stress import main


def methods_replaced(s):
    class C:
        def m(self):
            return 0, 0
    objects = [C() for _ in range(5)]

    def work(i, rng):
        for n in range(500):
            if i == 0:
                C.m = lambda self, n=n: (n, n)
            else:
                a, b = objects[n % 5].m()
                s.check(a == b, "torn method result")
    s.together(work)
    s.check(objects[0].m() == (499, 499) or s.threads == 1, "last method not seen", objects[0].m())


def replaced_behind_super(s):
    """super().m() and C.s() at one place, of classes that other threads give other functions."""
    class C:
        def m(self):
            return 0, 0

        @staticmethod
        def s():
            return 0, 0

    class D(C):
        def m(self):
            return super().m()

    class E(D):
        def m(self):
            return super().m()
    objects = [D(), E(), D(), E()]

    def work(i, rng):
        for n in range(400):
            if i == 0:
                C.m = lambda self, n=n: (n, n)
                C.s = staticmethod(lambda n=n: (n, n))
                if n % 16 == 0:
                    C.__dict__["s"].__init__(lambda n=n: (n, n))
                s.check(objects[n % 4].m() == (n, n) and C.s() == (n, n), "own write not seen")
            else:
                a, b = objects[n % 4].m()
                s.check(a == b, "torn method result")
                a, b = C.s()
                s.check(a == b, "torn static method result")
    s.together(work)


def attribute_seen_after_write(s):
    class Base:
        v = 0

    class Derived(Base):
        pass
    o = Derived()

    def work(i, rng):
        if i:
            last = 0
            for n in range(3000):
                now = o.v
                s.check(now >= last, "class attribute went back", now, last)
                last = now
        else:
            for n in range(1, 600):
                Base.v = n
                s.check(o.v == n and Derived.v == n, "own write not seen")
    s.together(work)


def attribute_read_every_way(s):
    """Who has seen a value of a class attribute sees no older one afterwards, however it is read."""
    class Base:
        v = 0

    class Derived(Base):
        pass

    class Alone:
        v = 0

    for owner, reader in (Base, Derived), (Alone, Alone):
        o = reader()
        ways = (lambda: o.v, lambda: reader.v, lambda: getattr(o, "".join("v")), lambda: owner.__dict__["v"])

        def work(i, rng):
            last = 0
            for n in range(1, 1200):
                if i == 0:
                    owner.v = n
                    continue
                for way in rng.choices(range(len(ways)), k=6):
                    now = ways[way]()
                    s.check(now >= last, "class attribute went back", way, now, last)
                    last = now
        s.together(work)


def subclasses_come_while_it_is_written(s):
    class C:
        v = 0
    kept = []

    def work(i, rng):
        for n in range(1, 200):
            if i == 0:
                C.v = n
                s.check(C.v == n, "own write not seen")
                continue

            class D(C):
                pass
            first = D.v
            s.check(D.v >= first, "class attribute went back")
            if n % 8 == 0:
                kept.append(D)
    s.together(work)
    for cls in kept:
        s.check(cls.v == C.v, "a subclass missed the last write", cls.v, C.v)


def each_writes_a_class_of_its_own(s):
    def work(i, rng):
        class C:
            v = w = -1
        o = C()
        for n in range(500):
            C.v = n
            s.check(o.v == n and C.v == n and C.w == n - 1, "own write not seen", o.v, C.w, n)
            C.w = n
    s.together(work)


def property_comes_and_goes(s):
    class C:
        def __init__(self):
            self.x = "instance"
    o = C()

    def work(i, rng):
        for n in range(400):
            if i == 0:
                C.x = property(lambda self: "property")
                del C.x
            else:
                s.check(o.x in ("instance", "property"), "value", o.x)
    s.together(work)


def property_made_again(s):
    """A property's __init__ gives it other functions while it is read, set and copied."""
    class C:
        p = property(lambda self: (0, 0), lambda self, v: None)
    objects = [C() for _ in range(5)]
    again = vars(C)["p"]

    def work(i, rng):
        for n in range(300):
            if i == 0:
                again.__init__(lambda self, n=n: (n, n), lambda self, v, n=n: None)
            else:
                a, b = objects[n % 5].p
                s.check(a == b, "torn property")
                objects[n % 5].p = n
                a, b = again.setter(None).fget(None)
                s.check(a == b and not again.__isabstractmethod__, "torn copy of a property")
    s.together(work)


def property_comes_for_good(s):
    """Who has met a property sees the attributes that it hides no more, nor stores into them."""
    for n in range(10):
        class Base:
            pass

        class C(Base):
            pass
        stored = []
        hiding = property(lambda self: "property", lambda self, v: stored.append(v))
        objects = [C() for _ in range(4)]
        for o in objects:
            o.x = "instance"
        owner = (Base, C)[n % 2]
        ways = (lambda o: o.x), (lambda o: getattr(o, "".join("x")))

        def work(i, rng):
            met = False
            for k in range(100):
                if i == 0 and k == 30:
                    owner.x = hiding
                o = objects[k % 4]
                for way in rng.choices(ways, k=3):
                    seen = way(o)
                    s.check(seen == "property" or not met, "an attribute behind a property was seen", seen)
                    met = met or seen == "property"
                if met:
                    before = len(stored)
                    o.x = "instance"
                    s.check(len(stored) > before, "a property's setter was passed by")
        s.together(work)


def bases_change(s):
    class A:
        def who(self):
            return "A"

    class B:
        def who(self):
            return "B"

    class C(A):
        pass
    o = C()

    def work(i, rng):
        for n in range(200):
            if i == 0:
                C.__bases__ = (B,) if n % 2 else (A,)
            else:
                s.check(o.who() in "AB", "method")
                s.check(isinstance(o, C) and C.__mro__[-1] is object, "mro")
    s.together(work)


def classes_made_everywhere(s):
    class Base:
        pass

    def work(i, rng):
        for n in range(40):
            T = type("T%d" % n, (Base,), {"n": n, "get": lambda self: self.n})
            t = T()
            t.extra = i
            s.check(t.get() == n and t.extra == i and isinstance(t, Base), "instance")
            del T, t
            Base.__subclasses__()
    s.together(work)


def class_attribute_counters(s):
    class C:
        pass

    def work(i, rng):
        for n in range(300):
            setattr(C, "t%d_%d" % (i, n % 20), n)
            s.check(getattr(C, "t%d_%d" % (i, n % 20)) == n, "own class attribute")
            if n % 7 == 0:
                delattr(C, "t%d_%d" % (i, n % 20))
    s.together(work)


def descriptor_comes_for_good(s):
    """Who has met a descriptor whose class got a __set__ sees the attributes that it hides no more."""
    for n in range(8):
        class Base:
            def __get__(self, instance, owner):
                return "descriptor"

        class Descriptor(Base):
            pass

        class C:
            x = Descriptor()
        objects = [C() for _ in range(4)]
        for o in objects:
            o.x = "instance"
        owner = (Base, Descriptor)[n % 2]
        ways = (lambda o: o.x), (lambda o: getattr(o, "".join("x")))

        def work(i, rng):
            met = False
            for k in range(300):
                if i == 0 and k == 100:
                    owner.__set__ = lambda self, instance, value: None
                for way in ways[1], ways[0]:
                    seen = way(objects[k % 4])
                    s.check(seen == "descriptor" or not met, "an attribute behind a descriptor was seen", seen)
                    met = met or seen == "descriptor"
        s.together(work)
        s.check(objects[0].x == "descriptor", "a descriptor is passed by")


def methods_come_and_go(s):
    """What a class can do agrees with the methods it has, whoever came last."""
    def length(self):
        return 3
    for n in range(40):
        class C:
            pass

        class D(C):
            pass

        def work(i, rng):
            for k in range(rng.randrange(4)):
                C.__len__ = length
                C.__hash__ = rng.choice((None, length))
                try:
                    del C.__len__
                except AttributeError:
                    pass
            if i % 2:
                C.__len__ = length
        s.together(work)
        for cls in C, D:
            try:
                can = len(cls()) == 3
            except TypeError:
                can = False
            s.check(can == hasattr(cls, "__len__"), "__len__ is there, or not", can)
            try:
                can = bool(hash(cls()))
            except TypeError:
                can = False
            s.check(can == (cls.__hash__ is not None), "__hash__ is there, or not", can)


def subclasses_of_who_gets_methods(s):
    for n in range(10):
        class C:
            pass
        made = []

        def work(i, rng):
            for k in range(30):
                if i:
                    made.append(type("D", (C,), {}))
                elif k % 2:
                    C.__len__ = lambda self: 3
                    C.__call__ = lambda self: 4
                else:
                    C.__getitem__ = lambda self, i: i
        s.together(work)
        for cls in made:
            o = cls()
            s.check(len(o) == 3 and o() == 4 and o[5] == 5, "a subclass missed a method")


def operator_comes_with_its_method(s):
    """Who has seen a method in the class's dict finds that its operator works, and below the class, too."""
    for n in range(20):
        class C:
            pass

        class D(C):
            pass

        def work(i, rng):
            if i == 0:
                C.__len__ = lambda self: 3
                C.__call__ = lambda self: 4
                return
            o, p = C(), D()
            while "__len__" not in C.__dict__:
                pass
            s.check(len(o) == 3 and len(p) == 3, "__len__")
            while "__call__" not in C.__dict__:
                pass
            s.check(o() == 4 and p() == 4, "__call__")
        s.together(work)


def abstract_for_good(s):
    """Who has seen that a class is abstract cannot make instances of it, wherever some were made before."""
    for n in range(20):
        class C:
            def __init__(self):
                self.a = 1

        def work(i, rng):
            if i == 0:
                for k in range(rng.randrange(100)):
                    C()
                C.__abstractmethods__ = frozenset(["f"])
            for k in range(200):
                abstract = "__abstractmethods__" in C.__dict__
                try:
                    C()
                except TypeError:
                    continue
                s.check(not abstract, "an instance of an abstract class")
        s.together(work)


def below_bases_that_change(s):
    """A class made while its base gets other bases has them as well, whoever comes last."""
    class A:
        def __len__(self):
            return 1

    class B:
        def __getitem__(self, key):
            return 2

    class C(A):
        pass

    class E:
        pass

    class F(E, C):
        pass
    made = []

    def work(i, rng):
        for n in range(40):
            if i == 0:
                C.__bases__ = (B, A)[n % 2],
            elif i == 1:
                F.__bases__ = ((E, C), (C,))[n % 2]
            else:
                made.append(type("D", ((C,), (E, C), (F,))[n % 3], {}))
    s.together(work)
    for cls in made:
        order = [cls]
        for base in cls.__bases__:
            order += [c for c in base.__mro__[:-1] if c not in order]
        s.check(list(cls.__mro__) == order + [object], "mro", cls.__mro__, cls.__bases__)
        s.check(all(cls in base.__subclasses__() for base in cls.__bases__), "subclasses")
        s.check(hasattr(cls, "__len__") == (A in order) and hasattr(cls, "__getitem__") == (B in order), "attributes")
        try:
            can = len(cls()) == 1
        except TypeError:
            can = False
        s.check(can == (A in order), "__len__ is there, or not", can)


main(methods_replaced, replaced_behind_super, attribute_seen_after_write, property_comes_and_goes, property_made_again, property_comes_for_good, bases_change,
     classes_made_everywhere, class_attribute_counters, attribute_read_every_way, subclasses_come_while_it_is_written,
     each_writes_a_class_of_its_own, descriptor_comes_for_good, methods_come_and_go, subclasses_of_who_gets_methods,
     operator_comes_with_its_method, abstract_for_good, below_bases_that_change)
