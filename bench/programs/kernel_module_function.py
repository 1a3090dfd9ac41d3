# SPDX-License-Identifier: MIT
"""A call of a Python function found in a module: the module and the function are shared."""

import sys

SIZE_QUICK = 600_000
SIZE_FULL = 14_400_000


helpers = type(sys)("helpers")
exec("def successor(value):\n    return value + 1\n", helpers.__dict__)


def setup(size, threads):
    return size, [None] * threads


def work(state, thread_index):
    size, results = state
    total = 0
    for i in range(size):
        total = helpers.successor(total)
    results[thread_index] = total


def check(state, size, threads):
    expected = size
    if state[1] != [expected] * threads:
        raise ValueError("%r is not %r from each thread" % (state[1], expected))
