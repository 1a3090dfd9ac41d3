# SPDX-License-Identifier: MIT
"""Calls of functions written in C: a builtin, and one found in a module."""

import math

SIZE_QUICK = 300_000
SIZE_FULL = 7_200_000


def setup(size, threads):
    return size, [None] * threads


def work(state, thread_index):
    size, results = state
    own = (1, 2, 3)
    total = 0
    for i in range(size):
        total += len(own) + math.floor(1.5)
    results[thread_index] = total


def check(state, size, threads):
    expected = 4 * size
    if state[1] != [expected] * threads:
        raise ValueError("%r is not %r from each thread" % (state[1], expected))
