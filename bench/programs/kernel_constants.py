# SPDX-License-Identifier: MIT
"""Loading constants: texts, a tuple and a float of one shared code object."""

SIZE_QUICK = 1_500_000
SIZE_FULL = 36_000_000


def setup(size, threads):
    return size, [None] * threads


def work(state, thread_index):
    size, results = state
    for i in range(size):
        text = "a constant text"
        pair = ("two", "texts")
        number = 1e300
    results[thread_index] = (text, pair, number)


def check(state, size, threads):
    expected = ("a constant text", ("two", "texts"), 1e300)
    if state[1] != [expected] * threads:
        raise ValueError("%r is not %r from each thread" % (state[1], expected))
