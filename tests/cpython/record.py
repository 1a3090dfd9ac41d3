# SPDX-License-Identifier: MIT
"""The recorded state: what expected.toml says, how a run differs from it, and how both files are written.

expected.toml has a table for each module:

    [test_abc]
    module = "reason"                   the module cannot be imported (only if so)
    figures.gil = {passed = 108, ...}   single tests by outcome, as last recorded with that strategy
    [test_abc.expected]
    "TestABC.test_x" = "failed: reason"     a test that does not pass: its outcome, then why
    "TestABC.*" = "absent: reason"          the same for all tests of a class

RESULTS.md is made from the figures. A survey has its figures in survey.toml; SURVEY.md is made from them, with the
reasons of expected.toml, and of reasons.toml for the modules that only a survey runs:

    [test_site]
    "Class.test_x" = "failed: reason"
"""
import json
import re
import textwrap
import tomllib

import selection

OUTCOMES = ("passed", "failed", "errored", "crashed", "timed out", "not run", "absent", "skipped")
GOOD = ("passed", "skipped")

HEADER = """\
# CPython's tests that Locksmith does not pass, and the figures of RESULTS.md. `tests/cpython/run --all --record` updates it:
# what passes now is taken out, a module that had no table gets one. Anything else is changed by hand.
"""


class Expectation:
    """What is recorded of one module."""

    def __init__(self, table=None):
        table = table or {}
        self.known = bool(table)
        self.module = table.get("module")
        self.tests = dict(table.get("expected", {}))
        self.figures = {name: dict(figures) for name, figures in table.get("figures", {}).items()}

    def key(self, test):
        """The entry that speaks of the test, or None."""
        if test in self.tests:
            return test
        pattern = class_pattern(test)
        return pattern if pattern in self.tests else None

    def excuses(self, test, outcome):
        if outcome in GOOD or self.key(test):
            return True
        if outcome in ("not run", "absent") and self.module:
            return True
        return outcome == "not run" and any(reason.startswith(("crashed", "timed out")) for reason in self.tests.values())


def class_pattern(test):
    return test.rpartition(".")[0] + ".*"


def load(path):
    try:
        with open(path, "rb") as stream:
            tables = tomllib.load(stream)
    except FileNotFoundError:
        tables = {}
    return {name: Expectation(table) for name, table in tables.items()}


def load_reasons(expected, path):
    """module -> test -> outcome and reason, of what does not pass: what is written by hand, and what is expected."""
    reasons = {}
    if path:
        with open(path, "rb") as stream:
            reasons = tomllib.load(stream)
    for module, expectation in load(expected).items():
        reasons.setdefault(module, {}).update(
            {test: reason for test, reason in expectation.tests.items() if not reason.startswith("skipped")})
    return reasons


def unexplained(reasons, result):
    """What does not pass and has no reason, and the reasons of what passes."""
    known = reasons.get(result.module, {})
    bad = {test for test, outcome in result.outcomes.items() if outcome not in GOOD}
    missing = sorted(test for test in bad if test not in known and class_pattern(test) not in known)
    stale = sorted(key for key in known if key not in bad and not any(class_pattern(test) == key for test in bad))
    return missing, stale


