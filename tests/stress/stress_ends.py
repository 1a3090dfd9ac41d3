# SPDX-License-Identifier: MIT
"""Processes that end, or fork, while other threads are in the middle of changing classes and making names."""
import os
import signal
import sys
import tempfile
import threading
from _stress import forks_at_work, main

ENDING = """
import threading, time, sys
class Base: pass
class Derived(Base): pass
def change(i):
    while True:
        Base.__len__ = lambda self: 1
        try: del Base.__len__
        except AttributeError: pass
        type("Made", (Base,), {"a%d" % i: 1})
class AtEnd:
    count = 0
    base = Base # globals may be None by then
    def __del__(self):
        type(self).count += 1
        type(self).__len__ = lambda self: 1
        self.base.value = type("Last", (self.base,), {})
kept = [AtEnd() for _ in range(3)]
for i in range(4):
    threading.Thread(target=change, args=(i,), daemon=True).start()
time.sleep(float(sys.argv[1]))
"""


def ended_while_classes_change(s):
    for _ in range(4):
        seconds = s.random.random() / 20
        with tempfile.TemporaryFile() as said:
            # No fork, which sanitizers would not survive (below).
            pid = os.posix_spawn(sys.executable, [sys.executable, "-c", ENDING, str(seconds)], os.environ,
                                 file_actions=[(os.POSIX_SPAWN_DUP2, said.fileno(), 2)])
            status = os.waitpid(pid, 0)[1]
            said.seek(0)
            text = said.read()
        s.check(status == 0 and not text, "ended with", status, text)


def forked_while_classes_change(s):
    stop = threading.Event()

    class Base:
        pass

    class Derived(Base):
        pass

    def change(i, rng):
        n = 0
        while not stop.is_set():
            n += 1
            Base.__len__ = lambda self: 1
            try:
                del Base.__len__
            except AttributeError:
                pass  # another thread has
            for k in range(20):
                sys.intern("name %d %d %d" % (i, n, k))

    def child():
        Base.__len__ = lambda self: 2
        made = type("Made", (Base,), {"__slots__": ()})
        sys.intern("a name of the child")
        return len(made()) == 2

    def fork(i, rng):
        try:
            for _ in range(15):
                pid = os.fork()
                if pid == 0:
                    signal.alarm(60)
                    os._exit(0 if child() else 1)
                status = os.waitpid(pid, 0)[1]
                s.check(status == 0, "the child of a fork ended with", status)
        finally:
            stop.set()
    s.together(fork, *[change] * max(2, s.threads - 1))


# For the fork see forks_at_work().
main(ended_while_classes_change, *[forked_while_classes_change] if forks_at_work() else [])
