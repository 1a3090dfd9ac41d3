# SPDX-License-Identifier: MIT
"""A `while` loop that counts down: a comparison, a subtraction and a jump on a local variable."""

SIZE_QUICK = 400_000
SIZE_FULL = 6_000_000

ROUNDS = 8


def countdown(n, stop):
    while n > stop:
        n -= 1
    return n


def run(size):
    ends = []
    for stop in range(ROUNDS):
        ends.append(countdown(stop + size, stop))
    return ends


def check(size, result):
    if result != list(range(ROUNDS)):
        raise ValueError("the counts ended at %r" % (result,))
