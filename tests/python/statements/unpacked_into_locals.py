# Unpacking into locals that lie side by side: what they held goes one by one, and may run code.
class Dies:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print('del', self.name)


def all_kinds(make):
    for i in range(2):
        a, b, c = make()
        print(a, b, c)
        a, b, c = (c, a, b)
        x, y = [a, b]
        print(a, b, c, x, y)
        x, y = y, x
        [x, y] = 'pq'
        print(x, y)
    a, b = a = (b, c)
    print(a, b)
    a = (5, 6)
    a, b = a
    print(a, b)
    b = [7, 8]
    a, b = b
    print(a, b)


def lifetimes():
    for i in range(2):
        a, b = make_two(i)
        a, b = [Dies(i + 10), Dies(i + 20)]
        print('list')
        t = Dies(3), Dies(4)
        a, b = t
        t = None
        print('local')
        a, b = iter([Dies(5), Dies(6)])
        print('iterator')
        try:
            a, b = [Dies(7)]
        except ValueError as e:
            print(e, a.name, b.name)
        try:
            a, b = Dies(8), Dies(9), Dies(10)
        except ValueError as e:
            print(e, a.name, b.name)
        a, b = 1, 2
        print('numbers')


def make_two(i):
    return Dies(i), Dies(i + 1)


class Looks:
    def __init__(self, function):
        self.function = function

    def __del__(self):
        self.function()


def looked_at():
    import sys
    frame = sys._getframe()

    def look():
        print('looks', sorted(k for k in frame.f_locals if k in 'pqr'))

    p = q = r = Looks(look)
    print('before')
    p, q, r = make_three()
    print(p, q, r)


def make_three():
    return 1, 2, 3


def unbound(t):
    try:
        a, b = t
    except (ValueError, TypeError) as e:
        print(e)
    try:
        print(a)
        print(b)
    except UnboundLocalError as e:
        print(e)


def many(n):
    names = ', '.join('v%d' % i for i in range(n))
    space = {}
    exec('def f(t):\n %s = t\n return [%s]' % (names, names), space)
    print(space['f'](list(range(n))) == list(range(n)), space['f'](tuple(range(n))) == list(range(n)),
          space['f'](iter(range(n))) == list(range(n)))
    for wrong in (n - 1, n + 1):
        try:
            space['f'](list(range(wrong)))
        except ValueError as e:
            print(e)


all_kinds(lambda: (1, 2, 3))
all_kinds(lambda: [1, 2, 3])
all_kinds(lambda: iter('abc'))
for x in (1, 2), [1, 2], 'ab', (1,), [], (1, 2, 3), [1, 2, 3], 5:
    unbound(x)
for n in 2, 8, 16, 17, 40:
    many(n)
