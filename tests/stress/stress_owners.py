# SPDX-License-Identifier: MIT
"""Objects made in one thread and dropped in others, while the maker runs, blocks, or has ended: each dies once and in time."""
import collections
import gc
import queue
import threading
import time
import weakref
from _stress import SLACK, main, settle


class Thing:
    """Counts the living."""
    lock = threading.Lock()
    made = died = 0

    def __init__(self, other=None):
        self.other = other
        with Thing.lock:
            Thing.made += 1

    def __del__(self):
        with Thing.lock:
            Thing.died += 1

    @staticmethod
    def alive():
        return Thing.made - Thing.died


def are_prompt():
    """Do objects die with their last reference, or when the collector or a settling of counts finds them?"""
    level = Thing.alive()
    Thing()
    return Thing.alive() == level


def settled(s, level, what):
    """The level may take a moment: who has just been told that it owns what others dropped looks at its next safepoint."""
    settle()
    for _ in range(500):
        if Thing.alive() <= level + SLACK:
            return
        time.sleep(0.001)
    gc.collect()
    s.check(Thing.alive() <= level + SLACK, what, "left", Thing.alive() - level)


def maker_runs(s):
    level = Thing.alive()
    q = queue.Queue(50)

    def make(i, rng):
        for n in range(300):
            q.put([Thing(), Thing(Thing())])
        q.put(None)

    def drop(i, rng):
        while (pair := q.get()) is not None:
            s.check(pair[1].other.other is None, "fields")
    s.together(*[make, drop] * (s.threads // 2 or 1))
    settled(s, level, "maker runs")


def maker_sleeps(s):
    prompt = are_prompt()
    gc.collect()
    level = Thing.alive()
    full, done = threading.Event(), threading.Event()
    things = collections.deque()

    def make(i, rng):
        things.extend(Thing(Thing()) for _ in range(400))
        full.set()
        if rng.randrange(2):
            done.wait()
        else:
            while not done.is_set():
                time.sleep(0.0005)

    def drop(i, rng):
        full.wait()
        try:
            while True:
                thing = things.pop()
                s.check(thing.other.other is None, "fields")
                del thing
        except IndexError:
            pass
        if i == 1:
            # The maker is blocked for as long as this takes.
            while things:
                time.sleep(0.0005)
            settle()
            for _ in range(2000):
                if Thing.alive() <= level + SLACK:
                    break
                if not prompt:
                    gc.collect()
                time.sleep(0.001)
            left = Thing.alive() - level
            done.set()
            s.check(left <= SLACK, "while the maker is blocked", left)
    s.together(make, *[drop] * s.threads)
    settled(s, level, "maker sleeps")


def maker_has_ended(s):
    level = Thing.alive()
    things = []

    def make(i, rng):
        mine = [Thing(Thing()) for _ in range(200)]
        things.append(mine)
        things.append(mine[:100])
    s.together(make)
    s.check(Thing.alive() - level >= 400 * s.threads - SLACK, "died early")

    def drop(i, rng):
        while True:
            try:
                part = things.pop(rng.randrange(len(things)))
            except (IndexError, ValueError):
                break
            while part:
                part.pop()
    s.together(drop)
    settled(s, level, "maker has ended")


def maker_ends_meanwhile(s):
    level = Thing.alive()
    q = queue.SimpleQueue()
    ended = threading.Event()

    def make():
        for _ in range(20):
            q.put([Thing() for _ in range(5)])

    def start(i, rng):
        for _ in range(15):
            threads = [threading.Thread(target=make) for _ in range(3)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        ended.set()

    def drop(i, rng):
        while not ended.is_set() or not q.empty():
            try:
                q.get(timeout=0.01)
            except queue.Empty:
                pass
    s.together(start, drop, drop)
    settled(s, level, "maker ends meanwhile")


def handed_on_with_weak_references(s):
    level = Thing.alive()
    slots = [Thing() for _ in range(6)]
    weak = [weakref.ref(thing) for thing in slots]

    def work(i, rng):
        for _ in range(400):
            n = rng.randrange(6)
            choice = rng.randrange(4)
            if choice == 0:
                slots[n] = thing = Thing()
                weak[n] = weakref.ref(thing)
                del thing
            elif choice == 1:
                thing = weak[n]()
                s.check(thing is None or thing.other is None, "fields")
            elif choice == 2:
                slots[rng.randrange(6)] = slots[n]
            else:
                thing = slots[n]
                s.check(weakref.ref(thing)() is thing, "weak reference")
    s.together(work)
    del slots, weak
    settled(s, level, "weak references")


def cycles_of_two_makers(s):
    level = Thing.alive()
    boxes = [[] for _ in range(4)]

    def work(i, rng):
        for n in range(150):
            a = Thing()
            box = boxes[rng.randrange(4)]
            try:
                b = box.pop()
            except IndexError:
                box.append(a)
                continue
            a.other, b.other = b, a
            if n % 50 == 0:
                gc.collect()
    s.together(work)
    boxes.clear()
    gc.collect()
    settled(s, level, "cycles")


def resurrected_elsewhere(s):
    saved = queue.SimpleQueue()

    class Phoenix:
        def __del__(self):
            saved.put(self)

    def work(i, rng):
        things = [Phoenix() for _ in range(100)]
        handed = queue.SimpleQueue()
        dropper = threading.Thread(target=lambda: [handed.get() for _ in range(100)])
        dropper.start()
        while things:
            handed.put(things.pop())
        dropper.join()
    s.together(work)
    settle()
    for _ in range(100 * s.threads - SLACK):
        s.check(type(saved.get(timeout=100)) is Phoenix, "resurrected")
    s.check(saved.qsize() <= SLACK, "finalised twice")


main(maker_runs, maker_sleeps, maker_has_ended, maker_ends_meanwhile, handed_on_with_weak_references,
     cycles_of_two_makers, resurrected_elsewhere)
