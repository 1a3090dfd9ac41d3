# SPDX-License-Identifier: MIT
"""Which launches are made, in which order, and how many of them fit into the time.

A unit is one thing to measure (kind, program, threads) under all strategies. One round of a unit
launches every strategy once, in random order: what drifts on the machine drifts for all of them.
The first round of all units is the pilot. It counts, and it tells what the rest will cost.
"""

import math
import random

from . import catalogue

# Families of units; each has its own number of rounds.
ONE_THREAD, UP_TO_CORES, BEYOND, APART = range(4)

# The default budget is meant for this many strategies; more of them get more time.
STRATEGIES_IN_BUDGET = 5


class Pace:
    """How long and how often: --quick or --full, and more iterations for the least of them."""

    def __init__(self, full, statistic="median"):
        self.full = full
        self.budget = 240.0 if full else 10.0
        # Iterations of each launch: warm-ups that are dropped, then those that count.
        self.single = (2, 5) if full else (1, 2)
        self.scaling = (1, 3) if full else (1, 1)
        if statistic == "least":
            # The more there are, the likelier is one that nobody has disturbed.
            self.budget *= 2.0
            self.single = (2, 15) if full else (1, 10)
            self.scaling = (1, 6) if full else (1, 3)
        self.memory = (0, 1)
        # Seven threads take long enough to hide that the first call specialises the code.
        self.fixed = (1, 3) if full else (0, 1)
        self.startups = 10 if full else 5
        # Once a launch has taken this many seconds, it does not begin another iteration.
        self.limit = 20.0 if full else 2.0
        self.timeout = 900.0 if full else 120.0
        self.expected = 1.0 if full else 0.08
        # Several threads, or processes: seconds that an iteration should take at least, by calling
        # the program more than once. The system may leave two threads that are woken at one moment
        # on one core for some milliseconds, with the other core idle; that must not count.
        self.least = 0.04
        # Rounds for one thread, for threads up to the number of cores, for more than that, and for
        # the kernels and fib7. The first four are made whatever they cost, the following as far as
        # the time allows.
        if full:
            self.levels = [(6, 3, 3, 6), (10, 5, 3, 6), (10, 6, 5, 8), (15, 8, 5, 10),
                           (20, 10, 8, 12), (30, 15, 10, 20)]
        else:
            self.levels = [(3, 2, 1, 3), (3, 3, 1, 3), (4, 3, 1, 3), (4, 3, 2, 3), (6, 4, 2, 4),
                           (6, 6, 3, 6), (8, 8, 4, 8), (12, 10, 6, 12)]

    def default_budget(self, strategies):
        """Minutes: as many for each strategy as the usual ones get."""
        return self.budget * max(1.0, strategies / STRATEGIES_IN_BUDGET)

    def repeat(self, kind, walls):
        """How often an iteration of this kind calls a program that takes one thread `walls`."""
        if kind not in ("threads", "processes") or not walls:
            return 1
        return max(1, math.ceil(self.least / max(min(walls), 1e-6)))

    def iterations(self, kind):
        if kind == "memory":
            return self.memory
        if kind.startswith("fib7"):
            return self.fixed
        return self.single if kind == "single" else self.scaling


class Unit:
    def __init__(self, kind, program, threads, participants, family=0):
        self.kind = kind
        self.family = family
        self.program = program
        self.threads = threads
        self.participants = participants
        self.costs = []

    @property
    def key(self):
        return (self.kind, self.program, self.threads)

    def title(self):
        if self.kind == "startup":
            return "start-up"
        if self.kind in ("single", "memory"):
            return "%s (%s)" % (self.program, "one thread" if self.kind == "single" else "memory")
        what = "processes" if is_group(self.kind) else "threads"
        if self.threads == 1:
            what = what[:-1]
        return "%s (%d %s)" % (self.program, self.threads, what)


def is_group(kind):
    """Whether a launch of this kind is several processes, each with one thread."""
    return kind.endswith("processes")


def kernel_threads(many, cores, full):
    """The thread counts the kernels run with beside one: the cores' count, or all up to it."""
    within = [count for count in many if count <= cores]
    return (within if full else within[-1:]) or many[:1]


