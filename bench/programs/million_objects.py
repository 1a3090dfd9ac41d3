# SPDX-License-Identifier: MIT
"""A list of small objects, two attributes each: what they cost to make and weigh in memory."""

SIZE_QUICK = 250_000
SIZE_FULL = 2_000_000

MEMORY = True
SIZE_MEMORY = 1_000_000
# Measured with one thread only: a copy a thread would fill the memory of a small machine.
THREADS = False


class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y


def run(size):
    points = [Point(i, -i) for i in range(size)]
    points[0].x = size
    return points


def check(size, result):
    if len(result) != size:
        raise ValueError("%d objects" % len(result))
    total = 0
    for point in result:
        total += point.x + point.y
    if total != size or result[-1].y != 1 - size:
        raise ValueError("the objects sum to %d" % total)
