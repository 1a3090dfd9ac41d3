# SPDX-License-Identifier: MIT
"""Sorting without a key: random order and runs of numbers, text, bytes, tuples and large ints."""

SIZE_QUICK = 8_000
SIZE_FULL = 80_000


def numbers(count):
    state = 99
    result = []
    for _ in range(count):
        state = (state * 1664525 + 1013904223) % 4294967296
        result.append(state >> 4)
    return result


def run(size):
    ints = numbers(size)
    rising = list(range(size))
    zigzag = [i if i // 50 % 2 else -i for i in range(size)]
    nearly = rising[:]
    for i in range(0, size, 40):
        nearly[i] = ints[i] % size
    kinds = {
        "random": ints,
        "rising": rising,
        "falling": rising[::-1],
        "runs": zigzag,
        "nearly": nearly,
        "joined": rising[size // 2:] + rising[:size // 2],
        "floats": [n / 7 for n in ints],
        "few": [n % 16 for n in ints],
        "text": ["item %d" % n for n in ints],
        "bytes": [b"item %d" % n for n in ints],
        "tuples": [(n % 100, n) for n in ints],
        "large": [n << 64 for n in ints],
    }
    results = {}
    for name, items in kinds.items():
        in_place = items[:]
        in_place.sort(reverse=True)
        results[name] = sorted(items), in_place
    return kinds, results


def check(size, result):
    kinds, results = result
    for name, (ordered, falling) in results.items():
        if len(ordered) != size or falling != ordered[::-1]:
            raise ValueError("%s: two ways to sort differ" % name)
        if any(ordered[i] > ordered[i + 1] for i in range(size - 1)):
            raise ValueError("%s is not sorted" % name)
        if set(ordered) != set(kinds[name]):
            raise ValueError("%s: other items than before" % name)