def one_line(text, longest=100):
    """The line of a traceback that says what happened."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    line = lines[-1] if lines else "no reason given"
    for candidate in reversed(lines):  # below it may be a difference, markers, notes
        if re.match(r"[\w.]+(Error|Exception|Exit|Interrupt|Iteration|Warning)\b", candidate):
            line = candidate
            break
    for number, candidate in enumerate(lines[:-1]):  # of a doctest, the first thing that went wrong
        if candidate.startswith("Failed example:"):
            line = "doctest: " + lines[number + 1]
            break
    line = re.sub(r"/tmp/locksmith-cpython-\w+/work", "FOLDER", line)
    line = re.sub(r"\b0x[0-9a-f]+\b", "0xADDRESS", line)
    return line if len(line) <= longest else line[:longest - 3] + "..."


def falls(expectation, result):
    """(test, outcome) of each test that does not pass and has no excuse."""
    return [(test, outcome) for test, outcome in result.outcomes.items() if not expectation.excuses(test, outcome)]


def improvements(expectation, result):
    """The entries that nothing needs any more."""
    needed = {expectation.key(test) for test, outcome in result.outcomes.items()
              if outcome not in GOOD or test in result.odd_skips}
    stale = [key for key in expectation.tests if key not in needed]
    if expectation.module and not result.module_failed:
        stale.append("module")
    return stale


def update(expectation, result, strategy):
    """Records a run: what passes is taken out; a module seen for the first time is written down as it is."""
    for key in improvements(expectation, result):
        if key == "module":
            expectation.module = None
        else:
            del expectation.tests[key]
    if not expectation.known:
        expectation.tests = first_entries(result)
        if result.module_failed:
            expectation.module = one_line(result.module_text)
    expectation.known = True
    expectation.figures[strategy] = result.figures()


def first_entries(result):
    entries = {}
    if result.module_failed:
        return entries
    by_class = {}
    for test, outcome in result.outcomes.items():
        by_class.setdefault(class_pattern(test), []).append((test, outcome))
    died = any(outcome in ("crashed", "timed out") for outcome in result.outcomes.values())
    for pattern, tests in by_class.items():
        if len(tests) > 1 and all(outcome == "absent" for _, outcome in tests):
            entries[pattern] = "absent: there is no such class here"
            continue
        for test, outcome in tests:
            if test in result.odd_skips:
                entries[test] = f"skipped: {one_line(result.texts.get(test, ''))}"
            elif outcome not in GOOD and not (died and outcome == "not run"):
                entries[test] = f"{outcome}: {one_line(result.texts.get(test, ''))}"
    return entries


def quoted(text):
    return json.dumps(text, ensure_ascii=False)


def toml_figures(figures):
    inner = ", ".join(f"{quoted(key) if ' ' in key else key} = {figures[key]}" for key in OUTCOMES if figures.get(key))
    return f"{{{inner}}}"


def dump(expectations, path):
    lines = [HEADER]
    for name, expectation in expectations.items():
        lines.append(f"[{name}]")
        if expectation.module:
            lines.append(f"module = {quoted(expectation.module)}")
        for strategy, figures in sorted(expectation.figures.items()):
            lines.append(f"figures.{strategy} = {toml_figures(figures)}")
        if expectation.tests:
            lines.append(f"[{name}.expected]")
            lines += [f"{quoted(test)} = {quoted(reason)}" for test, reason in expectation.tests.items()]
        lines.append("")
    with open(path, "w", encoding="utf-8") as stream:
        stream.write("\n".join(lines))


def whole(figures):
    """Nothing of the module fails."""
    return bool(figures.get("passed")) and not any(figures.get(key) for key in OUTCOMES if key not in GOOD)


def sums(rows):
    total = dict.fromkeys(OUTCOMES, 0)
    for figures in rows:
        for key in OUTCOMES:
            total[key] += figures.get(key, 0)
    return total


def share(figures):
    """Per cent of the tests that pass, of those that CPython does not skip."""
    counted = sum(figures.get(key, 0) for key in OUTCOMES) - figures.get("skipped", 0)
    return 100 * figures.get("passed", 0) / counted if counted else 0.0


def write_results(expectations, path, package_version):
    strategies = sorted({name for expectation in expectations.values() for name in expectation.figures})
    lines = ["# CPython's own tests", "",
             "Made by `tests/cpython/run --all --record`, not by hand. The tests are those of Debian's",
             f"`libpython3.11-testsuite` {package_version}. A module is *whole* if no test of it does anything but pass or",
             "be skipped; the share is of the tests that are not skipped. *Not run*: the module had crashed, run out of time or",
             "could not be imported. *Absent*: CPython has the test, here its class is not defined, mostly because it tests a",
             "native module that Locksmith leaves to the pure Python one. Reasons are in `expected.toml`.", "",
             "| strategy | modules | whole | single tests | passed | share |", "|---|--:|--:|--:|--:|--:|"]
    for strategy in strategies:
        rows = [e.figures[strategy] for e in expectations.values() if strategy in e.figures]
        total = sums(rows)
        lines.append(f"| `{strategy}` | {len(rows)} | {sum(map(whole, rows))} | {sum(total.values())} | {total['passed']} "
                     f"| {share(total):.1f} % |")
    for strategy in strategies:
        lines += ["", f"## {strategy}", "", "| module | " + " | ".join(OUTCOMES) + " |", "|---|" + "--:|" * len(OUTCOMES)]
        rows = {name: e.figures[strategy] for name, e in expectations.items() if strategy in e.figures}
        for name, figures in rows.items():
            shown = f"**{name}**" if whole(figures) else name
            lines.append(f"| {shown} | " + " | ".join(str(figures.get(key) or "") for key in OUTCOMES) + " |")
        total = sums(rows.values())
        lines.append("| sum | " + " | ".join(str(total[key]) for key in OUTCOMES) + " |")
    with open(path, "w", encoding="utf-8") as stream:
        stream.write("\n".join(lines) + "\n")


SURVEY_HEADER = """\
# The figures of SURVEY.md: single tests of every module by outcome, as last surveyed. `tests/cpython/run --survey` writes it.
"""


def load_survey(path):
    """module -> strategy -> figures"""
    try:
        with open(path, "rb") as stream:
            return tomllib.load(stream)
    except FileNotFoundError:
        return {}


def update_survey(survey, results, strategy):
    for result in results:
        survey.setdefault(result.module, {})[strategy] = {key: value for key, value in result.figures().items() if value}


def dump_survey(survey, path):
    lines = [SURVEY_HEADER]
    for name in sorted(survey):
        lines.append(f"[{name}]")
        lines += [f"{strategy} = {toml_figures(figures)}" for strategy, figures in sorted(survey[name].items())] + [""]
    with open(path, "w", encoding="utf-8") as stream:
        stream.write("\n".join(lines))


def self_skipped(figures):
    return not any(figures.get(key) for key in OUTCOMES if key != "skipped")


def why(module, reasons):
    """Lines of a list: the module's reasons, each with its tests."""
    by_reason = {}
    for test, reason in reasons.items():
        by_reason.setdefault(reason.partition(": ")[2], []).append(test)
    lines = []
    for reason, tests in by_reason.items():
        lines += textwrap.wrap(f"- {module}: {reason} ({', '.join(tests)})", 118, subsequent_indent="  ",
                               break_on_hyphens=False, break_long_words=False)
    return lines


