# ZoneInfo: files made here, with tables and with every kind of rule; what is at and around each change; caches; pickles.
import copy
import gc
import io
import os
import pickle
import re
import struct
import zoneinfo
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo


def zone_file(rule, transitions=(), periods=((0, 0, 0),), names=b"ABC\0", version=b"2"):
    def block(code):
        head = b"TZif" + version + bytes(15) + struct.pack(">6l", 0, 0, 0, len(transitions), len(periods), len(names))
        return head + b"".join(struct.pack(">" + code, t) for t, _ in transitions) + bytes(i for _, i in transitions) + b"".join(struct.pack(">lbb", *p) for p in periods) + names
    return block("l") + (block("q") + b"\n" + rule + b"\n" if version != b"\0" else b"")


def attempt(function, *args, **kwargs):
    try:
        result = ascii(function(*args, **kwargs))
    except Exception as error:
        result = f"{type(error).__name__}: {ascii(str(error))}"
    return re.sub("0x[0-9a-f]+", "0x", result)


def from_file(*args, **kwargs):
    return ZoneInfo.from_file(io.BytesIO(zone_file(*args, **kwargs)), key="K")


def walk(zone, moments):
    """What the zone says at moments of UTC, and at what its clocks show then, in both folds."""
    for moment in moments:
        there = moment.astimezone(zone)
        back = there.astimezone(UTC)
        for fold in (0, 1):
            naive = there.replace(fold=fold)
            print(naive, fold, naive.tzname(), naive.dst(), end=" | ")
        print(moment, there.fold, back == moment, there == moment, hash(there) == hash(moment))


def changes(zone, year):
    """The moments of UTC within a year at which the zone's offset changes, to the quarter of an hour."""
    moment = datetime(year, 1, 1, tzinfo=UTC)
    before = moment.astimezone(zone).utcoffset()
    while moment.year == year:
        moment += timedelta(hours=6)
        after = moment.astimezone(zone).utcoffset()
        if after != before:
            low, high = moment - timedelta(hours=6), moment
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) // 2
                low, high = (middle, high) if middle.astimezone(zone).utcoffset() == before else (low, middle)
            yield high
        before = after


rules = ["", "EST5", "EST", "EST5EDT", "EST5EDT,M3.2.0", "EST5EDT,M3.2.0,M11.1.0", "EST5EDT4,M3.2.0/2,M11.1.0/2", "EST+5:30:15EDT-1,J60,300", "AAA0BBB,0/0,J365/25", "<+03>-3", "<+03>-3<+04>,M3.2.0,M11.1.0/26", "EST24", "EST24:59:59",
         "IST-1GMT0,M10.5.0,M3.5.0/1", "AAA3BBB,J59/0,J60/0", "AAA3BBB,58/0,59/0", "AAA3BBB,60,61/1:30:30", "AAA3BBB,365,1", "NZST-12NZDT,M9.5.0,M4.1.0/3", "AAA-1BBB-3,M2.5.6/-3,M2.5.6/23:59:59", "EST25", "EST5EDT25,M3.2.0,M11.1.0",
         "E", "ES5", "1ST5", "EST5EDT,M13.2.0,M11.1.0", "EST5EDT,M0.2.0,M11.1.0", "EST5EDT,M3.6.0,M11.1.0", "EST5EDT,M3.0.0,M11.1.0", "EST5EDT,M3.2.7,M11.1.0", "EST5EDT,J0,J366", "EST5EDT,J366,J1", "EST5EDT,365,366", "EST5EDT,-1,3",
         "EST5EDT,M3.2,M11.1.0", "EST5EDT,M3.2.0/x,M11.1.0", "EST5EDT,M3.2.0/2:30,M11.1.0/2:30:45", "EST5EDT,M3.2.0/2:3,M11.1.0", "EST5EDT,M3.2.0/167,M11.1.0", "EST5,M3.2.0,M11.1.0", "EST5EDT,M3.2.0,M11.1.0,M1.1.1", "EST5EDT,", "EST5EDT,,",
         "<EST5", "<>5", "EST 5", "EST5 EDT", "EST--5", "EST+", "EST5:", "EST5:3", "EST5:60", "EST5:30:", "EST005", "EST5EDT,M3.02.0,M11.1.0", "EST5EDT,M03.2.0,M11.1.0", "EST5EDT,J060,J300", "EST5EDT,J60x,J300", "é5", ":EST5",
         "EST5EDT,M3.2.0/,M11.1.0", "EST5EDT,M3.2.0,M11.1.0/2:00:00:00"]
