# SPDX-License-Identifier: MIT
"""What the thread stress programs share: their arguments, starting threads together, collecting what went wrong.

A program is a list of rounds, functions of one argument (a `Stress`), each of which does a bounded amount of work with
`s.together` and checks the result with `s.check`. `main` repeats the rounds until the time is up, under a different
switch interval each time. It prints "ok" and exits with 0, or says what went wrong and exits with 1.

Only modules that any strategy must be able to import are used here.
"""
import gc
import os
import random
import sys
import threading
import time


# Whether an object in no cycle dies with its last reference, or when the collector finds it; that one looks at the
# machine's stacks, where it may meet a few of the dead.
PROMPT = getattr(sys.implementation, "finalisation", "prompt") != "collected"
SLACK = 0 if PROMPT else 16
# A stale word of a stack may keep what it points to until other calls have written over it: then it is looked for again
# after such calls. A leak stays one however often.
ATTEMPTS = 1 if PROMPT else 20


def settle():
    """What should have died at once by now, has."""
    if not PROMPT:
        gc.collect()


class Wrong(Exception):
    """A result that no order of the threads' steps can explain."""


class Stress:
    def __init__(self, seconds, threads, seed):
        self.seconds, self.threads, self.seed = seconds, threads, seed
        self.deadline = time.monotonic() + seconds
        self.random = random.Random(seed)
        self.errors = []

    def expired(self):
        return time.monotonic() >= self.deadline

    def check(self, condition, *what):
        if not condition:
            raise Wrong(" ".join(map(str, what)))

    def check_gone(self, left, what, room=0):
        """After a collection left(), a number of objects that nothing leads to, is 0; room is what stale words of the
        stack may keep at most."""
        for attempt in range(ATTEMPTS):
            gc.collect()
            count = left()
            if count <= room:
                break
            self.overwrite_stacks()
        self.check(0 <= count <= room, what, count)

    def overwrite_stacks(self):
        def nested(i, rng):
            deep = []
            for _ in range(40):
                deep = [deep, i]
            for _ in range(5):
                self.check(repr(deep) and sorted(range(50), key=lambda n: (repr(n), n)), "calls")
        self.together(nested)
        nested(0, None)

    def together(self, *functions):
        """Runs the functions in threads that start at one moment: with one function, self.threads threads of it.

        Each is called with its index and a random generator of its own. Raises the first exception of any of them.
        """
        if len(functions) == 1:
            functions = functions * self.threads
        barrier = threading.Barrier(len(functions))
        seeds = [self.random.randrange(1 << 30) for _ in functions]
        errors = []

        def body(function, index):
            try:
                barrier.wait()
                function(index, random.Random(seeds[index]))
            except BaseException as error:
                errors.append(error)

        threads = [threading.Thread(target=body, args=(f, i)) for i, f in enumerate(functions)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if errors:
            raise errors[0]

    def until(self, stop, function):
        """A function for `together` that repeats function(index, random) until the event is set."""
        def body(index, rng):
            while not stop.is_set():
                function(index, rng)
        return body


def sanitized():
    """Whether ThreadSanitizer watches."""
    with open("/proc/self/maps") as maps:
        return "libtsan" in maps.read()


def forks_at_work():
    """Whether the child of a process can go on whose other threads allocate meanwhile. With ThreadSanitizer it cannot,
    which ends a process in which a thread holds more than 63 locks, as one that forks does here; nor with
    AddressSanitizer, whose allocator (GCC 12) is locked for ever in the child if another thread was in it."""
    with open("/proc/self/maps") as maps:
        return "libasan" not in maps.read() and not sanitized()


def arguments(argv):
    values = {"--seconds": 2.0, "--threads": 4, "--seed": 1}
    i = 0
    while i < len(argv):
        if argv[i] not in values or i + 1 == len(argv):
            sys.exit("usage: %s [--seconds S] [--threads N] [--seed K]" % sys.argv[0])
        values[argv[i]] = type(values[argv[i]])(argv[i + 1])
        i += 2
    return values["--seconds"], values["--threads"], values["--seed"]


def main(*rounds):
    seconds, threads, seed = arguments(sys.argv[1:])
    s = Stress(seconds, max(1, threads), seed)
    done = 0
    while True:
        function = rounds[done % len(rounds)]
        sys.setswitchinterval(s.random.choice((1e-6, 1e-5, 1e-4, 5e-3, 5e-2)))
        try:
            function(s)
        except BaseException as error:
            sys.setswitchinterval(5e-3)
            sys.stdout.flush()
            print("wrong in %s, pass %d, seed %d, %d threads:" % (function.__name__, done, seed, threads), file=sys.stderr)
            sys.excepthook(type(error), error, error.__traceback__)
            sys.stderr.flush()
            os._exit(1)
        done += 1
        if s.expired() and done >= len(rounds):
            break
    sys.setswitchinterval(5e-3)
    print("ok")
