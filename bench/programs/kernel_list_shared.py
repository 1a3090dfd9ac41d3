# SPDX-License-Identifier: MIT
"""Reading items that are objects from one list that all threads share."""

SIZE_QUICK = 1_200_000
SIZE_FULL = 28_800_000


def setup(size, threads):
    return size, [None] * threads, [[1], [2]]


def work(state, thread_index):
    size, results, shared = state
    for i in range(size):
        first = shared[0]
        second = shared[1]
    results[thread_index] = first + second


def check(state, size, threads):
    expected = [1, 2]
    if state[1] != [expected] * threads:
        raise ValueError("%r is not %r from each thread" % (state[1], expected))
