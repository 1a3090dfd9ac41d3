# SPDX-License-Identifier: MIT
"""Lock, RLock, Condition, Semaphore, Event and Barrier under contention."""
import threading
import time
from _stress import main


def mutual_exclusion(s):
    for lock in (threading.Lock(), threading.RLock(), threading.Semaphore(1), threading.Condition()):
        inside, total = [0], [0]

        def work(i, rng):
            for _ in range(200):
                with lock:
                    inside[0] += 1
                    s.check(inside[0] == 1, "two threads inside")
                    total[0] += 1
                    inside[0] -= 1
        s.together(work)
        s.check(total[0] == 200 * s.threads, "lost update", total[0])


def try_lock_and_timeouts(s):
    lock, held = threading.Lock(), [0]

    def work(i, rng):
        for n in range(100):
            got = lock.acquire(False) if n % 2 else lock.acquire(timeout=rng.choice((0, 0.0001, 0.01)))
            if got:
                held[0] += 1
                s.check(held[0] == 1, "two holders")
                held[0] -= 1
                lock.release()
    s.together(work)
    s.check(not lock.locked(), "left locked")


def recursive(s):
    lock, depth = threading.RLock(), [0]

    def down(k):
        with lock:
            depth[0] += 1
            if k:
                down(k - 1)
            depth[0] -= 1

    def work(i, rng):
        for _ in range(30):
            down(10)
    s.together(work)
    s.check(depth[0] == 0, "depth")


def condition(s):
    c, slots, total = threading.Condition(), [], [0]
    n = 300

    def produce(i, rng):
        for k in range(n):
            with c:
                while len(slots) >= 5:
                    c.wait()
                slots.append(k)
                c.notify_all()

    def consume(i, rng):
        for _ in range(n):
            with c:
                while not slots:
                    c.wait()
                total[0] += slots.pop()
                c.notify_all()
    s.together(produce, consume, produce, consume)
    s.check(total[0] == n * (n - 1) and not slots, "total", total[0])


def semaphore(s):
    sem, lock, inside, most = threading.BoundedSemaphore(2), threading.Lock(), [0], [0]

    def work(i, rng):
        for _ in range(100):
            with sem:
                with lock:
                    inside[0] += 1
                    most[0] = max(most[0], inside[0])
                with lock:
                    inside[0] -= 1
    s.together(work)
    s.check(most[0] <= 2, "three inside", most[0])


def events_and_barriers(s):
    start, b, passed = threading.Event(), threading.Barrier(s.threads), []

    def work(i, rng):
        start.wait()
        for k in range(30):
            b.wait()
            passed.append(k)
    threads = [threading.Thread(target=work, args=(i, None)) for i in range(s.threads)]
    for t in threads:
        t.start()
    time.sleep(0.001)
    start.set()
    for t in threads:
        t.join()
    s.check(sorted(passed) == sorted(list(range(30)) * s.threads), "barrier")
    for k in range(30):
        part = passed[k * s.threads:(k + 1) * s.threads]
        s.check(max(part) - min(part) <= 1, "a thread passed the barrier early", part)


def handover(s):
    locks = [threading.Lock() for _ in range(s.threads)]
    for l in locks:
        l.acquire()
    order = []

    def work(i, rng):
        for _ in range(50):
            locks[i].acquire()
            order.append(i)
            locks[(i + 1) % s.threads].release()
    locks[0].release()
    s.together(work)
    s.check(order == list(range(s.threads)) * 50, "order of the ring")


main(mutual_exclusion, try_lock_and_timeouts, recursive, condition, semaphore, events_and_barriers, handover)
