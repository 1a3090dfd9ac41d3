# SPDX-License-Identifier: MIT
"""The report's sections on the ladder, the mutexes, the kernels and fib7.

Each takes the Report, which has the Summary, the colours and the folder for pictures, and returns
a Section, or None where nothing of the kind was measured.
"""

import re

from . import plots
from .document import Folded, Section, Table, Text, cell, plain_cell, seconds
from .kernels import PUBLISHED, SCALES, short
from .ladder import COSTLY
from .words import number, plural

# What others published about such steps, with the source. Other interpreters, programs and
# machines: an order of magnitude to hold the figures here against, not a target.
PUBLISHED_STEPS = [
    ["immortals", "2 % slower when introduced naively, about neutral after work on it",
     "PEP 683, CPython 3.12"],
    ["counts plain → atomic", "20 % to 23 % slower in a test of 2015; about 30 % in the Gilectomy",
     "https://vstinner.github.io/free-threading-reference-counting.html; "
     "https://tenthousandmeters.com/blog/python-behind-the-scenes-13-the-gil-and-its-effects-on-"
     "python-multithreading/"],
    ["all of `nogil`, one thread", "6 % (Skylake), 5 % (Zen 3) slower than with immortal objects",
     "PEP 703, pyperformance 1.0.6"],
    ["the limit CPython set itself", "at most 15 % slower (pyperformance, geometric mean)",
     "PEP 779"],
]


def ladder(report):
    made = report.summary.ladder
    if not made:
        return None
    s = report.summary
    gained = any(step.gain for step in made.steps)
    blocks = [Text(sentence, "lead") for sentence in made.sentences()]
    blocks.append(Text(
        "From `%s` to `%s`, one factor a step. **Price**: the time of one thread relative to the "
        "step before; below 1 the step saves time. **Gain**: the throughput of %s, each on a copy "
        "of its own, relative to the step before. Both are geometric means over the programs that "
        "every step was measured with (%s), so that the steps multiply to the whole."
        % (made.first, made.last, plural(made.threads, "thread") if made.threads else "the threads",
           plural(len(made.programs), "program"))))
    if made.left_out:
        blocks.append(Text("Left out, because a step lacks them: %s." % ", ".join(made.left_out),
                           "note"))
    jumps = [step for step in made.steps if not step.neighbours]
    if jumps:
        blocks.append(Text("Steps between were not measured before %s: there several factors "
                           "change at once." % ", ".join("`%s`" % step.after for step in jumps),
                           "note"))
    odd = [step for step in made.steps
           if step.neighbours and step.known and len(step.changes) != 1]
    if odd:
        blocks.append(Text("**Not one factor:** by what the binaries say of themselves, %s."
                           % "; ".join("`%s` differs from `%s` in %s" % (
                               step.after, step.before, step.title()) for step in odd), "warning"))
    unlike = different_builds(s, made.rungs)
    if unlike:
        blocks.append(Text("**The binaries were not built alike** (%s): the steps measure that, "
                           "too." % unlike, "warning"))
    panels = [("time of one thread, %s = 1" % made.first, made.total,
               {step.after: step.price for step in made.steps}, "down")]
    if gained:
        panels.append(("throughput of %d threads, one thread of %s = 1" % (
            made.threads, made.first), made.throughput,
            {step.after: step.gain for step in made.steps}, "up"))
    labels = [made.first] + ["%s\n%s" % (step.after, step.title().replace(", ", ",\n").replace(
        " ", "\n", 1)) for step in made.steps]
    blocks.append(report.picture(
        "ladder", plots.waterfall(panels, made.rungs, labels),
        "The ladder: what each factor costs one thread and gives to many"))
    columns = ["step", "factor changed", "price, one thread", "price in all"]
    if gained:
        columns += ["gain, %d threads" % made.threads, "throughput in all"]
    rows = [["`%s`" % made.first, "", "", "1"]
            + (["", plain_cell(made.throughput[made.first])] if gained else [])]
    for step in made.steps:
        row = ["`%s`" % step.after, step.title(), cell(step.price), cell(made.total[step.after])]
        if gained:
            row += [cell(step.gain, True), cell(made.throughput[step.after], True)]
        rows.append(row)
    blocks.append(Table(columns, rows, note="In all: time of one thread, and throughput%s, with "
                        "one thread of `%s` as 1." % (" of %d threads" % made.threads if gained else "",
                                                  made.first)))
    blocks += costly_table(made)
    blocks.append(Folded("Every program, one thread: price of each step", [
        steps_table(made, made.programs, lambda step: step.prices, False,
                    made.totals[made.last], "in all")]))
    several = made.comparison.many + made.comparison.shared
    if several:
        blocks.append(Folded(
            "Every program, %d threads: gain of each step" % made.threads,
            [Text("The programs on shared data (`shared_…`) are in no mean."),
             steps_table(made, several, lambda step: step.gains, True)]))
    blocks.append(Folded("What was published about such steps", [
        Text("Other interpreters, other programs, other machines: to be held against the figures "
             "above with care."),
        Table(["step", "published", "source"], PUBLISHED_STEPS)]))
    return Section("ladder", "The ladder: what each factor costs and gives", blocks)


