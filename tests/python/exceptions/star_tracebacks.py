# The tracebacks of groups that except* makes: of what it wraps, splits and raises anew.
import traceback, sys


def tb(e):
    return [(f.lineno, f.name) for f in traceback.extract_tb(e.__traceback__)]


def inner_raise():
    try:
        raise KeyError(1)
    except* KeyError:
        raise ValueError("new")


def partly():
    try:
        raise ExceptionGroup("m", [KeyError(1), OSError(2)])
    except* KeyError:
        pass


def naked_unmatched():
    try:
        raise KeyError(1)
    except* OSError:
        pass


def reraise():
    try:
        raise ExceptionGroup("m", [KeyError(1), OSError(2)])
    except* KeyError:
        raise


def both():
    try:
        raise ExceptionGroup("m", [KeyError(1), OSError(2)])
    except* KeyError:
        raise ValueError("new")


def two():
    try:
        raise ExceptionGroup("m", [KeyError(1), OSError(2)])
    except* KeyError:
        raise ValueError("new")
    except* OSError:
        raise TypeError("t")


class CM:
    def __enter__(s):
        pass

    def __exit__(s, t, v, b):
        print("exit", t.__name__, b and b.tb_lineno, b and [x.lineno for x in traceback.extract_tb(b)])


def within(f):
    def g():
        with CM():
            f()

    return g


def in_with():
    with CM():
        try:
            raise KeyError(1)
        except* KeyError:
            raise ValueError("new")


def in_try():
    try:
        try:
            raise ExceptionGroup("m", [KeyError(1), OSError(2)])
        except* KeyError:
            raise ValueError("new")
    except Exception as e:
        print("in try", tb(e), [tb(x) for x in e.exceptions], tb(e.exceptions[0]))


def in_finally():
    try:
        try:
            raise ExceptionGroup("m", [KeyError(1), OSError(2)])
        except* KeyError:
            pass
    finally:
        print("finally", tb(sys.exc_info()[1]))


def naked_again():
    try:
        raise KeyError(1)
    except* KeyError:
        raise


def naked_in_with():
    with CM():
        try:
            raise KeyError(1)
        except* KeyError:
            raise


for f in (
    naked_again,
    naked_in_with,
    inner_raise,
    partly,
    naked_unmatched,
    reraise,
    both,
    two,
    in_with,
    in_try,
    in_finally,
):
    try:
        f()
    except Exception as e:
        print(f.__name__, type(e).__name__, tb(e), [tb(x) for x in getattr(e, "exceptions", ())], e.__context__)
inner_raise()
