# SPDX-License-Identifier: MIT
"""The report: index.html, self-contained, and report.md, from the same Summary.

The sections are made here, those about the ladder, the mutexes and the kernels in
comparisons.py; document.py turns them into HTML and Markdown. No number appears that was not
measured.
"""

import os
import re

from . import comparisons, plots, stats
from .campaign import duration
from .document import (Code, Folded, Picture, Section, Table, Text, cell, markdown, page,
                       plain_cell, seconds)
from .words import join, plural, times

CONFIDENCE = "95 % intervals from bootstrapping the launches"


# ---- the sections --------------------------------------------------------------------------------

class Report:
    def __init__(self, summary, folder, complete):
        self.summary = summary
        self.folder = folder
        self.complete = complete
        self.palette = plots.colours(summary.everyone)
        self.pictures = os.path.join(folder, "plots")

    def picture(self, name, figure, caption):
        return Picture(name, plots.save(figure, self.pictures, name), caption)

    def sections(self):
        made = [self.answer(), self.cost(), comparisons.ladder(self), comparisons.mutexes(self),
                self.peers(), self.scaling(), self.shared(), comparisons.kernels(self),
                comparisons.fib7(self), self.cpu(), self.memory(), self.startup(), self.reasons(),
                self.failures(), self.machine(), self.repeat()]
        return [section for section in made if section]

    def answer(self):
        s = self.summary
        blocks = [Text(sentence, "lead") for sentence in s.headline()]
        blocks += [Text(sentence) for sentence in s.ladder.sentences()[:1]]
        if s.disturbance.is_strong:
            blocks.append(Text(" ".join(s.disturbance.sentences(s.statistic.name)), "warning"))
        blocks.append(Text("All times, and the ratios made of them, are **%s**: %s."
                           % (s.statistic.times, s.statistic.meaning), "note"))
        if not self.complete:
            blocks.append(Text("**The run was interrupted: this is what had been measured by "
                               "then.** `bench/run --resume` goes on with it.", "warning"))
        fewest, most = s.launches_range()
        if most and fewest < stats.ENOUGH:
            blocks.append(Text(
                "Some points rest on fewer than %d launches (%s to %s); no bootstrap of so few "
                "covers 95 %% of the cases, so their intervals are a hint at the noise. Below "
                "%d launches there is none, and (n = 2) says how many there were. `--full` or a "
                "larger `--budget` makes more."
                % (stats.ENOUGH, fewest, most, stats.MINIMUM), "note"))
        load = s.header["machine"].get("load_avg_1min", 0.0)
        if load > 0.5 * s.cores:
            blocks.append(Text("The machine was busy when the run began (load %.2f on %s): times "
                               "may be too long and noisy." % (load, plural(s.cores, "core")),
                               "warning"))
        slowest = max(s.header["machine"].get("processor_times", [1.0]))
        if slowest > 1.1:
            blocks.append(Text("The processors differed when the run began: one loop took %.2f times "
                               "as long on the slowest as on the fastest. So several threads, or "
                               "processes, cannot do so many times the work of one that has the "
                               "fastest." % slowest, "warning"))
        return Section("answer", "What it costs, what it gives", blocks)

    def cost(self):
        s = self.summary
        others = [name for name in s.strategies if name != s.baseline and name in s.slowdown_mean]
        if not others:
            return Section("cost", "One thread", [Text(
                "There is no second strategy with single-thread measurements to compare with `%s`."
                % s.baseline)])
        programs = [name for name in s.independent
                    if any(other in s.slowdown.get(name, {}) for other in others)]
        rows = [("**geometric mean**", s.slowdown_mean)] + [(p, s.slowdown[p]) for p in programs]
        drawn = [(title.strip("*"), {name: row[name] for name in others if name in row})
                 for title, row in rows]
        figure = plots.ratio_bars(drawn, others, self.palette,
                                  "time of one thread, `%s` = 1".replace("`", "") % s.baseline,
                                  "left")
        table = Table(["program"] + others + ["time under " + s.baseline],
                      [[p] + [cell(s.slowdown[p].get(name)) for name in others]
                       + [seconds(s.times[p].get(s.baseline))] for p in programs],
                      footer=["**geometric mean**"] + [cell(s.slowdown_mean.get(name))
                                                       for name in others] + [""])
        same = []
        for name in others:
            count = sum(1 for p in programs
                        if name in s.slowdown[p] and s.slowdown[p][name].includes(1.0))
            total = sum(1 for p in programs
                        if name in s.slowdown[p] and s.slowdown[p][name].has_interval)
            if count:
                same.append("`%s` on %d of %d" % (name, count, total))
        blocks = [
            Text("Wall time of the same program in one thread (%s), relative to `%s`: 1.20 is a "
                 "fifth more time. In brackets, and as thin lines in the picture: %s."
                 % (s.statistic.times, s.baseline, CONFIDENCE)),
            self.picture("slowdown", figure, "Time of one thread relative to %s" % s.baseline),
            table]
        if same:
            blocks.insert(1, Text("No measurable difference (the interval includes 1): %s programs."
                                  % join(same)))
        return Section("cost", "One thread: what freedom costs", blocks)

    def peers(self):
        s = self.summary
        peers = [name for name in s.peers if name in s.speed_mean]
        if not peers:
            return None
        programs = [name for name in s.independent if name in s.speed]
        rows = [("**geometric mean**", s.speed_mean)] + [(p, s.speed[p]) for p in programs]
        figure = plots.ratio_bars([(title.strip("*"), row) for title, row in rows], peers,
                                  self.palette, "speed of %s, the other interpreter = 1"
                                  % s.baseline, "right")
        slower = {name: [p for p in programs if name in s.speed[p] and s.speed[p][name].has_interval
                         and s.speed[p][name].high < 1.0] for name in peers}
        words = ["`%s` is %s as fast as `%s`%s" % (
            s.baseline, times(s.speed_mean[name]), name,
            "" if not slower[name] else ", and slower on " + join(slower[name])) for name in peers]
        table = Table(["program"] + ["speed against " + name for name in peers]
                      + ["time of " + name for name in peers],
                      [[p] + [cell(s.speed[p].get(name), True) for name in peers]
                       + [seconds(s.times[p].get(name)) for name in peers] for p in programs],
                      footer=["**geometric mean**"]
                      + [cell(s.speed_mean.get(name), True) for name in peers]
                      + [""] * len(peers))
        return Section("peers", "One thread: next to other interpreters", [
            Text("%s (geometric mean of %s)." % (join(words), plural(
                s.speed_mean[peers[0]].parts, "program"))),
            self.picture("peers", figure, "Speed relative to other interpreters"), table])

    def threads_table(self, programs):
        s = self.summary
        names = [name for name in s.everyone
                 if any(name in s.speedup.get(p, {}) for p in programs)]
        columns = ["program", "threads"]
        for name in names:
            columns += [name, "processes of " + name]
        rows = []
        for p in programs:
            for count in s.many:
                row = [p, str(count)]
                for name in names:
                    ceiling = s.ceiling.get(p, {}).get(name, {}).get(count)
                    row.append(cell(s.speedup.get(p, {}).get(name, {}).get(count), True))
                    row.append(plain_cell(ceiling))
                if any(item != "–" for item in row[2:]):
                    rows.append(row)
        return Table(columns, rows)

    def scaling(self):
        s = self.summary
        programs = [p for p in s.independent
                    if any(count in curve for curve in s.speedup.get(p, {}).values()
                           for count in s.many)]
        if not programs:
            return Section("scaling", "Many threads, independent work", [Text(
                "Not measured with this selection.")])
        names = [name for name in s.everyone if name in s.speedup_middle]
        overview = plots.scaling_overview(
            s.speedup_middle, s.ceiling_middle, {p: s.speedup[p] for p in programs}, names,
            s.threads, s.cores, self.palette)
        grid = plots.scaling_grid(programs, s.speedup, s.ceiling, names, s.threads, s.cores,
                                  self.palette)
        rows = []
        for name in names:
            for count in s.many:
                if count not in s.speedup_middle[name]:
                    continue
                speedup = s.speedup_middle[name][count]
                ceiling = s.ceiling_middle.get(name, {}).get(count)
                share = ("%.0f %%" % (100.0 * speedup.value / ceiling.value) if ceiling else "–")
                rows.append([name, str(count), cell(speedup, True), plain_cell(ceiling), share,
                             cell(s.gain_middle.get(name, {}).get(count), True)])
        blocks = [
            Text("Every thread runs its own copy of the program, loaded for it alone; nothing is "
                 "shared but the interpreter. Throughput of N threads is N times the time of one "
                 "thread over the time of N (1 = no gain). The **process ceiling** is the same "
                 "with N processes of the same binary: what this machine gives."),
            self.picture("scaling", overview, "Throughput by threads: medians over %s (lines), "
                         "programs (dots)" % plural(len(programs), "program")),
            Table(["strategy", "threads", "throughput (median of the programs)", "process ceiling",
                   "share of the ceiling", "against one thread of " + s.baseline], rows),
            self.picture("scaling-programs", grid, "Each program: threads, the process ceiling "
                         "(band over the strategies) and the ideal"),
            Folded("All programs in numbers", [self.threads_table(programs)])]
        if s.scalability:
            blocks.append(self.law(s.scalability))
        return Section("scaling", "Many threads, independent work", blocks)

    def law(self, fits):
        rows = [[p, name, "%.4f" % fit[0], "%.5f" % fit[1], "%.1f" % fit[2] if fit[2] else "none"]
                for p, table in fits.items() for name, fit in table.items()]
        return Folded("Universal Scalability Law", [
            Text("Fitted to the counts up to the number of cores: C(N) = N / (1 + a (N - 1) + "
                 "b N (N - 1)); a is contention, b coherency, and the peak is where more threads "
                 "begin to cost (Gunther 1993)."),
            Table(["program", "strategy", "a", "b", "peak at N"], rows)])

    def shared(self):
        s = self.summary
        programs = [p for p in s.shared if s.speedup.get(p)]
        if not programs:
            return Section("shared", "Many threads, shared data", [Text(
                "Not measured with this selection.")]) if s.shared else None
        names = [name for name in s.everyone if any(name in s.speedup[p] for p in programs)]
        others = [name for name in names if name != s.baseline]
        blocks = [Text("All threads work on the same object; each does as much as the single one "
                       "does. The ceiling is what separate processes reach, which share nothing.")]
        if s.many:
            grid = plots.scaling_grid(programs, s.speedup, s.ceiling, names, s.threads, s.cores,
                                      self.palette)
            blocks.append(self.picture("scaling-shared", grid, "Programs on shared data"))
        one = Table(["program, one thread"] + others + ["time under " + s.baseline],
                    [[p] + [cell(s.slowdown.get(p, {}).get(name)) for name in others]
                     + [seconds(s.times.get(p, {}).get(s.baseline))] for p in programs],
                    note="Time of one thread relative to %s." % s.baseline)
        blocks.append(one)
        if s.many:
            rows = [[p, str(count)] + [cell(s.gain.get(p, {}).get(name, {}).get(count), True)
                                       for name in names] for p in programs for count in s.many]
            blocks.append(Table(["program", "threads"] + names, rows,
                                note="Throughput relative to one thread of %s: what a user of the "
                                "strategy gets in the end." % s.baseline))
            blocks.append(Folded("Throughput against one thread of the same strategy, with "
                                 "ceilings", [self.threads_table(programs)]))
        return Section("shared", "Many threads, shared data", blocks)

    def cpu(self):
        s = self.summary
        names = [name for name in s.strategies if name in s.cpu_cost_mean]
        counts = [count for count in s.threads
                  if any(count in s.cpu_cost_mean[name] for name in names)]
        if not names or not counts:
            return None
        threads = s.headline_threads if s.headline_threads in counts else counts[-1]
        rows = [[name] + [cell(s.cpu_cost_mean[name].get(count)) for count in counts]
                for name in names]
        blocks = [Text("CPU seconds (all threads, user and system) for one unit of work, relative "
                       "to one thread of `%s`; geometric mean over the independent programs. Wall "
                       "time can hide what a strategy burns, this cannot." % s.baseline),
                  Table(["strategy"] + [plural(count, "thread") for count in counts], rows)]
        programs = [p for p in s.programs if any(threads in s.cpu_cost.get(p, {}).get(name, {})
                                                 for name in names)]
        if programs and threads > 1:
            figure = plots.ratio_bars(
                [(p, {name: s.cpu_cost[p][name][threads] for name in names
                      if threads in s.cpu_cost[p].get(name, {})}) for p in programs],
                names, self.palette, "CPU time of a unit of work at %d threads, one thread of "
                "%s = 1" % (threads, s.baseline), "left")
            blocks.append(Folded("Each program at %d threads" % threads, [
                self.picture("cpu", figure, "CPU time of a unit of work")]))
        return Section("cpu", "CPU time", blocks)

    def memory(self):
        s = self.summary
        programs = [p for p in s.programs if p in s.memory]
        if not programs:
            return None
        names = [name for name in s.everyone if any(name in s.memory[p] for p in programs)]
        figure = plots.plain_bars([("%s (%s)" % (p, "{:,}".format(s.programs[p]["memory"])),
                                    s.memory[p]) for p in programs],
                                  names, self.palette, "peak memory, MiB")
        rows = []
        for p in programs:
            rows.append([p] + [plain_cell(s.memory[p].get(name), " MiB") for name in names])
            rows.append(["relative to " + s.baseline]
                        + ["1" if name == s.baseline and name in s.memory[p] else
                           cell(s.memory_ratio.get(p, {}).get(name)) for name in names])
        return Section("memory", "Memory", [
            Text("The most memory the process ever had resident, one thread, at the size that the "
                 "program sets for this purpose."),
            self.picture("memory", figure, "Peak memory"), Table(["program"] + names, rows)])

    def startup(self):
        s = self.summary
        if not s.startup:
            return None
        names = [name for name in s.everyone if name in s.startup]
        return Section("startup", "Start-up", [
            Text("From starting the process to its end, for the program `pass`%s."
                 % (" (peers with `-I`)" if any(name in s.peers for name in names) else "")),
            Table(names, [[seconds(s.startup[name]) for name in names]])])

    def reasons(self):
        s = self.summary
        threads = s.headline_threads
        blocks = []
        if threads:
            for p in s.programs:
                rows = []
                for name in s.strategies:
                    text = s.why(p, name, threads)
                    if text:
                        rows.append([name, text])
                inner = [Text(s.programs[p]["summary"])]
                if rows:
                    inner.append(Table(["strategy", "at %d threads" % threads], rows))
                inner += self.lock_table(p, threads)
                if rows:
                    blocks.append(Folded(p, inner))
        if not blocks:
            return None
        return Section("why", "Why: each program", [Text(
            "What the CPU time tells about the scaling. Waiting shows as idle cores; contention on "
            "memory, atomic operations and spinning show as more CPU time for the same work.")]
            + blocks)

    def lock_table(self, program, threads):
        s = self.summary
        found = {}
        for name in s.strategies:
            key = s.many_key(program, name, threads)
            locks = s.points.locks(*key)
            if locks:
                iterations = sum(len(record["wall"]) for record in s.points.records[key])
                found[name] = {what: count / iterations for what, count in locks.items()}
        if not found:
            return []
        whats = sorted(set().union(*found.values()))
        return [Table(["lock statistics, per iteration"] + list(found),
                      [[what] + ["{:,.0f}".format(counts[what]) if what in counts else "–"
                                 for counts in found.values()] for what in whats])]

    def failures(self):
        s = self.summary
        if not s.failures:
            return None
        rows = [[kind, program, strategy, str(threads), str(len(errors)), errors[-1]]
                for (kind, program, strategy, threads), errors in s.failures]
        return Section("failures", "What failed", [
            Text("These launches crashed, gave a wrong result or took too long; their times are "
                 "in no figure. After two failures a point is not tried again.", "warning"),
            Table(["measurement", "program", "strategy", "threads", "failures", "the last one"],
                  rows)])

    def machine(self):
        s = self.summary
        header = s.header
        names = {"cpu_model_name": "processor", "cpu_count": "cores usable",
                 "physical_cores": "physical cores", "caches": "caches", "memory_mb": "memory, MiB",
                 "virtual_machine": "virtual machine", "cpu_governor": "frequency governor",
                 "turbo": "turbo", "kernel": "kernel", "system": "system",
                 "load_avg_1min": "load before the run"}
        rows = [[title, str(header["machine"][name])] for name, title in names.items()
                if name in header["machine"]]
        if header["machine"].get("processor_times"):
            rows.append(["time of one loop on each processor before the run, over the fastest "
                         "one's",
                         ", ".join("%.2f" % each for each in header["machine"]["processor_times"])])
        addition = header["machine"].get("addition_ns")
        if addition:
            rows.append(["one addition to a word in memory, plain and atomic",
                         "%.2f ns, %.2f ns" % (addition["plain"], addition["atomic"])])
        if s.disturbance:
            rows += s.disturbance.rows()
        binaries = []
        for name in s.everyone:
            facts = header["binaries"][name]
            info = facts.get("build_info")
            binaries.append([name, facts.get("version") or "unknown",
                             flatten(info) if info else "does not say", facts["path"]])
        return Section("machine", "Machine and binaries", [
            Table(["fact", "value"], rows),
            Table(["name", "Python", "build", "path"], binaries)])

    def repeat(self):
        s = self.summary
        header = s.header
        total = sum(record["elapsed"] for records in s.points.records.values()
                    for record in records)
        facts = ["begun %s" % header["started"], "%s of measuring" % duration(total),
                 "random seed %d" % header["seed"]]
        if header["revision"]:
            facts.insert(0, "revision `%s`" % header["revision"])
        fewest, most = s.launches_range()
        facts.append("%d to %d launches a point" % (fewest, most))
        facts.append(s.statistic.times)
        command = " ".join(quote(part) for part in header["command"])
        return Section("repeat", "How to repeat it", [
            Code(command),
            Text("%s. `raw.jsonl` has every launch, `results.csv` every iteration; `results.json` "
                 "and one `results-<strategy>.json` each are in pyperf's layout: `pyperf "
                 "compare_to results-%s.json …`. How each figure is defined: `bench/README.md`."
                 % (join(facts)[:1].upper() + join(facts)[1:], s.baseline))])


