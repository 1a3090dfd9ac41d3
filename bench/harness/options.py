# SPDX-License-Identifier: MIT
"""The command line of bench/run. Every mistake ends with one line and exit code 2."""

import argparse
import os
import sys
import time

from . import catalogue
from .catalogue import Invalid

KINDS = ["single", "threads", "shared", "kernels", "fib7", "memory", "startup"]

# The names of stats.STATISTICS: numpy, which that needs, may not be there yet.
STATISTICS = ["median", "least"]

DESCRIPTION = """\
Measures what each way of keeping threads apart costs one thread and gives to many, and writes a
report: index.html, report.md, results.json (readable by pyperf), results.csv.
"""

EPILOG = """\
examples:
  bench/run                                         all of it, in about ten minutes
  bench/run --strategies gil,object --programs fib,nbody --threads 1,2
  bench/run --strategies ladder                     from gil to nogil, one factor a step
  bench/run --no-build --binary mine=/usr/local/bin/python3.13t --programs shared
  bench/run --resume bench/results/2024-01-31-120000
"""


class Parser(argparse.ArgumentParser):
    def error(self, message):
        if message.startswith("unrecognized arguments"):
            options = [action.option_strings[-1] for action in self._actions]
            message += "; valid are " + " ".join(options)
        sys.stderr.write("bench/run: %s\n" % message)
        sys.exit(2)


def parser():
    parse = Parser(prog="bench/run", description=DESCRIPTION, epilog=EPILOG, allow_abbrev=False,
                   formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parse.add_argument
    pace = parse.add_mutually_exclusive_group()
    pace.add_argument("--quick", action="store_true",
                      help="short runs, about 10 minutes on 2 cores (the default)")
    pace.add_argument("--full", action="store_true", help="long runs and many launches: hours")
    add("--strategies", metavar="A,B", help="strategies to measure, or groups of them: all, "
        "ladder, mutexes, default (%s); --list names their members; the first one, or gil if it is "
        "there, is the baseline"
        % ", ".join(catalogue.strategy_groups(catalogue.presets())["default"]))
    add("--programs", metavar="A,B", default="all",
        help="programs, or the groups all, single, shared, kernels, memory (default: all)")
    add("--measure", metavar="A,B", help="what to measure: %s (default: all of them)"
        % ", ".join(KINDS))
    add("--threads", metavar="N,N", help="thread counts (default: 1, 2, 4, … to twice the cores)")
    add("--peers", metavar="A,B", help="other interpreters to measure beside: commands on PATH, or "
        "NAME=PATH (default: python3.11 where installed, with one thread only); `none` for none")
    add("--binary", metavar="NAME=PATH", action="append", default=[],
        help="measure this binary as the strategy NAME instead of build/NAME/locksmith; it can be "
        "any Python; may be repeated")
    add("--budget", metavar="MINUTES", type=float,
        help="plan as many launches as fit (default: 10 with --quick, 240 with --full, twice "
        "that with --statistic least, and a fifth more for each strategy beyond five)")
    add("--output", metavar="DIR", help="where the results go (default: bench/results/<time>)")
    add("--statistic", metavar="S", help="what of the iterations and launches of a point is its "
        "value: median (the default), or least, for machines that others disturb; measuring "
        "for the least makes more iterations")
    add("--resume", metavar="DIR", help="go on with an interrupted run; only --budget and "
        "--statistic (of the report) may be given")
    add("--report", metavar="DIR", help="write the report of finished measurements anew, and stop; "
        "with --statistic if another is wanted, with --output into another directory")
    add("--no-build", action="store_true", help="take the binaries as they are; install nothing")
    add("--no-pgo", action="store_true", help="build without profile-guided optimisation")
    add("--seed", type=int, default=1, help="seed of the random order, of the programs' hash "
        "randomisation and of the bootstrap (default: 1)")
    add("--list", action="store_true", help="list programs and strategies, and stop")
    return parse


def positive_numbers(text, name):
    try:
        values = sorted({int(item) for item in catalogue.split(text)})
    except ValueError:
        values = []
    if not values or values[0] < 1 or values[-1] > 1024:
        raise Invalid("%s %s: it takes numbers from 1 to 1024, as 1,2,4" % (name, text))
    return values


def default_threads(cores):
    counts = [1]
    while counts[-1] * 2 <= 2 * cores:
        counts.append(counts[-1] * 2)
    return sorted(set(counts + [cores]))


def read(arguments, cores):
    """The options, checked and worked out; raises Invalid. Exits for --help and malformed ones."""
    options = parser().parse_args(arguments)
    if options.budget is not None and not 0 < options.budget < 1e6:
        raise Invalid("--budget %s: it takes a number of minutes above 0" % options.budget)
    if options.statistic is not None and options.statistic not in STATISTICS:
        raise Invalid("unknown statistic %r; valid are %s" % (options.statistic,
                                                              ", ".join(STATISTICS)))
    for name, others in (("resume", {"--budget"}), ("report", {"--budget", "--output"})):
        folder = getattr(options, name)
        if folder is not None:
            given = {item.split("=")[0] for item in arguments if item.startswith("--")}
            extra = sorted(given - {"--" + name, "--statistic"} - others)
            if extra:
                raise Invalid("--%s takes all else from the directory; %s cannot be given with it"
                              % (name, extra[0]))
            if not os.path.isfile(os.path.join(folder, "raw.jsonl")):
                raise Invalid("--%s %s: there are no measurements (raw.jsonl) in it"
                              % (name, folder))
            if options.output is not None and not same_folder(options.output, folder):
                check_output(options.output, "")
            return options
    options.statistic = options.statistic or "median"
    known = catalogue.programs()
    options.known = known
    options.binaries = dict(catalogue.parse_binary(text) for text in options.binary)
    options.preset_names = catalogue.presets()
    options.strategies = catalogue.choose_strategies(options.strategies, options.binaries,
                                                     options.preset_names)
    options.programs = catalogue.choose_programs(options.programs, known)
    options.threads = (positive_numbers(options.threads, "--threads") if options.threads
                       else default_threads(cores))
    options.kinds = list(KINDS)
    if options.measure is not None:
        options.kinds = catalogue.split(options.measure)
        for kind in options.kinds:
            if kind not in KINDS:
                raise Invalid("unknown measurement %r; valid are %s" % (kind, ", ".join(KINDS)))
        if not options.kinds:
            raise Invalid("--measure needs at least one of %s" % ", ".join(KINDS))
    options.peers_everywhere = options.peers is not None
    if options.peers is not None:
        options.peers = catalogue.choose_peers(options.peers)
    else:
        found = catalogue.executable("/usr/bin/python3.11")
        options.peers = {"python3.11": found} if found else {}
    for name in options.peers:
        if name in options.strategies:
            raise Invalid("peer %r has the name of a strategy; call it otherwise with NAME=PATH"
                          % name)
    if options.output is None:
        options.output = os.path.join(catalogue.BENCH, "results",
                                      time.strftime("%Y-%m-%d-%H%M%S"))
    else:
        check_output(options.output, " use --resume %s, or" % options.output)
    return options


def same_folder(one, other):
    return os.path.realpath(one) == os.path.realpath(other)


def check_output(folder, instead):
    if os.path.exists(os.path.join(folder, "raw.jsonl")):
        raise Invalid("--output %s: it holds measurements already;%s take another directory"
                      % (folder, instead))
    if os.path.exists(folder) and not os.path.isdir(folder):
        raise Invalid("--output %s: it is no directory" % folder)
