def chain(e):
    while e is not None:
        print(repr(e), "cause" if e.__cause__ else "context" if e.__context__ else "end")
        e = e.__cause__ or e.__context__


try:
    try:
        try:
            1 / 0
        except ZeroDivisionError:
            raise ValueError("second")
    except ValueError as v:
        raise KeyError("third") from v
except KeyError as e:
    chain(e)
try:
    try:
        raise ValueError(1)
    finally:
        raise KeyError(2)
except KeyError as e:
    chain(e)
saved = ValueError("saved")
try:
    raise saved
except ValueError:
    try:
        raise KeyError("inner")
    except KeyError:
        try:
            raise saved
        except ValueError as e:
            print(repr(e.__context__), e.__context__.__context__)


def f():
    try:
        raise IndexError("in f")
    except IndexError:
        pass


try:
    raise ValueError("outer")
except ValueError:
    f()
    try:
        raise TypeError("inner")
    except TypeError as e:
        print(repr(e.__context__))
    try:
        raise TypeError("inner2")
    except TypeError as e:
        print(repr(e.__context__))
try:
    raise KeyError("fresh")
except KeyError as e:
    print(e.__context__)
e = ValueError()
e.__cause__ = KeyError("set by hand")
print(e.__suppress_context__, repr(e.__cause__))
for bad in ("__cause__", "__context__", "__traceback__"):
    try:
        setattr(e, bad, 5)
    except TypeError as err:
        print(err)
