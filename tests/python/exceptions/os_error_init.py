# When an OSError takes its arguments: in __new__, unless only the class's __init__ is its own.


class Sub(OSError):
    pass


class OwnInit(OSError):
    def __init__(self, a=None, b=None, c=None):
        self.x = a


class InitPassesOn(OSError):
    def __init__(self, *a):
        super().__init__(*a[:1])


class OwnNew(OSError):
    def __new__(cls, *a):
        return super().__new__(cls, *a[:2])


class Both(OSError):
    def __new__(cls, *a):
        return super().__new__(cls, *a)

    def __init__(self, *a):
        super().__init__(*a)


class SubBlocking(BlockingIOError):
    pass


class Index:
    def __index__(self):
        return 3

    def __repr__(self):
        return "Index()"


def show(e):
    parts = [type(e).__name__, repr(e), str(e)]
    for name in ("errno", "strerror", "filename", "filename2", "args", "characters_written", "x"):
        try:
            parts.append(f"{name}={getattr(e, name)!r}")
        except AttributeError as error:
            parts.append(f"{name}: {error}")
    return ", ".join(parts)


def attempt(name, do):
    try:
        print(name, do())
    except Exception as error:
        print(name, type(error).__name__, error)


argument_lists = [
    (), (1,), (2, "x"), (True, "x"), (2, "x", "f"), (2, "x", "f", 5), (2, "x", "f", 5, "g"), (2, "x", None, None, "g"),
    (2, "x", None), (11, "x", 5), (11, "x", 1.5), (11, "x", "f"), (11, "x", 2**70), (11, "x", Index()), (11, "x", -1),
    (11, "x", True), (11, "x", 5, 0, "g"), ("a", "b"), (9999, "x"), (2, "x", "f", 5, "g", 6), (2.0, "x"), (2**70, "x"),
    (None, None), (Index(), "x"), (11, "x", None),
]
for cls in (OSError, FileNotFoundError, BlockingIOError, Sub, OwnInit, InitPassesOn, OwnNew, Both, SubBlocking):
    print("==", cls.__name__)
    for arguments in argument_lists:
        try:
            e = cls(*arguments)
        except Exception as error:
            print(arguments, type(error).__name__, error)
            continue
        print(arguments, show(e))
        for again in ((), (7, "again"), (7, "again", "F", 0, "G"), (1,)):
            attempt(f"    init {again}", lambda: (e.__init__(*again), show(e))[1])
    attempt("new alone", lambda: show(cls.__new__(cls)))
    attempt("new with two", lambda: show(cls.__new__(cls, 2, "n")))
    attempt("keyword", lambda: cls(a=1))
    e = cls(11)
    for written in (1, 2**70, "a", Index(), None, -1):
        attempt(f"written {written}", lambda: (setattr(e, "characters_written", written), e.characters_written)[1])
    e.characters_written = 1
    attempt("deleted", lambda: delattr(e, "characters_written"))
    attempt("deleted twice", lambda: delattr(e, "characters_written"))
