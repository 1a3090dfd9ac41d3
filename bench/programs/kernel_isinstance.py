# SPDX-License-Identifier: MIT
"""Asking for the type of private objects against shared classes: `isinstance` and `type`."""

SIZE_QUICK = 225_000
SIZE_FULL = 5_400_000


class Animal:
    pass


class Bird(Animal):
    pass


def setup(size, threads):
    return size, [None] * threads


def work(state, thread_index):
    size, results = state
    own = Bird()
    total = 0
    for i in range(size):
        if isinstance(own, Animal) and type(own) is Bird:
            total += 1
    results[thread_index] = total


def check(state, size, threads):
    expected = size
    if state[1] != [expected] * threads:
        raise ValueError("%r is not %r from each thread" % (state[1], expected))
