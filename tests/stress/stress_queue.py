# SPDX-License-Identifier: MIT
"""queue.Queue, LifoQueue, PriorityQueue and SimpleQueue between producers and consumers."""
import queue
import threading
from _stress import main


def pipeline(s, make):
    q, got, n = make(), [[] for _ in range(s.threads)], 300

    def produce(i, rng):
        for k in range(n):
            q.put(i * n + k)

    def consume(i, rng):
        for _ in range(n):
            got[i // 2].append(q.get())
    pairs = []
    for i in range(s.threads):
        pairs += [lambda _, rng, i=i: produce(i, rng), consume]
    s.together(*pairs)
    s.check(sorted(x for g in got for x in g) == list(range(n * s.threads)), "lost or doubled")
    s.check(q.empty(), "not empty")


def unbounded(s):
    pipeline(s, queue.Queue)


def bounded(s):
    pipeline(s, lambda: queue.Queue(3))


def lifo(s):
    pipeline(s, queue.LifoQueue)


def priority(s):
    pipeline(s, queue.PriorityQueue)


def simple(s):
    pipeline(s, queue.SimpleQueue)


def task_done(s):
    q, done = queue.Queue(), []

    def worker():
        while (x := q.get()) is not None:
            done.append(x)
            q.task_done()
        q.task_done()
    threads = [threading.Thread(target=worker) for _ in range(s.threads)]
    for t in threads:
        t.start()
    for n in range(500):
        q.put(n)
    q.join()
    s.check(sorted(done) == list(range(500)), "join returned early")
    for _ in threads:
        q.put(None)
    for t in threads:
        t.join()


def timeouts(s):
    q = queue.Queue(2)
    put, got = [0] * s.threads, [0] * s.threads

    def work(i, rng):
        for n in range(60):
            try:
                if rng.random() < 0.5:
                    q.put(n, timeout=rng.choice((0.0001, 0.001)))
                    put[i] += 1
                else:
                    q.get(timeout=rng.choice((0.0001, 0.001)))
                    got[i] += 1
            except (queue.Full, queue.Empty):
                pass
    s.together(work)
    s.check(sum(put) - sum(got) == q.qsize(), "balance")


main(unbounded, bounded, lifo, priority, simple, task_done, timeouts)
