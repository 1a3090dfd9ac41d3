# SPDX-License-Identifier: MIT
"""Getting and setting items of a dict of one's own, by text and by integer keys."""

SIZE_QUICK = 300_000
SIZE_FULL = 7_200_000


def setup(size, threads):
    return size, [None] * threads


def work(state, thread_index):
    size, results = state
    own = {"count": 0, 7: 1}
    for i in range(size):
        own["count"] = own["count"] + own[7]
    results[thread_index] = own


def check(state, size, threads):
    expected = {"count": size, 7: 1}
    if state[1] != [expected] * threads:
        raise ValueError("%r is not %r from each thread" % (state[1], expected))
