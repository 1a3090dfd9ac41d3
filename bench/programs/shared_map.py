# SPDX-License-Identifier: MIT
"""A parallel map: threads take tasks from one queue and put results into one list by index.

The tasks are long against the queue's cost, so this is how a program that wants to use its cores
would look; what does not scale here is the interpreter's.
"""

import queue

SIZE_QUICK = 200
SIZE_FULL = 1_200

SPAN = 100


class State:
    def __init__(self, size, threads):
        self.tasks = queue.Queue()
        for i in range(size * threads):
            self.tasks.put(i)
        self.results = [None] * (size * threads)


def longest_collatz(first, count):
    """The start with the longest way down to 1, among `count` starts from `first` on."""
    best = (0, 0)
    for start in range(first, first + count):
        n = start
        steps = 0
        while n != 1:
            n = 3 * n + 1 if n & 1 else n >> 1
            steps += 1
        if steps > best[0]:
            best = (steps, start)
    return best


def setup(size, threads):
    return State(size, threads)


def work(state, thread_index):
    while True:
        try:
            task = state.tasks.get_nowait()
        except queue.Empty:
            return
        state.results[task] = longest_collatz(1000 + task % 60 * 10, SPAN)


def check(state, size, threads):
    known = {}
    for task, result in enumerate(state.results):
        first = 1000 + task % 60 * 10
        if first not in known:
            known[first] = max((length(start), -start) for start in range(first, first + SPAN))
        if result != (known[first][0], -known[first][1]):
            raise ValueError("task %d gave %r" % (task, result))


def length(n):
    """The length of the way down, recursively and with the answers kept."""
    if n == 1:
        return 0
    if n not in KNOWN_LENGTHS:
        KNOWN_LENGTHS[n] = 1 + length(n // 2 if n % 2 == 0 else 3 * n + 1)
    return KNOWN_LENGTHS[n]


KNOWN_LENGTHS = {}
