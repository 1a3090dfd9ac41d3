import sys


def f():
    raise ValueError("shown")


try:
    f()
except ValueError as e:
    sys.excepthook(type(e), e, e.__traceback__)
    sys.__excepthook__(type(e), e, None)
sys.excepthook(KeyError, KeyError("no traceback"), None)
print("continues")
sys.excepthook = lambda *a: 1 / 0
raise KeyError("hook fails")
