# SPDX-License-Identifier: MIT
"""Sets: adding, membership, discarding, and union, intersection and difference of sets."""

SIZE_QUICK = 20
SIZE_FULL = 180

LIMIT = 30_000


def multiples(step, limit):
    result = set()
    for value in range(0, limit, step):
        result.add(value)
    return result


def combine(size):
    twos = multiples(2, size)
    threes = multiples(3, size)
    fives = multiples(5, size)
    united = twos | threes | fives
    shared = twos & threes & fives
    odd = threes - twos
    either = twos ^ threes
    found = 0
    for value in range(0, size, 2):
        if value in threes and value not in fives:
            found += 1
    remaining = set(united)
    for value in range(0, size, 3):
        remaining.discard(value)
    return len(united), len(shared), len(odd), len(either), found, len(remaining)


def run(size):
    return [combine(LIMIT) for _ in range(size)]


def check(size, result):
    def count(step):
        return (LIMIT + step - 1) // step

    united = (count(2) + count(3) + count(5) - count(6) - count(10) - count(15) + count(30))
    expected = (united, count(30), count(3) - count(6), count(2) + count(3) - 2 * count(6),
                count(6) - count(30), united - count(3))
    if result != [expected] * size:
        raise ValueError("%r is not %r %d times" % (result, expected, size))
