# SPDX-License-Identifier: MIT
"""A call of a global Python function: the function, its code and the module's dict are shared."""

SIZE_QUICK = 800_000
SIZE_FULL = 19_200_000


def successor(value):
    return value + 1


def setup(size, threads):
    return size, [None] * threads


def work(state, thread_index):
    size, results = state
    total = 0
    for i in range(size):
        total = successor(total)
    results[thread_index] = total


def check(state, size, threads):
    expected = size
    if state[1] != [expected] * threads:
        raise ValueError("%r is not %r from each thread" % (state[1], expected))
