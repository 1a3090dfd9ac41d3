# SPDX-License-Identifier: MIT
"""Sorting with a key: by attributes, by parts of tuples, by a function, twice over for stability."""
from operator import attrgetter, itemgetter

SIZE_QUICK = 6_000
SIZE_FULL = 60_000


class Entry:
    def __init__(self, number, group, name):
        self.number = number
        self.group = group
        self.name = name


def run(size):
    state = 5
    entries = []
    for i in range(size):
        state = (state * 1664525 + 1013904223) % 4294967296
        entries.append(Entry(i, state >> 26, "n%05d" % (state >> 12 & 0xffff)))
    by_group = sorted(entries, key=attrgetter("group"))
    by_name = sorted(entries, key=lambda e: e.name, reverse=True)
    pairs = [(e.group, e.name, e.number) for e in entries]
    by_parts = sorted(pairs, key=itemgetter(0, 1))
    by_name_then_group = sorted(sorted(pairs, key=itemgetter(1)), key=itemgetter(0))
    lengths = sorted(entries, key=lambda e: (len(e.name), -e.number))
    return by_group, by_name, by_parts, by_name_then_group, lengths


def check(size, result):
    by_group, by_name, by_parts, by_name_then_group, lengths = result
    for a, b in zip(by_group, by_group[1:]):
        if (a.group, a.number) >= (b.group, b.number):
            raise ValueError("groups are out of order, or not as they were")
    for a, b in zip(by_name, by_name[1:]):
        if a.name < b.name or (a.name == b.name and a.number > b.number):
            raise ValueError("names are out of order, or not as they were")
    if by_parts != by_name_then_group or [p[2] for p in sorted(by_parts)] != [p[2] for p in by_parts]:
        raise ValueError("sorting in two steps is not sorting in one")
    if [e.number for e in lengths] != list(range(size - 1, -1, -1)):
        raise ValueError("all names are equally long, but the numbers do not fall")
