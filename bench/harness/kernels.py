# SPDX-License-Identifier: MIT
"""The scaling kernels, and fib7, the Gilectomy's own test program: evaluated apart from the rest.

A kernel does one thing in a loop, in threads that share the code: it finds what keeps threads from
scaling, and is no sample of what programs do. No mean over the programs includes kernels or fib7.
"""

from .stats import median
from .words import join, number, plural, times

# From this share of perfect scaling on a kernel counts as one that scales.
SCALES = 0.85


class Kernels:
    """Times of one thread, throughput of N over one and of N processes over one, by kernel and
    strategy."""

    def __init__(self, summary):
        self.summary = summary
        points, bootstrap = summary.points, summary.bootstrap
        self.names = summary.kernels
        self.counts = sorted({key[3] for key in points.records
                              if key[0] == "kernel" and key[3] > 1})
        self.times = {}
        self.slowdown = {}
        self.speedup = {}
        self.ceiling = {}
        for kernel in self.names:
            for strategy in summary.everyone:
                one = ("kernel", kernel, strategy, 1)
                if not points.has(*one):
                    continue
                self.times.setdefault(kernel, {})[strategy] = bootstrap.estimate(points.wall(*one))
                base = ("kernel", kernel, summary.baseline, 1)
                if strategy != summary.baseline and points.has(*base):
                    self.slowdown.setdefault(kernel, {})[strategy] = \
                        bootstrap.ratio(points.wall(*one), points.wall(*base))
                for kind, table in (("kernel", self.speedup), ("kernel-processes", self.ceiling)):
                    for count in self.counts:
                        key = (kind, kernel, strategy, count)
                        if points.has(*key):
                            table.setdefault(kernel, {}).setdefault(strategy, {})[count] = \
                                bootstrap.ratio(points.wall(*one), points.wall(*key), float(count))
        self.strategies = [name for name in summary.everyone
                           if any(name in table for table in self.times.values())]

    def __bool__(self):
        return bool(self.times)

    def threads(self):
        """The count the table and the sentence are about: the largest up to the cores."""
        within = [count for count in self.counts if count <= self.summary.cores]
        return within[-1] if within else self.counts[0] if self.counts else None

    def share(self, kernel, strategy, threads):
        """Throughput of threads over that of as many processes; None if either is missing."""
        ceiling = self.ceiling.get(kernel, {}).get(strategy, {}).get(threads)
        speedup = self.speedup.get(kernel, {}).get(strategy, {}).get(threads)
        return speedup.value / ceiling.value if speedup and ceiling else None

    def ceiling_sentences(self, threads):
        """What is the machine's part: threads against processes, which share nothing."""
        parts = []
        for strategy in self.strategies:
            if strategy in self.summary.peers or not self.summary.is_free(strategy):
                continue
            shares = {kernel: self.share(kernel, strategy, threads) for kernel in self.speedup}
            shares = {kernel: share for kernel, share in shares.items() if share is not None}
            if not shares:
                continue
            least = min(shares, key=shares.get)
            ceilings = [self.ceiling[kernel][strategy][threads].value for kernel in shares]
            parts.append("`%s` %s of the %s that processes reach (medians of the kernels; the "
                         "least is %s, %s)" % (
                strategy, number(median(list(shares.values()))), number(median(ceilings)),
                short(least), number(shares[least])))
        return ["Of what as many processes do, threads do: %s." % join(parts)] if parts else []

    def sentences(self):
        threads = self.threads()
        if not self or threads is None:
            return []
        parts = []
        usable = min(threads, self.summary.cores)
        for strategy in self.strategies:
            if strategy in self.summary.peers or not self.summary.is_free(strategy):
                continue
            values = {kernel: table[strategy][threads] for kernel, table in self.speedup.items()
                      if threads in table.get(strategy, {})}
            if not values:
                continue
            good = [k for k, value in values.items() if value.value >= SCALES * usable]
            bad = sorted((k for k, value in values.items() if value.value < 1.0
                          and not value.includes(1.0)), key=lambda k: values[k].value)
            text = "`%s` on %d" % (strategy, len(good))
            if bad:
                shown = bad[:3]
                text += " (%s slower than one thread: %s%s)" % (
                    plural(len(bad), "kernel is", "kernels are"),
                    join(["%s, %s" % (short(k), number(values[k].value)) for k in shown]),
                    "" if len(bad) == len(shown) else ", ...")
            parts.append(text)
        if not parts:
            return []
        return ["With %d threads, at least %s times the work of one is done by %s of %s." % (
            threads, number(SCALES * usable), join(parts),
            plural(len(self.speedup), "kernel"))] + self.ceiling_sentences(threads)

    def as_dict(self):
        return {"times": self.times, "slowdown": self.slowdown,
                "speedup": self.speedup, "ceiling": self.ceiling} if self else None


