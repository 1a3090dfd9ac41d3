# Sums, differences, products, quotients, comparisons and hashes, over the edges of their ranges.
import itertools
import operator
import random
from datetime import MAXYEAR, date, datetime, time, timedelta, timezone, tzinfo
from fractions import Fraction


def attempt(function, *args):
    try:
        return repr(function(*args))
    except Exception as error:
        return f"{type(error).__name__}: {error}"


deltas = [timedelta(0), timedelta.resolution, -timedelta.resolution, timedelta(1), timedelta(-1), timedelta(0, 86399, 999999), timedelta(3, 5, 7), timedelta(-3, 5, 7),
          timedelta.max, timedelta.min, timedelta(10**5, 1, 1), timedelta(hours=-5)]
numbers = [0, 1, -1, 2, 3, -7, 10**6, 2**31, 2**63, -2**63 - 1, 10**30, True, 0.0, -0.0, 1.0, 0.5, -0.5, 1.5, 1e-7, 1 / 3, -2.5e10, 1e19, 1e300, 5e-324, float("inf"), float("nan")]
binary = [operator.add, operator.sub, operator.truediv, operator.floordiv, operator.mod, divmod, operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge]
for a, b in itertools.product(deltas, repeat=2):
    print(a, "|", b, *(attempt(f, a, b) for f in binary))
for delta, number in itertools.product(deltas, numbers):
    print(repr(delta), number, *(attempt(f, *pair) for f in (operator.mul, operator.truediv, operator.floordiv) for pair in ((delta, number), (number, delta))))
for delta in deltas:
    print(delta, repr(delta), attempt(operator.neg, delta), attempt(abs, delta), +delta, bool(delta), delta.total_seconds(), hash(delta), hash(delta) == hash((delta.days, delta.seconds, delta.microseconds)))
    print(delta.days, delta.seconds, delta.microseconds, delta.__reduce__())
for other in (None, 1, "x", 1.5, [], 1j, Fraction(1, 2), date(2000, 1, 1), time(1)):
    print(repr(other), *(attempt(f, *pair) for f in (*binary, operator.mul) for pair in ((deltas[6], other), (other, deltas[6]))))

# Fractions of units: rounded to the nearest microsecond, a half to the even one.
for unit in ("days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks"):
    for amount in (0.5, 1.5, 2.5, -0.5, -1.5, 0.5 / 1000, 1.5 / 1000, 2.5 / 1000, 0.5e-6, 1.5e-6, 2.5e-6, 1 / 3, 1e-10, 123456.789012345, -1e-7, 0.1, 1e9, -1e9, 1.1e14, 5e-324):
        print(unit, amount, attempt(lambda: timedelta(**{unit: amount})), attempt(lambda: timedelta(**{unit: amount, "microseconds": 1} if unit != "microseconds" else {unit: amount, "days": 1})))
generator = random.Random(3)
for _ in range(300):
    parts = {unit: generator.choice([0, 0.5, generator.uniform(-1e3, 1e3), generator.randrange(-10**6, 10**6), generator.uniform(-1e-5, 1e-5)])
             for unit in generator.sample(["days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks"], 4)}
    print(repr(timedelta(**parts)))
for _ in range(300):
    delta = timedelta(generator.randrange(-10**9 + 1, 10**9), generator.randrange(86400), generator.randrange(10**6))
    small = timedelta(0, generator.randrange(-10**6, 10**6), generator.randrange(10**6))
    factor = generator.choice([generator.uniform(-2, 2), generator.randrange(1, 10**6), generator.uniform(1e-12, 1e-3)])
    print(attempt(operator.mul, delta, factor), attempt(operator.truediv, delta, factor), attempt(operator.truediv, delta, small), attempt(divmod, delta, small), attempt(divmod, small, delta),
          delta.total_seconds(), attempt(operator.floordiv, delta, int(factor * 1000)), attempt(operator.mul, small, factor))

