# SPDX-License-Identifier: MIT
"""sys.setswitchinterval at its extremes, changed while threads run: all make progress, long intervals starve nobody."""
import sys
import threading
import time
from _stress import main


def changed_while_running(s):
    stop = threading.Event()
    steps = [0] * s.threads

    def work(i, rng):
        if i == 0:
            for interval in (1e-6, 1e-5, 0.05, 1e-6, 0.005):
                sys.setswitchinterval(interval)
                time.sleep(0.01)
            end = time.monotonic() + 100
            while not all(steps[1:]) and time.monotonic() < end:
                time.sleep(0.01)
            stop.set()
        while not stop.is_set():
            steps[i] += 1
    s.together(work)
    s.check(all(steps[1:]), "a thread made no step", steps)


def recursive_neighbour(s):
    stop, steps = threading.Event(), [0]

    def fib(n):
        return n if n < 2 else fib(n - 1) + fib(n - 2)

    def work(i, rng):
        while not stop.is_set():
            fib(12)

    def count(i, rng):
        # The machine may be too busy for ten steps in that time.
        enough, end = time.monotonic() + 0.2, time.monotonic() + 100
        while (now := time.monotonic()) < enough or steps[0] <= 10 and now < end:
            steps[0] += 1
        stop.set()
    s.together(count, work, work)
    s.check(steps[0] > 10, "a recursive program starved its neighbour", steps[0])


def sleepers_wake(s):
    stop, late = threading.Event(), []

    def busy(i, rng):
        n = 0
        while not stop.is_set():
            n += 1

    def sleeper(i, rng):
        for _ in range(5):
            start = time.monotonic()
            time.sleep(0.005)
            late.append(time.monotonic() - start)
        stop.set()
    sys.setswitchinterval(0.005)
    s.together(sleeper, busy, busy)
    s.check(max(late) < 100, "a sleeper waited", max(late))


main(changed_while_running, recursive_neighbour, sleepers_wake)
