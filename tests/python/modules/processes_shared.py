# multiprocessing over _multiprocessing and _posixsubprocess: forked and spawned processes that share locks and queues.
import multiprocessing as mp


def square(x):
    return x * x


def tell(queue, lock):
    with lock:
        queue.put("child")


if __name__ == "__main__":
    for method in ("fork", "spawn"):
        c = mp.get_context(method)
        with c.Pool(2) as pool:
            print(pool.map(square, range(5)))
        queue, lock = c.SimpleQueue(), c.Lock()
        process = c.Process(target=tell, args=(queue, lock))
        process.start()
        print(queue.get())
        process.join()
        print(process.exitcode)
        s = c.Semaphore(2)
        print(s.acquire(), s.get_value(), s)
        s.release()
        r = c.RLock()
        r.acquire()
        r.acquire()
        r.release()
        r.release()
        try:
            r.release()
        except AssertionError as e:
            print(e)
        print(lock.acquire(timeout=0.1), lock.acquire(timeout=0.01))
