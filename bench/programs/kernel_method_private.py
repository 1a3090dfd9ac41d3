# SPDX-License-Identifier: MIT
"""A method of an object of one's own: only the class and the function are shared."""

SIZE_QUICK = 600_000
SIZE_FULL = 14_400_000


class Box:
    def __init__(self, value):
        self.value = value

    def add(self, amount):
        return self.value + amount


def setup(size, threads):
    return size, [None] * threads


def work(state, thread_index):
    size, results = state
    box = Box(1)
    total = 0
    for i in range(size):
        total = box.add(total)
    results[thread_index] = total


def check(state, size, threads):
    expected = size
    if state[1] != [expected] * threads:
        raise ValueError("%r is not %r from each thread" % (state[1], expected))