for rule in rules:
    print(ascii(rule), attempt(from_file, rule.encode()))
    try:
        zone = from_file(rule.encode())
        datetime(2000, 1, 1, tzinfo=zone).utcoffset()
    except ValueError:
        continue
    for year in (1972, 2023, 2024, 9990):
        walk(zone, [change + timedelta(seconds=shift) for change in changes(zone, year) for shift in (-7200, -3600, -1800, -1, 0, 1, 1800, 3599, 3600, 7200)])
    print(zone.utcoffset(None), zone.dst(None), zone.tzname(None), attempt(datetime(1, 1, 1, tzinfo=zone).astimezone, UTC), attempt(datetime.max.replace(tzinfo=zone).utcoffset))

# Tables: none, one, several transitions; summer time whose size has to be guessed; with and without a rule behind.
periods, names = ((3600, 0, 0), (7200, 1, 4), (0, 0, 8), (10800, 1, 12), (5400, 1, 4)), b"STD\0SUM\0OLD\0DBL\0"
tables = [(), ((0, 1),), ((0, 0), (10**8, 1), (2 * 10**8, 0)), ((0, 1), (10**8, 3), (2 * 10**8, 2), (3 * 10**8, 1)), ((-10**9, 2), (0, 3), (1000, 1), (2000, 0)), ((0, 2), (10**7, 4), (2 * 10**7, 4), (3 * 10**7, 0)), ((5, 0), (6, 3), (9, 0))]
for table in tables:
    for rule in (b"", b"X3", b"STD-1SUM,M3.5.0,M10.5.0/3"):
        for version in (b"2", b"\0"):
            zone = from_file(rule, table, periods, names, version)
            print(rule, table, version)
            walk(zone, [datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=t + shift) for t, _ in table or ((0, 0),) for shift in (-7201, -3601, -1, 0, 1, 1799, 3599, 3600, 7200, 10**8)])
            print(zone.utcoffset(None), datetime(1, 1, 2, tzinfo=zone).utcoffset(), datetime(9999, 7, 1, tzinfo=zone).utcoffset())
print(attempt(from_file, b"", periods=(), names=b""))
print(attempt(from_file, b"", periods=((3600, 1, 0),)))
for wrong in (io.BytesIO(b"xxxx"), io.BytesIO(b""), None):
    print(attempt(ZoneInfo.from_file, wrong))
print(*(attempt(f) for f in (ZoneInfo.from_file, lambda: ZoneInfo.from_file(fobj=1), lambda: ZoneInfo.from_file(io.BytesIO(), "k", 3), lambda: ZoneInfo.from_file(io.BytesIO(), foo=3))), sep="\n")

# Keys, files in folders, caches.
os.mkdir("Here")
for name, rule in (("One", b"ONE-1"), ("Two", b"EST5EDT,M3.2.0,M11.1.0"), ("Three", b"<+03>-3")):
    with open(f"Here/{name}", "wb") as file:
        file.write(zone_file(rule))
with open("Here/Bad", "wb") as file:
    file.write(b"TZif")
zoneinfo.reset_tzpath(to=[os.getcwd()])
one = ZoneInfo("Here/One")
print(repr(one), str(one), one.key, one is ZoneInfo("Here/One"), one is ZoneInfo(key="Here/One"), one is ZoneInfo.no_cache("Here/One"), isinstance(one, tzinfo), one == ZoneInfo.no_cache("Here/One"), hash(one) == hash(one))
for key in (None, 5, b"Here/One", "", "No/Zone", "../x", "/x", "Here//One", "\ud800", [], "Here", "Here/Bad"):
    print(ascii(key), attempt(ZoneInfo, key))
