# Exceptions' __init__ in subclasses: which arguments they keep, what __new__ of a changed class gives, what goes wrong.
import gc


class Plain(Exception):
    def __init__(self, number, more=5):
        self.seen = self.args
        self.number = number, more


class Calling(ValueError):
    def __init__(self, number):
        Exception.__init__(self, number)
        self.number = number


class Changing(KeyError):
    def __init__(self, *args):
        super().__init__(*args, "one more")
        self.first = self.args
        super().__init__(*self.args)
        self.second = self.args
        super().__init__()


class Named(OSError):
    def __init__(self, *args):
        self.arguments = args


class Two(Plain, ArithmeticError):
    pass


class Stop(StopIteration):
    def __init__(self, *args):
        self.before = self.args, self.value


def show(make, *args):
    for _ in range(3):
        try:
            raise make(*args)
        except Exception as e:
            print(type(e).__name__, e.args, str(e), {n: v for n, v in e.__dict__.items()})


for make in (Plain, Calling, Changing, Named, Two, Stop):
    for args in ((), (1,), (1, 2), (1, 2, 3), ("text",), (2, "no such file", "name")):
        show(make, *args)


def made(n):
    for i in range(n):
        e = Plain(i)
    return e


print(made(4).args, made(4).number)
Plain.__new__ = lambda cls, *args: ["not an instance", args]
print(made(3))
del Plain.__new__
print(made(3).args)
Plain.__new__ = lambda cls, *args: ValueError.__new__(cls, "other", "arguments")
try:
    print(made(3).args)
except TypeError as e:
    print(e)
Plain.__new__ = lambda cls, *args: BaseException.__new__(cls, "other", "arguments")
print(made(3).args, made(3).seen)
Plain.__init__ = lambda self, number: BaseException.__init__(self, "other", "arguments")
print(made(3).args)
Plain.__init__ = lambda self, number: number
for _ in range(2):
    try:
        made(1)
        print("made")
    except TypeError as e:
        print(e)
del Plain.__init__
print(made(3).args)


class Refuses(Exception):
    def __init__(self, n):
        if n % 2:
            raise self
        if n % 3:
            raise RuntimeError(self)


def refused():
    for n in range(6):
        try:
            print(Refuses(n).args)
        except Exception as e:
            print(type(e).__name__, type(e.args[0]).__name__, e.__context__)


refused()
e = ValueError(1.5, "a", None)
for args in ((1.5, "a", None), (1.5, "a"), (), (1.5,), (1, 2), (1, 2, 3)):
    e.__init__(*args)
    print(e.args)
e.args = [4, 5]
e.__init__(4, 5)
print(e.args)
try:
    e.__init__(4, 5, x=1)
except TypeError as error:
    print(error, e.args)


# What exceptions hold goes with them.
class Held:
    gone = 0

    def __del__(self):
        Held.gone += 1


def hold():
    for _ in range(10):
        e = Calling(Held())
        e.__cause__, e.__context__, e.extra = Plain(Held()), Stop(Held()), Held()
        g = ExceptionGroup("group", [e, Two(Held())])
        i = ImportError("text", name=Held(), path=Held())


hold()
[].append(1)  # no stale word of the last call may keep anything, where a collector looks at the C stack
gc.collect()
print(Held.gone)
