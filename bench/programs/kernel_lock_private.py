# SPDX-License-Identifier: MIT
"""Taking and releasing a `threading.Lock` of one's own that nobody else wants."""

import threading

SIZE_QUICK = 175_000
SIZE_FULL = 4_200_000


def setup(size, threads):
    return size, [None] * threads


def work(state, thread_index):
    size, results = state
    lock = threading.Lock()
    total = 0
    for i in range(size):
        with lock:
            total += 1
    results[thread_index] = total


def check(state, size, threads):
    expected = size
    if state[1] != [expected] * threads:
        raise ValueError("%r is not %r from each thread" % (state[1], expected))
