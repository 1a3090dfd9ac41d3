# fromisoformat() of everything that looks like a date or a time, and of much that does not; isoformat() back.
import itertools
from datetime import date, datetime, time, timedelta, timezone


def attempt(function, *args, **kwargs):
    try:
        return repr(function(*args, **kwargs))
    except Exception as error:
        return f"{type(error).__name__}: {ascii(str(error))}"


dates = ["2020-02-29", "20200229", "2021-02-29", "2020-W01-1", "2020W011", "2020-W53-7", "2020W53", "2020-W53", "2021-W53-1", "2020-W00-1",
         "2020-W01-0", "2020-W01-8", "2020-W01-", "2020W01-1", "2020-W011", "0001-01-01", "9999-12-31", "0000-01-01", "2020-1-01", "2020-01-1",
         "2020-13-01", "2020-00-10", "2020-0101", "202001-01", "2020/01/01", "20-01-01", "+020-01-01", "-020-01-01", "２０２０-01-01", "2020-01-0١",
         "2020-060", "2020060", "", "2", "2020", "2020-01", "2020-01-01 ", " 2020-01-01", "2020-01-01T", "2020W01123", "2020-W01-1x", "9999-W52-6",
         "0001-W01-1", "2020w011", "2020-01\0-1", "2020-01-\0\0", "abcdefg", "abcdefgh", "abcdefghij", "2020-W1-1", "2020--W011"]
for text in dates:
    print(ascii(text), attempt(date.fromisoformat, text), attempt(datetime.fromisoformat, text))

clocks = ["12", "1230", "12:30", "123045", "12:30:45", "123045.5", "12:30:45.5", "12:30:45,123456", "12:30:45.1234567", "12:30:45.12345678901234567890123456789012345678901234567890123456789",
          "12:30:45.", "12:30:", "12:", "1", "123", "12345", "24:00", "00:60", "00:00:60", "12.5", "12:30.25", "1230.25", "12:3045", "1230:45", "12:30:45:678", "123045678",
          "12:30:45678", "12-30", "1a:30", "12:3a", "12:30:45.x", "12:30:45.12x", "12:30:45.1234567x", "12:30:45.123456x", "", " ", "12 30", "T12:30", "12:30 ", "12:30\0", "1２:30"]
zones = ["", "Z", "z", "Zx", "+", "-", "+01", "+0100", "+01:00", "-01:00", "+01:00:30", "+010030", "-01:00:30.25", "+00:00", "-00:00", "+00:00:00.000001", "-00:00:01", "+23:59:59.999999", "+24:00",
         "-24:00", "+99:99", "+1", "+123", "+12:", "+01:00Z", "Z+01", "+01-02", " +01:00", "+ 1:00", "+01:00\0"]
for clock, zone in itertools.product(clocks, zones):
    if zone and clock not in ("12", "12:30", "12:30:45.5", "12:", "12:30:", "12:30:45.", "123", "12.5", "24:00", ""):
        continue
    print(ascii(clock + zone), attempt(time.fromisoformat, clock + zone), attempt(time.fromisoformat, "T" + clock + zone))

for day in ("2020-02-29", "20200229", "2020-W09-6", "2020W096", "2020W09", "2020-W09"):
    for separator in ("T", " ", "t", "x", "-", "1", "W", ":", "é", "\u1234", "\U0001f600", "\ud800", "\0", ""):
        for clock in ("12", "1230", "12:30:45.678", "12:30+01:00", "1230-0100", "123045Z", "", "5", "x"):
            print(ascii(day + separator + clock), attempt(datetime.fromisoformat, day + separator + clock))

for kind in (date, time, datetime):
    for wrong in (None, 5, b"2020-01-01", 2020.5, date(2020, 1, 1)):
        print(kind.__name__, repr(wrong), attempt(kind.fromisoformat, wrong))


class Text(str):
    pass


print(attempt(date.fromisoformat, Text("2020-02-03")), attempt(date.fromisoformat, Text("2020-02-x3")))

# Back to text: every layout, every kind of offset.
specs = ["auto", "hours", "minutes", "seconds", "milliseconds", "microseconds", "", "Auto", "day", "hours "]
moments = [datetime(1, 2, 3), datetime(999, 12, 31, 23, 59, 59, 999999), datetime(2020, 2, 29, 1, 2, 3, 4), datetime(2020, 2, 29, 1, 2, 3, 400000), datetime(2020, 2, 29, 13)]
offsets = [None, timedelta(0), timedelta(hours=5, minutes=30), -timedelta(hours=5, minutes=30), timedelta(seconds=1), -timedelta(seconds=1), timedelta(microseconds=1),
           -timedelta(microseconds=1), timedelta(hours=23, minutes=59, seconds=59, microseconds=999999), -timedelta(hours=23, minutes=59, seconds=59, microseconds=999999)]
for moment, offset in itertools.product(moments, offsets):
    moment = moment.replace(tzinfo=None if offset is None else timezone(offset))
    print(moment, moment.timetz(), moment.date(), repr(moment), repr(moment.timetz()))
    print([attempt(moment.isoformat, timespec=spec) for spec in specs])
    print([attempt(moment.timetz().isoformat, spec) for spec in specs])
    assert datetime.fromisoformat(str(moment)) == moment or offset is None or abs(offset) < timedelta(seconds=1)
for separator in ("T", " ", "é", "\u1234", "\U0001f600", "\ud800", "%", "\0", "", "TT", 5, None):
    print(ascii(separator), attempt(moments[2].isoformat, separator), attempt(moments[2].isoformat, sep=separator, timespec="hours"))
print(*(f"{date(y, m, d)}" for y in (1, 12, 123, 1234, 9999) for m in (1, 12) for d in (1, 31)))
# Every day of some years there and back, as dates and as weeks.
count = 0
for start, end in ((1, 800), (693000, 695000), (730000, 740000), (3650000, 3652059)):
    for ordinal in range(start, end + 1):
        day = date.fromordinal(ordinal)
        year, week, weekday = day.isocalendar()
        assert date.fromisoformat(day.isoformat()) == day == date.fromisoformat(day.isoformat().replace("-", ""))
        assert date.fromisocalendar(year, week, weekday) == day and day.toordinal() == ordinal
        if year < 10000:
            assert date.fromisoformat(f"{year:04}-W{week:02}-{weekday}") == day == date.fromisoformat(f"{year:04}W{week:02}{weekday}")
        count += 1
print(count)
