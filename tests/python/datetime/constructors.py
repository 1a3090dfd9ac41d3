# Every way to make the objects, and what each says of arguments that it cannot use.
from datetime import date, datetime, time, timedelta, timezone, tzinfo, MINYEAR, MAXYEAR, UTC
import datetime as module


def show(text, **names):
    try:
        result = eval(text, globals(), names)
    except Exception as error:
        print(text, "->", type(error).__name__, error)
    else:
        print(text, "->", repr(result), type(result).__name__)


class Index:
    def __init__(self, n):
        self.n = n

    def __index__(self):
        return self.n


class Zone(tzinfo):
    def __repr__(self):
        return "Zone()"

    def utcoffset(self, dt):
        return timedelta(hours=1)


print(MINYEAR, MAXYEAR, UTC, UTC is timezone.utc, sorted(module.__all__))
for text in [
    "date()", "date(1)", "date(1, 2)", "date(1, 2, 3)", "date(1, 2, 3, 4)", "date(year=2000, month=2, day=29)",
    "date(2001, 2, 29)", "date(1900, 2, 29)", "date(2000, 2, 30)", "date(0, 1, 1)", "date(10000, 1, 1)", "date(-1, 1, 1)",
    "date(2000, 0, 1)", "date(2000, 13, 1)", "date(2000, 1, 0)", "date(2000, 4, 31)", "date(2000, 12, 32)",
    "date(2000.0, 1, 1)", "date('2000', 1, 1)", "date(2000, None, 1)", "date(Index(2000), Index(1), Index(2))",
    "date(True, True, True)", "date(2**31, 1, 1)", "date(2**63, 1, 1)", "date(-2**31 - 1, 1, 1)", "date(-2**63 - 1, 1, 1)",
    "date(2000, 1, day=1, day2=3)", "date(2000, 1, year=3)", "date(2000, 1, 2, year=3)", "date(2000, 1, foo=3)", "date(month=3)",
    "date(b'abcd')", "date('abcd')", "date(b'\\x07\\xd0\\x02\\x1d')", "date('\\x07\\xd0\\x02\\x1d')",
    "date('\\u1234\\xd0\\x02\\x1d')", "date(b'\\x07\\xd0\\x02')", "date(b'\\x07\\xd0\\x0d\\x01')", "date(b'\\x07\\xd0\\x02\\x1d', 1)",
    "time()", "time(1)", "time(1, 2)", "time(1, 2, 3)", "time(1, 2, 3, 4)", "time(1, 2, 3, 4, None)", "time(1, 2, 3, 4, UTC)",
    "time(1, 2, 3, 4, UTC, 1)", "time(1, 2, 3, 4, UTC, 1, 2)", "time(fold=1)", "time(fold=2)", "time(fold=-1)", "time(fold=None)",
    "time(24)", "time(-1)", "time(0, 60)", "time(0, -1)", "time(0, 0, 60)", "time(0, 0, -1)", "time(0, 0, 0, 1000000)",
    "time(0, 0, 0, -1)", "time(tzinfo=1)", "time(tzinfo='UTC')", "time(tzinfo=date)", "time(hour='1')", "time(1.0)", "time(second=2**40)",
    "time(foo=1)", "time(1, hour=1)", "time(Index(3), Index(4))", "time(b'123456')", "time(b'\\x01\\x02\\x03\\x00\\x00\\x04')",
    "time(b'\\x81\\x02\\x03\\x00\\x00\\x04')", "time('\\x81\\x02\\x03\\x00\\x00\\x04')", "time(b'\\x01\\x02\\x03\\x00\\x00\\x04', UTC)",
    "time(b'\\x01\\x02\\x03\\x00\\x00\\x04', None)", "time(b'\\x01\\x02\\x03\\x00\\x00\\x04', 3)", "time(b'\\x18\\x02\\x03\\x00\\x00\\x04')",
    "time('\\x01\\u1234\\x03\\x00\\x00\\x04')", "time(b'12345')", "time(b'\\x01\\x02\\x03\\x00\\x00\\x04', UTC, 3)",
    "datetime()", "datetime(1)", "datetime(1, 2)", "datetime(1, 2, 3)", "datetime(1, 2, 3, 4)", "datetime(1, 2, 3, 4, 5)",
    "datetime(1, 2, 3, 4, 5, 6)", "datetime(1, 2, 3, 4, 5, 6, 7)", "datetime(1, 2, 3, 4, 5, 6, 7, UTC)", "datetime(1, 2, 3, 4, 5, 6, 7, UTC, 1)",
    "datetime(1, 2, 3, 4, 5, 6, 7, UTC, 1, 2)", "datetime(1, 2, 3, 4, 5, 6, 7, UTC, fold=1)", "datetime(1, 2, 3, fold=1)",
    "datetime(1, 2, 3, fold=2)", "datetime(1, 2, 3, fold='1')", "datetime(2000, 1, 1, 24)", "datetime(2000, 1, 1, 0, 60)",
    "datetime(2000, 1, 1, 0, 0, 60)", "datetime(2000, 1, 1, 0, 0, 0, 10**6)", "datetime(2000, 2, 30)", "datetime(0, 2, 3)",
    "datetime(2000, 13, 3)", "datetime(10000, 1, 1)", "datetime(2000, 1, 1, tzinfo=3)", "datetime(2000, 1, 1, tzinfo=UTC)",
    "datetime(2000, 1, 1, tzinfo=Zone())", "datetime(2000, 1, 1, 1.5)", "datetime('2000', 1, 1)", "datetime(year=1, month=2)",
    "datetime(2000, 1, 1, bar=3)", "datetime(2000, 1, 1, year=3)", "datetime(2000, 1, 1, 2**31)", "datetime(2000, 1, 1, -2**63 - 1)",
    "datetime(b'\\x07\\xd0\\x01\\x02\\x03\\x04\\x05\\x00\\x00\\x06')", "datetime(b'\\x07\\xd0\\x81\\x02\\x03\\x04\\x05\\x00\\x00\\x06')",
    "datetime('\\x07\\xd0\\x81\\x02\\x03\\x04\\x05\\x00\\x00\\x06', UTC)", "datetime(b'\\x07\\xd0\\x01\\x02\\x03\\x04\\x05\\x00\\x00\\x06', 7)",
    "datetime(b'\\x07\\xd0\\x0d\\x02\\x03\\x04\\x05\\x00\\x00\\x06')", "datetime(b'\\x07\\xd0\\x01')", "datetime('\\u1234\\xd0\\x01\\x02\\x03\\x04\\x05\\x00\\x00\\x06')",
    "datetime(b'\\x07\\xd0\\x01\\x02\\x03\\x04\\x05\\x00\\x00\\x06', None)",
    "timedelta()", "timedelta(1)", "timedelta(1, 2)", "timedelta(1, 2, 3)", "timedelta(1, 2, 3, 4, 5, 6, 7)", "timedelta(1, 2, 3, 4, 5, 6, 7, 8)",
    "timedelta(days=1.5)", "timedelta(weeks=-1)", "timedelta(hours=25, minutes=61, seconds=61, milliseconds=1001, microseconds=1000001)",
    "timedelta('1')", "timedelta(None)", "timedelta(seconds='x')", "timedelta(microseconds=[])", "timedelta(hours=1j)", "timedelta(foo=1)",
    "timedelta(1, days=1)", "timedelta(999999999)", "timedelta(1000000000)", "timedelta(-999999999)", "timedelta(-1000000000)",
    "timedelta(-999999999, -1)", "timedelta(999999999, 86400)", "timedelta(2**31)", "timedelta(2**70)", "timedelta(10**30)", "timedelta(1e30)",
    "timedelta(float('inf'))", "timedelta(float('nan'))", "timedelta(1e308)", "timedelta(seconds=1e308)", "timedelta(True)",
    "timedelta(microseconds=10**30, milliseconds=-10**27)", "timedelta(microseconds=10**30, milliseconds=-10**27, seconds=5)",
    "timedelta(microseconds=2**63, seconds=-2**63 // 10**6)", "timedelta(Index(3))",
    "type(tzinfo())", "type(tzinfo(1, 2, x=3))", "timezone()", "timezone(1)", "timezone(timedelta())", "timezone(timedelta(0), 'x')",
    "timezone(timedelta(0), name='UTC')", "timezone(timedelta(hours=1))", "timezone(timedelta(hours=1), 'CET')", "timezone(timedelta(hours=1), None)",
    "timezone(timedelta(hours=1), 1)", "timezone(timedelta(hours=24))", "timezone(-timedelta(hours=24))", "timezone(timedelta(hours=23, minutes=59, seconds=59, microseconds=999999))",
    "timezone(-timedelta(hours=23, minutes=59, seconds=59, microseconds=999999))", "timezone(offset=timedelta(1))", "timezone(timedelta(1, 0, 1))",
    "timezone(timedelta(hours=1), 'a', 'b')", "timezone(timedelta(hours=1), nam='a')", "timezone(timedelta(hours=1)).tzname(None)",
    "timezone(timedelta(-1, 1)).tzname(None)", "timezone(timedelta(0, 3661, 5)).tzname(None)", "timezone(timedelta(0, 3661)).tzname(None)",
    "timezone(timedelta(0)) is UTC", "timezone(timedelta(0), 'UTC') is UTC", "timezone.min, timezone.max, timezone.utc",
    "date.fromordinal(1)", "date.fromordinal(0)", "date.fromordinal(-5)", "date.fromordinal(3652059)", "date.fromordinal(3652060)", "date.fromordinal(1.0)",
    "date.fromordinal('x')", "date.fromordinal(2**31 - 1)", "date.fromordinal(2**31)", "date.fromordinal()", "date.fromordinal(1, 2)", "datetime.fromordinal(730000)",
    "date.fromisocalendar(2020, 53, 7)", "date.fromisocalendar(2021, 53, 1)", "date.fromisocalendar(2021, 0, 1)", "date.fromisocalendar(2021, 1, 0)",
    "date.fromisocalendar(2021, 1, 8)", "date.fromisocalendar(0, 1, 1)", "date.fromisocalendar(10000, 1, 1)", "date.fromisocalendar(9999, 52, 5)",
    "date.fromisocalendar(9999, 52, 6)", "date.fromisocalendar(1, 1, 1)", "date.fromisocalendar(2**31, 1, 1)", "date.fromisocalendar(2000, 2**70, 1)",
    "date.fromisocalendar(year=2004, week=53, day=7)", "date.fromisocalendar(2004, 53)", "date.fromisocalendar('2004', 53, 1)", "date.fromisocalendar(2004, 1, 1, 1)",
    "datetime.fromisocalendar(2004, 53, 7)", "date.fromisocalendar(2004.0, 1, 1)", "date.fromisocalendar(-1, 1, 1)",
    "datetime.combine(date(2000, 1, 2), time(3, 4))", "datetime.combine(date(2000, 1, 2), time(3, 4, tzinfo=UTC))", "datetime.combine(date(2000, 1, 2), time(3, 4, tzinfo=UTC), None)",
    "datetime.combine(date(2000, 1, 2), time(3, 4), tzinfo=UTC)", "datetime.combine(date(2000, 1, 2), time(3, 4, fold=1))", "datetime.combine()",
    "datetime.combine(date(2000, 1, 2))", "datetime.combine(time(3, 4), date(2000, 1, 2))", "datetime.combine(date(2000, 1, 2), time(3, 4), 5)",
    "datetime.combine(date(2000, 1, 2), time(3, 4), UTC, 1)", "datetime.combine(date(2000, 1, 2), 'x')", "datetime.combine(time=time(1), date=date(1, 1, 1))",
    "datetime.combine(datetime(2000, 1, 2, 3, 4, 5), time(6))", "datetime.combine(date(2000, 1, 2), time(3), foo=1)",
    "date(2000, 1, 2).replace()", "date(2000, 1, 2).replace(2001)", "date(2000, 1, 2).replace(month=5)", "date(2000, 1, 31).replace(month=2)", "date(2000, 1, 2).replace(1, 2, 3, 4)",
    "date(2000, 1, 2).replace(hour=1)", "date(2000, 1, 2).replace(year='1')", "date(2000, 1, 2).replace(year=0)", "date(2000, 1, 2).replace(None)",
    "time(1, 2, 3, 4, UTC, fold=1).replace()", "time(1, 2, 3, 4, UTC, fold=1).replace(5, 6, 7, 8, None, fold=0)", "time(1).replace(fold=3)", "time(1).replace(hour=24)",
    "time(1).replace(tzinfo=1)", "time(1).replace(1, 2, 3, 4, None, 1)", "time(1).replace(foo=1)", "time(1, fold=1).replace(minute=3)", "time(1).replace(None)",
    "datetime(2000, 1, 2, 3, 4, 5, 6, UTC, fold=1).replace()", "datetime(2000, 1, 2, fold=1).replace(1, 2, 3, 4, 5, 6, 7, UTC, fold=0)", "datetime(2000, 1, 31).replace(month=2)",
    "datetime(2000, 1, 2).replace(fold=2)", "datetime(2000, 1, 2).replace(tzinfo=3)", "datetime(2000, 1, 2).replace(hour='x')", "datetime(2000, 1, 2).replace(1, 2, 3, 4, 5, 6, 7, None, 0)",
    "datetime(2000, 1, 2).replace(foo=2)", "datetime(2000, 1, 2).replace(fold=None)", "datetime(2000, 1, 2, tzinfo=UTC).replace(tzinfo=None)",
    "date.min, date.max, date.resolution", "time.min, time.max, time.resolution", "datetime.min, datetime.max, datetime.resolution", "timedelta.min, timedelta.max, timedelta.resolution",
]:
    show(text)

# Types cannot be changed, objects neither.
for text, name in [("date", "x"), ("date(1, 1, 1)", "year"), ("date(1, 1, 1)", "x"), ("time(1)", "hour"), ("time(1)", "x"), ("datetime(1, 1, 1)", "tzinfo"),
                   ("datetime(1, 1, 1)", "fold"), ("timedelta(1)", "days"), ("timedelta(1)", "x"), ("UTC", "x"), ("tzinfo()", "x"), ("timedelta", "days"), ("timezone", "utc")]:
    for action in ("set", "delete"):
        try:
            setattr(eval(text), name, 1) if action == "set" else delattr(eval(text), name)
        except Exception as error:
            print(text, name, action, type(error).__name__, error)
for base in (timezone, type(date(1, 1, 1).isocalendar())):
    try:
        type("Sub", (base,), {})
    except TypeError as error:
        print(error)
for cls in (date, time, datetime, timedelta, timezone, tzinfo, type(date.min.isocalendar())):
    print(cls, cls.__module__, cls.__qualname__, cls.__bases__, cls.__mro__)
    # What the interpreter itself adds to a class may differ.
    print(sorted(name for name in vars(cls) if name not in ("__getattribute__", "__module__")))
