# SPDX-License-Identifier: MIT
"""asyncio's futures and tasks: a loop in each thread, loops that give each other work, and what no loop should allow but
must not break anything: one future or task in the hands of several threads."""
import asyncio
import collections
import threading
import warnings
from _stress import main

warnings.simplefilter('ignore')  # coroutines that are dropped before they begin


class Loop:
    """What a future wants of its loop; notes what is to be called. Its methods are atomic."""

    def __init__(self):
        self.calls, self.reports = collections.deque(), collections.deque()

    def get_debug(self):
        return False

    def call_soon(self, callback, *args, context=None):
        self.calls.append(callback)

    def call_exception_handler(self, context):
        self.reports.append(context['message'])


def in_loop(coroutine):
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(coroutine)
    finally:
        loop.close()


async def steps(n):
    for _ in range(n):
        await asyncio.sleep(0)
    return n


def loops(s):
    async def work(rng):
        loop = asyncio.get_running_loop()
        futures = [loop.create_future() for _ in range(20)]
        tasks = [asyncio.create_task(steps(rng.randrange(10))) for _ in range(20)]
        waiting = [asyncio.create_task(asyncio.wait_for(f, 60)) for f in futures]
        cancelled = [asyncio.create_task(steps(1000)) for _ in range(5)]
        for n, f in enumerate(futures):
            loop.call_soon(f.set_result, n)
        await asyncio.sleep(0)
        for t in cancelled:
            t.cancel(t)
        s.check(asyncio.current_task() in asyncio.all_tasks(), "all_tasks")
        s.check(await asyncio.gather(*waiting) == list(range(20)), "futures")
        s.check(all(isinstance(e, asyncio.CancelledError) for e in await asyncio.gather(*cancelled, return_exceptions=True)), "cancelled")
        await asyncio.wait(tasks)
        s.check(asyncio.get_running_loop() is loop, "loop")
        return len(tasks)

    def run(i, rng):
        for _ in range(3):
            s.check(in_loop(work(rng)) == 20, "tasks")
    s.together(run)
    s.check(not asyncio.tasks._current_tasks, "tasks that run")


def between(s):
    """Each thread's loop gives the others coroutines to run and futures to set."""
    n = s.threads
    loops, ready, over, finished = [None] * n, threading.Barrier(n), [], [0]
    lock = threading.Lock()

    async def serve(i, rng):
        loop = loops[i] = asyncio.get_running_loop()
        end = loop.create_future()
        over.append((loop, end))
        await asyncio.to_thread(ready.wait)
        total = 0
        for _ in range(15):
            other = loops[rng.randrange(n)]
            k = rng.randrange(4)
            total += await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(steps(k), other)) - k
            mine = loop.create_future()
            other.call_soon_threadsafe(loop.call_soon_threadsafe, mine.set_result, k)
            total += await mine - k
        with lock:
            finished[0] += 1
            last = finished[0] == n
        if last:
            for other, its_end in over:
                other.call_soon_threadsafe(its_end.set_result, None)
        await end
        return total

    def run(i, rng):
        s.check(in_loop(serve_and_close(i, rng)) == 0, "total")

    async def serve_and_close(i, rng):
        result = await serve(i, rng)
        await asyncio.get_running_loop().shutdown_default_executor()
        return result
    s.together(run)


def one_future(s):
    """One of those who end it wins; each callback that was added and not removed is scheduled once."""
    for _ in range(20):
        loop = Loop()
        f = asyncio.Future(loop=loop)
        won, removed, added = [], [0] * s.threads, [0] * s.threads

        def work(i, rng):
            own = [lambda f, k=k: k for k in range(5)]
            for _ in range(10):
                for c in own:
                    f.add_done_callback(c)
                    added[i] += 1
                if rng.random() < 0.3:
                    removed[i] += f.remove_done_callback(rng.choice(own))
                repr(f._callbacks), f.done(), f._state
                try:
                    if rng.random() < 0.02:
                        f.set_result(i)
                        won.append(i)
                    elif rng.random() < 0.02:
                        f.set_exception(OSError(i))
                        won.append(i)
                    elif rng.random() < 0.02 and f.cancel(i):
                        won.append(i)
                    f.exception() or f.result()
                except (asyncio.InvalidStateError, asyncio.CancelledError):
                    pass
                except OSError as e:
                    s.check(e.args == (won[0],) if won else True, "exception")
        s.together(work)
        if not f.done():
            s.check(not won, "nobody")
            f.set_result(-1)
        else:
            s.check(len(won) == 1, "winners", won)
        s.check(len(loop.calls) == sum(added) - sum(removed), "callbacks", len(loop.calls), sum(added), sum(removed))
        try:
            f.exception()
        except asyncio.CancelledError:
            pass


def started_again(s):
    """__init__ once more while others look and wait."""
    loop = Loop()
    f = asyncio.Future(loop=loop)

    def work(i, rng):
        for n in range(150):
            try:
                what = rng.randrange(7)
                if what == 0:
                    f.__init__(loop=loop)
                elif what == 1:
                    f.set_result([n])
                elif what == 2:
                    f.set_exception(KeyError([n]))
                elif what == 3:
                    f.cancel([n])
                elif what == 4:
                    f.add_done_callback(lambda f: None)
                    f._cancel_message, f._source_traceback, f._exception, f._result
                else:
                    next(iter(f))
                    f.result()
            except (asyncio.InvalidStateError, asyncio.CancelledError, KeyError, StopIteration, RuntimeError):
                pass
    s.together(work)
    f.__init__(loop=loop)
    s.check(f._state == 'PENDING', f)


def one_iterator(s):
    for _ in range(50):
        f = asyncio.Future(loop=Loop())
        it = iter(f)
        next(it)
        f.set_result('once')
        results = []

        def work(i, rng):
            try:
                next(it)
            except StopIteration as e:
                results.append(e.value)
        s.together(work)
        s.check(set(results) <= {None, 'once'} and 'once' in results, "results", results)


def cancelled_tasks(s):
    """Requests to cancel are counted; a task that was asked ends so."""
    for _ in range(10):
        loop = Loop()
        t = asyncio.Task(steps(1), loop=loop)

        def work(i, rng):
            for _ in range(30):
                t.cancel(i)
                t.cancelling(), t._must_cancel, t.get_name()
                t.set_name(i)
            for _ in range(30):
                t.uncancel()
                repr(t)
        s.together(work)
        s.check(t.cancelling() == 0, "requests", t.cancelling())
        loop.calls.popleft()()
        s.check(t.cancelled(), t)


def dropped(s):
    """Tasks and futures that end in other threads than they began, and those of which nobody hears any more."""
    loop = Loop()
    lock, kept = threading.Lock(), []

    def work(i, rng):
        for n in range(40):
            f = asyncio.Future(loop=loop)
            f.add_done_callback(lambda f: None)
            f.itself = f
            if rng.random() < 0.5:
                f.set_exception(OSError(n))
            t = asyncio.Task(steps(1), loop=loop)
            t._log_destroy_pending = rng.random() < 0.5
            with lock:
                kept.append((f, t))
                if len(kept) > 10:
                    del kept[rng.randrange(10)]
            step = loop.calls.popleft() if loop.calls else None
            if rng.random() < 0.5:
                try:
                    step and hasattr(step, '__self__') and step()  # not the callback of a future
                except RuntimeError:  # another thread makes a step in this loop
                    pass
            step = f = t = None
    s.together(work)
    s.check(set(loop.reports) <= {'Task was destroyed but it is pending!', 'Future exception was never retrieved'}, loop.reports)


main(loops, between, one_future, started_again, one_iterator, cancelled_tasks, dropped)
