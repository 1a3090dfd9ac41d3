# SPDX-License-Identifier: MIT
"""Medians or least values, ratios and their 95 % intervals.

The unit of repetition is the launch: its iterations share a process, a memory layout and a hash
seed, so a launch counts as one value, the median of its iterations. Intervals come from
bootstrapping the launches (Kalibera and Jones, "Rigorous Benchmarking in Reasonable Time", 2013).
The plain percentile interval is too narrow for few values. Its percentiles are therefore moved
outwards so that, for a mean, it would be as wide as Student's (the expanded percentile interval of
Hesterberg, "What Teachers Should Know About the Bootstrap", 2015). Fewer than MINIMUM launches
give no interval at all.

The other statistic, Least, is for machines that strangers disturb. What disturbs only adds time, so
the least time of many is the nearest to that of a quiet machine (Chen and Revels, "Robust
benchmarking in noisy environments", 2016). It is the least of the iterations, and of the launches
too. A median or a quartile of the launches' least would keep what layouts do to a program, but a
neighbour often stays for a whole launch, and costs 1.8 times where layouts cost a percent or two.
In a simulation of that (the true ratio is 2.12, half of the iterations and a third of the launches
disturbed, 4 launches of 8) the ratio came out too small by 20 % with medians, 5 % with the median
of the launches' least, 1.5 % with their lower quartile and 0.2 % with their least. The price: the
least of n launches has the luckiest of n layouts, on both sides of a ratio; without disturbance
ratios scatter by 0.8 % to 1.1 % where medians do by 0.5 % to 1 % (if layouts scatter by 1 %).

The bootstrap does not know the least: a resample as large as the sample repeats its least value
most of the time (Bickel and Freedman, "Some asymptotic theory for the bootstrap", 1981). Smaller
ones do better (Bickel, Goetze and van Zwet, "Resampling fewer than n observations", 1997): here two
thirds of the launches. All resampled values lie on one side of the least, and the true one on the
other. So a ratio's resampled values tend to the wrong side when the disturbance struck one of its
sides more; the interval therefore goes as far to both sides, in proportion. In the simulation it
covers 94 % and more from six launches on, and 92 % with three when it is quiet. Nothing helps where
hardly any iteration was undisturbed: 59 % with three launches of two iterations, seven of eight of
them disturbed.
"""

import math
from statistics import NormalDist

import numpy

RESAMPLES = 4000
MINIMUM = 3
# With fewer launches than this no bootstrap of a median can cover 95 %: the report says so.
ENOUGH = 6
# From this many programs on, two launches of each are enough for an interval of their summary.
POOLED = 5

# Student's t, 97.5 %, for 1 to 30 degrees of freedom.
STUDENT = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179,
           2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064,
           2.060, 2.056, 2.052, 2.048, 2.045, 2.042]


class Estimate:
    """A value, its 95 % interval (None, None if there is none), and the launches it rests on."""

    def __init__(self, value, low=None, high=None, launches=0, parts=1):
        self.value = value
        self.low = low
        self.high = high
        self.launches = launches
        self.parts = parts

    @property
    def has_interval(self):
        return self.low is not None

    def includes(self, number):
        """Whether the interval cannot tell the value from this number (False without interval)."""
        return self.has_interval and self.low <= number <= self.high

    def as_dict(self):
        return {"value": self.value, "low": self.low, "high": self.high,
                "launches": self.launches, "programs": self.parts}


def median(values):
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return float(ordered[middle])
    return 0.5 * (ordered[middle - 1] + ordered[middle])


def geometric_mean(values):
    return math.exp(math.fsum(map(math.log, values)) / len(values))


def student(freedom):
    if freedom <= len(STUDENT):
        return STUDENT[freedom - 1]
    return 1.959964 + 2.4 / freedom


def tail(launches, freedom=None):
    """The share to cut off at each end of the bootstrap's values, widened for few launches."""
    if freedom is None:
        freedom = launches - 1
    wide = math.sqrt(launches / (launches - 1.0)) * student(freedom)
    return NormalDist().cdf(-wide)


def cut(resampled, share):
    low, high = numpy.quantile(resampled, [share, 1.0 - share])
    return float(low), float(high)


class Median:
    """The median of a launch's iterations, and of the launches."""

    name = "median"
    times = "median times"
    meaning = "the median of a launch's iterations, and of these the median over the launches"
    of = staticmethod(median)

    @staticmethod
    def of_rows(table):
        return numpy.median(table, axis=1)

    @staticmethod
    def drawn(launches):
        """How many launches a resample has."""
        return launches

    @staticmethod
    def interval(value, resampled, share):
        low, high = cut(resampled, share)
        return min(low, value), max(high, value)


