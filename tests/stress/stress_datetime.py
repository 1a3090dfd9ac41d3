# SPDX-License-Identifier: MIT
"""Dates, times and zones: the same objects in all threads, hashed for the first time by several at once."""
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
            if n % 100 == 0:
                table.pop(day, None)
                table[day] = day
    s.together(work)
    s.check(sorted(table) == sorted(set(table.values())), "keys and values")


main(first_hashes, shared_values, shared_table)
