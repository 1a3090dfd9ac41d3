# SPDX-License-Identifier: MIT
"""Reading globals and builtins that hold objects; the dicts and the objects are shared."""

SIZE_QUICK = 1_200_000
SIZE_FULL = 28_800_000


TABLE = [1, 2]
NAME = "a global text"


def setup(size, threads):
    return size, [None] * threads


def work(state, thread_index):
    size, results = state
    for i in range(size):
        table = TABLE
        name = NAME
        kind = ValueError
    results[thread_index] = (table, name, kind)


def check(state, size, threads):
    expected = ([1, 2], "a global text", ValueError)
    if state[1] != [expected] * threads:
        raise ValueError("%r is not %r from each thread" % (state[1], expected))
