# SPDX-License-Identifier: MIT
"""bench/run: reads the options, has the strategies built, measures, and writes the report."""

import os
import subprocess
import sys

from . import campaign, catalogue, machine, options
from .catalogue import Invalid, ROOT

# Exit codes: 0 done, 1 something failed, 2 a wrong option, 130 interrupted.


def main(arguments):
    try:
        chosen = options.read(arguments, machine.cores())
        if chosen.list:
            return show_list(chosen)
        if chosen.report:
            run = loaded(chosen.report)
            return conclude(run, output_folder(chosen), run.is_complete(), chosen.statistic)
        if chosen.resume:
            folder = chosen.resume
            need_libraries()
            run = loaded(folder)
            run.check_binaries()
            budget = chosen.budget or run.header["budget"]
        else:
            binaries = prepare(chosen)
            need_libraries()
            folder = chosen.output
            try:
                header = campaign.begin(chosen, binaries, arguments)
            except OSError as error:
                raise Invalid("--output %s: %s" % (folder, error.strerror)) from None
            run = campaign.Campaign(folder, header, [], campaign.Progress())
            budget = header["budget"]
    except Invalid as error:
        sys.stderr.write("bench/run: %s\n" % error)
        return 2
    except Failed as error:
        sys.stderr.write("bench/run: %s\n" % error)
        return 1
    return measure(run, budget, chosen.statistic)


class Failed(Exception):
    """Something outside the user's options went wrong."""


def loaded(folder):
    """The campaign of a folder with measurements."""
    header, launches, references = campaign.load(folder)
    return campaign.Campaign(folder, header, launches, campaign.Progress(), references)


def output_folder(chosen):
    """Where --report writes: beside the measurements, or into a directory that is made."""
    if chosen.output is None:
        return chosen.report
    try:
        os.makedirs(chosen.output, exist_ok=True)
    except OSError as error:
        raise Invalid("--output %s: %s" % (chosen.output, error.strerror)) from None
    return chosen.output


def measure(run, budget, statistic):
    folder, header = run.folder, run.header
    sys.stderr.write("measuring %s; results go to %s\n" % (
        ", ".join(header["strategies"] + header["peers"]), folder))
    if not run.schedule.units:
        sys.stderr.write("bench/run: nothing to measure with this selection\n")
        return 2
    status = 0
    complete = True
    try:
        run.run(budget)
    except campaign.Interrupted as error:
        complete = False
        status = 130
        sys.stderr.write("\ninterrupted (%s); go on with: bench/run --resume %s\n"
                         % (error, folder))
    except OSError as error:
        complete = False
        status = 1
        sys.stderr.write("\nbench/run: %s; what was measured is kept, go on with: bench/run "
                         "--resume %s\n" % (error, folder))
    concluded = conclude(run, folder, complete, statistic)
    return status or concluded


def conclude(run, folder, complete, statistic=None):
    """Writes every output; 1 if launches failed or there is nothing to write about.

    Without a statistic it is the one that the campaign was begun with.
    """
    from . import report, results
    from .analysis import Summary
    need_libraries()
    header, launches = run.header, run.launches
    if not any(not record["error"] for record in launches):
        sys.stderr.write("bench/run: no measurement succeeded%s\n" % (
            "; the last error: " + launches[-1]["error"] if launches else ""))
        return 1
    summary = Summary(header, launches, run.references,
                      statistic or header.get("statistic", "median"))
    names = results.write(folder, header, launches, summary)
    names += report.write(folder, summary, complete)
    for sentence in summary.sentences() + summary.conditions():
        print(sentence.replace("`", "").replace("**", ""))
    print("report: " + os.path.join(folder, "index.html"))
    failed = sum(1 for record in launches if record["error"])
    if failed:
        sys.stderr.write("bench/run: %d of %d launches failed; the section \"What failed\" of the "
                         "report names them\n" % (failed, len(launches)))
        return 1
    return 0


def need_libraries():
    try:
        import matplotlib  # noqa: F401 (only whether it is there)
        import numpy  # noqa: F401
    except ImportError as error:
        raise Failed("%s is missing in %s; tools/setup installs it (Debian: python3-matplotlib)"
                     % (error.name, sys.executable)) from None


def prepare(chosen):
    """Has what is needed installed and built; returns {name: binary}."""
    to_build = [name for name in chosen.strategies if name not in chosen.binaries]
    if not chosen.no_build:
        call([os.path.join(ROOT, "tools", "setup")], "tools/setup")
        if to_build:
            command = [os.path.join(ROOT, "tools", "build")]
            if not chosen.no_pgo:
                command.append("--pgo")
            call(command + to_build, "tools/build")
    binaries = dict(chosen.binaries)
    for name in to_build:
        path = os.path.join(ROOT, "build", name, "locksmith")
        if not os.access(path, os.X_OK):
            raise Failed("%s is not there; build it with tools/build %s, or name another binary "
                         "with --binary %s=PATH" % (os.path.relpath(path), name, name))
        binaries[name] = path
    binaries = {name: binaries[name] for name in chosen.strategies}
    binaries.update(chosen.peers)
    return binaries


def call(command, name):
    if not os.access(command[0], os.X_OK):
        raise Failed("%s is missing; with --no-build the binaries are taken as they are" % name)
    try:
        status = subprocess.run(command, stdin=subprocess.DEVNULL).returncode
    except KeyboardInterrupt:
        raise Failed("interrupted while running %s" % name) from None
    if status:
        raise Failed("%s failed (exit code %d); see its messages above" % (name, status))


def show_list(chosen):
    print("strategies (presets): " + ", ".join(chosen.preset_names))
    print("groups of strategies:")
    for name, members in catalogue.strategy_groups(chosen.preset_names).items():
        print("  %-22s %s" % (name, ", ".join(members)))
    print("groups of programs:   " + ", ".join(catalogue.groups(chosen.known)))
    for program in chosen.known.values():
        print("  %-22s %s" % (program.name, program.summary))
    return 0
