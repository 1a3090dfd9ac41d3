import queue, threading
q = queue.Queue(); [q.put(i) for i in range(3)]; print(q.qsize(), q.get(), q.empty(), q.full(), q.get_nowait(), q.get(timeout=0.01))
for f in (lambda: q.get_nowait(), lambda: q.get(timeout=0.01), lambda: queue.Queue(1).put_nowait(1) or (lambda z: (z.put(1), z.put_nowait(2)))(queue.Queue(1)), lambda: q.get(timeout=-1), lambda: [q.task_done() for _ in range(9)]):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
p = queue.PriorityQueue(); [p.put(x) for x in (3, 1, 2)]; print([p.get() for _ in range(3)]); s = queue.LifoQueue(); [s.put(x) for x in "abc"]; print([s.get() for _ in range(3)])
sq = queue.SimpleQueue(); sq.put(1); print(sq.get(), sq.empty(), sq.qsize())
work, done = queue.Queue(5), queue.Queue()


def worker():
    while (n := work.get()) is not None:
        done.put(n * n); work.task_done()
    work.task_done()


ts = [threading.Thread(target=worker) for _ in range(3)]
[t.start() for t in ts]
for i in range(100): work.put(i)
for _ in ts: work.put(None)
work.join(); [t.join() for t in ts]; print(done.qsize(), sum(done.get() for _ in range(100)))