# Dates and datetimes.
days = [date.min, date.max, date(2000, 2, 28), date(1999, 12, 31), date(1900, 3, 1)]
moments = [datetime.min, datetime.max, datetime(2000, 2, 28, 23, 59, 59, 999999), datetime(2000, 3, 1), datetime(1999, 12, 31, 12)]
for a in (*days, *moments):
    for delta in deltas:
        print(a, "|", delta, attempt(operator.add, a, delta), attempt(operator.add, delta, a), attempt(operator.sub, a, delta), attempt(operator.sub, delta, a))
    for b in (*days, *moments, 5, None, "x", time(1)):
        print(a, "|", b, *(attempt(f, a, b) for f in (operator.sub, operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge)))
for day in days:
    print(day.weekday(), day.isoweekday(), day.isocalendar(), day.toordinal(), day.timetuple(), day.ctime(), day.isocalendar().year, day.isocalendar().week, day.isocalendar().weekday)
for moment in moments:
    print(moment.weekday(), moment.isocalendar(), moment.toordinal(), moment.timetuple(), moment.utctimetuple(), moment.ctime(), moment.date(), moment.time(), moment.timetz())
steps = 0
moment, step = datetime(1, 1, 1), timedelta(997, 86399, 7)
while moment.year < MAXYEAR - 4:
    later = moment + step
    assert later - moment == step and later - step == moment and later > moment and moment < later and hash(later - step) == hash(moment)
    assert later.date() - moment.date() in (timedelta(997), timedelta(998))
    moment, steps = later, steps + 1
print(steps, moment)


# Zones: equal instants are equal and hash alike; folds of a zone are equal to nothing outside it.
class Fold(tzinfo):
    def utcoffset(self, dt):
        return timedelta(hours=2 - (dt.fold if dt is not None else 0))

    def dst(self, dt):
        return timedelta(hours=1 - dt.fold)

    def tzname(self, dt):
        return "FOLD"

    def __repr__(self):
        return "Fold()"


class Nowhere(tzinfo):
    def utcoffset(self, dt):
        return None

    def __repr__(self):
        return "Nowhere()"


zones = [None, timezone.utc, timezone(timedelta(hours=5, minutes=30)), timezone(-timedelta(microseconds=1)), timezone(timedelta(hours=-23, minutes=-59)), Fold(), Nowhere()]
values = [datetime(2000, 1, 1, 12, tzinfo=zone) for zone in zones] + [datetime(2000, 1, 1, 17, 30, tzinfo=zones[2]), datetime(2000, 1, 1, 11, 59, 59, 999999, tzinfo=zones[3]),
                                                                      datetime(2000, 1, 1, 14, tzinfo=zones[5]), datetime(2000, 1, 1, 13, tzinfo=zones[5], fold=1)]
clocks = [value.timetz() for value in values]
for group in (values, clocks):
    for a, b in itertools.product(group, repeat=2):
        print(a, "|", b, *(attempt(f, a, b) for f in (operator.sub, operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge)))
        try:
            if a == b:
                assert hash(a) == hash(b), (a, b)
        except TypeError:
            print("cannot be compared or hashed")
for value in values:
    if value.utcoffset() is not None:
        print(hash(value), attempt(hash, value.timetz()))
    assert hash(value) == hash(value.replace(fold=1 - value.fold))
    print(repr(value), value.utcoffset(), attempt(value.dst), attempt(value.tzname), attempt(value.timetuple), attempt(value.utctimetuple))
print(hash(date(2000, 1, 2)) == hash(b"\x07\xd0\x01\x02"), hash(time(1, 2, 3, 4)) == hash(b"\1\2\3\0\0\4"), hash(datetime(2000, 1, 2, 3, fold=1)) == hash(b"\x07\xd0\x01\x02\3\0\0\0\0\0"))
for extreme in (datetime(1, 1, 1, tzinfo=zones[2]), datetime(9999, 12, 31, 23, 59, tzinfo=zones[4])):
    print(hash(extreme), extreme - datetime(2000, 1, 1, tzinfo=timezone.utc), attempt(extreme.utctimetuple), extreme == values[1], extreme < values[1])
