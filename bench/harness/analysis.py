# SPDX-License-Identifier: MIT
"""From launches to answers: slowdowns, speed-ups, ceilings, CPU cost, memory, start-up.

Everything the report says is computed here, once, and kept as Estimates in a Summary; what was not
measured is not in it.
"""

from . import catalogue, machine
from .kernels import Fib7, Kernels
from .ladder import Ladder, Mutexes
from .reference import Disturbance
from .stats import STATISTICS, Bootstrap, Estimate, Median, fit_scalability
from .words import join, plural, times


class Points:
    """The launches that ended well, by what they measured."""

    def __init__(self, launches, statistic):
        self.statistic = statistic
        self.records = {}
        self.failures = {}
        for record in launches:
            key = (record["kind"], record["program"], record["strategy"], record["threads"])
            if record["error"]:
                self.failures.setdefault(key, []).append(record["error"])
            else:
                self.records.setdefault(key, []).append(record)
        for records in self.records.values():
            records.sort(key=lambda record: record["round"])

    def has(self, *key):
        return key in self.records

    def wall(self, *key):
        """One value a launch: the median, or the least, of its iterations."""
        return [self.statistic.of(record["wall"]) for record in self.records[key]]

    def cpu(self, *key):
        return [max(self.statistic.of(record["cpu"]), 1e-9) for record in self.records[key]]

    def peak(self, *key):
        """Megabytes (2**20 bytes), one value a launch."""
        return [record["peak_kb"] / 1024.0 for record in self.records[key]]

    def locks(self, *key):
        """Lock statistics of the point's launches added up, or None."""
        total = {}
        for record in self.records.get(key, ()):
            for name, count in record.get("locks", {}).items():
                total[name] = total.get(name, 0) + count
        return total or None


