# SPDX-License-Identifier: MIT
# needs: python3-dateutil
"""Parses dates, adds relative deltas, and follows recurrence rules and time zones."""
from datetime import date, datetime, timedelta

from dateutil import easter, parser, rrule, tz
from dateutil.relativedelta import FR, MO, relativedelta
from dateutil.utils import within_delta

DEFAULT = datetime(2003, 9, 25)
for text in ("Thu Sep 25 10:36:28 2003", "2003-09-25T10:49:41.5-03:00", "10h36m28.5s", "Sep of 03", "25.9.2003", "20030925T104941", "July 4",
             "3rd of May 2001", "5:50 A.M. on June 13, 1990", "Wed, 10 Jul 96 15:08:56 UTC", "0:01am", "99/1/2", "tomorrow", "32 Jan", ""):
    try:
        print(repr(text), parser.parse(text, default=DEFAULT), parser.parse(text, default=DEFAULT, dayfirst=True))
    except (parser.ParserError, OverflowError) as error:
        print(type(error).__name__, error)
print(parser.isoparse("2018-W05-3"), parser.isoparse("2018-04-29T17:45:25+02"), parser.parse("Today is 25 of September", fuzzy_with_tokens=True, default=DEFAULT))
now = datetime(2024, 1, 31, 10)
print(now + relativedelta(months=+1), now + relativedelta(years=-1, months=-11, weeks=2, hour=3), now + relativedelta(weekday=FR(-1)))
print(relativedelta(datetime(2024, 3, 1), datetime(1999, 12, 31, 5)), relativedelta(days=40, hours=50).normalized(), relativedelta(day=31, month=2))
print(list(rrule.rrule(rrule.MONTHLY, count=6, byweekday=MO(-1), dtstart=now)))
print(list(rrule.rrulestr("DTSTART:19970902T090000\nRRULE:FREQ=YEARLY;INTERVAL=2;COUNT=4;BYMONTH=1;BYDAY=SU;BYHOUR=8,9;BYMINUTE=30")))
rules = rrule.rruleset()
rules.rrule(rrule.rrule(rrule.DAILY, count=7, dtstart=now))
rules.exrule(rrule.rrule(rrule.YEARLY, byweekday=(rrule.SA, rrule.SU), dtstart=now))
rules.exdate(now + timedelta(days=1))
print(list(rules), rules.before(now + timedelta(days=3)), rules.between(now, now + timedelta(days=4)))
print(str(rrule.rrule(rrule.WEEKLY, until=date(2024, 3, 1), dtstart=now, wkst=MO)), len(list(rrule.rrule(rrule.MINUTELY, interval=7, dtstart=now, count=3000))))
rules_zone = tz.tzstr("EST5EDT,M3.2.0,M11.1.0")
print(datetime(2024, 7, 1, tzinfo=rules_zone).isoformat(), datetime(2024, 12, 1, tzinfo=rules_zone).tzname(), tz.tzoffset("X", 3600), tz.UTC)
print(tz.datetime_exists(datetime(2024, 3, 10, 2, 30, tzinfo=rules_zone)), tz.datetime_ambiguous(datetime(2024, 11, 3, 1, 30, tzinfo=rules_zone)))
print([easter.easter(year).isoformat() for year in range(2000, 2030)], easter.easter(2024, easter.EASTER_ORTHODOX))
print(within_delta(now, now + timedelta(seconds=1), timedelta(seconds=2)), datetime(2024, 7, 1, 12, tzinfo=tz.gettz("Europe/Berlin") or tz.UTC).astimezone(tz.UTC))
