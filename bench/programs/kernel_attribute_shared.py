# SPDX-License-Identifier: MIT
"""Reading attributes that hold an object, from one instance that all threads share."""

SIZE_QUICK = 1_200_000
SIZE_FULL = 28_800_000


class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y


def setup(size, threads):
    return size, [None] * threads, Point([1], [2])


def work(state, thread_index):
    size, results, point = state
    for i in range(size):
        x = point.x
        y = point.y
    results[thread_index] = x + y


def check(state, size, threads):
    expected = [1, 2]
    if state[1] != [expected] * threads:
        raise ValueError("%r is not %r from each thread" % (state[1], expected))
