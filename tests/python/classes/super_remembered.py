# super().name() at one place, again and again: whatever changes in between is seen. (Inline caches.)


class A:
    def f(self, *args, **keywords):
        return ("A.f", type(self).__name__, args, keywords)

    def g(self):
        return "A.g"

    @staticmethod
    def s(*args):
        return ("A.s", args)

    @classmethod
    def c(cls):
        return ("A.c", cls.__name__)

    @property
    def p(self):
        return lambda *args: ("A.p", args)

    k = len


class B(A):
    def f(self, *args, **keywords):
        return ("B.f", super().f(*args, **keywords), super().f(1), super().f(1, a=2))

    def g(self):
        return "B.g", super().g()

    def s(self):
        return super().s(3)

    def c(self):
        return super().c()

    def p(self):
        return super().p(4)

    def k(self):
        return super().k("four")

    def missing(self):
        return super().missing()

    def object_method(self):
        return super().__eq__(self), super().__eq__(0)

    def class_of(self):
        return super().__class__()

    def __init__(self):
        super().__init__()

    def rebound(self, other):
        self = other
        return super().g()

    def deleted(self):
        del self
        return super().g()

    def captured(self):
        def inner():
            return self
        return super().g(), inner() is self

    def stars(*args):
        return super().g()

    def generator(self):
        yield super().g()
        yield super().g()

    def nested(self):
        def inner(x):
            return super(B, x).g()
        return inner(self)

    def local_super(self):
        super = lambda: "mine"
        return super().upper()


class C(A):
    def g(self):
        return "C.g", super().g()


class D(B, C):
    pass


class E(D):
    def g(self):
        return "E.g", super().g()


def attempt(function, *args):
    try:
        return function(*args)
    except Exception as error:
        return type(error).__name__, str(error)


things = [B(), D(), E()]
names = ["f", "g", "s", "c", "p", "k", "missing", "object_method", "deleted", "captured", "stars",
         "nested", "local_super"]
for turn in range(3):
    for name in names:
        for thing in things:
            print(name, attempt(getattr(thing, name)))
    for thing in things:
        print(list(thing.generator()), attempt(thing.rebound, E()), attempt(thing.rebound, 5),
              attempt(thing.rebound, B), attempt(B.g, thing), attempt(B.g, 1), attempt(B.g, B))

# What changes in a class behind, in one before, and in the mro.
A.g = lambda self: "another A.g"
print([thing.g() for thing in things])
C.g = 5
print([attempt(thing.g) for thing in things])
del C.g
print([thing.g() for thing in things])


class F(A):
    def g(self):
        return "F.g", super().g()


B.__bases__ = (F,)
print([thing.g() for thing in things])
things[1].__class__ = B
print([thing.g() for thing in things])

# An attribute of the instance never comes first, one of the class does.
things[0].g = lambda: "the instance's"
print(B.g(things[0]), things[0].g())


# One code with several classes in its __class__ cell.
def make(base):
    class G(base):
        def g(self):
            return base.__name__, super().g()
    return G


made = [make(A), make(F), make(E)]
for turn in range(3):
    print([G().g() for G in made])
cell = made[0].g.__closure__[-1 if made[0].g.__code__.co_freevars[-1] == "__class__" else 0]
for turn in range(3):
    print(attempt(made[0]().g))
    cell.cell_contents = made[2]
    print(attempt(made[0]().g), attempt(made[2]().g))
    cell.cell_contents = 7
    print(attempt(made[0]().g))
    del cell.cell_contents
    print(attempt(made[0]().g))
    cell.cell_contents = made[0]
