# SPDX-License-Identifier: MIT
"""One dictionary that all threads store to, each to keys of its own: growth and false sharing."""

SIZE_QUICK = 350_000
SIZE_FULL = 2_500_000


class State:
    def __init__(self, size, threads):
        self.size = size
        self.threads = threads
        self.table = {}


def setup(size, threads):
    return State(size, threads)


def work(state, thread_index):
    table = state.table
    step = state.threads
    key = thread_index
    # Two stores to a key: one that lets the table grow and one that finds the key there.
    for i in range(state.size):
        table[key] = i
        key += step
        if i & 1:
            table[key - step] = -i


def check(state, size, threads):
    table = state.table
    if len(table) != size * threads:
        raise ValueError("%d keys, not %d" % (len(table), size * threads))
    for thread_index in range(threads):
        for i in range(size):
            if table[thread_index + i * threads] != (-i if i & 1 else i):
                raise ValueError("the value %d of thread %d is wrong" % (i, thread_index))
