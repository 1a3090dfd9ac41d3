# f(*args, **keywords) of functions and methods: every mixture of parameters, what is wrong with the
# arguments, and what the callee may do meanwhile to what the arguments came from.
import sys


def everything(*args, **keywords):
    return args, keywords


def mixed(a, b=2, *, c=3, **rest):
    return a, b, c, rest


class Class:
    def rest(self, a, b=5, **rest):
        return self is instance, a, b, rest

    def plain(self, a, b=5):
        return self is instance, a, b

    @classmethod
    def of_class(cls, *args, c=1):
        return cls, args, c


class Name(str):
    pass


instance = Class()
rest, plain = instance.rest, instance.plain
many = {'k%d' % i: i for i in range(12)}


def shown(call):
    try:
        print(call())
    except TypeError as error:
        print('TypeError:', error)


for _ in range(2):
    shown(lambda: everything(*[1, 2], **{'x': 1}))
    shown(lambda: everything(*[], **{}))
    shown(lambda: everything(*range(3), **many))
    shown(lambda: mixed(*[1], **{'c': 4, 'b': 9, 'z': 1}))
    shown(lambda: mixed(**{'a': 1}, **many))
    shown(lambda: mixed(**{Name('a'): 1, Name('y'): 2}))
    shown(lambda: rest(*(1,), **{'b': 7}))
    shown(lambda: rest(*[1], **{'q': 7}))
    shown(lambda: rest(**{'a': 1, 'q': 7}))
    shown(lambda: plain(*[1, 2]))
    shown(lambda: plain(*(1,), **{}))
    shown(lambda: plain(**{'b': 3, 'a': 1}))
    shown(lambda: Class.of_class(*(1, 2), **{'c': 3}))
    shown(lambda: plain(**{'zz': 1, 'a': 2}))
    shown(lambda: plain(*[1, 2, 3]))
    shown(lambda: plain(*[1], **{'a': 2}))
    shown(lambda: plain(**{}))
    shown(lambda: mixed(**{'q': 1}))
    shown(lambda: mixed(**{1: 2}))
    shown(lambda: plain(**{'a': 1, 2: 2}))
    shown(lambda: everything(*5))
    shown(lambda: everything(**5))
    shown(lambda: plain(*[1], **many))

# The callee changes what its arguments came from.
items, keywords = [[1], [2]], {'c': [3]}


def clearing(*args, c, **rest):
    items.clear()
    keywords.clear()
    rest['new'] = 1
    return args, c, rest


print(clearing(*items, **keywords), items, keywords)
items.extend([[4], [5]])
keywords.update(c=[6], d=[7])
print(clearing(*items, **keywords), items, keywords)


# A function may get other code, and be a generator's.
def generator(a, b=0):
    yield a
    yield b


bound = generator.__get__(1)
print(list(generator(**{'a': 1})), list(bound(**{'b': 4})), list(generator(*[3], **{'b': 5})))
plain_function = Class.plain
plain_function.__code__ = Class.rest.__code__
print(plain(**{'a': 1, 'other': 2}))


# Frames and their lines, and the depth of recursion.
def frames(*, depth):
    frame = sys._getframe()
    return [(f.f_code.co_name, f.f_lineno - frame.f_code.co_firstlineno) for f in
            (frame, frame.f_back)], depth


def caller(**given):
    return frames(
        **given)


print(caller(depth=3))


def deeper(n, **more):
    return deeper(**{'n': n + 1}, **more)


class Deep:
    def deeper(self, n):
        return self.deeper(*[n + 1])


for call in (lambda: deeper(0), lambda: deeper(0, x=1), lambda: Deep().deeper(0)):
    try:
        call()
    except RecursionError as error:
        print(type(error).__name__, str(error)[:32])


def failing(a):
    raise KeyError(a)


for call in (lambda: failing(**{'a': 1}), lambda: failing(*[2]), failing.__get__(3)):
    try:
        call(*[], **{})
    except KeyError as error:
        trace, names = error.__traceback__, []
        while trace:
            names.append(trace.tb_frame.f_code.co_name)
            trace = trace.tb_next
        print(error, names)

events = []
sys.setprofile(lambda frame, event, arg: events.append((event, frame.f_code.co_name)))
mixed(**{'a': 1})
rest(*[1], **{'b': 1})
sys.setprofile(None)
print([event for event in events if event[1] in ('mixed', 'rest')])
