# tzinfo, timezone, and what happens between zones; what zones answer that they should not.
import itertools
import os
import time as clock
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo


def attempt(function, *args, **kwargs):
    try:
        return ascii(function(*args, **kwargs))
    except Exception as error:
        return f"{type(error).__name__}: {ascii(str(error))}"


class Zone(tzinfo):
    def __init__(self, answer):
        self.answer = answer

    def utcoffset(self, dt):
        return self.answer

    tzname = dst = utcoffset

    def __repr__(self):
        return "Zone()"


answers = ["name", "a%b%", "", "é", "\udc80", None, 5, b"x", 1.5, timedelta(1), timedelta(-1), timedelta(0), timedelta(0, 1, 2), timedelta(hours=-23), timedelta(hours=24, microseconds=-1)]
for answer in answers:
    zone = Zone(answer)
    print(repr(answer) if answer != "\udc80" else "surrogate")
    moment = datetime(2000, 1, 2, 3, 4, 5, 6, tzinfo=zone)
    for value in (moment, moment.timetz()):
        print(*(attempt(method) for method in (value.utcoffset, value.dst, value.tzname, value.isoformat, value.__str__, value.__repr__)), sep="\n")
        print(*(attempt(value.strftime, format) for format in ("%z", "%Z", "%z %Z %f %%z", "%H")), sep="\n")
        other = value.replace(tzinfo=UTC)
        print(attempt(lambda: value == other), attempt(lambda: value < other), attempt(lambda: value == value), attempt(lambda: value.replace(tzinfo=None) == value))
    print(*(attempt(f) for f in (moment.timestamp, moment.timetuple, moment.utctimetuple, lambda: moment - moment.replace(tzinfo=UTC), lambda: moment - moment)), sep="\n")
    print(attempt(moment.astimezone, UTC), attempt(moment.replace(tzinfo=UTC).astimezone, zone), attempt(datetime.fromtimestamp, 10, zone), attempt(zone.fromutc, moment), sep="\n")
    print(attempt(datetime.now, zone).startswith("datetime"), attempt(zone.fromutc, datetime(1, 1, 1)), attempt(zone.fromutc, date(1, 1, 1)), attempt(zone.fromutc, None))

base = tzinfo()
print(*(attempt(f, None) for f in (base.utcoffset, base.dst, base.tzname, base.fromutc)), sep="\n")
print(*(attempt(f) for f in (base.utcoffset, base.dst, base.tzname, base.fromutc)), sep="\n")
for zone in (UTC, timezone(timedelta(hours=2)), timezone(timedelta(hours=-2), "NAME"), timezone(timedelta(0), "zero"), timezone(-timedelta(seconds=1)), timezone.min, timezone.max):
    print(zone, repr(zone), hash(zone), zone == UTC, zone != UTC, zone == 5, zone.__getinitargs__(), attempt(lambda: zone < UTC), attempt(lambda: zone < 5))
    for argument in (None, datetime(1, 1, 1), datetime(2000, 1, 1, tzinfo=zone), date(1, 1, 1), time(1), 5, "x"):
        print(*(attempt(f, argument) for f in (zone.utcoffset, zone.tzname, zone.dst, zone.fromutc)), sep="\n")


# The rules of the United States since 2007, as the library's documentation has them: a gap in March, a fold in November.
class Eastern(tzinfo):
    def range(self, year):
        def sunday(day):
            return day + timedelta(6 - day.weekday())
        return sunday(datetime(year, 3, 8, 2)), sunday(datetime(year, 11, 1, 1))

    def dst(self, dt):
        if dt is None or dt.tzinfo is None:
            return timedelta(0)
        start, end = self.range(dt.year)
        dt = dt.replace(tzinfo=None)
        if start + timedelta(hours=1) <= dt < end or (end <= dt < end + timedelta(hours=1) and not dt.fold) or (start <= dt < start + timedelta(hours=1) and dt.fold):
            return timedelta(hours=1)
        return timedelta(0)

    def utcoffset(self, dt):
        return timedelta(hours=-5) + self.dst(dt)

    def tzname(self, dt):
        return "EDT" if self.dst(dt) else "EST"


