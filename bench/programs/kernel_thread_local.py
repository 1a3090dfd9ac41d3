# SPDX-License-Identifier: MIT
"""Reading a `threading.local` that all threads share: the object is common, its values are not."""

import threading

SIZE_QUICK = 250_000
SIZE_FULL = 6_000_000


def setup(size, threads):
    return size, [None] * threads, threading.local()


def work(state, thread_index):
    size, results, local = state
    local.step = 1
    total = 0
    for i in range(size):
        total += local.step
    results[thread_index] = total


def check(state, size, threads):
    expected = size
    if state[1] != [expected] * threads:
        raise ValueError("%r is not %r from each thread" % (state[1], expected))
