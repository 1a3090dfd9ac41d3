# SPDX-License-Identifier: MIT
"""One dictionary whose same 64 keys are stored to by all threads: writers in each other's way."""

SIZE_QUICK = 1_500_000
SIZE_FULL = 10_000_000

KEYS = 64


class State:
    def __init__(self, size):
        self.size = size
        self.table = {}


def setup(size, threads):
    return State(size)


def work(state, thread_index):
    table = state.table
    for i in range(state.size):
        table[i & (KEYS - 1)] = i


def check(state, size, threads):
    if sorted(state.table) != list(range(min(size, KEYS))):
        raise ValueError("the keys are %r" % sorted(state.table))
    for key, value in state.table.items():
        # The last store to a key is the last one of some thread, and all store the same numbers.
        if value != key + (size - 1 - key) // KEYS * KEYS:
            raise ValueError("table[%d] is %r" % (key, value))
