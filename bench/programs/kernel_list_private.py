# SPDX-License-Identifier: MIT
"""Getting, setting, appending and popping items of a list of one's own."""

SIZE_QUICK = 250_000
SIZE_FULL = 6_000_000


def setup(size, threads):
    return size, [None] * threads


def work(state, thread_index):
    size, results = state
    own = [0, 1]
    for i in range(size):
        own[0] = own[0] + own[1]
        own.append(i)
        last = own.pop()
    results[thread_index] = (own, last)


def check(state, size, threads):
    expected = ([size, 1], size - 1)
    if state[1] != [expected] * threads:
        raise ValueError("%r is not %r from each thread" % (state[1], expected))
