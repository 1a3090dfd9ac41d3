# OSError takes its arguments in __new__ where a subclass has a __new__ of its own, else in __init__.
class WithNew(OSError):
    def __new__(cls, message, baz):
        self = super().__new__(cls, message)
        self.baz = baz
        return self


class WithInit(OSError):
    def __init__(self, message, bar):
        self.bar = bar
        super().__init__(message)


class InitFirst(WithInit, WithNew):
    pass


class NewFirst(WithNew, WithInit):
    pass


class Standalone(OSError):
    def __init__(self):
        pass


for make in (lambda: WithNew("m", "b"), lambda: WithNew("m", baz="b"), lambda: WithInit("m", "b"),
             lambda: WithInit("m", bar="b"), Standalone, lambda: OSError(2, "x", "name"), lambda: OSError("a", keyword=1),
             lambda: WithNew("m"), lambda: FileNotFoundError(2, "x"), lambda: WithNew(2, "b")):
    try:
        error = make()
    except TypeError as e:
        print(type(e).__name__)
    else:
        print(type(error).__name__, error.args, error.errno, error.filename, vars(error), error)
for kind in InitFirst, NewFirst:
    try:
        error = kind("some message", "baz")
        print(error.args, vars(error))
    except TypeError as e:
        print(type(e).__name__)

error = BlockingIOError("a", "b", 3)
print(error.characters_written)
del error.characters_written
for action in (lambda: error.characters_written, lambda: delattr(error, "characters_written"),
               lambda: BlockingIOError("a", "b", "c").characters_written):
    try:
        print(action())
    except AttributeError as e:
        print(e)
