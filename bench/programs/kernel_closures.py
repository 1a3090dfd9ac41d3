# SPDX-License-Identifier: MIT
"""Making closures and calling them: function objects and cells of one's own, shared code."""

SIZE_QUICK = 120_000
SIZE_FULL = 2_880_000


def adder(amount):
    def add(value):
        return value + amount
    return add


def setup(size, threads):
    return size, [None] * threads


def work(state, thread_index):
    size, results = state
    total = 0
    for i in range(size):
        total = adder(1)(total)
    results[thread_index] = total


def check(state, size, threads):
    expected = size
    if state[1] != [expected] * threads:
        raise ValueError("%r is not %r from each thread" % (state[1], expected))
