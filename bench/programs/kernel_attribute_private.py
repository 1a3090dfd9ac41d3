# SPDX-License-Identifier: MIT
"""Reading and storing attributes of an instance of one's own; only its class is shared."""

SIZE_QUICK = 800_000
SIZE_FULL = 19_200_000


class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y


def setup(size, threads):
    return size, [None] * threads


def work(state, thread_index):
    size, results = state
    point = Point(0, [1])
    for i in range(size):
        point.x += 1
        y = point.y
    results[thread_index] = (point.x, y)


def check(state, size, threads):
    expected = (size, [1])
    if state[1] != [expected] * threads:
        raise ValueError("%r is not %r from each thread" % (state[1], expected))