def different_builds(summary, names):
    """Which facts of the build differ between binaries that should differ in factors alone."""
    facts = []
    for name in ("compiler", "build_type", "sanitizer", "pgo", "flags"):
        values = {str((summary.header["binaries"][strategy].get("build_info") or {}).get(name))
                  for strategy in names}
        # Each build has a folder of its own, where its profile lies.
        values = {re.sub(r"(-fprofile-(?:use|dir))=\S+", r"\1", value) for value in values}
        if len(values) > 1:
            facts.append(name)
    return ", ".join(facts)


def costly_table(made):
    costly = made.costly()
    if not costly:
        return []
    rows = []
    for program in costly:
        step, share = made.culprit(program)
        total = made.totals[made.last][program]
        if step is None:
            rows.append([program, cell(total), "no single step", "", "–", "–"])
            continue
        price = step.prices[program]
        rows.append([program, cell(total), "`%s`" % step.after, step.title(), cell(price),
                     "%.0f %%" % (100.0 * share) + (
                         ", not certain" if price.includes(1.0) or not price.has_interval else "")])
    return [Text("Programs that cost one thread more than %s times under `%s`, and the step that "
                 "added most to each. The share is of all that the steps added (in logarithms); "
                 "what later steps saved is not set against it." % (number(COSTLY), made.last)),
            Table(["program", "in all", "dearest step", "factor changed", "its price", "its share"],
                  rows)]


def steps_table(made, programs, table_of, higher_is_better, totals=None, title=None):
    rows = []
    for program in programs:
        row = [program] + [cell(table_of(step).get(program), higher_is_better)
                           for step in made.steps]
        rows.append(row + ([cell(totals.get(program))] if totals else []))
    return Table(["program"] + ["%s (%s)" % (step.after, step.title()) for step in made.steps]
                 + ([title] if totals else []), rows)


def mutexes(report):
    made = report.summary.mutexes
    if not made:
        return None
    blocks = [Text(sentence, "lead") for sentence in made.sentences()]
    blocks.append(Text("`%s` with another mutex in each object, everything else the same; ratios "
                       "to the `%s` mutex, geometric means over the same programs."
                       % (made.base, made.mutex[made.base])))
    unlike = different_builds(report.summary, made.names)
    if unlike:
        blocks.append(Text("**The binaries were not built alike** (%s)." % unlike, "warning"))
    rows = [(title, {name: value for name, value in table.items() if value})
            for title, table in (
                ("time of one thread (← better)", made.price),
                ("throughput, %s threads (better →)" % made.threads, made.gain),
                ("the same, shared data (better →)", made.shared_gain))]
    rows = [(title, row) for title, row in rows if row]
    if rows:
        figure = plots.ratio_bars(rows, made.others, report.palette,
                                  "relative to the %s mutex" % made.mutex[made.base], None)
        blocks.append(report.picture("mutexes", figure, "The mutexes: time (left is better) and "
                                     "throughput (right is better)"))
    blocks.append(Table(
        ["mutex", "strategy", "time of one thread", "throughput of %s threads" % made.threads,
         "the same, shared data"],
        [[made.mutex[name], name, cell(made.price.get(name)), cell(made.gain.get(name), True),
          cell(made.shared_gain.get(name), True)] for name in made.others]))
    for title, table, better in (
            ("Every program, one thread: time", made.prices, False),
            ("Every program, %s threads: throughput" % made.threads, made.gains, True)):
        if table:
            blocks.append(Folded(title, [Table(
                ["program"] + made.others,
                [[program] + [cell(row.get(name), better) for name in made.others]
                 for program, row in table.items()])]))
    return Section("mutexes", "The mutex in an object", blocks)