eastern = Eastern()
for start in (datetime(2022, 3, 13, 5), datetime(2022, 11, 6, 4)):
    for step in range(6):
        utc = (start + timedelta(minutes=30 * step)).replace(tzinfo=UTC)
        there = utc.astimezone(eastern)
        print(utc, there, there.tzname(), there.dst(), there.astimezone(UTC), there.timestamp(), there.utctimetuple()[:6], there.timetuple().tm_isdst)
for hour, minute, fold in itertools.product(range(4), (0, 30), (0, 1)):
    for day in (datetime(2022, 3, 13), datetime(2022, 11, 6)):
        there = day.replace(hour=hour, minute=minute, fold=fold, tzinfo=eastern)
        print(there, there.fold, there.timestamp(), there == there.astimezone(UTC), there.astimezone(UTC) == there, hash(there) == hash(there.replace(fold=1 - fold)), there - there.replace(fold=1 - fold))

# The system's own zone, which is set by a rule so that no data base is needed.
for rule in ("UTC", "EST+05EDT,M3.2.0,M11.1.0", "XYZ-03:30", "CET-1CEST,M3.5.0,M10.5.0/3", "<-11>11"):
    os.environ["TZ"] = rule
    clock.tzset()
    print(rule)
    for timestamp in (0, 0.5, -0.5, 1e-7, 5e-7, 1.5e-6, 2.5e-6, -1.5e-6, 0.9999995, 0.99999949, 1647151199.75, 1647154800, 1667709000, 1667712600, 1667716200, 1648342799, 1648342800, 1667091600, 1667095200,
                      1 << 31, -1 << 31, 1 << 35, 253402300799 - 86400, -62135596800 + 2 * 86400, True, 1234567890.123456):
        naive = datetime.fromtimestamp(timestamp)
        print(timestamp, repr(naive), naive.timestamp(), repr(datetime.utcfromtimestamp(timestamp)), repr(datetime.fromtimestamp(timestamp, UTC)), repr(naive.astimezone()),
              naive.astimezone(UTC), datetime.fromtimestamp(timestamp, UTC).astimezone(), date.fromtimestamp(timestamp), datetime.fromtimestamp(timestamp, eastern))
    for naive in (datetime(2022, 3, 13, 2, 30), datetime(2022, 11, 6, 1, 30), datetime(2022, 3, 27, 2, 30), datetime(2022, 10, 30, 2, 30), datetime(1970, 1, 1), datetime(9998, 1, 1), datetime(2, 1, 1)):
        for fold in (0, 1):
            naive = naive.replace(fold=fold)
            print(repr(naive), naive.timestamp(), repr(naive.astimezone()), naive.astimezone(eastern), naive.astimezone(timezone(timedelta(hours=7))), naive.timetuple())
for wrong in ("x", None, float("nan"), float("inf"), -float("inf"), 1e20, -1e20, 1e17, 1 << 80, -1 << 80, 1e12, -1e12, 1j, [], 253402300800, -62135596801):
    print(wrong, *(attempt(f, wrong) for f in (datetime.fromtimestamp, datetime.utcfromtimestamp, date.fromtimestamp, lambda t: datetime.fromtimestamp(t, UTC))), sep="\n")
os.environ["TZ"] = "UTC"
clock.tzset()
for naive in (datetime.min, datetime.max):
    print(attempt(naive.timestamp), attempt(naive.astimezone), attempt(naive.astimezone, UTC), attempt(naive.replace(tzinfo=UTC).astimezone, timezone(timedelta(hours=1))),
          attempt(naive.replace(tzinfo=UTC).astimezone, timezone(timedelta(hours=-1))), attempt(naive.replace(tzinfo=UTC).timestamp), sep="\n")
now, utc, today = datetime.now(), datetime.utcnow(), date.today()
print(abs(now - utc) < timedelta(minutes=1), abs(datetime.now(UTC) - utc.replace(tzinfo=UTC)) < timedelta(minutes=1), today in (now.date(), utc.date()), datetime.today() - now < timedelta(minutes=1))
print(attempt(datetime(2000, 1, 1).astimezone, 5), attempt(datetime(2000, 1, 1).astimezone, None), attempt(datetime.now, 5), attempt(datetime.fromtimestamp, 0, "UTC"))
aware = datetime(2000, 1, 1, tzinfo=UTC)
print(aware.astimezone(UTC) is aware, aware.astimezone(timezone(timedelta(0))) is aware, aware.astimezone(timezone(timedelta(0), "x")) is aware)
