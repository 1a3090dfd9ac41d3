# Subclasses keep their type where CPython's compiled types do; pickles of all protocols and old ones; copies.
import copy
import pickle
import sys
import weakref
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo


class Zone(tzinfo):
    def __init__(self, hours=0):
        self.hours = hours

    def utcoffset(self, dt):
        return timedelta(hours=self.hours)

    def dst(self, dt):
        return timedelta(0)

    def tzname(self, dt):
        return f"Z{self.hours}"

    def __repr__(self):
        return f"Zone({self.hours})"


class Arguments(Zone):
    def __getinitargs__(self):
        return (self.hours,)


calls = []


class Day(date):
    def __new__(cls, *args, **kwargs):
        calls.append((cls.__name__, args, kwargs))
        self = date.__new__(cls, *args, **kwargs)
        self.extra = len(args)
        return self

    def __init__(self, *args, **kwargs):
        calls.append("init")


class Moment(datetime):
    def __new__(cls, *args, **kwargs):
        calls.append((cls.__name__, args, kwargs))
        self = datetime.__new__(cls, *args, **kwargs)
        self.extra = len(args)
        return self


class Clock(time):
    def __new__(cls, *args, **kwargs):
        calls.append((cls.__name__, args, kwargs))
        return time.__new__(cls, *args, **kwargs)


class Span(timedelta):
    __slots__ = ("note",)


class Slotted(datetime):
    __slots__ = ("a", "b")


def told(text):
    calls.clear()
    try:
        result = eval(text)
    except Exception as error:
        print(text, "->", type(error).__name__, error, calls)
    else:
        print(text, "->", type(result).__name__, repr(result), getattr(result, "__dict__", None), calls)


day, moment, when, span = Day(2000, 1, 2), Moment(2000, 1, 2, 3, 4, 5, 6, UTC, fold=1), Clock(1, 2, 3, 4, UTC, fold=1), Span(1, 2, 3)
for text in ["day + timedelta(1)", "timedelta(1) + day", "day - timedelta(1)", "day - day", "day.replace(year=5)", "Day.fromordinal(5)", "Day.fromisoformat('2000-01-02')", "Day.fromisocalendar(2000, 1, 2)", 
             "Day.fromtimestamp(0)", "day + timedelta.max", "Day.min", "day.isocalendar()", "moment + timedelta(1)", "timedelta(0, 1) + moment", "moment - timedelta(1)", "moment - moment", "moment.replace(hour=7)",
             "moment.replace(fold=0)", "Moment.fromordinal(5)", "Moment.fromisoformat('2000-01-02T03:04:05+01:00')", "Moment.fromtimestamp(0)", "Moment.fromtimestamp(0, Zone(1))", "Moment.utcfromtimestamp(0)",
             "Moment.combine(day, when)", "Moment.combine(day, time(1, fold=1))", "Moment.strptime('2000', '%Y')", "moment.astimezone(Zone(3))", "moment.astimezone(UTC) is moment", "moment.date()", "moment.time()", "moment.timetz()",
             "when.replace(hour=5)", "Clock.fromisoformat('01:02+03:00')", "Clock.min", "span + span", "span * 2", "-span", "+span", "abs(span)", "span / 2", "span // 2", "span % span",
             "Span(5) == timedelta(5)", "hash(Span(5)) == hash(timedelta(5))", "Zone(1).fromutc(datetime(2000, 1, 1, tzinfo=Zone(1)))", "day == date(2000, 1, 2)", "date(2000, 1, 2) == day", "moment == datetime(2000, 1, 2, 3, 4, 5, 6, UTC)", "date(1, 1, 1) < day",
             "Moment(2000, 1, 1).date() - Day(1999, 1, 1)", "moment.utctimetuple()[:6]", "Span.__new__(Span, 1)", "Span(1, foo=2)", "Slotted(2000, 1, 1, tzinfo=Zone(2))", "timezone(span - timedelta(1))", "timezone(Span(0, 3600)).utcoffset(None)"]:
    told(text)
print(*(type(made).__name__ for made in (Moment.now(), Moment.utcnow(), Moment.now(Zone(1)), Moment.today(), Day.today())))
moment.other = 5
slotted = Slotted(2000, 1, 1, tzinfo=Zone(2))
slotted.a = slotted
print(moment.__dict__, slotted.a is slotted, hasattr(slotted, "b"), hasattr(slotted, "__dict__"), weakref.ref(moment)() is moment)

zone = Zone(2)
values = [date(2000, 1, 2), time(1, 2, 3, 4), time(1, 2, 3, 4, UTC, fold=1), datetime(2000, 1, 2, 3, 4, 5, 6), datetime(2000, 1, 2, fold=1), datetime(2000, 1, 2, tzinfo=zone, fold=1), timedelta(1, 2, 3), timedelta.min, UTC,
          timezone(timedelta(hours=1)), timezone(timedelta(hours=1), "x"), timezone(timedelta(0), "y"), zone, Arguments(3), tzinfo(), date.max.isocalendar(), Span(4)]
values[-1].note = "note"
for value in values:
    states = []
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        for dump, load in ((pickle.dumps, pickle.loads), (pickle._dumps, pickle._loads)):
            data = dump(value, protocol)
            again = load(data)
            states.append((type(again).__name__, repr(again) if type(value) is not tzinfo else "", getattr(again, "fold", None), getattr(again, "hours", None), getattr(again, "note", None)))
    print(*states, sep="\n")
    print(copy.copy(value) == value, copy.deepcopy(value) == value, type(copy.copy(value)).__name__, copy.copy(UTC) is UTC, copy.deepcopy(UTC) is UTC)
    print(str(value.__reduce__()).replace(hex(id(value)), "id") if type(value) is not tzinfo else "", str(value.__reduce_ex__(4))[:100] if type(value) is not tzinfo else "")
# What Python 2 wrote.
for data in (b"cdatetime\ndate\n(S'\\x07\\xdf\\x0b\\x1b'\ntR.", b"cdatetime\ntime\n(S'\\x12;\\x10\\x00\\x10\\x00'\ntR.", b"cdatetime\ndatetime\n(S'\\x07\\xdf\\x0b\\x1b\\x14;\\x01\\x00\\x10\\x00'\ntR."):
    for encoding in ("latin1", "bytes", "ASCII"):
        try:
            print(repr(pickle.loads(data, encoding=encoding)))
        except Exception as error:
            print(type(error).__name__, error)

# States that nobody pickled: whatever is in them is kept, and shown.
for state in (b"\xff\xff\x0c\xff", b"\0\0\1\0", b"\x27\x10\x01\x01"):
    odd = date(state)
    print(repr(odd), odd, odd.year, odd.month, odd.day, odd.toordinal(), odd.weekday(), odd.__reduce__())
odd = datetime(b"\xff\xff\x8c\xff\xff\xff\xff\xff\xff\xff", UTC)
print(repr(odd), odd, odd.microsecond, odd.fold, odd.__reduce_ex__(4))
odd = time(b"\x97\xff\xff\xff\xff\xff")
print(repr(odd), odd, odd.fold)
# Objects in cycles with their zones are found.
import gc


class Cycle(tzinfo):
    pass


for maker in (lambda z: datetime(2000, 1, 1, tzinfo=z), lambda z: time(1, tzinfo=z), lambda z: Slotted(2000, 1, 1, tzinfo=z)):
    loop = Cycle()
    loop.value = maker(loop)
    seen = weakref.ref(loop)
    print(seen() is not None)
    del loop