def write_survey(survey, path, package_version, timeout, reasons):
    """SURVEY.md: modules that are whole in every strategy by name, the others with their figures, once if they are the same."""
    def names(modules):
        return ", ".join(name.removeprefix("test_") for name in modules) + "." if modules else "None."

    def cells(figures):
        return " | ".join(str(figures.get(key) or "") for key in OUTCOMES)
    strategies = sorted({strategy for rows in survey.values() for strategy in rows})
    modules = sorted(survey)
    skipped = [name for name in modules if all(map(self_skipped, survey[name].values()))]
    complete = [name for name in modules if all(map(whole, survey[name].values()))]
    not_run = ", ".join(f"{name.removeprefix('test_')} ({why})" for name, why in selection.NOT_SURVEYED.items())
    patient = "; ".join(f"{times * timeout:.0f} for " + ", ".join(name.removeprefix("test_") for name in sorted(selection.PATIENCE)
                                                                  if selection.PATIENCE[name] == times)
                        for times in sorted(set(selection.PATIENCE.values())))
    about = (f"Made by `tests/cpython/run --survey`, not by hand, out of the figures in `survey.toml`: every module of Debian's "
             f"`libpython3.11-testsuite` {package_version} in a process of its own, without network, for at most {timeout:.0f} seconds "
             f"({patient}). The words are those of [RESULTS.md](RESULTS.md). *Crashed* is a test in which the interpreter died "
             f"of a signal.")
    lines = ["# The whole of CPython's test suite", "", *textwrap.wrap(about, 118, break_on_hyphens=False), "",
             "| strategy | modules | whole | skipped by themselves | single tests | " + " | ".join(OUTCOMES)
             + " | share of those not skipped |", "|---|" + "--:|" * (len(OUTCOMES) + 5)]
    for strategy in strategies:
        rows = [figures[strategy] for figures in survey.values() if strategy in figures]
        total = sums(rows)
        lines.append(f"| `{strategy}` | {len(rows)} | {sum(map(whole, rows))} | {sum(map(self_skipped, rows))} | {sum(total.values())} | "
                     + " | ".join(str(total[key]) for key in OUTCOMES) + f" | {share(total):.1f} % |")
    lines += ["", "## Whole", "", names(complete), "", "## Skipped", "", names(skipped), "", "## Not run", "", not_run + ".", "",
              "## The others", "", "A module whose figures are the same in each strategy has one row.", "",
              "| module | strategy | " + " | ".join(OUTCOMES) + " |", "|---|---|" + "--:|" * len(OUTCOMES)]
    differing = []
    for name in modules:
        if name in complete or name in skipped:
            continue
        rows = survey[name]
        if len(rows) > 1 and all(figures == next(iter(rows.values())) for figures in rows.values()):
            lines.append(f"| {name} | each | {cells(next(iter(rows.values())))} |")
        else:
            differing.append(name)
            lines += [f"| {name} | `{strategy}` | {cells(figures)} |" for strategy, figures in sorted(rows.items())]
    differences = [f"- {name}: {selection.DIFFERENCES[name]}" for name in differing if name in selection.DIFFERENCES]
    if differences:
        lines += ["", "Why strategies differ:", "", *differences]
    explained = [line for name in modules if name not in complete and name not in skipped
                 for line in why(name, reasons.get(name, {}))]
    if explained:
        lines += ["", "## Why", "", *explained]
    with open(path, "w", encoding="utf-8") as stream:
        stream.write("\n".join(lines) + "\n")
