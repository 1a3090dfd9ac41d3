# SPDX-License-Identifier: MIT
"""Resuming generators of one's own whose code is shared."""

SIZE_QUICK = 600_000
SIZE_FULL = 14_400_000


def numbers(count):
    for number in range(count):
        yield number


def setup(size, threads):
    return size, [None] * threads


def work(state, thread_index):
    size, results = state
    total = 0
    for number in numbers(size):
        total += number
    results[thread_index] = total


def check(state, size, threads):
    expected = size * (size - 1) // 2
    if state[1] != [expected] * threads:
        raise ValueError("%r is not %r from each thread" % (state[1], expected))
