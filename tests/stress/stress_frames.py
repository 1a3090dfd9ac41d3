# SPDX-License-Identifier: MIT
"""Frames of other threads, as debuggers look at them, while these threads call, return, raise and end."""
import gc
import os
import sys
import threading
import traceback
from _stress import main, sanitized


def nested(n, rng):
    kept = [n] * 3
    if n == 0:
        try:
            raise ValueError(kept)
        except ValueError:
            return sum(item for item in kept)
    return nested(n - 1, rng) + len(kept)


def walk(s, frame):
    """Reads all there is to read of a frame and of those that called it."""
    depth = 0
    while frame is not None and depth < 60:
        line, code = frame.f_lineno, frame.f_code
        s.check(line is None or line >= code.co_firstlineno, "line", line, code)
        s.check(frame.f_lasti >= -1 and isinstance(frame.f_globals, dict), "frame", frame.f_lasti)
        variables = frame.f_locals
        if code is nested.__code__:
            n, kept = variables.get("n"), variables.get("kept")
            s.check(n is None or kept is None or kept == [n] * 3, "variables", variables)
        repr(frame)
        frame = frame.f_back
        depth += 1


def looked_at(s, look):
    done = threading.Event()

    def call(i, rng):
        for n in range(40):
            s.check(nested(n % 20, rng) == 3 * (n % 20), "sum")
            t = threading.Thread(target=nested, args=(12, rng))
            t.start()
            t.join()

    def calls(i, rng):
        try:
            call(i, rng)
        finally:
            done.set()
    s.together(calls, *[s.until(done, look)] * max(1, s.threads - 1))


def frames_of_others(s):
    def look(i, rng):
        for frame in sys._current_frames().values():
            walk(s, frame)
    looked_at(s, look)


def stacks_of_others(s):
    def look(i, rng):
        for frame in sys._current_frames().values():
            traceback.format_stack(frame)
        for kind, value, trace in sys._current_exceptions().values():
            s.check(value is None or isinstance(value, kind), "exception", kind, value)
    looked_at(s, look)


def frames_kept(s):
    """Frames outlive their functions, with their variables, and are cleared by several threads."""
    frames = []

    def work(i, rng):
        for _ in range(60):
            frames.extend(sys._current_frames().values())
            nested(6, rng)
            for frame in frames[-10:]:
                walk(s, frame)
                try:
                    frame.clear()
                except RuntimeError:
                    pass
            if len(frames) > 50:
                del frames[:20]
    s.together(work)


def frames_of_generators(s):
    """A generator's frame is looked at while other threads resume it."""
    def numbers(count):
        for n in range(count):
            kept = [n] * 3
            yield kept

    for _ in range(4):
        g = numbers(400)
        frame = g.gi_frame

        def work(i, rng):
            for _ in range(100):
                if i % 2:
                    s.check(frame.f_lineno >= numbers.__code__.co_firstlineno, "line")
                    kept = frame.f_locals.get("kept", [0])
                    s.check(len(set(kept)) == 1, "variables", kept)
                    back = frame.f_back
                    s.check(back is None or isinstance(back, type(frame)), "back", back)
                else:
                    try:
                        next(g)
                    except (ValueError, StopIteration):
                        pass  # another thread runs it
        s.together(work)


def only_looked_at(s):
    """Who looks at a suspended generator is not in the way of who resumes it."""
    def inner():
        for n in range(3000):
            yield n

    def outer():
        yield from inner()

    for _ in range(4):
        generators = [outer() for _ in range(s.threads)]
        running = [True]

        def work(i, rng):
            g = generators[i // 2]
            if i % 2:
                while running[0]:
                    inner_one = g.gi_yieldfrom
                    s.check(inner_one is None or inner_one.__name__ == "inner", "delegates to", inner_one)
                    frame = g.gi_frame
                    s.check(frame is None or frame.f_code is outer.__code__, "frame")
            else:
                try:
                    s.check(list(map(next, [g] * 3000)) == list(range(3000)), "numbers")
                finally:
                    running[0] = False
        s.together(work)


def frames_after_fork(s):
    """In the child of a fork the frames of threads that are not there any more have ended."""
    ready, stop = threading.Barrier(3), threading.Event()

    def wait(kept):
        ready.wait()
        stop.wait()

    threads = [threading.Thread(target=wait, args=([n],)) for n in range(2)]
    for t in threads:
        t.start()
    ready.wait()
    frames = [sys._current_frames()[t.ident] for t in threads]
    child = os.fork()
    if child == 0:
        status = 1
        try:
            junk = [threading.Thread(target=nested, args=(5, None)) for _ in range(6)]  # take the stacks
            for t in junk:
                t.start()
            for t in junk:
                t.join()
            gc.collect()
            found = 0
            for frame in frames:
                while frame is not None:
                    repr(frame), frame.f_lineno
                    found += frame.f_code is wait.__code__ and len(frame.f_locals["kept"]) == 1
                    frame = frame.f_back
            status = 0 if found == 2 else 2
        finally:
            os._exit(status)
    status = os.waitpid(child, 0)[1]
    stop.set()
    for t in threads:
        t.join()
    s.check(status == 0, "the child of a fork ended with", status)


# ThreadSanitizer ends a process in which a thread holds more than 63 locks, as one that forks does here.
main(frames_of_others, stacks_of_others, frames_kept, frames_of_generators, only_looked_at,
     *[] if sanitized() else [frames_after_fork])
