# A for statement that takes the tuples of zip(), enumerate() and dict.items() apart: what nobody
# may notice is that there are no tuples.
import sys


class Steps:
    """An iterator in Python that says what it does, and ends or fails when it is told to."""

    def __init__(self, name, end, error=None):
        self.name, self.end, self.error, self.at = name, end, error, 0

    def __iter__(self):
        return self

    def __next__(self):
        if self.at == self.end:
            print(self.name, 'ends')
            raise self.error or StopIteration
        self.at += 1
        print(self.name, self.at)
        return [self.name, self.at]




def two(a, b):
    for x, y in zip(a, b):
        print(x, y)
    else:
        print('else')


def three(a, b, c):
    for (x, y, z) in zip(a, b, c):
        print(x, y, z)


def attempt(f, *args):
    try:
        f(*args)
    except Exception as e:
        print(type(e).__name__, e)


two([1, 2, 3], 'abc')
two([1, 2, 3], (4, 5))
two(range(2), [4, 5, 6])
two([], [1])
two(Steps('a', 2), Steps('b', 3))
two(Steps('a', 3), Steps('b', 2))
attempt(two, Steps('a', 2, KeyError('a')), Steps('b', 3))
attempt(two, Steps('a', 3), Steps('b', 1, KeyError('b')))
three(Steps('a', 2), [1, 2, 3], 'xyz')
three('xyz', Steps('b', 1), Steps('c', 1))
attempt(three, 'xy', 'ab', Steps('c', 1, ValueError('c')))


def numbers_of_targets():
    for x, in zip('ab'):
        print(x)
    for a, b, c, d, e, f, g, h in zip(*['12'] * 8):
        print(a, b, c, d, e, f, g, h)
    for a, b, c, d, e, f, g, h, i in zip(*['34'] * 9):
        print(a, b, c, d, e, f, g, h, i)
    for [a, (b, c)] in zip([1, 2], ['xy', 'zw']):
        print(a, b, c)
    for a, *b in zip('ab', 'cd', 'ef'):
        print(a, b)
    for () in zip():
        print('never')


def wrong_number(iterable):
    for a, b, c in iterable:
        print('never', a, b, c)


def strict(*iterables):
    for x, y in zip(*iterables, strict=True):
        print(x, y)


numbers_of_targets()
attempt(wrong_number, zip('ab', 'cd'))
attempt(wrong_number, zip('ab', 'cd', 'ef', 'gh'))
attempt(wrong_number, enumerate('ab'))
attempt(wrong_number, {1: 2}.items())
left = zip('ab', 'cd')
attempt(wrong_number, left)
print(list(left))
attempt(strict, 'abc', 'de')
attempt(strict, 'ab', 'cde')
attempt(strict, [1], Steps('s', 2))
attempt(strict, 'ab', Steps('s', 1, OSError('s')))


def counting(iterable, start):
    for i, (x, y) in enumerate(iterable, start):
        print(i, x, y)


counting(zip('ab', 'cd'), 5)
counting(zip('ab', 'cd'), (1 << 62) - 1)
counting(zip('ab', 'cd'), sys.maxsize)
counting(zip('ab', 'cd'), -1)
attempt(counting, Steps('e', 1, LookupError('e')), 0)


def of_dict(d):
    for k, v in d.items():
        print(k, v)
        if v == 'grow':
            d[len(d) + 10] = 0
        if v == 'same':
            del d[k]
            d['new'] = 1


of_dict({1: 'a', 2: 'b'})
of_dict({})
attempt(of_dict, {1: 'a', 2: 'grow', 3: 'c'})
attempt(of_dict, {1: 'same', 2: 'b'})


class Zip(zip):
    def __next__(self):
        pair = super().__next__()
        print('own', pair)
        return pair[::-1]


class Plain(zip):
    pass


class Numbered(enumerate):
    def __next__(self):
        return 'x', super().__next__()


two(*[[1, 2]] * 2)
for a, b in Zip([1, 2], [3, 4]):
    print(a, b)
for a, b in Plain([1, 2], [3, 4]):
    print(a, b)
for a, b in Numbered('pq'):
    print(a, b)


def kept(it):
    # The tuple itself, where it is taken apart later.
    tuples = []
    for t in it:
        a, b = t
        tuples.append(t)
    print(tuples, a, b)


kept(zip('ab', 'cd'))
kept(enumerate('ab'))


def nested():
    it = zip(range(6), 'abcdef')
    for a, b in it:
        for c, d in it:
            print(a, b, c, d)
            if c == 2:
                break


def comprehension():
    print([a * b for a, b in zip('abc', [1, 2, 3])], {b: a for a, b in enumerate('ab')})
    print(list((a, b) for a, b in {1: 2}.items() if a))
    print([[a, b, x] for a, b in zip('ab', 'cd') for x, in zip(a)])


def closure():
    functions = []
    for a, b in zip([1, 2], [3, 4]):
        functions.append(lambda: (a, b))
    print([f() for f in functions])


def generator():
    for a, b in zip(Steps('g', 3), 'xyz'):
        sent = yield a, b
        if sent:
            break


nested()
comprehension()
closure()
g = generator()
print(next(g), next(g))
try:
    g.send(True)
except StopIteration:
    print('stopped')
namespace = {}
exec('for a, b in zip("pq", [1, 2]): c = a, b', namespace)
print(namespace['a'], namespace['b'], namespace['c'])




lines = []


def traced(frame, event, arg):
    if event == 'line' and frame.f_code.co_name == 'followed':
        lines.append(frame.f_lineno - frame.f_code.co_firstlineno)
    return traced


def followed():
    for a, b in zip([1, 2], [3, 4]): c = a; d = b
    for a, b in enumerate('xy'): pass
    for k, v in {1: 2}.items(): k


sys.settrace(traced)
followed()
sys.settrace(None)
print(lines)


def switched_on(stop):
    # Tracing begins while the loop runs.
    for a, b in zip(range(3), range(3)):
        if a == 1:
            sys.settrace(traced)
            sys._getframe().f_trace = traced
        c = b
    sys.settrace(None)
    print(a, b, c)


switched_on(None)


def where(a, b):
    try:
        for x, y in zip(a,
                        b):
            pass
    except ZeroDivisionError as e:
        print(e.__traceback__.tb_lineno - where.__code__.co_firstlineno)


where([1], (1 // 0 for _ in [1]))
