# _queue.SimpleQueue: order, errors, waiting with and without a limit, many threads.
import queue
import threading
import time


def a(f, *x, **k):
    try:
        print(f(*x, **k))
    except BaseException as e:
        print(type(e).__name__, e)


q = queue.SimpleQueue()
print(type(q), queue.Empty, queue.SimpleQueue[int], q.empty(), q.qsize())
a(queue.SimpleQueue, 1), a(q.get_nowait), a(q.get, False), a(q.get, timeout=0.01), a(q.get, timeout=-1), a(q.get, timeout="x")
a(q.get, True, 0), a(q.put), a(q.put, 1, False, -3), a(q.put, item=2), a(q.put_nowait, 3), a(q.get), a(q.get, block=False), a(q.get_nowait)
for i in range(3000):
    q.put(i)
print(q.qsize(), sum(q.get() for i in range(2990)), q.qsize(), [q.get() for i in range(10)], q.empty())


class Sub(queue.SimpleQueue):
    pass


s = Sub()
s.x = 1
s.put(s)
print(s.get() is s, s.x)

start = time.monotonic()
a(q.get, timeout=0.1)
print(0.09 < time.monotonic() - start < 60)
threading.Timer(0.05, q.put, ("late",)).start()
print(q.get())
threading.Timer(0.05, q.put, ("in time",)).start()
print(q.get(timeout=60))

results = queue.SimpleQueue()


def work():
    total = n = 0
    while (item := q.get()) is not None:
        total += item
        n += 1
    results.put((total, n))


threads = [threading.Thread(target=work) for i in range(4)]
for t in threads:
    t.start()


def feed(base):
    for i in range(2000):
        q.put(base + i)


feeders = [threading.Thread(target=feed, args=(i * 2000,)) for i in range(3)]
for t in feeders:
    t.start()
for t in feeders:
    t.join()
for t in threads:
    q.put(None)
for t in threads:
    t.join()
got = [results.get() for t in threads]
print(sum(g[0] for g in got), sum(g[1] for g in got), q.empty())
