# SPDX-License-Identifier: MIT
"""Threads start, end and are joined in great number, also from other threads; thread-local data goes with them."""
import _thread
import threading
import time
from _stress import main


def storm(s):
    out = []
    for _ in range(5):
        threads = [threading.Thread(target=out.append, args=(n,)) for n in range(30)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
            s.check(not t.is_alive(), "alive after join")
    s.check(len(out) == 150, "threads that never ran", len(out))


def threads_start_threads(s):
    out = []

    def spawn(depth):
        out.append(depth)
        if depth:
            children = [threading.Thread(target=spawn, args=(depth - 1,)) for _ in range(2)]
            for c in children:
                c.start()
            for c in children:
                c.join()
    s.together(lambda i, rng: spawn(3))
    s.check(len(out) == s.threads * 15, "count", len(out))


def joined_by_all(s):
    for _ in range(10):
        t = threading.Thread(target=time.sleep, args=(0.001,))
        t.start()
        s.together(lambda i, rng: t.join())
        s.check(not t.is_alive(), "alive after join")


def raw_threads(s):
    for _ in range(10):
        left, lock, done = [40], _thread.allocate_lock(), _thread.allocate_lock()
        done.acquire()

        def work():
            with lock:
                left[0] -= 1
                last = left[0] == 0
            if last:
                done.release()
        for _ in range(40):
            _thread.start_new_thread(work, ())
        s.check(done.acquire(timeout=60), "raw threads lost")


def local_data(s):
    local, dead = threading.local(), []

    class Mark:
        def __del__(self):
            dead.append(1)

    def work(i, rng):
        local.mark, local.i = Mark(), i
        for n in range(100):
            local.n = n
            s.check(local.i == i and local.n == n, "another thread's data")
    s.together(work)
    s.check(not hasattr(local, "i"), "data of another thread in main")


def many_alive(s):
    stop = threading.Event()
    threads = [threading.Thread(target=stop.wait) for _ in range(40)]
    for t in threads:
        t.start()
    s.check(threading.active_count() >= 41, "active_count")
    stop.set()
    for t in threads:
        t.join()
    s.check(threading.active_count() == 1, "left over", threading.active_count())


main(storm, threads_start_threads, joined_by_all, raw_threads, local_data, many_alive)
