# compare: carets
"""Methods of variables, called with arguments whose reading nobody notices: what is looked up and called, in which
order, and what is reported when it fails."""
import sys
import traceback


class Loud:
    def __getattr__(self, name):
        print("getattr", name)
        if name == "missing":
            raise AttributeError(name)
        return lambda *arguments: (name, arguments)


class Items(list):
    pass


def native():
    items, one, two = [], 1, 2
    items.append(one)
    items.append(two)
    items.insert(one, two)
    items.extend(items)
    print(items, items.pop(), items.index(two), items.count(one), items.copy())
    table = {}
    print(table.get(one), table.setdefault(one, two), table.get(one, two), table.pop(one), table)
    text = "a-b-c"
    print(text.upper(), text.replace("-", "+"), text.split("-", one), text.join(["x", "y"]))


def failing():
    items, key = [1], "x"
    try:
        items.index(key)
    except ValueError as error:
        print(error, traceback.extract_tb(error.__traceback__)[0].line)
    try:
        items.nothing(key)
    except AttributeError as error:
        print(error)
    try:
        items.pop(key)
    except TypeError as error:
        print(error)
    try:
        items.append(key, key)
    except TypeError as error:
        print(error)
    try:
        items.insert()
    except TypeError as error:
        print(error)


def plain(key):
    items = [1]
    items.index(key)


def unbound(flag):
    items = Loud()
    if flag:
        late = 1
    try:
        items.first(late)
    except UnboundLocalError as error:
        print(error)
    print(items.second(flag))
    try:
        items.missing(flag)
    except AttributeError as error:
        print(repr(error))


def rebinding():
    items = first = []
    items.append((items := [5]))
    print(first, items)
    items.append(items)
    print(len(items), items[1] is items)
    del first[:], items[:]


class Clearing:
    """Its comparison drops what holds the list."""

    def __init__(self, place):
        self.place = place

    def __eq__(self, other):
        self.place.clear()
        return False


def dropped():
    place = [[1, 2, 3]]
    probe = Clearing(place)

    def search(items):
        return items.count(probe)

    print(search(place[0]), place)


def kinds():
    for items in ([3], Items([4]), (5,), range(6)):
        print(items.count(3), items.index(items[0]))


def lines():
    items, one = [], 1
    items.append(one)
    items.append(
        one)
    items.insert(one,
                 one)
    return items


def traced(function):
    seen = []

    def trace(frame, event, argument):
        if frame.f_code is function.__code__:
            seen.append((event, frame.f_lineno - function.__code__.co_firstlineno))
        return trace

    def profile(frame, event, argument):
        if event.startswith("c_") and frame.f_code is function.__code__:
            seen.append((event, argument.__name__))

    sys.settrace(trace)
    function()
    sys.settrace(None)
    sys.setprofile(profile)
    function()
    sys.setprofile(None)
    print(seen)


native()
failing()
unbound(False)
unbound(True)
rebinding()
dropped()
kinds()
kinds()
print(lines())
traced(lines)
for _ in range(3):
    try:
        plain("key")
    except ValueError:
        print(traceback.format_exc())
plain("key")
