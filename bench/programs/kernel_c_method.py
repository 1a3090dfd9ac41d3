# SPDX-License-Identifier: MIT
"""Calls of methods written in C, on a tuple that all threads share."""

SIZE_QUICK = 250_000
SIZE_FULL = 6_000_000


def setup(size, threads):
    return size, [None] * threads, (1, 2, 3)


def work(state, thread_index):
    size, results, shared = state
    total = 0
    for i in range(size):
        total += shared.count(2) + shared.index(3)
    results[thread_index] = total


def check(state, size, threads):
    expected = 3 * size
    if state[1] != [expected] * threads:
        raise ValueError("%r is not %r from each thread" % (state[1], expected))
