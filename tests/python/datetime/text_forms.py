# strftime(), format(), ctime(), repr() and str(), and reading back with strptime().
import time as clock
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo


def attempt(function, *args, **kwargs):
    try:
        return ascii(function(*args, **kwargs))
    except Exception as error:
        return f"{type(error).__name__}: {ascii(str(error))}"


values = [date(1, 1, 1), date(2000, 2, 29), date(9999, 12, 31), time(0), time(1, 2, 3, 4), time(23, 59, 59, 999999, timezone(timedelta(hours=-3, seconds=-1)), fold=1), datetime(1, 1, 1),
          datetime(2000, 2, 29, 1, 2, 3, 4), datetime(1969, 12, 31, 23, 59, 59, 999999, UTC, fold=1), datetime(2024, 7, 4, 12, tzinfo=timezone(timedelta(hours=5, minutes=30), "IN%DIA"))]
formats = ["", "%Y-%m-%d %H:%M:%S", "%f", "%z", "%Z", "%z%Z%f", "%%f %%z %%Z", "%%%f", "%%%%z", "%j %U %W %w %u", "%G-W%V-%u", "%a %A %b %B %p %y %C", "%I:%M:%S", "%c|%x|%X", "%D %F %T %R", "%", "%Y%", "x\0y", "%Y\0%m",
           "\ud800", "%y\ud800%m", "%Q", "%:z", "%Ez", "%-d %e %k", "%10Y", "é%Yü", "\U0001f600%f", "text", "%n%t", "%f" * 40, "%%s"]
for value in values:
    print(str(value), repr(value), hash(value) == hash(value))
    for layout in formats:
        print(ascii(layout)[:60], attempt(value.strftime, layout)[:300], attempt(value.__format__, layout)[:300])
    print(attempt(value.strftime, format="%M"), f"{value}", f"{value:%H}", "{:%d}".format(value))
    for wrong in (None, 5, b"%Y"):
        print(attempt(value.strftime, wrong), attempt(value.__format__, wrong), attempt(value.__format__, wrong, wrong))
    print(attempt(value.strftime), attempt(value.strftime, "a", "b"), attempt(value.strftime, fmt="a"))
    if hasattr(value, "ctime"):
        print(value.ctime(), value.timetuple(), type(value.timetuple()) is clock.struct_time)
for text, layout in [("2000-02-29", "%Y-%m-%d"), ("2000-02-30", "%Y-%m-%d"), ("12:30:45.25 +0130", "%H:%M:%S.%f %z"), ("12:30 Z", "%H:%M %z"), ("x", "%Y"), ("Mon Jan  3 2022", "%a %b %d %Y"), ("2020 53 0", "%Y %W %w"),
                     ("31/12/99 11 PM", "%d/%m/%y %I %p"), ("1 +00:00:01.000002", "%H %z"), ("2020-W53-7", "%G-W%V-%u"), ("1", "%Q"), ("1", "%"), ("2000 UTC", "%Y %Z")]:
    print(text, layout, attempt(datetime.strptime, text, layout))
print(attempt(datetime.strptime), attempt(datetime.strptime, "1"), attempt(datetime.strptime, 1, "%Y"), attempt(datetime.strptime, "1", None), attempt(datetime.strptime, "1", format="%Y"), sep="\n")


class Sub(datetime):
    def isoformat(self, *args, **kwargs):
        return f"isoformat{args}{kwargs}"

    def strftime(self, format):
        return f"strftime({format})"

    def timetuple(self):
        return (1999, 1, 2, 3, 4, 5, 6, 7, 0)


class Day(date):
    def isoformat(self):
        return "isoformat"

    def timetuple(self):
        return (1999, 1, 2, 3, 4, 5, 6, 7, 0)


class Clock(time):
    def isoformat(self):
        return "isoformat"


class Span(timedelta):
    pass


for value in (Sub(2000, 1, 2), Day(2000, 1, 2), Clock(1), Span(1, 2, 3), Span()):
    print(str(value), repr(value), format(value, ""))
print(f"{Sub(2000, 1, 2):%Y}", f"{Day(2000, 1, 2):%Y}", f"{Clock(1):%H}", datetime.strftime(Sub(2000, 1, 2), "%Y %f"), type(Sub.strptime("2000", "%Y")))


class Name(str):
    def replace(self, *args):
        return self.answer


class Named(tzinfo):
    def __init__(self, name):
        self.name = name

    def tzname(self, dt):
        return self.name

    def utcoffset(self, dt):
        return timedelta(0)


for answer in ("other", None, 5, "%%"):
    name = Name("100%")
    name.answer = answer
    print(attempt(datetime(2000, 1, 1, tzinfo=Named(name)).strftime, "%Z|%Y"), attempt(time(1, tzinfo=Named(name)).strftime, "%Z|%H"))

# Who replaces functions of the time module is heard.
kept = clock.strftime, clock.time
clock.strftime = lambda *args: ("replaced", args)
print(datetime(2000, 1, 2).strftime("%f %Y"), time(1).strftime("%f"))
clock.time = lambda: 86400.0 * 365
print(date.today(), Day.today() == date(1971, 1, 1), datetime.today().year > 2000)
clock.strftime, clock.time = kept
for delta in (timedelta(0), timedelta(1), timedelta(-1), timedelta(2, 3661), timedelta(-2, 5), timedelta(0, 0, 1), timedelta(999999999, 86399, 999999), timedelta(-999999999), timedelta(100, 36000)):
    print(str(delta), repr(delta), f"{delta}", attempt(format, delta, "x"))
