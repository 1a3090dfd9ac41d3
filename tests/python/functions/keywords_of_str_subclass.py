# Keywords and defaults whose names are strs of a subclass: their __hash__ and __eq__ run Python code in the middle of
# a call, which must not touch the arguments that are already in place.
import functools


def busy(a, b, c, d, e, f, g, h):
    return [a, b, c, d, e, f, g, h]


class Name(str):
    def __hash__(self):
        busy(*range(100, 108))
        return str.__hash__(self)

    def __eq__(self, other):
        busy(*range(200, 208))
        return str.__eq__(self, other)


def function(a, b, c, d=[4], *rest, only=[5], **others):
    return a, b, c, d, rest, only, sorted(others.items())


arguments = [[1], [2], [3]]
for _ in range(3):
    print(function(*arguments, **{Name("x"): [6], Name("y"): [7], "z": [8]}))
    print(function(*arguments, [9], [10], **{"z": [8], Name("x"): [6], Name("only"): [11]}))
    print(functools.partial(function, [0])([1], [2], **{Name("x"): [6]}))


class Keeper:
    def __init__(self, first, **rest):
        self.first, self.rest = first, rest


keeper = Keeper(**{Name("first"): [1], Name("second"): [2], "third": [3]})
print(keeper.first, sorted(keeper.rest.items()))
function.__kwdefaults__ = {Name("only"): [12]}
print(function(*arguments), function([1], [2], **{Name("c"): [3], Name("w"): [4]}))


class Failing(str):
    def __hash__(self):
        busy(*range(300, 308))
        raise RuntimeError("no hash")


failing = {}
try:
    failing[Failing("x")] = 1
except RuntimeError as e:
    print(e)


class LateFailing(str):
    ready = True

    def __hash__(self):
        busy(*range(300, 308))
        if not self.ready:
            raise RuntimeError("no hash any more")
        return str.__hash__(self)


keywords = {LateFailing("x"): [1]}
LateFailing.ready = False
try:
    print(len(function(*arguments, **keywords)))
except RuntimeError as e:
    print(e)
print(arguments)