def units(programs, threads, kinds, strategies, peers, peers_everywhere, cores, full=False):
    """All units for these programs (catalogue.Program objects)."""
    everyone = strategies + peers
    scaling = [name for name in (everyone if peers_everywhere else strategies)
               if name not in catalogue.ONE_THREAD_ONLY]
    family = {count: UP_TO_CORES if count <= cores else BEYOND for count in threads}
    family[1] = UP_TO_CORES
    many = [count for count in threads if count > 1]
    result = []
    if "startup" in kinds:
        result.append(Unit("startup", "startup", 1, everyone))
    for program in programs:
        if program.role == catalogue.KERNEL:
            if "kernels" in kinds:
                counts = kernel_threads(many, cores, full)
                for count in [1] + counts:
                    result.append(Unit("kernel", program.name, count, scaling, APART))
                # No kernel changes what threads share, so processes can do the same work.
                for count in counts:
                    result.append(Unit("kernel-processes", program.name, count, scaling, APART))
            continue
        if program.role == catalogue.FIXED:
            if "fib7" in kinds and many:
                result.append(Unit("fib7", program.name, 1, scaling, APART))
                result.append(Unit("fib7", program.name, program.fixed, scaling, APART))
                result.append(Unit("fib7-processes", program.name, program.fixed, scaling, APART))
            continue
        if program.shared:
            if "shared" in kinds:
                for count in [1] + many:
                    result.append(Unit("shared", program.name, count, scaling, family[count]))
                for count in many:
                    result.append(Unit("shared-processes", program.name, count, scaling,
                                       family[count]))
            continue
        if "single" in kinds or ("threads" in kinds and many):
            result.append(Unit("single", program.name, 1, everyone))
        if program.memory and "memory" in kinds:
            result.append(Unit("memory", program.name, 1, everyone))
        if "threads" in kinds and program.threads:
            for count in many:
                result.append(Unit("threads", program.name, count, scaling, family[count]))
                result.append(Unit("processes", program.name, count, scaling, family[count]))
    return [unit for unit in result if unit.participants]


class Schedule:
    """Says what to launch next and how long everything will still take."""

    def __init__(self, all_units, pace, cores, seed):
        self.units = all_units
        self.pace = pace
        self.cores = cores
        self.seed = seed

    def guess(self, unit):
        """Seconds one round of the unit may take, before anything is known."""
        if unit.kind == "startup":
            return 0.05 * self.pace.startups * len(unit.participants)
        one = self.pace.expected * sum(self.pace.iterations(unit.kind))
        if unit.kind.startswith("kernel"):
            one *= 0.4
        one *= max(1.0, unit.threads / self.cores) if is_group(unit.kind) else unit.threads
        return (one + 0.1 * (unit.threads if is_group(unit.kind) else 1)) * len(unit.participants)

    def calibration(self):
        """Measured cost over guessed cost, of what has been measured."""
        measured = sum(unit.costs[-1] for unit in self.units if unit.costs)
        guessed = sum(self.guess(unit) for unit in self.units if unit.costs)
        return measured / guessed if guessed else 1.0

    def cost(self, unit, calibration):
        if unit.costs:
            return sum(unit.costs) / len(unit.costs)
        return self.guess(unit) * calibration

    def targets(self, spent, budget):
        """The rounds of each family that fit into `budget` seconds in all."""
        calibration = self.calibration()
        chosen = self.pace.levels[0]
        for level in self.pace.levels[1:]:
            if spent + self.remaining(level, calibration) > budget:
                break
            chosen = level
        return chosen

    def remaining(self, targets, calibration=None):
        """Seconds until every unit has had its rounds."""
        if calibration is None:
            calibration = self.calibration()
        return sum(max(0, targets[unit.family] - len(unit.costs)) * self.cost(unit, calibration)
                   for unit in self.units)

    def next_unit(self, targets):
        """The unit whose turn it is: fewest rounds first, in a random order for each round."""
        waiting = [unit for unit in self.units if len(unit.costs) < targets[unit.family]]
        if not waiting:
            return None
        done = min(len(unit.costs) for unit in waiting)
        waiting = [unit for unit in waiting if len(unit.costs) == done]
        # In the pilot one thread comes first: an early interruption leaves a readable report.
        return min(waiting, key=lambda unit: (unit.family if done == 0 else 0,
                                              self.random(done, unit.key).random()))

    def random(self, round_number, key):
        """A source of randomness that a resumed run finds again."""
        return random.Random("%d %d %s" % (self.seed, round_number, key))

    def order(self, unit):
        """The strategies of the unit's next round, shuffled."""
        participants = list(unit.participants)
        self.random(len(unit.costs), unit.key).shuffle(participants)
        return participants

    def hash_seed(self, round_number):
        """The same for all strategies of a round, another one for each round."""
        return random.Random("%d hash %d" % (self.seed, round_number)).randrange(1, 2 ** 32)
