# SPDX-License-Identifier: MIT
"""The reference loop: how much strangers disturb the machine while it measures.

A core that is shared with others (the second hyperthread of a core, which a virtual machine does
not see) runs the same work at changing speed. The harness times a short loop of its own between
the launches, on each processor, and keeps the times: the Watch takes them, a Disturbance says what
they mean. The loop is the work of an interpreter, which such a neighbour slows down the most; it
has the time of its thread, so what this system itself gives to other processes is not in it. The
looks take at most SHARE of the campaign's time, apart from a tenth of a second at the beginning.

Each time is set against the least of the same processor: that processors differ (fast and slow
cores) is no disturbance. A time above DISTURBED times the least is a disturbed one: what caches and
the clock do on a quiet core stays below that, and a neighbour goes far beyond it. If more than
TOLERATED of the times are so, the report warns. The reason for this limit: a median stands what
happens to less than half of the values; but the value of a quick launch is the mean of two
iterations, and one of two is disturbed in 1 - (1 - 0.29)^2 of the launches, which is half of them,
when 29 % of all moments are.
"""

import os
import time

from .words import number, plural

SHARE = 0.01
BEGINNING = 0.1  # seconds that are allowed from the start
DISTURBED = 1.1
TOLERATED = 0.25
# With fewer times than this nothing is said.
ENOUGH = 10

ROUNDS = 12_000

MEDIAN_ADVICE = (
    "**This biases ratios.** It does not slow everything alike: a fast interpreter, held up by how "
    "many instructions a core takes in, can take 1.8 times as long, while one that waits for "
    "atomic instructions or memory takes 1.1 times. What waits then looks cheaper than it is, and "
    "no interval shows that, for all launches have it. `bench/run --report DIR --statistic least` "
    "makes the report anew of the least times, which suffer less; measuring with `--statistic "
    "least` does better, by more iterations, and a quiet machine best.")
LEAST_ADVICE = (
    "These are least times, which escape it where one iteration of each point ran undisturbed. "
    "That is likely for one thread and many launches; it is not for several threads, which need "
    "all processors undisturbed at once, so that their speed-ups come out too small. A larger "
    "`--budget` makes more launches; a quiet machine is best.")


class Point:
    """Something with attributes and a method, as interpreters mostly meet them."""

    def __init__(self):
        self.x = 0
        self.step = 3

    def move(self, by):
        self.x = (self.x + by * self.step) & 1023
        return self.x


def loop(rounds):
    """The work: calls, attributes, items and small numbers. It makes no object that lasts."""
    point = Point()
    seen = [0] * 16
    names = {"odd": 1, "even": 2}
    for i in range(rounds):
        x = point.move(names["odd" if i & 1 else "even"])
        seen[x & 15] += i - x
    return point.x


def seconds_of_loop():
    """The time of the loop on this processor; a third of it goes before, for the caches."""
    loop(ROUNDS // 3)
    start = time.thread_time()
    loop(ROUNDS)
    return time.thread_time() - start


class Watch:
    """Takes the times, on one processor after the other, as far as SHARE allows."""

    def __init__(self):
        self.allowed = sorted(os.sched_getaffinity(0))
        self.begun = time.perf_counter()
        self.used = 0.0
        self.taken = 0

    def look(self):
        """A record of the times taken now, at most one a processor; None if it is too early."""
        times = []
        begin = time.perf_counter()
        while len(times) < len(self.allowed) and self._may_go_on():
            processor = self.allowed[self.taken % len(self.allowed)]
            self.taken += 1
            times.append([processor, self._time_on(processor)])
        if not times:
            return None
        return {"type": "reference", "moment": time.time() - (time.perf_counter() - begin),
                "times": times}

    def _may_go_on(self):
        elapsed = time.perf_counter() - self.begun
        return self.used < BEGINNING + SHARE * elapsed

    def _time_on(self, processor):
        begin = time.perf_counter()
        try:
            os.sched_setaffinity(0, {processor})
            return seconds_of_loop()
        finally:
            os.sched_setaffinity(0, self.allowed)
            self.used += time.perf_counter() - begin


def quantile(ordered, share):
    """Of sorted values, between neighbours in proportion."""
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


class Disturbance:
    """What the reference times of a campaign say; false if there are too few to say anything."""

    def __init__(self, references):
        by_processor = {}
        for record in references:
            for processor, seconds in record["times"]:
                by_processor.setdefault(processor, []).append(seconds)
        least = {processor: min(times) for processor, times in by_processor.items()}
        # Each time over the least of its processor.
        self.over = sorted(seconds / least[processor] for processor, times in by_processor.items()
                           for seconds in times)
        self.count = len(self.over)
        if self:
            self.median = quantile(self.over, 0.5)
            self.spread = quantile(self.over, 0.95) / quantile(self.over, 0.05)
            self.share = sum(1 for each in self.over if each > DISTURBED) / self.count

    def __bool__(self):
        return self.count >= ENOUGH

    @property
    def is_strong(self):
        """Whether ratios of medians are biased by it."""
        return bool(self) and self.share > TOLERATED

    def facts(self):
        """The numbers in words."""
        return ("the reference loop took %s times its least time in the median of %s, the 95th "
                "percentile is %s times the 5th, and %.0f %% are above %s times the least" % (
                    number(self.median), plural(self.count, "look"), number(self.spread),
                    100.0 * self.share, number(DISTURBED)))

    def sentences(self, statistic):
        """How disturbed the machine was, and what that does to a report of this statistic."""
        if not self:
            return []
        if not self.is_strong:
            return ["The machine was little disturbed meanwhile: %s." % self.facts()]
        return ["**The machine was disturbed meanwhile:** %s. Most likely others use the same "
                "cores, which a virtual machine does not show." % self.facts(),
                LEAST_ADVICE if statistic == "least" else MEDIAN_ADVICE]

    def rows(self):
        """For the table of facts about the machine."""
        return [["reference loop during the run: median over its least time",
                 "%s (%s)" % (number(self.median), plural(self.count, "look"))],
                ["reference loop: 95th percentile over the 5th", number(self.spread)],
                ["reference loop: above %s times the least" % number(DISTURBED),
                 "%.0f %% of the looks" % (100.0 * self.share)]]

    def as_dict(self):
        if not self:
            return None
        return {"times": self.count, "median_over_least": self.median,
                "p95_over_p5": self.spread, "share_disturbed": self.share,
                "strong": self.is_strong}