class Least:
    """The least of all iterations of all launches. Only for what is above zero."""

    name = "least"
    times = "least times"
    meaning = "the least of all iterations of all launches"

    @staticmethod
    def of(values):
        return float(min(values))

    @staticmethod
    def of_rows(table):
        return numpy.min(table, axis=1)

    @staticmethod
    def drawn(launches):
        return -(-2 * launches // 3)

    @staticmethod
    def interval(value, resampled, share):
        low, high = cut(resampled, share)
        reach = max(1.0, high / value, value / low)
        return value / reach, value * reach


STATISTICS = {statistic.name: statistic for statistic in (Median, Least)}


class Bootstrap:
    """A source of resampled values of a statistic; the same seed gives the same intervals."""

    def __init__(self, seed=1, resamples=RESAMPLES, statistic=Median):
        self.random = numpy.random.default_rng(seed)
        self.resamples = resamples
        self.statistic = statistic

    def resampled(self, values):
        """The statistic of resampled launches (an array of `resamples` numbers)."""
        data = numpy.asarray(values, dtype=float)
        shape = (self.resamples, self.statistic.drawn(len(data)))
        return self.statistic.of_rows(data[self.random.integers(0, len(data), shape)])

    def estimate(self, values):
        """The statistic of some launches' values."""
        value = self.statistic.of(values)
        count = len(values)
        if count < MINIMUM:
            return Estimate(value, launches=count)
        low, high = self.statistic.interval(value, self.resampled(values), tail(count))
        return Estimate(value, low, high, count)

    def ratio(self, above, below, factor=1.0):
        """factor * the statistic of `above` / that of `below`."""
        return self.combined([(above, below, factor)], lambda values: values[0])

    def combined(self, pairs, summary):
        """A summary (over programs) of the ratios of several (above, below, factor).

        `summary` takes a list of ratios, numbers or arrays of the resampled ones, and reduces it
        along the first axis. Programs are fixed, not drawn: the interval says how well these
        programs were measured, not how other programs would fare.
        """
        of = self.statistic.of
        value = float(summary([factor * of(above) / of(below)
                               for above, below, factor in pairs]))
        count = min(min(len(above), len(below)) for above, below, _ in pairs)
        # Over several programs two launches of each will do: their noise is pooled.
        if count < (MINIMUM if len(pairs) < POOLED else 2):
            return Estimate(value, launches=count, parts=len(pairs))
        freedom = sum(len(above) + len(below) - 2 for above, below, _ in pairs)
        resampled = summary([factor * self.resampled(above) / self.resampled(below)
                             for above, below, factor in pairs])
        low, high = self.statistic.interval(value, resampled, tail(count, freedom))
        return Estimate(value, low, high, count, len(pairs))

    def geometric(self, pairs):
        """The geometric mean of the pairs' ratios."""
        return self.combined(pairs, lambda ratios: numpy.exp(
            numpy.mean(numpy.log(numpy.asarray(ratios)), axis=0)))

    def middle(self, pairs):
        """The median of the pairs' ratios."""
        return self.combined(pairs, lambda ratios: numpy.median(numpy.asarray(ratios), axis=0))


def fit_scalability(counts, speedups):
    """The Universal Scalability Law C(N) = N / (1 + a (N - 1) + b N (N - 1)) of Gunther (1993).

    Returns (a, b, N of the peak or None), by least squares on N / C - 1, with a and b not below
    zero, or None if there are fewer than six different counts above the baseline's one included:
    less says nothing.
    """
    if len(set(counts)) < 6:
        return None
    n = numpy.asarray(counts, dtype=float)
    deviation = n / numpy.asarray(speedups, dtype=float) - 1.0
    contention = n - 1.0
    coherency = n * (n - 1.0)
    best = None
    columns = numpy.stack([contention, coherency], axis=1)
    candidates = [numpy.linalg.lstsq(columns, deviation, rcond=None)[0]]
    candidates.append(numpy.array([float(contention @ deviation / (contention @ contention)), 0.0]))
    candidates.append(numpy.array([0.0, float(coherency @ deviation / (coherency @ coherency))]))
    for pair in candidates:
        pair = numpy.maximum(pair, 0.0)
        error = float(numpy.sum((columns @ pair - deviation) ** 2))
        if best is None or error < best[0]:
            best = (error, float(pair[0]), float(pair[1]))
    _, a, b = best
    peak = math.sqrt((1.0 - a) / b) if b > 1e-12 and a < 1.0 else None
    return a, b, peak
