# SPDX-License-Identifier: MIT
"""One counter under one lock, counted up by all threads: `with lock` around a small critical part.

What a lock in Python code costs, and how it behaves when all threads want it all the time.
"""

import threading

SIZE_QUICK = 400_000
SIZE_FULL = 3_000_000


class State:
    def __init__(self, size):
        self.size = size
        self.lock = threading.Lock()
        self.count = 0


def setup(size, threads):
    return State(size)


def work(state, thread_index):
    lock = state.lock
    for _ in range(state.size):
        with lock:
            state.count += 1


def check(state, size, threads):
    if state.count != size * threads:
        raise ValueError("counted %d, not %d" % (state.count, size * threads))
    if state.lock.locked():
        raise ValueError("the lock was left locked")
