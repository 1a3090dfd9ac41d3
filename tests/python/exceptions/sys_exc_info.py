import sys


def show(tag):
    t, v, tb = sys.exc_info()
    print(tag, t and t.__name__, v, tb is not None, sys.exception() is v)


show("start")
try:
    raise ValueError("one")
except ValueError:
    show("handler")
    try:
        raise KeyError("two")
    except KeyError:
        show("nested")
    show("back")

    def f():
        show("called")
    f()
show("after")


def g():
    try:
        raise ValueError("in g")
    except ValueError:
        return 1


try:
    1 / 0
except ZeroDivisionError:
    g()
    show("after g")
try:
    try:
        raise ValueError("x")
    finally:
        show("finally")
except ValueError:
    pass


def h():
    try:
        raise ValueError("left by break")
    except ValueError:
        pass
    show("cleared")


h()