print(attempt(ZoneInfo), attempt(ZoneInfo, "a", "b"), attempt(ZoneInfo, foo="a"), attempt(ZoneInfo.no_cache), attempt(ZoneInfo.no_cache, "a", "b"), attempt(ZoneInfo.clear_cache, 1), attempt(ZoneInfo.clear_cache, only_keys=5), attempt(ZoneInfo.clear_cache, foo=1), sep="\n")
ZoneInfo.clear_cache(only_keys=["Here/Two", "nothing", 3])
print(ZoneInfo("Here/One") is one)
ZoneInfo.clear_cache(only_keys=iter(["Here/One"]))
print(ZoneInfo("Here/One") is one)
one = ZoneInfo("Here/One")
ZoneInfo.clear_cache()
print(ZoneInfo("Here/One") is one)
zones = [ZoneInfo(key) for key in ("Here/One", "Here/Two", "Here/Three", "Here/One")]
print(zones, zones[0] is zones[3])


class Sub(ZoneInfo):
    pass


class Without(ZoneInfo):
    def __init_subclass__(cls, **kwargs):
        pass


class Below(Without):
    pass


sub = Sub("Here/Two")
sub.note = 5
print(repr(sub), str(sub), sub is Sub("Here/Two"), sub is ZoneInfo("Here/Two"), type(Sub._weak_cache).__name__, sub.__dict__, attempt(Below, "Here/One"), hasattr(ZoneInfo, "_weak_cache"))
Below._weak_cache = 5
print(attempt(Below, "Here/One"), attempt(Below.clear_cache))
for zone in (ZoneInfo("Here/Two"), ZoneInfo.no_cache("Here/Two"), sub):
    print(zone.__reduce__()[1], zone.__reduce__()[0].__name__, *(pickle.loads(pickle.dumps(zone, protocol)) is zone for protocol in range(6)), copy.copy(zone) is zone, copy.deepcopy(zone) is zone)
    there = datetime(2024, 7, 1, 12, tzinfo=zone)
    print(pickle.loads(pickle.dumps(there)) == there, copy.deepcopy(there) == there, repr(pickle.loads(pickle.dumps(there))))
unnamed = ZoneInfo.from_file(io.BytesIO(zone_file(b"EST5EDT,M3.2.0,M11.1.0")))
print(attempt(repr, unnamed), attempt(str, unnamed), unnamed.key, attempt(pickle.dumps, unnamed), attempt(unnamed.__reduce__))
print(attempt(ZoneInfo._unpickle, "Here/One", True), attempt(ZoneInfo._unpickle, "Here/One"), attempt(ZoneInfo._unpickle, key="Here/One", from_cache=1), attempt(ZoneInfo._unpickle, "Here/One", "x"), sep="\n")
for name in ("key", "x"):
    for target in (one, ZoneInfo):
        try:
            setattr(target, name, 1)
        except Exception as error:
            print(type(error).__name__, error)

# Whom the methods take.
for zone in (ZoneInfo("Here/One"), ZoneInfo("Here/Two")):
    for argument in (None, 5, "x", date(2000, 1, 1), time(1), datetime(2000, 1, 1), datetime(2000, 7, 1, tzinfo=zone), datetime(2000, 7, 1, tzinfo=UTC)):
        print(repr(argument), *(attempt(f, argument) for f in (zone.utcoffset, zone.dst, zone.tzname, zone.fromutc)))
    print(attempt(zone.utcoffset), attempt(zone.fromutc), time(1, tzinfo=zone).isoformat(), time(1, tzinfo=zone).tzname(), datetime(2024, 7, 1, tzinfo=zone), f"{datetime(2024, 7, 1, tzinfo=zone):%Z %z}")


class Noon(datetime):
    hour = 12


two = ZoneInfo("Here/Two")
print(Noon(2024, 3, 10, 1, tzinfo=two).utcoffset(), repr(two.fromutc(Noon(2024, 11, 3, 5, 30, tzinfo=two))), repr(datetime(2024, 11, 3, 6, 30, tzinfo=UTC).astimezone(two)))
print(repr(Noon(2024, 11, 3, 6, 30, tzinfo=UTC).astimezone(two)))
del zones, sub, there, unnamed, zone
gc.collect()
