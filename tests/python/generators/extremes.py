# max() and min() over generators: numbers, other things, and comparisons that look at the generator.
def each(*items):
    yield from items


print(max(x for x in range(10)), min(x for x in range(10)), max(x * 0.5 for x in range(5)), min(-x * 0.5 for x in range(5)))
print(max(each(1, 2.5, 2)), min(each(3, 0.5, 1, 1 << 80)), max(each(True, 1)), max(each(1, True)), min(each(0.0, -0.0)))
nan = float('nan')
print(max(each(nan, 1.0, 2.0)), max(each(1.0, nan, 2.0)), min(each(2.0, nan, 1.0)), max(each(1, nan, 3)))
print(max(each('a', 'c', 'b')), min(each((2, 1), (1, 5))), max(each([1], [2]), key=len), max(each(), default=7))
print(max(each(-3, 2), key=abs), min(each(5, 4, 9), key=lambda v: -v), max(each(1 << 61, 1 << 62, -(1 << 62))))


class Looks:
    def __init__(self, value):
        self.value = value

    def __gt__(self, other):
        print('gt', getattr(other, 'value', other), generator.gi_running, generator.gi_frame is not None)
        return self.value > getattr(other, 'value', other)


generator = (x for x in (1, 3, Looks(5), Looks(2), Looks(9)))
print(max(generator).value, generator.gi_frame)


class Bad:
    def __gt__(self, other):
        raise KeyError('bad')


generator = (x for x in (1, 2, Bad(), 3))
try:
    max(generator)
except KeyError as error:
    print(error, generator.gi_running, list(generator))


def fails():
    yield 1
    yield 2
    raise ValueError('inside')


for function in (max, min):
    try:
        function(fails())
    except ValueError as error:
        print(error)
try:
    max(each(1, 'a'))
except TypeError as error:
    print(error)
try:
    max(x for x in ())
except ValueError as error:
    print(error)
