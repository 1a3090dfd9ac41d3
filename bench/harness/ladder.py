# SPDX-License-Identifier: MIT
"""What each factor costs and gives: the ladder's steps, and the mutexes side by side.

The ladder (catalogue.LADDER) leads from `gil` to `nogil`, one factor a step. Every step is a ratio
to the one before. All of them are taken over the same programs, those that every rung was measured
with, and summarised by the geometric mean: so the steps multiply to the whole.
"""

import math

from . import catalogue
from .stats import Estimate
from .words import join, number, plural, times

# A program that costs one thread more than this under the last rung is asked where it got it. It
# is the limit that PEP 779 sets (15 %, there over pyperformance as a whole).
COSTLY = 1.15

FACTORS = {
    "LOCKSMITH_LOCKING": "locking", "LOCKSMITH_REFCOUNT": "counts", "LOCKSMITH_READS": "reads",
    "LOCKSMITH_IMMORTAL": "immortals", "LOCKSMITH_DEFERRED": "deferral",
    "LOCKSMITH_MUTEX": "mutex", "LOCKSMITH_PRIVATE": "privacy",
    "LOCKSMITH_PROMOTE": "promotion", "LOCKSMITH_GIL": "GIL",
    "LOCKSMITH_HEAP": "heap",
}


def describe(changes):
    """"counts plain → atomic" from [(factor, from, to)]."""
    if not changes:
        return "no factor"
    return ", ".join("%s %s → %s" % (FACTORS.get(factor, factor), before, after)
                     for factor, before, after in changes)


class Comparison:
    """Strategies against each other, over the programs that all of them were measured with."""

    def __init__(self, summary, names):
        self.summary = summary
        self.names = names
        self.threads = summary.headline_threads
        self.alone = self._common(summary.independent, lambda program, name:
                                  summary.one(program, name))
        self.many = self._common(self.alone, self._many) if self.threads else []
        self.shared = self._common(summary.shared, self._many) if self.threads else []

    def _many(self, program, name):
        return self.summary.many_key(program, name, self.threads)

    def _common(self, programs, key):
        has = self.summary.points.has
        return [program for program in programs
                if all(has(*key(program, name)) for name in self.names)]

    def price_pair(self, program, name, other):
        """For the time of one thread relative to another strategy's."""
        wall = self.summary.points.wall
        return (wall(*self.summary.one(program, name)), wall(*self.summary.one(program, other)),
                1.0)

    def gain_pair(self, program, name, other):
        """For the throughput at the threads looked at, relative to another strategy's."""
        wall = self.summary.points.wall
        return (wall(*self._many(program, other)), wall(*self._many(program, name)), 1.0)

    def throughput_pair(self, program, name, other):
        """For the throughput relative to one thread of another strategy."""
        wall = self.summary.points.wall
        return (wall(*self.summary.one(program, other)), wall(*self._many(program, name)),
                float(self.threads))

    def mean(self, pair_of, programs, name, other):
        """The geometric mean of a ratio over programs, or None without any."""
        pairs = [pair_of(program, name, other) for program in programs]
        return self.summary.bootstrap.geometric(pairs) if pairs else None

    def each(self, pair_of, programs, name, other):
        return {program: self.summary.bootstrap.ratio(*pair_of(program, name, other))
                for program in programs}


class Step:
    """One rung against the one before: factors changed, price for one thread, gain for many."""

    def __init__(self, comparison, before, after, neighbours):
        self.before = before
        self.after = after
        # False where rungs between the two were not measured: then several factors change.
        self.neighbours = neighbours
        factors = comparison.summary.factors
        self.known = bool(factors(before) and factors(after))
        self.changes = catalogue.changes(factors(before), factors(after))
        c = comparison
        self.price = c.mean(c.price_pair, c.alone, after, before)
        self.prices = c.each(c.price_pair, c.alone, after, before)
        self.gain = c.mean(c.gain_pair, c.many, after, before)
        self.gains = c.each(c.gain_pair, c.many + c.shared, after, before)

    def title(self):
        """The factor changed, in words."""
        return describe(self.changes) if self.known else "the binaries do not say"

    def as_dict(self):
        return {"from": self.before, "to": self.after, "changes": self.changes,
                "price": self.price, "prices": self.prices, "gain": self.gain,
                "gains": self.gains}


