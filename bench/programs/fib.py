# SPDX-License-Identifier: MIT
"""Naive recursive Fibonacci: almost nothing but calls of a global function with one argument."""

SIZE_QUICK = 29
SIZE_FULL = 35


def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)


def run(size):
    return fib(size)


def check(size, result):
    previous, current = 1, 0
    for _ in range(size):
        previous, current = current, previous + current
    if result != current:
        raise ValueError("fib(%d) gave %r, not %d" % (size, result, current))