class Summary:
    """All that was worked out. Dicts by program, strategy, threads; missing means not measured."""

    def __init__(self, header, launches, references=(), statistic="median", seed=None):
        """`references` are the records of the reference loop, none in old measurements."""
        self.header = header
        self.statistic = STATISTICS[statistic]
        self.points = Points(launches, self.statistic)
        self.references = list(references)
        self.disturbance = Disturbance(self.references)
        self.strategies = header["strategies"]
        self.peers = header["peers"]
        self.everyone = self.strategies + self.peers
        roles = {name: facts.get("role", catalogue.MAIN)
                 for name, facts in header["programs"].items()}
        # The kernels and fib7 are evaluated on their own (kernels.py): no summary includes them.
        self.programs = {name: facts for name, facts in header["programs"].items()
                         if roles[name] == catalogue.MAIN}
        self.kernels = [name for name in roles if roles[name] == catalogue.KERNEL]
        self.fixed = [name for name in roles if roles[name] == catalogue.FIXED]
        self.baseline = "gil" if "gil" in self.strategies else self.strategies[0]
        self.cores = header["machine"]["cpu_count"]
        self.threads = sorted(set(header["threads"]) | {1})
        self.many = [count for count in self.threads if count > 1]
        seed = header["seed"] if seed is None else seed
        self.bootstrap = Bootstrap(seed, statistic=self.statistic)
        # Whoever disturbs adds time, but no memory.
        self.memory_bootstrap = Bootstrap(seed, statistic=Median)
        self.headline_threads = self._headline_threads()
        self.independent = [name for name, facts in self.programs.items() if not facts["shared"]]
        self.shared = [name for name, facts in self.programs.items() if facts["shared"]]
        self._single()
        self._scaling()
        self._resources()
        self.ladder = Ladder(self)
        self.mutexes = Mutexes(self)
        self.kernel_times = Kernels(self)
        self.fib7 = Fib7(self)
        self.failures = [(key, errors) for key, errors in sorted(self.points.failures.items())]

    # ---- small helpers --------------------------------------------------------------------------

    def _headline_threads(self):
        within = [count for count in self.many if count <= self.cores]
        if within:
            return within[-1]
        return self.many[0] if self.many else None

    def one(self, program, strategy):
        """The key of a program's one-thread measurement."""
        return ("shared" if self.programs[program]["shared"] else "single", program, strategy, 1)

    def many_key(self, program, strategy, threads, processes=False):
        shared = self.programs[program]["shared"]
        if processes:
            return ("shared-processes" if shared else "processes", program, strategy, threads)
        return ("shared" if shared else "threads", program, strategy, threads)

    def is_free(self, strategy):
        """Whether threads of this strategy may run bytecode at the same time."""
        info = self.header["binaries"].get(strategy, {}).get("build_info")
        locking = machine.find(info, "LOCKSMITH_LOCKING")
        if isinstance(locking, str):
            return locking != "gil"
        return strategy not in catalogue.GIL_STRATEGIES

    def factors(self, strategy):
        """What the measured binary was built of, {} if it does not say."""
        found = machine.find(self.header["binaries"].get(strategy, {}).get("build_info"), "factors")
        return found if isinstance(found, dict) else {}

    def launches_range(self):
        counts = [len(records) for records in self.points.records.values()]
        return (min(counts), max(counts)) if counts else (0, 0)

    # ---- one thread -----------------------------------------------------------------------------

    def _single(self):
        points = self.points
        self.times = {}
        self.slowdown = {}
        self.slowdown_mean = {}
        self.slowdown_pairs = {}
        for program in self.programs:
            for strategy in self.everyone:
                key = self.one(program, strategy)
                if points.has(*key):
                    self.times.setdefault(program, {})[strategy] = \
                        self.bootstrap.estimate(points.wall(*key))
        for strategy in self.everyone:
            if strategy == self.baseline:
                continue
            pairs = []
            for program in self.programs:
                above, below = self.one(program, strategy), self.one(program, self.baseline)
                if points.has(*above) and points.has(*below):
                    pair = (points.wall(*above), points.wall(*below), 1.0)
                    self.slowdown.setdefault(program, {})[strategy] = self.bootstrap.ratio(*pair)
                    if not self.programs[program]["shared"]:
                        pairs.append(pair)
            if pairs:
                self.slowdown_mean[strategy] = self.bootstrap.geometric(pairs)
        # The other way round for peers: how many times as fast as them the baseline is.
        self.speed = {}
        self.speed_mean = {}
        for peer in self.peers:
            pairs = []
            for program in self.independent:
                above, below = self.one(program, peer), self.one(program, self.baseline)
                if points.has(*above) and points.has(*below):
                    pair = (points.wall(*above), points.wall(*below), 1.0)
                    self.speed.setdefault(program, {})[peer] = self.bootstrap.ratio(*pair)
                    pairs.append(pair)
            if pairs:
                self.speed_mean[peer] = self.bootstrap.geometric(pairs)
        self.startup = {}
        for strategy in self.everyone:
            if points.has("startup", "startup", strategy, 1):
                self.startup[strategy] = self.bootstrap.estimate(
                    points.wall("startup", "startup", strategy, 1))

    # ---- many threads ---------------------------------------------------------------------------

    def _scaling(self):
        points = self.points
        self.speedup = {}
        self.ceiling = {}
        self.gain = {}
        self.cpu_cost = {}
        self.busy = {}
        self.speedup_middle = {}
        self.ceiling_middle = {}
        self.gain_middle = {}
        self.cpu_cost_mean = {}
        self.scalability = {}
        for strategy in self.everyone:
            for threads in self.threads:
                collected = {"speedup": [], "ceiling": [], "gain": [], "cpu": []}
                for program in self.programs:
                    self._scaling_point(program, strategy, threads, collected)
                for name, target, summary in (
                        ("speedup", self.speedup_middle, self.bootstrap.middle),
                        ("ceiling", self.ceiling_middle, self.bootstrap.middle),
                        ("gain", self.gain_middle, self.bootstrap.middle),
                        ("cpu", self.cpu_cost_mean, self.bootstrap.geometric)):
                    if collected[name]:
                        target.setdefault(strategy, {})[threads] = summary(collected[name])
            for program in self.programs:
                curve = self.speedup.get(program, {}).get(strategy, {})
                counts = [count for count in curve if count <= self.cores]
                fit = fit_scalability(counts, [curve[count].value for count in counts])
                if fit:
                    self.scalability.setdefault(program, {})[strategy] = fit

    def _scaling_point(self, program, strategy, threads, collected):
        points = self.points
        independent = not self.programs[program]["shared"]
        one = self.one(program, strategy)
        base = self.one(program, self.baseline)
        key = one if threads == 1 else self.many_key(program, strategy, threads)
        if points.has(*key):
            wall, cpu = points.wall(*key), points.cpu(*key)
            if points.has(*one):
                pair = (points.wall(*one), wall, float(threads))
                if threads == 1:
                    self._put(self.speedup, program, strategy, 1,
                              Estimate(1.0, 1.0, 1.0, len(wall)))
                else:
                    self._put(self.speedup, program, strategy, threads,
                              self.bootstrap.ratio(*pair))
                    if independent:
                        collected["speedup"].append(pair)
            if points.has(*base):
                pair = (points.wall(*base), wall, float(threads))
                self._put(self.gain, program, strategy, threads, self.bootstrap.ratio(*pair))
                if independent:
                    collected["gain"].append(pair)
                pair = (cpu, points.cpu(*base), 1.0 / threads)
                self._put(self.cpu_cost, program, strategy, threads, self.bootstrap.ratio(*pair))
                if independent:
                    collected["cpu"].append(pair)
            of = self.statistic.of
            self._put(self.busy, program, strategy, threads, of(cpu) / of(wall))
        key = self.many_key(program, strategy, threads, processes=True)
        if threads > 1 and points.has(*key) and points.has(*one):
            pair = (points.wall(*one), points.wall(*key), float(threads))
            self._put(self.ceiling, program, strategy, threads, self.bootstrap.ratio(*pair))
            if independent:
                collected["ceiling"].append(pair)

    def _put(self, table, program, strategy, threads, value):
        table.setdefault(program, {}).setdefault(strategy, {})[threads] = value

    # ---- memory ---------------------------------------------------------------------------------

    def _resources(self):
        points = self.points
        self.memory = {}
        self.memory_ratio = {}
        for program in self.programs:
            for strategy in self.everyone:
                key = ("memory", program, strategy, 1)
                if not points.has(*key):
                    continue
                self.memory.setdefault(program, {})[strategy] = \
                    self.memory_bootstrap.estimate(points.peak(*key))
                base = ("memory", program, self.baseline, 1)
                if points.has(*base) and strategy != self.baseline:
                    self.memory_ratio.setdefault(program, {})[strategy] = \
                        self.memory_bootstrap.ratio(points.peak(*key), points.peak(*base))

    # ---- in words -------------------------------------------------------------------------------

    def headline(self):
        """Two sentences: what freedom costs one thread, and what it gives many."""
        return self._cost_sentence(), self._gain_sentence()

    def sentences(self):
        """The headline, and what the measured comparisons add to it."""
        return (list(self.headline()) + self.ladder.sentences() + self.mutexes.sentences()
                + self.kernel_times.sentences() + self.fib7.sentences())

    def conditions(self):
        """What the figures are made of, and how disturbed the machine was meanwhile."""
        return ["Times are %s: %s." % (self.statistic.times, self.statistic.meaning)] \
            + self.disturbance.sentences(self.statistic.name)

    def _cost_sentence(self):
        free = [name for name in self.strategies
                if name in self.slowdown_mean and self.is_free(name)]
        if not free:
            return ("What freeing the threads costs one thread was not measured: that takes `gil` "
                    "and a strategy without it, on single-thread programs.")
        parts = []
        for name in free:
            estimate = self.slowdown_mean[name]
            parts.append("`%s` %s%s%s" % (
                name, "" if parts else "takes ", times(estimate),
                "" if parts else " the time of `%s`" % self.baseline))
            if estimate.includes(1.0):
                parts[-1] += " (no measurable difference)"
        count = self.slowdown_mean[free[0]].parts
        over = ("geometric mean of %d programs" % count if count > 1 else
                "measured on one program, %s" % next(
                    name for name in self.independent if name in self.slowdown))
        return "With one thread, %s (%s; %s)." % (join(parts), over, self.statistic.times)

    def _gain_sentence(self):
        threads = self.headline_threads
        chosen = [name for name in self.strategies
                  if threads in self.speedup_middle.get(name, {})]
        if not any(self.is_free(name) for name in chosen):
            return ("What freeing the threads gives to many was not measured on independent "
                    "programs with this selection.")
        parts = ["`%s` %s%s%s" % (name, "" if place else "does ",
                                  times(self.speedup_middle[name][threads]),
                                  "" if place else " the work of its one thread")
                 for place, name in enumerate(chosen)]
        count = self.speedup_middle[chosen[0]][threads].parts
        text = "With %d threads of independent work on %s, %s" % (
            threads, plural(self.cores, "core"), join(parts))
        details = ["median of %s" % plural(count, "program"), self.statistic.times]
        best = max((name for name in chosen if self.is_free(name)),
                   key=lambda name: self.gain_middle.get(name, {}).get(
                       threads, Estimate(0.0)).value)
        ceiling = self.ceiling_middle.get(best, {}).get(threads)
        if ceiling:
            details.append("as many processes of `%s` reach %s" % (best, times(ceiling)))
        text += " (%s)" % "; ".join(details)
        gain = self.gain_middle.get(best, {}).get(threads)
        if gain:
            text += ", so that `%s` does %s the work of one thread of `%s`" % (
                best, times(gain), self.baseline)
        return text + "."

    def why(self, program, strategy, threads):
        """What the CPU time says about a program's scaling, or None if it was not measured."""
        speedup = self.speedup.get(program, {}).get(strategy, {}).get(threads)
        busy = self.busy.get(program, {}).get(strategy, {}).get(threads)
        one, key = self.one(program, strategy), self.many_key(program, strategy, threads)
        if speedup is None or busy is None or threads == 1:
            return None
        of = self.statistic.of
        cost = of(self.points.cpu(*key)) / threads / of(self.points.cpu(*one))
        text = "%d threads kept %.2f cores busy and did %s the work of one; " % (
            threads, busy, times(speedup))
        text += "a unit of work cost %.2f times the CPU time it costs one thread alone. " % cost
        usable = min(threads, self.cores)
        if busy < 0.75 * usable:
            text += ("The threads waited: for the interpreter's lock, for each other, or for a "
                     "lock of the program.")
        elif cost > 1.25:
            text += ("The cores were busy with more than the work: with atomic operations on "
                     "memory that the other cores write too, or spinning for locks.")
        elif speedup.value < 0.85 * usable:
            text += "Neither waiting nor extra CPU time explains the rest."
        else:
            text += "It scales."
        return text

    def as_dict(self):
        """The numbers for results.json."""
        names = ["times", "slowdown", "slowdown_mean", "speed", "speed_mean", "startup", "speedup",
                 "ceiling", "gain", "cpu_cost", "busy", "speedup_middle", "ceiling_middle",
                 "gain_middle", "cpu_cost_mean", "scalability", "memory", "memory_ratio"]
        result = {name: plain(getattr(self, name)) for name in names}
        result["statistic"] = self.statistic.name
        result["disturbance"] = self.disturbance.as_dict()
        result["baseline"] = self.baseline
        result["headline"] = list(self.headline())
        for name, part in (("ladder", self.ladder), ("mutexes", self.mutexes),
                           ("kernels", self.kernel_times), ("fib7", self.fib7)):
            result[name] = plain(part.as_dict())
        result["sentences"] = self.sentences()
        return result


def plain(value):
    """Estimates anywhere in it as dicts, keys as texts: what JSON can hold."""
    if hasattr(value, "as_dict"):
        return plain(value.as_dict())
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, (tuple, list)) else value