class Ladder:
    """The measured rungs and the steps between them; without two neighbours it is empty."""

    def __init__(self, summary):
        self.summary = summary
        measured = [name for name in catalogue.LADDER
                    if name in summary.strategies and any(
                        summary.points.has(*summary.one(program, name))
                        for program in summary.independent)]
        place = catalogue.LADDER.index
        self.steps = []
        self.rungs = []
        if not any(place(after) == place(before) + 1
                   for before, after in zip(measured, measured[1:])):
            return
        self.rungs = measured
        self.first, self.last = measured[0], measured[-1]
        self.comparison = c = Comparison(summary, measured)
        self.programs, self.threads = c.alone, c.threads
        self.left_out = [program for program in summary.independent
                         if program in summary.times and program not in c.alone]
        self.steps = [Step(c, before, after, place(after) == place(before) + 1)
                      for before, after in zip(measured, measured[1:])]
        # Relative to the first rung: {rung: Estimate}, and by program.
        self.total = {name: c.mean(c.price_pair, c.alone, name, self.first)
                      for name in measured[1:]}
        # The first rung against itself is 1 by definition, with no doubt about it.
        self.total[self.first] = Estimate(1.0, 1.0, 1.0)
        self.totals = {name: c.each(c.price_pair, c.alone, name, self.first)
                       for name in measured[1:]}
        self.throughput = {name: c.mean(c.throughput_pair, c.many, name, self.first)
                           for name in measured}

    def __bool__(self):
        return bool(self.steps) and bool(self.programs)

    def culprit(self, program):
        """(step, share) that made a program dear: the largest ratio of all its steps.

        The share is the step's part of all that the dearer steps added, in logarithms, since ratios
        multiply. (None, 0.0) if no step made it dearer.
        """
        added = [(math.log(step.prices[program].value), step) for step in self.steps]
        risen = math.fsum(max(0.0, amount) for amount, _ in added)
        amount, step = max(added, key=lambda pair: pair[0])
        return (step, amount / risen) if amount > 0.0 else (None, 0.0)

    def costly(self):
        """The programs above the limit under the last rung, the dearest first."""
        totals = self.totals[self.last]
        return sorted((program for program in self.programs if totals[program].value > COSTLY),
                      key=lambda program: -totals[program].value)

    def sentences(self):
        if not self:
            return []
        return [text for text in (self._price_sentence(), self._costly_sentence(),
                                  self._gain_sentence()) if text]

    def _price_sentence(self):
        total = self.total[self.last]
        text = "From `%s` to `%s` in %s one thread comes to %s the time (geometric mean of %s)" % (
            self.first, self.last, plural(len(self.steps), "step"), times(total),
            plural(len(self.programs), "program"))
        dearest = max(self.steps, key=lambda step: step.price.value)
        best = min(self.steps, key=lambda step: step.price.value)
        parts = []
        if surely(dearest.price, 1):
            parts.append("the dearest step is `%s` (%s) with %s" % (
                dearest.after, dearest.title(), times(dearest.price)))
        if surely(best.price, -1):
            parts.append("the one that saves most is `%s` (%s) with %s" % (
                best.after, best.title(), times(best.price)))
        if not parts:
            parts.append("no single step makes a measurable difference")
        return "%s; %s." % (text, join(parts))

    def _costly_sentence(self):
        costly = self.costly()
        if not costly:
            return "Under `%s` no program costs one thread more than %s times." % (
                self.last, number(COSTLY))
        counts = {}
        for program in costly:
            step, _ = self.culprit(program)
            if step:
                counts[step] = counts.get(step, 0) + 1
        ranked = sorted(counts, key=lambda step: -counts[step])
        return "Under `%s` %s of %d cost one thread more than %s times; the step that added most " \
            "was %s." % (self.last, plural(len(costly), "program"), len(self.programs),
                         number(COSTLY), join(["`%s` (%s) on %d" % (
                             step.after, step.title(), counts[step]) for step in ranked]))

    def _gain_sentence(self):
        steps = [step for step in self.steps if step.gain]
        if not steps:
            return None
        best = max(steps, key=lambda step: step.gain.value)
        text = "With %d threads " % self.threads
        if surely(best.gain, 1):
            text += "the step that gives most is `%s` (%s), %s the throughput of `%s`" % (
                best.after, best.title(), times(best.gain), best.before)
        else:
            text += "no single step gives a measurable gain"
        total = self.throughput.get(self.last)
        if total:
            text += "; `%s` does %s the work of one thread of `%s`" % (
                self.last, times(total), self.first)
        return text + "."

    def as_dict(self):
        if not self:
            return None
        return {"rungs": self.rungs, "threads": self.threads, "programs": self.programs,
                "steps": self.steps, "total": self.total, "totals": self.totals,
                "throughput": self.throughput, "costly": self.costly()}


