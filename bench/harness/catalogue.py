# SPDX-License-Identifier: MIT
"""What there is to measure: the benchmark programs, the strategies' presets, other interpreters."""

import json
import os
import re
import shutil

BENCH = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROOT = os.path.dirname(BENCH)
DRIVER = os.path.join(BENCH, "driver.py")
PROGRAMS = os.path.join(BENCH, "programs")

# The default: the systems people know; nogil as soon as it has a preset.
DEFAULT = ["gil", "gil-atomic", "gilectomy", "object", "nogil"]

# From CPython's lock to PEP 703 and past it: each step changes one factor (tests/harness checks that).
LADDER = ["gil", "gil-mortal", "gil-mortal-atomic", "gilectomy", "object-immortal",
          "object-locks", "object-biased", "pep703", "pep703-private", "nogil"]

# Every strategy that stands for a system, not for a step between two.
SYSTEMS = ["gil", "gil-ticks", "gil-atomic", "gilectomy", "object", "pep703", "nogil", "deferred",
           "tracing", "stm", "unsafe"]

# What the mutexes are compared under: `object-locks`, in which every use of an object takes its mutex,
# and the presets that differ from it in this alone.
MUTEX_BASE = "object-locks"
MUTEX_FACTOR = "LOCKSMITH_MUTEX"

# Presets that are a strategy compiled in another way, not a strategy of their own.
VARIANT_PREFIXES = ("debug-", "asan-", "tsan-", "ubsan-", "pgo-")

# Strategies in which one thread at a time runs bytecode, when the binary itself does not say so.
GIL_STRATEGIES = {"gil", "gil-atomic", "gil-ticks", "gil-mortal", "gil-mortal-atomic", "unsafe"}

# Strategies that free nothing and are measured with one thread only.
ONE_THREAD_ONLY = {"unsafe"}

# What a program is measured as: one of the programs the summaries are about, a kernel, or fib7.
MAIN, KERNEL, FIXED = "main", "kernel", "fixed"

# What threads do on one object grows in step with the size. --quick measures so many times
# SIZE_QUICK, that is some 30 ms and more: with less, what would be measured is where the system
# puts threads that are woken at one moment (plan.Pace.least says the same of other programs).
QUICK_TIMES = {MAIN: 4, KERNEL: 6, FIXED: 1}


class Invalid(Exception):
    """A name or a value the user gave is wrong; the text says what and what would be right."""


class Program:
    """One file of bench/programs, and what its module-level names say about it."""

    def __init__(self, path):
        self.path = path
        self.name = os.path.basename(path)[:-3]
        namespace = {"__name__": "benchmark_program", "__file__": path}
        with open(path, encoding="utf-8") as file:
            exec(compile(file.read(), path, "exec"), namespace)
        self.text = (namespace.get("__doc__") or "").strip()
        self.summary = " ".join(self.text.split("\n\n")[0].split())
        self.shared = "work" in namespace
        self.quick = namespace["SIZE_QUICK"]
        self.full = namespace["SIZE_FULL"]
        self.memory = namespace["SIZE_MEMORY"] if namespace.get("MEMORY") else None
        self.threads = namespace.get("THREADS", True)
        self.fixed = namespace.get("FIXED_THREADS")
        self.role = (FIXED if self.fixed else
                     KERNEL if self.name.startswith("kernel_") else MAIN)
        needed = ("setup", "work", "check") if self.shared else ("run", "check")
        missing = [name for name in needed if not callable(namespace.get(name))]
        if missing:
            raise Invalid("%s defines no %s()" % (path, missing[0]))

    def size(self, full):
        """The size that is measured; SIZE_QUICK is that of training and tests, too."""
        if full or not self.shared:
            return self.full if full else self.quick
        return self.quick * QUICK_TIMES[self.role]


def programs(folder=PROGRAMS):
    """All programs by name, in alphabetical order: alone, on shared state, kernels, fixed."""
    found = [Program(os.path.join(folder, name)) for name in sorted(os.listdir(folder))
             if name.endswith(".py") and not name.startswith("_")]
    roles = [MAIN, KERNEL, FIXED]
    found.sort(key=lambda program: (roles.index(program.role), program.shared, program.name))
    return {program.name: program for program in found}


def groups(known):
    """Names that stand for several programs."""
    return {
        "all": list(known),
        "single": [name for name, program in known.items() if not program.shared],
        "shared": [name for name, program in known.items()
                   if program.shared and program.role == MAIN],
        "kernels": [name for name, program in known.items() if program.role == KERNEL],
        "memory": [name for name, program in known.items() if program.memory],
    }


