# SPDX-License-Identifier: MIT
"""Runs one module's tests in a process of its own and makes out of its report what became of each test."""
import hashlib
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import tempfile
import time

from record import GOOD, OUTCOMES

HERE = os.path.dirname(os.path.abspath(__file__))
CHILD = os.path.join(HERE, "child.py")
MEMORY = 8 << 30  # of address space: a test that asks for absurdly much gets its MemoryError
OUTPUT = 3 << 30  # bytes of one file that a test may write; test_io makes a sparse one of 2 GiB
UNESCAPE = {"\\\\": "\\", "\\t": "\t", "\\n": "\n", "\\r": "\r"}


class Result:
    def __init__(self, module):
        self.module = module
        self.outcomes = {}  # test -> one of OUTCOMES, in the order of the plan
        self.texts = {}
        self.odd_skips = set()  # skipped, though CPython runs them
        self.module_failed = False
        self.module_text = ""
        self.output = ""
        self.seconds = 0.0

    def figures(self):
        figures = dict.fromkeys(OUTCOMES, 0)
        for outcome in self.outcomes.values():
            figures[outcome] += 1
        return figures


def environment(folder, extra_path):
    """What a test sees: nothing of the caller's Python settings, UTF-8, and a temporary folder as home."""
    kept = {key: value for key, value in os.environ.items()
            if not key.startswith(("PYTHON", "LOCKSMITH", "LC_")) or key == "LOCKSMITH_STDLIB"}
    kept.update(LANG="C.UTF-8", TMPDIR=folder, HOME=folder, PYTHONDONTWRITEBYTECODE="1")
    if extra_path:
        kept["PYTHONPATH"] = extra_path
    return kept


def set_limits():
    """For this process and all it starts. A shell starts what it puts in the background with SIGINT ignored."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # as in a shell's background job
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT, OUTPUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def start(binary, module, folder, timeout, listing=False):
    """(events, how it ended, output, seconds); it ended with '' (all was run), 'timed out', or what it died of."""
    workspace = tempfile.mkdtemp(prefix="locksmith-cpython-")
    report = os.path.join(workspace, "report")
    working = os.path.join(workspace, "work")
    os.mkdir(working)
    command = [binary, CHILD, report, module if folder else "test." + module] + ["list"] * listing
    started = time.monotonic()
    try:
        with open(os.path.join(workspace, "output"), "w+b") as output:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                                       cwd=working, env=environment(working, folder), start_new_session=True)
            try:
                code = process.wait(timeout)
                ending = "" if code == 0 else describe(code)
            except subprocess.TimeoutExpired:
                ending = "timed out"
            try:
                os.killpg(process.pid, signal.SIGKILL)  # and what it may have left behind
            except ProcessLookupError:
                pass
            process.wait()
            output.seek(0)
            text = output.read(1 << 20).decode("utf-8", "replace")
        events = []
        if os.path.exists(report):
            with open(report, encoding="utf-8", errors="replace") as stream:
                events = [decode(line) for line in stream if line.endswith("\n")]
    finally:
        shutil.rmtree(workspace, ignore_errors=True)
    if not ending and ("done",) not in events and not any(event[0] == "module" for event in events):
        ending = "left without an error"
    return events, ending, text, time.monotonic() - started


def decode(line):
    return tuple(re.sub(r"\\[\\tnr]", lambda match: UNESCAPE[match.group()], field) for field in line[:-1].split("\t"))


def describe(code):
    if code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return f"exit code {code}"


def run_module(binary, module, folder, timeout, planned):
    """planned: the names of the tests as CPython has them."""
    events, ending, output, seconds = start(binary, module, folder, timeout)
    result = digest(module, events, ending, planned)
    result.output = output
    result.seconds = seconds
    return result


def digest(module, events, ending, planned):
    result = Result(module)
    ended, own_plan, around, running = {}, [], [], None
    skipped_whole = None
    for event in events:
        kind = event[0]
        if kind == "plan":
            own_plan.append(event[1])
        elif kind == "start":
            running = event[1]
        elif kind == "end":
            running = None
            ended[event[1]] = event[2]
            result.texts[event[1]] = event[3]
        elif kind == "around":
            around.append(event[1:])
        elif kind == "module" and event[1] == "skipped":
            skipped_whole = event[2]
        elif kind == "module":
            result.module_failed, result.module_text = True, event[2]
    if not own_plan and skipped_whole is None and ending and not result.module_failed:
        result.module_failed, result.module_text = True, f"the module cannot be imported: {ending}"

    died = "timed out" if ending == "timed out" else "crashed"
    # Our own plan's order is the order of the run; what only CPython has comes after.
    for test in list(own_plan) + [test for test in planned if test not in set(own_plan)]:
        if test in ended:
            outcome = ended[test]
        elif test == running:
            outcome, result.texts[test] = died, ending
        elif skipped_whole is not None:
            outcome, result.texts[test] = "skipped", skipped_whole
        elif result.module_failed:
            outcome, result.texts[test] = "not run", result.module_text
        elif test not in own_plan:
            outcome, result.texts[test] = "absent", "there is no such test here"
        else:
            outcome, result.texts[test] = explain_missing(test, around, ending)
        result.outcomes[test] = outcome
    for name, outcome, text in around:
        if outcome not in GOOD:
            result.outcomes[name] = outcome
            result.texts[name] = text
    if ending and own_plan and running is None:  # between two tests, or when the process was about to end
        result.outcomes["(the process)"] = died
        result.texts["(the process)"] = ending
    return result


def explain_missing(test, around, ending):
    """A test that was planned but not begun."""
    for name, outcome, text in around:
        where = re.fullmatch(r"(setUpClass|setUpModule) \((?:test\.)?(.*)\)", name)
        if where and (where[1] == "setUpModule" or test.rpartition(".")[0] == where[2].partition(".")[2]
                      or where[2].endswith("." + test.rpartition(".")[0])):
            return outcome, text
    return "not run", f"not reached: {ending}" if ending else "not reached"


class Oracle:
    """CPython's own answers, kept under a hash of what they depend on."""

    def __init__(self, python, cache, version, timeout):
        self.python, self.cache, self.version, self.timeout = python, cache, version, timeout

    def remember(self, what, module, folder, make):
        facts = [what, module, self.python, self.version, os.geteuid()]
        for path in [CHILD] + ([os.path.join(folder, module + ".py")] if folder else []):
            with open(path, encoding="utf-8") as stream:
                facts.append(stream.read())
        path = os.path.join(self.cache, hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:24] + ".json")
        try:
            with open(path, encoding="utf-8") as stream:
                return json.load(stream)
        except (FileNotFoundError, ValueError):
            pass
        answer = make()
        os.makedirs(self.cache, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=self.cache, delete=False, encoding="utf-8") as stream:
            json.dump(answer, stream)
        os.replace(stream.name, path)
        return answer

    def plan(self, module, folder):
        def make():
            events, _, _, _ = start(self.python, module, folder, self.timeout, listing=True)
            return [event[1] for event in events if event[0] == "plan"]
        return self.remember("plan", module, folder, make)

    def passes(self, module, folder):
        """The tests that CPython does not skip."""
        def make():
            events, ending, _, _ = start(self.python, module, folder, self.timeout)
            outcomes = digest(module, events, ending, []).outcomes
            return [test for test, outcome in outcomes.items() if outcome != "skipped"]
        return set(self.remember("passes", module, folder, make))
