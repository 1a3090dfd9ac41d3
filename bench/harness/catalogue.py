# SPDX-License-Identifier: MIT
"""What there is to measure: the benchmark programs, the strategies' presets, other interpreters."""

import json
import os
import shutil

BENCH = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROOT = os.path.dirname(BENCH)
DRIVER = os.path.join(BENCH, "driver.py")
PROGRAMS = os.path.join(BENCH, "programs")

# The default: from CPython's lock to the finest, each step changing one thing.
LADDER = ["gil", "gil-atomic", "gilectomy", "object"]

# Presets that are a strategy compiled in another way, not a strategy of their own.
VARIANT_PREFIXES = ("debug-", "asan-", "tsan-", "ubsan-", "pgo-")

# Strategies in which one thread at a time runs bytecode, when the binary itself does not say so.
GIL_STRATEGIES = {"gil", "gil-atomic", "gil-ticks", "unsafe"}


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
        needed = ("setup", "work", "check") if self.shared else ("run", "check")
        missing = [name for name in needed if not callable(namespace.get(name))]
        if missing:
            raise Invalid("%s defines no %s()" % (path, missing[0]))

    def size(self, full):
        return self.full if full else self.quick


def programs(folder=PROGRAMS):
    """All programs by name, in alphabetical order, those on shared state last."""
    found = [Program(os.path.join(folder, name)) for name in sorted(os.listdir(folder))
             if name.endswith(".py") and not name.startswith("_")]
    found.sort(key=lambda program: (program.shared, program.name))
    return {program.name: program for program in found}


def groups(known):
    """Names that stand for several programs."""
    return {
        "all": list(known),
        "single": [name for name, program in known.items() if not program.shared],
        "shared": [name for name, program in known.items() if program.shared],
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


def presets(root=ROOT):
    """The strategies that CMakePresets.json defines."""
    try:
        with open(os.path.join(root, "CMakePresets.json"), encoding="utf-8") as file:
            listed = json.load(file).get("configurePresets", [])
    except (OSError, ValueError):
        return list(LADDER)
    names = [preset["name"] for preset in listed if not preset.get("hidden")]
    return [name for name in names if not name.startswith(VARIANT_PREFIXES)]


def choose_strategies(text, binaries, known):
    """The strategies a list names; `all`, `ladder`; without a list the binaries', or the ladder."""
    valid = list(known) + [name for name in binaries if name not in known]
    if text is None:
        return list(binaries) or [name for name in LADDER if name in valid]
    chosen = []
    for name in split(text):
        if name == "all":
            more = valid
        elif name == "ladder":
            more = [step for step in LADDER if step in valid]
        elif name in valid:
            more = [name]
        else:
            raise Invalid("unknown strategy %r; valid are all, ladder, %s"
                          % (name, ", ".join(valid)))
        chosen += [step for step in more if step not in chosen]
    if not chosen:
        raise Invalid("no strategy given; valid are all, ladder, %s" % ", ".join(valid))
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
