# SPDX-License-Identifier: MIT
"""One dictionary read by all threads, written by none: what sharing costs if nothing changes."""

SIZE_QUICK = 900_000
SIZE_FULL = 6_000_000

KEYS = 1024


class State:
    def __init__(self, size, threads):
        self.size = size
        self.table = {"key%d" % i: i for i in range(KEYS)}
        self.keys = list(self.table)
        self.sums = [None] * threads


def setup(size, threads):
    return State(size, threads)


def work(state, thread_index):
    table = state.table
    keys = state.keys
    total = 0
    place = thread_index * 61
    for _ in range(state.size):
        place = (place + 7) & (KEYS - 1)
        total += table[keys[place]]
    state.sums[thread_index] = total


def check(state, size, threads):
    for thread_index in range(threads):
        # 7 is odd, so 1024 steps visit each key once.
        total = size // KEYS * (KEYS * (KEYS - 1) // 2)
        for step in range(1, size % KEYS + 1):
            total += (thread_index * 61 + 7 * step) & (KEYS - 1)
        if state.sums[thread_index] != total:
            raise ValueError("thread %d summed %r, not %d"
                             % (thread_index, state.sums[thread_index], total))
