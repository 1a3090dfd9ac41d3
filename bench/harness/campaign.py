# SPDX-License-Identifier: MIT
"""Makes the launches and keeps them: an append-only file, so that nothing finished is ever lost.

raw.jsonl holds one JSON object a line. The first describes the campaign (options, binaries,
programs, machine), each later one is a launch, or times of the reference loop (reference.py; not in
old files). A half-written last line is ignored on resuming.
"""

import contextlib
import hashlib
import json
import os
import signal
import sys
import time

from . import catalogue, launch, machine, plan, reference
from .catalogue import Invalid

RAW = "raw.jsonl"
FAILURES_ALLOWED = 2


class Interrupted(Exception):
    """Ctrl-C or a signal that asks to end."""


def fingerprint(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def describe_binary(path):
    info = machine.build_info(path)
    version = machine.output([path, "-c", "import sys; print(sys.version.split()[0])"])
    return {"path": path, "sha256": fingerprint(path), "size": os.path.getsize(path),
            "build_info": info, "version": version}


def begin(options, binaries, command_line):
    """Creates the folder and the raw file; returns the header."""
    full = options.full
    header = {
        "type": "campaign",
        "format": 1,
        "started": time.strftime("%Y-%m-%d %H:%M:%S"),
        "command": ["bench/run"] + command_line,
        "full": full,
        "statistic": options.statistic,
        "budget": options.budget or plan.Pace(full, options.statistic).default_budget(
            len(options.strategies)),
        "seed": options.seed,
        "threads": options.threads,
        "kinds": options.kinds,
        "strategies": options.strategies,
        "peers": list(options.peers),
        "peers_everywhere": options.peers_everywhere,
        "programs": {name: {"size": options.known[name].size(full),
                            "memory": options.known[name].memory,
                            "shared": options.known[name].shared,
                            "threads": options.known[name].threads,
                            "role": options.known[name].role,
                            "fixed": options.known[name].fixed,
                            "summary": options.known[name].summary}
                     for name in options.programs},
        "binaries": {name: describe_binary(path) for name, path in binaries.items()},
        "machine": machine.describe(),
        "revision": machine.revision(catalogue.ROOT),
    }
    os.makedirs(options.output, exist_ok=True)
    append(options.output, header)
    return header


def append(folder, record):
    """Adds one line; it is on its way to the disk when this returns."""
    with open(os.path.join(folder, RAW), "a", encoding="utf-8") as file:
        file.write(json.dumps(record, ensure_ascii=True) + "\n")
        file.flush()
        os.fsync(file.fileno())


def load(folder):
    """(header, launches, references) of a raw file."""
    path = os.path.join(folder, RAW)
    header = None
    launches = []
    references = []
    with open(path, "rb") as file:
        text = file.read()
    if text and not text.endswith(b"\n"):
        # The last line was cut off: what is appended must not be glued to it.
        text = text[:text.rfind(b"\n") + 1]
        with open(path, "r+b") as file:
            file.truncate(len(text))
    for line in text.splitlines():
        try:
            record = json.loads(line)
        except ValueError:
            continue
        if record.get("type") == "campaign":
            header = record
        elif record.get("type") == "launch":
            launches.append(record)
        elif record.get("type") == "reference":
            references.append(record)
    if header is None:
        raise Invalid("%s does not begin with a description of the campaign" % path)
    return header, launches, references


class Stored:
    """A program as the header describes it: enough to make the units again."""

    def __init__(self, name, facts):
        self.name = name
        self.shared = facts["shared"]
        self.memory = facts["memory"]
        self.threads = facts["threads"]
        # Measurements of before there were kernels do not have these.
        self.role = facts.get("role", catalogue.MAIN)
        self.fixed = facts.get("fixed")


class Campaign:
    def __init__(self, folder, header, launches, progress, references=()):
        self.folder = folder
        self.header = header
        self.launches = launches
        self.references = list(references)
        self.progress = progress
        # Measurements of before there was a choice have no statistic.
        self.pace = plan.Pace(header["full"], header.get("statistic", "median"))
        self.cores = header["machine"]["cpu_count"]
        all_units = plan.units([Stored(name, facts) for name, facts in header["programs"].items()],
                               header["threads"], header["kinds"], header["strategies"],
                               header["peers"], header["peers_everywhere"],
                               self.cores, header["full"])
        self.schedule = plan.Schedule(all_units, self.pace, self.cores, header["seed"])
        self.done = {}
        self.failures = {}
        self.alone = {}  # program: the times of one thread in the pilot, under all strategies
        for record in launches:
            self.note(record)
        self.spent = sum(record["elapsed"] for record in launches)
        for unit in all_units:
            number = 0
            while all((unit.key, name, number) in self.done for name in unit.participants):
                unit.costs.append(sum(self.done[unit.key, name, number]
                                      for name in unit.participants))
                number += 1

    def note(self, record):
        key = (record["kind"], record["program"], record["threads"])
        self.done[key, record["strategy"], record["round"]] = record["elapsed"]
        if record["kind"] == "single" and record["round"] == 0:
            self.alone.setdefault(record["program"], []).extend(record["wall"])
        if record["error"]:
            name = (key, record["strategy"])
            self.failures[name] = self.failures.get(name, 0) + 1

    def check_binaries(self):
        for name, facts in self.header["binaries"].items():
            if not os.path.exists(facts["path"]) or fingerprint(facts["path"]) != facts["sha256"]:
                raise Invalid("the binary of %s, %s, is not the one the measurements began with; "
                              "start anew" % (name, facts["path"]))

    def run(self, budget):
        """Launches until the plan is done. Raises Interrupted; what is finished is then kept."""
        told = False
        self.watch = reference.Watch()
        handlers = {number: signal.signal(number, interrupt)
                    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
        try:
            while True:
                targets = self.schedule.targets(self.spent, budget * 60.0)
                unit = self.schedule.next_unit(targets)
                if unit is None:
                    break
                needed = self.spent + self.schedule.remaining(self.pace.levels[0])
                if not told and min(len(other.costs) for other in self.schedule.units) > 0:
                    told = True
                    if needed > 1.1 * 60.0 * budget:
                        self.progress.say("the fewest launches that say anything take %s in all, "
                                          "more than the budget of %g minutes; fewer programs, "
                                          "strategies or threads take less"
                                          % (duration(needed), budget))
                self.run_round(unit, targets)
        finally:
            launch.kill_all()
            for number, handler in handlers.items():
                signal.signal(number, handler)
        self.progress.end()

    def is_complete(self):
        """Whether every point has at least the rounds that are made at any cost."""
        return self.schedule.next_unit(self.pace.levels[0]) is None

    def run_round(self, unit, targets):
        number = len(unit.costs)
        cost = 0.0
        for name in self.schedule.order(unit):
            known = self.done.get((unit.key, name, number))
            if known is not None:
                cost += known
                continue
            left = max(0.0, self.schedule.remaining(targets) - cost)
            self.progress.show(self.spent, left, number + 1, targets[unit.family],
                               unit.title(), name)
            if self.failures.get((unit.key, name), 0) >= FAILURES_ALLOWED:
                continue
            self.look()
            record = self.launch(unit, name, number)
            append(self.folder, record)
            self.launches.append(record)
            self.note(record)
            self.spent += record["elapsed"]
            cost += record["elapsed"]
            if record["error"]:
                self.progress.say("%s under %s failed: %s" % (unit.title(), name, record["error"]))
        unit.costs.append(cost)

    def look(self):
        """Times the reference loop if it is time for that, and keeps the times."""
        record = self.watch.look()
        if record:
            append(self.folder, record)
            self.references.append(record)

    def launch(self, unit, name, number):
        """One launch of a round. What has one thread stays on one processor, the next round on the
        next: processors of one machine can differ much, and all strategies are to meet the same."""
        alone = unit.threads == 1 or unit.kind == "startup"
        with launch.on_processor(number) if alone else contextlib.nullcontext():
            return self.launch_anywhere(unit, name, number)

    def launch_anywhere(self, unit, name, number):
        binary = self.header["binaries"][name]["path"]
        hash_seed = self.schedule.hash_seed(number)
        warmups, iterations = self.pace.iterations(unit.kind)
        record = {"type": "launch", "kind": unit.kind, "program": unit.program,
                  "threads": unit.threads, "strategy": name, "round": number,
                  "date": time.strftime("%Y-%m-%d %H:%M:%S")}
        if unit.kind == "startup":
            command = [binary, "-c", "pass"]
            if name in self.header["peers"]:
                command.insert(1, "-I")
            record.update(launch.run_startup(command, hash_seed, self.pace.startups,
                                             self.pace.timeout))
            return record
        facts = self.header["programs"][unit.program]
        size = facts["memory"] if unit.kind == "memory" else facts["size"]
        group = plan.is_group(unit.kind)
        mode = {"memory": "single", "processes": "single", "shared-processes": "shared",
                "kernel": "shared", "kernel-processes": "shared", "fib7": "shared",
                "fib7-processes": "shared"}.get(unit.kind, unit.kind)
        # The pilot measures one thread first, so this is the same in all launches of the unit.
        repeat = self.pace.repeat(unit.kind, self.alone.get(unit.program))
        record["repeat"] = repeat
        command = launch.driver_command(binary, unit.program, size, mode,
                                        1 if group else unit.threads, warmups, iterations,
                                        0.0 if group else self.pace.limit, group, repeat)
        if group:
            record.update(launch.run_group(command, unit.threads, hash_seed, self.pace.timeout,
                                           warmups, iterations))
        else:
            record.update(launch.run_one(command, hash_seed, self.pace.timeout))
        launch.divide(record, repeat)
        return record


def interrupt(number, frame):
    raise Interrupted(signal.Signals(number).name)


class Progress:
    """One line that says where the run is and how long it will still take."""

    def __init__(self, stream=None):
        self.stream = stream or sys.stderr
        self.terminal = self.stream.isatty()
        self.last = 0.0
        self.width = 0

    def show(self, spent, left, number, rounds, title, strategy):
        now = time.monotonic()
        if not self.terminal and now - self.last < 10.0:
            return
        self.last = now
        share = 100.0 * spent / (spent + left) if spent + left else 100.0
        text = "[%3d %%] round %d of %d: %s, %s; %s left" % (share, number, rounds, title, strategy,
                                                         duration(left))
        if self.terminal:
            self.stream.write("\r" + text.ljust(self.width))
            self.width = len(text)
        else:
            self.stream.write(text + "\n")
        self.stream.flush()

    def say(self, text):
        self.stream.write(("\r" + " " * self.width + "\r" if self.terminal else "") + text + "\n")
        self.stream.flush()

    def end(self):
        if self.terminal:
            self.stream.write("\r" + " " * self.width + "\r")
            self.stream.flush()


def duration(seconds):
    seconds = int(round(seconds))
    if seconds < 60:
        return "%d s" % seconds
    if seconds < 3600:
        return "%d min %02d s" % (seconds // 60, seconds % 60)
    return "%d h %02d min" % (seconds // 3600, seconds % 3600 // 60)
