# SPDX-License-Identifier: MIT
"""fib(30) in each of seven threads that share one function: the Gilectomy's own test program.

What is measured is what Larry Hastings' x.py measured (github.com/larryhastings/gilectomy, 2016):
the threads share nothing but the function, its module and the integers, and do the same work each.
"""

# Measured with one thread and with this many, whatever --threads says, as a kind of its own.
FIXED_THREADS = 7
SIZE_QUICK = 30
SIZE_FULL = 30


def fib(n):
    if n < 2:
        return 1
    return fib(n - 1) + fib(n - 2)


def setup(size, threads):
    return size, [None] * threads


def work(state, thread_index):
    size, results = state
    results[thread_index] = fib(size)


def check(state, size, threads):
    previous, current = 0, 1
    for _ in range(size):
        previous, current = current, previous + current
    if state[1] != [current] * threads:
        raise ValueError("%r is not fib(%d) from each thread" % (state[1], size))
