# SPDX-License-Identifier: MIT
"""Generators: chained pipelines, `yield from` through a tree, values sent in, expressions."""

SIZE_QUICK = 220_000
SIZE_FULL = 2_600_000


def count(limit):
    n = 0
    while n < limit:
        yield n
        n += 1


def keep_odd(source):
    for value in source:
        if value & 1:
            yield value


def squared(source):
    for value in source:
        yield value * value


def walk(low, high):
    """The numbers from low to high in order, as an in-order walk of a balanced tree."""
    if low < high:
        middle = (low + high) // 2
        yield from walk(low, middle)
        yield middle
        yield from walk(middle + 1, high)


def running_sum():
    total = 0
    while True:
        value = yield total
        if value is None:
            return
        total += value


def run(size):
    odd_squares = 0
    for value in squared(keep_odd(count(size))):
        odd_squares += value
    ordered = True
    expected = 0
    for value in walk(0, size // 4):
        ordered = ordered and value == expected
        expected += 1
    sums = running_sum()
    next(sums)
    for i in range(size):
        last = sums.send(i)
    sums.close()
    pairs = sum(a + b for a, b in zip(count(size), (n * 2 for n in range(size))))
    return odd_squares, ordered, expected, last, pairs


def check(size, result):
    odds = size // 2
    triangle = size * (size - 1) // 2
    expected = (odds * (4 * odds * odds - 1) // 3, True, size // 4, triangle, 3 * triangle)
    if result != expected:
        raise ValueError("%r is not %r" % (result, expected))