def short(name):
    return name.replace("kernel_", "")


# What was said about the Gilectomy under this program. The figures are attendees' notes of the talk
# and a later article, not the author's own text; the program itself is in his repository.
PUBLISHED = [
    "The program is that of the Gilectomy, `x.py`: fib(30) in seven threads at once "
    "(https://github.com/larryhastings/gilectomy).",
    "Published: in 2016 fib in threads took 3.5 times the wall time and 25 times the CPU time of "
    "the build with the lock (listeners' notes of Larry Hastings' talk at PyCon 2016, "
    "https://www.youtube.com/watch?v=P3AyI_u66Bw); with atomic counts on seven cores 83.0 s "
    "against 4.4 s, 18.9 times (slides of 2017, as quoted in "
    "https://vstinner.github.io/free-threading-reference-counting.html).",
]


# "On seven cores".
PUBLISHED_CORES = 7


class Fib7:
    """The same work in one thread, in seven threads, and in seven processes."""

    def __init__(self, summary):
        self.summary = summary
        points, bootstrap = summary.points, summary.bootstrap
        self.program = summary.fixed[0] if summary.fixed else None
        self.rows = {}
        if self.program is None:
            return
        self.threads = summary.header["programs"][self.program]["fixed"]
        for strategy in summary.everyone:
            one = ("fib7", self.program, strategy, 1)
            many = ("fib7", self.program, strategy, self.threads)
            processes = ("fib7-processes", self.program, strategy, self.threads)
            base = ("fib7", self.program, summary.baseline, self.threads)
            if not points.has(*one) or not points.has(*many):
                continue
            row = {"one": bootstrap.estimate(points.wall(*one)),
                   "many": bootstrap.estimate(points.wall(*many)),
                   "longer": bootstrap.ratio(points.wall(*many), points.wall(*one)),
                   "speedup": bootstrap.ratio(points.wall(*one), points.wall(*many),
                                              float(self.threads)),
                   "busy": summary.statistic.of(points.cpu(*many))
                   / summary.statistic.of(points.wall(*many))}
            if points.has(*processes):
                row["ceiling"] = bootstrap.ratio(points.wall(*one), points.wall(*processes),
                                                 float(self.threads))
                row["processes"] = bootstrap.ratio(points.wall(*processes), points.wall(*one))
            if points.has(*base) and strategy != summary.baseline:
                row["wall"] = bootstrap.ratio(points.wall(*many), points.wall(*base))
                row["cpu"] = bootstrap.ratio(points.cpu(*many), points.cpu(*base))
            self.rows[strategy] = row

    def __bool__(self):
        return bool(self.rows)

    def sentences(self):
        """What was measured here, in the terms of what was published."""
        if not self:
            return []
        base, cores = self.summary.baseline, plural(self.summary.cores, "core")
        against = ["`%s` takes %s the wall time and %s the CPU time" % (
            name, times(row["wall"]), times(row["cpu"]))
            for name, row in self.rows.items() if "wall" in row
            and self.summary.is_free(name) and name not in self.summary.peers]
        result = []
        if against:
            result.append("Measured here, %d threads on %s, against the same threads of `%s`: %s."
                          % (self.threads, cores, base, join(against)))
        alone = ["`%s` %s%s" % (name, times(row["longer"]),
                                " (processes: %s)" % number(row["processes"].value)
                                if "processes" in row else "")
                 for name, row in self.rows.items()]
        result.append("The time of %d threads over that of one alone: %s. On %s, perfect would be "
                      "%s." % (self.threads, join(alone), cores,
                               number(self.threads / min(self.threads, self.summary.cores))))
        return result + self.explanation()

    def explanation(self):
        """Whether the collapse that was published shows here, and why more or less of it."""
        row = self.rows.get("gilectomy")
        if not row:
            return []
        cores = min(self.threads, self.summary.cores)
        shows = row["speedup"].value < 1
        text = ("`gilectomy` shows %s: %d threads together do %s the work of one alone in the same "
                "time. Each call of fib looks its name up in the globals under their lock and counts "
                "the function and its code up and down by atomic instructions; these words are the "
                "same for all threads, so their cache lines go from core to core at every use. "
                % ("the collapse" if shows else "less than the collapse that was published",
                   self.threads, times(row["speedup"])))
        if not shows or cores < PUBLISHED_CORES:
            text += ("How bad that is depends on how many cores want a line at a time: %s here, at "
                     "least %d where the published figures come from; threads that wait for a core "
                     "do not fight. " % (plural(cores, "core"), PUBLISHED_CORES))
        return [text + "`nogil` has no such words: from registers they are not counted, otherwise "
                "each thread counts for itself, and the lookup takes no lock."]

    def as_dict(self):
        return {"threads": self.threads, "strategies": self.rows} if self else None
