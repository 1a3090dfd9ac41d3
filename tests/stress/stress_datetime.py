# SPDX-License-Identifier: MIT
"""Dates, times and zones: the same objects in all threads, hashed for the first time by several at once."""
import os
import struct
import tempfile
import zoneinfo
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from _stress import main


class Hours(tzinfo):
    def __init__(self, hours):
        self.hours = hours

    def utcoffset(self, dt):
        return timedelta(hours=self.hours)

    def dst(self, dt):
        return timedelta(0)

    def tzname(self, dt):
        return f"H{self.hours}"


class Sub(datetime):
    pass


def first_hashes(s):
    for _ in range(60):
        fresh = [date(2000, 1, 2), time(1, 2, tzinfo=Hours(1)), datetime(2000, 1, 2, 3), datetime(2000, 1, 2, 3, tzinfo=Hours(2)), Sub(2000, 1, 2, tzinfo=UTC), timedelta(1, 2, 3), timezone(timedelta(hours=3))]
        seen = [None] * s.threads

        def work(i, rng):
            seen[i] = [hash(v) for v in fresh]
        s.together(work)
        s.check(all(found == seen[0] for found in seen), "one hash")
        s.check(seen[0][5] == hash((1, 2, 3)), "the hash of its parts")


def shared_values(s):
    start = datetime(2000, 1, 1, tzinfo=UTC)
    values = [start + timedelta(hours=n) for n in range(200)]
    zones = [UTC, Hours(-5), Hours(7), timezone(timedelta(minutes=90), "x")]

    def work(i, rng):
        for n in range(400):
            a, b, zone = rng.choice(values), rng.choice(values), rng.choice(zones)
            there = a.astimezone(zone)
            s.check(there == a and hash(there) == hash(a) and (there < b) == (a < b), "the same instant")
            s.check(there - b == a - b and b + (a - b) == a, "difference")
            s.check(datetime.fromisoformat(a.isoformat()) == a and a.strftime("%H:%M %Z") == f"{a.hour:02}:{a.minute:02} UTC", "text")
            s.check(Sub.fromtimestamp(a.timestamp(), zone) == a and there.replace(tzinfo=None).date().isocalendar()[0] in (1999, 2000), "timestamp")
    s.together(work)


def shared_table(s):
    table = {}

    def work(i, rng):
        for n in range(1500):
            day = date(2000, 1, 1) + timedelta(rng.randrange(300))
            table[day] = table.get(day, day)
            s.check(table[date.fromordinal(day.toordinal())] == day, "found by value")
            if n % 100 == 0:  # one that no other thread looks for
                own = date(2010 + i, 1, 1 + n % 28)
                table[own] = own
                s.check(table.pop(date(2010 + i, 1, 1 + n % 28)) == own, "taken out by value")
    s.together(work)
    s.check(sorted(table) == sorted(set(table.values())), "keys and values")


def zone_caches(s):
    def block(code):
        return b"TZif2" + bytes(15) + struct.pack(">6l", 0, 0, 0, 1, 2, 8) + struct.pack(">" + code, 1000) + b"\1" + struct.pack(">lbblbb", 0, 0, 0, 3600, 0, 4) + b"OLD\0NEW\0"
    with tempfile.TemporaryDirectory() as folder:
        for n in range(12):
            with open(os.path.join(folder, f"Z{n}"), "wb") as file:
                file.write(block("l") + block("q") + b"\nNEW-1DST,M3.5.0,M10.5.0/3\n")
        zoneinfo.reset_tzpath(to=[folder])

        def work(i, rng):
            for n in range(250):
                key = f"Z{rng.randrange(12)}"
                zone = zoneinfo.ZoneInfo(key)
                s.check(zone.key == key, "key")
                s.check(datetime(2024, 7, 1, tzinfo=UTC).astimezone(zone).hour == 2 and datetime(1970, 1, 1, tzinfo=zone).tzname() == "OLD", "offset")
                if n % 25 == i:
                    zoneinfo.ZoneInfo.clear_cache(only_keys=[key] if n % 2 else None)
                elif n % 25 == 10:
                    s.check(zoneinfo.ZoneInfo.no_cache(key) is not zone, "not from the cache")
        s.together(work)


main(zone_caches, first_hashes, shared_values, shared_table)
