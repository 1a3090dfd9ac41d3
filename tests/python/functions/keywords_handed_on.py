# f(*args, **keywords) with nothing but a mapping for keywords: an empty one says nothing.
import collections


def show(*args, **keywords):
    return args, keywords


def hand_on(*args, **keywords):
    return show(*args, **keywords)


print(hand_on(), hand_on(1), hand_on(a=2), hand_on(1, 2, b=3, c=4))
empty, one = {}, {'x': 1}
print(show(**empty), show(**one), show(*[1], **empty), show(*'ab', **one))
print(show(**one)[1] is one, show(**empty)[1] is empty, one, empty)
print(show(**collections.OrderedDict()), show(**collections.OrderedDict(a=1, b=2)))
print(show(**collections.UserDict()), show(**collections.UserDict(b=1)))


class Counted(dict):
    def keys(self):
        print('keys')
        return super().keys()


print(show(**Counted()), show(**Counted(k=1)))


# Of functions that take none, native ones, classes, methods and objects that are called.
def none_taken(a):
    return a


class Thing:
    def __init__(self, *args, **keywords):
        self.got = args, keywords

    def __call__(self, **keywords):
        return keywords

    method = __call__


print(none_taken(5, **empty), len('abc', **empty), max([1, 2], **empty), dict(**empty), dict(**one))
print(Thing(**empty).got, Thing(**one).got, Thing()(**empty), Thing()(**one), Thing().method(**empty), Thing().method(**one))
print(sorted([2, 1], **{'reverse': True}), int('11', **{}), str(**{'object': 5}), print(**{}))

for wrong in ({1: 2}, 3, None, [('a', 1)], {'a': 1}):
    try:
        print(none_taken(1, **wrong) if wrong != {'a': 1} else none_taken(1, **wrong))
    except TypeError as error:
        print(str(error).replace('__main__.', ''))
try:
    len('abc', **one)
except TypeError as error:
    print(error)


# What comes before a mapping is evaluated before it.
def note(what, value):
    print(what, end=' ')
    return value


print(note('function', show)(note('argument', 1), *note('rest', (2,)), **note('mapping', {})))
print((lambda **k: (lambda **m: m)(**k))(), (lambda **k: (lambda **m: m)(**k))(z=1))
