import threading
l = threading.Lock()
print(l.acquire(), l.locked(), l.acquire(False), l.acquire(timeout=0.01), l.acquire(blocking=False), l.release(), l.locked())
with l:
    print(l.locked())
r = threading.RLock(); print(r.acquire(), r.acquire(), r.release(), r.release())
for f in (lambda: l.release(), lambda: r.release(), lambda: l.acquire(False, 1), lambda: l.acquire(timeout=-5), lambda: l.acquire("a"), lambda: threading.Condition().notify(), lambda: threading.Condition().wait(), lambda: threading.Semaphore(-1), lambda: threading.BoundedSemaphore(1).release(), lambda: threading.Barrier(1).wait()):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
e = threading.Event(); print(e.is_set(), e.wait(0.01), e.set(), e.wait(), e.clear(), e.is_set())
s = threading.Semaphore(2); print(s.acquire(), s.acquire(), s.acquire(blocking=False), s.release(), s.acquire(timeout=0.01))
count = 0


def inc():
    global count
    for _ in range(1000):
        with l:
            count += 1


ts = [threading.Thread(target=inc) for _ in range(4)]
[t.start() for t in ts]; [t.join() for t in ts]; print(count)
c = threading.Condition(); items = []; got = []


def consumer():
    with c:
        while not items:
            c.wait()
        got.append(items.pop())


ts = [threading.Thread(target=consumer) for _ in range(3)]
[t.start() for t in ts]
for i in range(3):
    with c:
        items.append(i); c.notify()
[t.join() for t in ts]; print(sorted(got), c.wait_for.__name__)
with c:
    print(c.wait(0.01), c.wait_for(lambda: 5, 0.01))
b = threading.Barrier(3); order = []


def at_barrier(): order.append(b.wait())


ts = [threading.Thread(target=at_barrier) for _ in range(3)]
[t.start() for t in ts]; [t.join() for t in ts]; print(sorted(order), b.broken, b.parties)
other = []
r.acquire()


def wrong_owner():
    try:
        r.release()
    except RuntimeError as x:
        other.append(str(x))


t = threading.Thread(target=wrong_owner); t.start(); t.join(); print(other)
