# Numbers have no header for the inline caches to look at: methods and attributes of ints, floats and
# others that come to the same place in turn.


class MyInt(int):
    def bit_length(self):
        return 'mine'

    numerator = property(lambda self: 'my numerator')


class Other:
    real = 'other'

    def bit_length(self):
        return 'other'

    def is_integer(self):
        return 'whole'


def lengths(values):
    return [v.bit_length() for v in values]


def local(v):
    return v.bit_length(), v.bit_length()


def attributes(values):
    return [(v.real, v.imag) for v in values]


def ratios(values):
    return [v.as_integer_ratio() for v in values]


def missing(v):
    try:
        return v.no_such_thing
    except AttributeError as e:
        return str(e)


def call_missing(v):
    try:
        return v.no_such_method()
    except AttributeError as e:
        return str(e)


for _ in range(3):
    print(lengths([1, 255, 1 << 70, True, MyInt(3), Other(), 7, -9, Other(), MyInt(1), 0]))
    print([local(v) for v in (5, 1 << 90, False, MyInt(2), Other(), 6)])
    print(attributes([1, 2.5, 3j, True, 1 << 80, 1e300, 5e-324, MyInt(4), 0.0]))
    print(ratios([1, 2.5, True, 1 << 64, 0.1, 4.0, MyInt(8), 1e300]))
    print([v.is_integer() for v in (1.0, 1.5, Other(), 1e300, 2.0)])
    print([missing(v) for v in (1, 1.5, 'a', True, 1 << 70, None)])
    print([call_missing(v) for v in (1, 1.5, 'a', True, 1 << 70, None)])
    print([v.numerator for v in (1, True, MyInt(3), 1 << 65, 2)], [v.__class__ for v in (1, 1.0, True, MyInt(1), 1 << 66)])
    print([v.to_bytes(9, 'little', signed=True) for v in (1, -1, 1 << 64, True)], (1234).to_bytes(4, 'big'), (2.5).hex())
    print([v.conjugate() for v in (1, 2.5, 3j, True, MyInt(6))], [v.__add__(1) for v in (1, 2.5, 1 << 70)])
# An instance's own attribute comes first, and a class that changes is seen.
thing = Other()
thing.bit_length = lambda: 'own'
print(lengths([3, thing, 3, Other(), 3.0.__int__()]))
Other.bit_length = lambda self: 'changed'
print(lengths([3, thing, 3, Other()]))