def choose_programs(text, known):
    """The programs that a list such as "fib,shared" names, in the catalogue's order."""
    by_group = groups(known)
    chosen = set()
    for name in split(text):
        if name in by_group:
            chosen.update(by_group[name])
        elif name in known:
            chosen.add(name)
        else:
            raise Invalid("unknown program %r; valid are the groups %s and the programs %s"
                          % (name, ", ".join(by_group), ", ".join(known)))
    if not chosen:
        raise Invalid("no program given; valid are the groups %s and the programs %s"
                      % (", ".join(by_group), ", ".join(known)))
    return [name for name in known if name in chosen]


def read_presets(root):
    """The configure presets of CMakePresets.json by name, in its order."""
    with open(os.path.join(root, "CMakePresets.json"), encoding="utf-8") as file:
        return {preset["name"]: preset for preset in json.load(file).get("configurePresets", [])}


def presets(root=ROOT):
    """The strategies that CMakePresets.json defines."""
    try:
        listed = read_presets(root)
    except (OSError, ValueError):
        return list(DEFAULT)
    return [name for name, preset in listed.items()
            if not preset.get("hidden") and not name.startswith(VARIANT_PREFIXES)]


def factors(root=ROOT):
    """{strategy: {factor: value}} as CMakePresets.json sets them, the defaults filled in.

    The defaults come from CMakeLists.txt, whose locksmith_factor() lines name every factor.
    """
    try:
        listed = read_presets(root)
        with open(os.path.join(root, "CMakeLists.txt"), encoding="utf-8") as file:
            defaults = dict(re.findall(r"^locksmith_factor\((\w+) (\w+)", file.read(), re.M))
    except (OSError, ValueError):
        return {}

    def resolved(name):
        parents = listed[name].get("inherits", [])
        values = {}
        # The first parent that sets a variable wins, and the preset itself over all of them.
        for parent in reversed([parents] if isinstance(parents, str) else parents):
            values.update(resolved(parent))
        values.update(listed[name].get("cacheVariables", {}))
        return values

    result = {}
    for name in presets(root):
        values = resolved(name)
        result[name] = {factor: values.get(factor, default)
                        for factor, default in defaults.items()}
    return result


def changes(before, after):
    """[(factor, from, to)] between two dicts of factors."""
    return [(factor, before.get(factor), after.get(factor))
            for factor in dict.fromkeys(list(before) + list(after))
            if before.get(factor) != after.get(factor)]


def mutexes(known_factors):
    """The strategies that differ from MUTEX_BASE in the mutex alone, that one first."""
    base = known_factors.get(MUTEX_BASE)
    if not base:
        return []
    others = [name for name, values in known_factors.items()
              if [change[0] for change in changes(base, values)] == [MUTEX_FACTOR]]
    return [MUTEX_BASE] + others


def strategy_groups(known, root=ROOT):
    """Names that stand for several strategies: only those that have a preset."""
    same_but_mutex = [name for name in mutexes(factors(root)) if name in known]
    return {
        "default": [name for name in DEFAULT if name in known],
        "all": [name for name in SYSTEMS if name in known],
        "ladder": [name for name in LADDER if name in known],
        "mutexes": same_but_mutex or [name for name in known if name == MUTEX_BASE],
    }


def choose_strategies(text, binaries, known):
    """The strategies a list of names and groups means; without one the binaries, or the default."""
    valid = list(known) + [name for name in binaries if name not in known]
    by_group = strategy_groups(valid)
    if text is None:
        return list(binaries) or by_group["default"]
    hint = "valid are the groups %s and the strategies %s" % (", ".join(by_group), ", ".join(valid))
    chosen = []
    for name in split(text):
        if name not in by_group and name not in valid:
            raise Invalid("unknown strategy %r; %s" % (name, hint))
        for member in by_group.get(name) or [name]:
            if member not in chosen:
                chosen.append(member)
    if not chosen:
        raise Invalid("no strategy given; %s" % hint)
    return chosen


def executable(path):
    """The absolute path of a program that can be run, or None."""
    found = shutil.which(path)
    return os.path.abspath(found) if found else None


def parse_binary(text):
    name, equals, path = text.partition("=")
    if not equals or not name or not path:
        raise Invalid("--binary %s: it takes NAME=PATH" % text)
    found = executable(path)
    if not found:
        raise Invalid("--binary %s: %s is not an executable file" % (text, path))
    return name, found


def choose_peers(text):
    """Other interpreters as {name: path} from "python3.11,name=/path/to/one"."""
    peers = {}
    for item in split(text):
        if item == "none":
            continue
        name, equals, path = item.partition("=")
        found = executable(path if equals else item)
        if not found:
            raise Invalid("peer %r is not an executable on PATH; a peer is a command, a path, "
                          "NAME=PATH, or none" % item)
        peers[name if equals else os.path.basename(item)] = found
    return peers


def split(text):
    return [item.strip() for item in text.split(",") if item.strip()]