def quote(part):
    return part if re.fullmatch(r"[\w./=,:+@-]+", part) else "'" + part.replace("'", "'\\''") + "'"


def flatten(info, prefix=""):
    """A dict of facts as one line of text."""
    parts = []
    for name, value in info.items():
        if isinstance(value, dict):
            parts.append(flatten(value))
        elif isinstance(value, (list, tuple)):
            parts.append("%s %s" % (name, " ".join(map(str, value))))
        else:
            parts.append("%s %s" % (name.replace("LOCKSMITH_", "").lower(), value))
    return ", ".join(parts)


def write(folder, summary, complete):
    """Writes index.html and report.md with the plots; returns their names."""
    sections = Report(summary, folder, complete).sections()
    header = summary.header
    title = "Locksmith: what freeing the threads costs and gives"
    subtitle = "%s, %s, %s, %s run, %s" % (
        header["started"][:10], header["machine"].get("cpu_model_name", "unknown processor"),
        plural(summary.cores, "core"), "full" if header["full"] else "quick",
        summary.statistic.times)
    with open(os.path.join(folder, "index.html"), "w", encoding="utf-8") as file:
        file.write(page(title, subtitle, sections))
    with open(os.path.join(folder, "report.md"), "w", encoding="utf-8") as file:
        file.write(markdown(title, subtitle, sections))
    return ["index.html", "report.md"]
