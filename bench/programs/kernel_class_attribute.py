# SPDX-License-Identifier: MIT
"""Reading what a class holds, through the shared class itself and through a private instance."""

SIZE_QUICK = 600_000
SIZE_FULL = 14_400_000


class Settings:
    limits = [3]
    step = 2


def setup(size, threads):
    return size, [None] * threads


def work(state, thread_index):
    size, results = state
    own = Settings()
    total = 0
    for i in range(size):
        total += Settings.step
        limits = own.limits
    results[thread_index] = (total, limits)


def check(state, size, threads):
    expected = (2 * size, [3])
    if state[1] != [expected] * threads:
        raise ValueError("%r is not %r from each thread" % (state[1], expected))
