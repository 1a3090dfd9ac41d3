# SPDX-License-Identifier: MIT
"""One list that all threads append to, growing under everybody's hands."""

SIZE_QUICK = 1_200_000
SIZE_FULL = 7_000_000


class State:
    def __init__(self, size, threads):
        self.size = size
        self.threads = threads
        self.items = []


def setup(size, threads):
    return State(size, threads)


def work(state, thread_index):
    items = state.items
    step = state.threads
    value = thread_index
    for _ in range(state.size):
        items.append(value)
        value += step


def check(state, size, threads):
    if len(state.items) != size * threads:
        raise ValueError("%d items, not %d" % (len(state.items), size * threads))
    expected = list(range(threads))
    for value in state.items:
        thread_index = value % threads
        if value != expected[thread_index]:
            raise ValueError("thread %d's %r came where %d was due"
                             % (thread_index, value, expected[thread_index]))
        expected[thread_index] += threads