def surely(estimate, direction):
    """Whether a ratio is above (1) or below (-1) one, as far as its interval tells."""
    if estimate is None or estimate.includes(1.0):
        return False
    return estimate.value > 1.0 if direction > 0 else estimate.value < 1.0


class Mutexes:
    """Builds of catalogue.MUTEX_BASE that differ from it in the mutex inside an object alone."""

    def __init__(self, summary):
        self.summary = summary
        self.base = catalogue.MUTEX_BASE
        known = {name: summary.factors(name) for name in summary.strategies
                 if summary.factors(name)}
        self.names = catalogue.mutexes(known)
        self.others = self.names[1:]
        self.threads = summary.headline_threads
        if not self.others:
            return
        self.mutex = {name: known[name].get(catalogue.MUTEX_FACTOR) for name in self.names}
        self.comparison = c = Comparison(summary, self.names)
        self.programs = c.alone
        self.price = {}
        self.prices = {}
        self.gain = {}
        self.shared_gain = {}
        self.gains = {}
        for name in self.others:
            self.price[name] = c.mean(c.price_pair, c.alone, name, self.base)
            self.gain[name] = c.mean(c.gain_pair, c.many, name, self.base)
            self.shared_gain[name] = c.mean(c.gain_pair, c.shared, name, self.base)
            for program, value in c.each(c.price_pair, c.alone, name, self.base).items():
                self.prices.setdefault(program, {})[name] = value
            for program, value in c.each(c.gain_pair, c.many + c.shared, name,
                                         self.base).items():
                self.gains.setdefault(program, {})[name] = value

    def __bool__(self):
        return bool(self.others) and bool(self.programs or self.gains)

    def sentences(self):
        if not self:
            return []
        result = []
        for table, start in (
                (self.price, "One thread, against the `%s` mutex" % self.mutex[self.base]),
                (self.gain, "Throughput of %s of independent work" % plural(self.threads or 0,
                                                                           "thread")),
                (self.shared_gain, "Throughput of %s on shared data" % plural(self.threads or 0,
                                                                             "thread"))):
            shown = [name for name in self.others if table.get(name)]
            if shown:
                count = table[shown[0]].parts
                result.append("%s: %s (geometric mean of %s)." % (start, join([
                    "`%s` %s%s" % (self.mutex[name], times(table[name]),
                                   " (no measurable difference)" if table[name].includes(1.0)
                                   else "") for name in shown]), plural(count, "program")))
        return result

    def as_dict(self):
        if not self:
            return None
        return {"base": self.base, "mutex": self.mutex, "threads": self.threads,
                "price": self.price, "prices": self.prices, "gain": self.gain,
                "shared_gain": self.shared_gain, "gains": self.gains}
