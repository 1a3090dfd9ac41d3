# SPDX-License-Identifier: MIT
"""Making small lists, tuples and dicts and dropping them at once."""

SIZE_QUICK = 110_000
SIZE_FULL = 2_640_000


def setup(size, threads):
    return size, [None] * threads


def work(state, thread_index):
    size, results = state
    for i in range(size):
        items = [i, 1]
        pair = (i, items)
        table = {"pair": pair}
    results[thread_index] = table["pair"][1]


def check(state, size, threads):
    expected = [size - 1, 1]
    if state[1] != [expected] * threads:
        raise ValueError("%r is not %r from each thread" % (state[1], expected))
