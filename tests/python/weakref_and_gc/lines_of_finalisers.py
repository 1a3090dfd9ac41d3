# In which line a frame is while a finaliser, called for what it does not hold any more, looks at it.
import sys
import weakref

PROMPT = getattr(sys.implementation, "finalisation", "prompt") == "prompt"
# Where finalisers wait, there is no such line.
EXPECTED = {
    "moved": [3, 7, 10, 14, 18, 22, 26, 30, 34, 38, 41, 44, 47, 51, 55],
    "temporaries": [1, 3, 5, 8, 11, 23, 23, 25, 28, 28, 31, 33, 33, 35],
    "by_weak_reference": [5],
    "attributes": [5, 10, 14, 18] * 3,
}
lines = []


class Last:
    attribute = 1

    def __init__(self):
        pass

    def __del__(self):
        lines.append(sys._getframe(1).f_lineno)

    def __bool__(self):
        return True

    def __eq__(self, other):
        return False


def moved(other):
    a = Last()
    b = [1]
    a = other

    a = Last()

    a = b

    a = Last()
    a = 1

    a = Last()

    a = None

    a = Last()

    a = 1 + b[0]

    a = Last()

    a = 1.5 * b[0]

    a = Last()

    a = not b

    a = Last()

    a = b[0]

    a = Last()

    a = Last.attribute

    a = Last()

    a = len(b)
    a = Last()

    del a
    a = Last()

    a, b = b, 3
    a = Last()

    a = b < 4

    a = Last()

    a = b is None

    a = Last()

    a = "text"


def temporaries():
    Last()

    Last().attribute

    x = Last().attribute
    x += 1

    if Last() is None:
        x = 3

    if Last():
        x = 4

    x = [
        Last(),

        5,
    ]

    x = (1,
         x)

    x = Last() == 3

    for x in range(2):
        x = Last()

    for x in [Last(), Last()]:
        pass

    x = 3
    while x:
        y = Last()
        x -= 1
    del y


def by_weak_reference():
    a = set()
    w = weakref.ref(a, lambda _: lines.append(sys._getframe(1).f_lineno))
    b = 3

    a = b
    return w


class Holder:
    pass


def attributes(h):
    for x in range(3):
        h.a = Last()
        x = 1

        h.a = x

        h.a = Last()
        x = 2

        del h.a
        l = [Last()]
        x = 3

        l[0] = x
        l = {1: Last()}
        x = 4

        l[1] = x


for function, *arguments in [(moved, 7), (temporaries,), (by_weak_reference,), (attributes, Holder())]:
    lines.clear()
    function(*arguments)
    first = function.__code__.co_firstlineno
    result = [line - first for line in lines]
    if PROMPT:
        print(function.__name__, result)
    else:
        print(function.__name__, EXPECTED[function.__name__])
