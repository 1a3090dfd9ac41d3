# Comparisons of strs, ints, None, sets and tuples, of one kind and of two, as values and as conditions.


class Str(str):
    def __eq__(self, other):
        return 'Str says'

    def __lt__(self, other):
        return 'Str is less'

    __hash__ = str.__hash__


class Int(int):
    def __eq__(self, other):
        return 'Int says'

    __hash__ = int.__hash__


class Set(set):
    def __eq__(self, other):
        return 'Set says'

    def __gt__(self, other):
        return 'Set is greater'


class Plain(set):
    pass


values = ['a', 'b', '', 'ä', 1, 2**70, 2**70 + 1, True, None, 1.0, (1, 'a'), (1, 'b'), {1}, {1, 2}, frozenset({1}),
          Plain({1}), Str('a'), Int(1), Set({1})]


def compared(a, b):
    yield a == b
    yield a != b
    yield 'yes' if a == b else 'no'
    yield 'yes' if a != b else 'no'
    for text in ('a < b', 'a <= b', 'a > b', 'a >= b'):
        try:
            yield eval(text)
        except TypeError as error:
            yield str(error)


for a in values:
    for b in values:
        print(repr(a), repr(b), *compared(a, b))


def ordered(a, b):
    return a < b, a <= b, a > b, a >= b


print(ordered('a', 'b'), ordered({1}, {1, 2}), ordered(frozenset({1}), frozenset({1})), ordered((1,), (1, 2)))


# Sets of what compares by Python code, which may raise an error, and sets within sets.
class Key:
    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return 1

    def __eq__(self, other):
        if self.n == other.n == 13:
            raise ValueError('thirteen')
        return self.n == other.n


print({Key(1), Key(2)} == {Key(2), Key(1)}, {Key(1)} == {Key(2)}, {Key(1)} < {Key(1), Key(2)})
for operator in '==', '!=', '<=', '>=':
    try:
        print(eval('{Key(13)} %s {Key(13)}' % operator))
    except ValueError as error:
        print(operator, error)
a = b = frozenset()
for _ in range(200):
    a, b = frozenset({a}), frozenset({b})
print(a == b, {a} == {b}, a == frozenset({a}))
