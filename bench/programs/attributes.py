# SPDX-License-Identifier: MIT
"""Reading and writing attributes of instances, of instances inside instances, and of classes."""

SIZE_QUICK = 500_000
SIZE_FULL = 5_500_000


class Sums:
    steps = 0
    unit = 1

    def __init__(self):
        self.first = 0
        self.second = 0
        self.third = 0


class Holder:
    def __init__(self, inner):
        self.inner = inner
        self.visits = 0


def run(size):
    sums = Sums()
    outer = Holder(Holder(sums))
    for _ in range(size):
        sums.first += sums.unit
        sums.second += sums.first
        sums.third = sums.second - sums.first
        outer.inner.visits += 1
        outer.inner.inner.last = outer.visits = outer.inner.visits
    Sums.steps = 0
    for _ in range(size // 4):
        Sums.steps += Sums.unit
    return sums.first, sums.second, sums.third, outer.visits, sums.last, sums.steps


def check(size, result):
    expected = (size, size * (size + 1) // 2, size * (size - 1) // 2, size, size, size // 4)
    if result != expected:
        raise ValueError("%r is not %r" % (result, expected))
