# SPDX-License-Identifier: MIT
"""Making instances of a shared class and dropping them: allocation, `__init__`, release."""

SIZE_QUICK = 225_000
SIZE_FULL = 5_400_000


class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y


def setup(size, threads):
    return size, [None] * threads


def work(state, thread_index):
    size, results = state
    total = 0
    for i in range(size):
        point = Point(i, 1)
        total += point.y
    results[thread_index] = (total, point.x)


def check(state, size, threads):
    expected = (size, size - 1)
    if state[1] != [expected] * threads:
        raise ValueError("%r is not %r from each thread" % (state[1], expected))
