# Ints of subclasses in comparisons: those that compare as ints do, and those with comparisons of their own.
import enum
import operator


class Sub(int):
    pass


class SubSub(Sub):
    pass


class Own(int):
    def __lt__(self, other):
        return 'own lt'

    def __eq__(self, other):
        return NotImplemented

    __hash__ = int.__hash__


class Below(Sub):
    def __gt__(self, other):
        return 'below gt'


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 1 << 70


values = [0, 1, -1, 2, 1 << 62, -(1 << 62), 1 << 70, True, False, Sub(0), Sub(1), Sub(-1), SubSub(1 << 70), SubSub(2),
          Own(1), Own(1 << 70), Below(1), Level.LOW, Level.HIGH, 1.0, 2.5, None, 'a']
names = ['lt', 'le', 'eq', 'ne', 'gt', 'ge']
for a in values:
    for b in values:
        row = []
        for name in names:
            try:
                row.append(getattr(operator, name)(a, b))
            except TypeError:
                row.append('TypeError')
        try:
            here = [a < b, a <= b, a == b, a != b, a > b, a >= b]
        except TypeError as error:
            here = [a == b, a != b, str(error)]
            row = row[2:4] + [here[2]]
        taken = [1 if a == b else 0, 1 if a != b else 0]
        print(type(a).__name__, type(b).__name__, row, here == row, taken)
level = Level.LOW
print(level < 2, level == 1, level != 1, 2 > level, 1 == level, level >= Level.HIGH, 5 if level < 2 else 6)

# A class that gets a comparison later.
late = Sub(3)
before = late < 4
Sub.__lt__ = lambda self, other: 'late'
print(before, late < 4, SubSub(1) < 4, 4 > late, 5 if late < 1 else 6)
del Sub.__lt__
print(late < 4, 4 > late, 5 if late < 1 else 6)