def kernels(report):
    made = report.summary.kernel_times
    if not made:
        return None
    s = report.summary
    threads = made.threads()
    blocks = [Text(sentence, "lead") for sentence in made.sentences()]
    blocks.append(Text(
        "Each kernel does one thing in a loop. All threads run the same code of one module: "
        "functions, classes and constants are shared, which is what makes threads wait for each "
        "other's cache lines (after CPython's ftscalingbench). They find bottlenecks; they are no "
        "sample of what programs do, and **no mean of this report includes them**."))
    names = [kernel for kernel in made.names if kernel in made.times]
    if threads:
        rows = [(short(kernel), {name: table[threads] for name, table
                                 in made.speedup.get(kernel, {}).items() if threads in table})
                for kernel in names]
        rows = [(title, row) for title, row in rows if row]
        blocks.append(report.picture(
            "kernels", plots.dots(rows, made.strategies, report.palette,
                                  "throughput of %d threads, one thread of the same strategy = 1"
                                  % threads,
                                  [(1.0, "one thread"), (float(min(threads, s.cores)), "perfect")]),
            "The kernels: throughput of %d threads over one" % threads))
        counts = made.counts
        blocks.append(Table(
            ["kernel"] + ["%s, %d" % (name, count) if len(counts) > 1 else name
                          for name in made.strategies for count in counts],
            [[short(kernel)] + [cell(made.speedup.get(kernel, {}).get(name, {}).get(count), True)
                                for name in made.strategies for count in counts]
             for kernel in names],
            note="Throughput of %s over one thread of the same strategy; %d is perfect, %s the "
            "least that counts as scaling above." % (
                plural(threads, "thread") if len(counts) == 1 else "N threads",
                min(threads, s.cores), number(SCALES * min(threads, s.cores)))))
        blocks += ceilings(made, names, threads)
    others = [name for name in made.strategies if name != s.baseline]
    blocks.append(Folded("One thread: time relative to %s" % s.baseline, [Table(
        ["kernel"] + others + ["time under " + s.baseline],
        [[short(kernel)] + [cell(made.slowdown.get(kernel, {}).get(name)) for name in others]
         + [seconds(made.times[kernel].get(s.baseline))] for kernel in names])]))
    blocks.append(Folded("What each kernel does", [Table(
        ["kernel", "what it does"],
        [[short(kernel), s.header["programs"][kernel]["summary"]] for kernel in names])]))
    return Section("kernels", "Scaling kernels", blocks)


def ceilings(made, names, threads):
    """What part of the machine's limit each kernel reaches."""
    strategies = [name for name in made.strategies
                  if any(made.share(kernel, name, threads) for kernel in names)]
    if not strategies:
        return []
    rows = []
    for kernel in names:
        row = [short(kernel)]
        for name in strategies:
            share = made.share(kernel, name, threads)
            row += [plain_cell(made.ceiling.get(kernel, {}).get(name, {}).get(threads)),
                    "%.0f %%" % (100.0 * share) if share else "–"]
        rows.append(row)
    return [Folded("The process ceiling, and what threads reach of it", [Table(
        ["kernel"] + [title for name in strategies
                      for title in ("%d processes of %s" % (threads, name), "threads of " + name)],
        rows,
        note="No kernel changes what its threads share, so processes, which share nothing, can do "
        "the same work. What both lack is the machine's; what threads lack beside it, the VM's.")])]


def fib7(report):
    made = report.summary.fib7
    if not made:
        return None
    s = report.summary
    blocks = [Text(sentence) for sentence in PUBLISHED]
    blocks += [Text(sentence, "lead") for sentence in made.sentences()]
    rows = []
    for name, row in made.rows.items():
        ceiling = row.get("ceiling")
        rows.append([name, seconds(row["one"]), seconds(row["many"]), cell(row["speedup"], True),
                     plain_cell(ceiling),
                     "%.0f %%" % (100.0 * row["speedup"].value / ceiling.value) if ceiling else "–",
                     "%.2f" % row["busy"], cell(row.get("wall")), cell(row.get("cpu"))])
    blocks.append(Table(
        ["strategy", "one thread", "%d threads" % made.threads, "throughput over one thread",
         "process ceiling", "share of the ceiling", "cores busy",
         "wall time against %s" % s.baseline, "CPU time against %s" % s.baseline], rows,
        note="The last two columns compare %d threads with %d threads, as the published figures "
        "do. These figures are in no mean." % (made.threads, made.threads)))
    return Section("fib7", "The Gilectomy's program: fib in %d threads" % made.threads, blocks)
