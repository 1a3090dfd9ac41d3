#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the programs of tests/python/ with a Locksmith binary and compares them with CPython 3.11.

A program is tests/python/AREA/BEHAVIOUR.py. Names that begin with an underscore are modules and packages that the
programs of the same folder import. What a program must print is what /usr/bin/python3.11 prints when it runs it:
standard output and exit code exactly, standard error after normalisation (see `normalise`). Expectations are cached in
build/cache/compare/, under a hash of the program, of its folder's helper modules and of the oracle's version.

BEHAVIOUR.stdin beside a program is its standard input; otherwise that is empty. A line `# compare: carets` in the first
five lines of a program asks for the marker lines of tracebacks (^^^^) to be compared too, and `# compare: no-stderr`
leaves standard error out. Each program runs in an empty folder of its own, which is its working directory.

tests/python/expected-failures.txt names programs that are known to fail, one a line: path, then the reason. Such a
program failing is no error; such a program passing is one, so that the list stays true.
"""
import argparse
import concurrent.futures
import difflib
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
PROGRAMS = os.path.join(HERE, "python")
CACHE = os.path.join(ROOT, "build", "cache", "compare")
CACHE_FORMAT = "2"
MAX_OUTPUT = 4 << 20


def discover(base):
    """All programs under base as sorted paths relative to it."""
    found = []
    for area in sorted(os.listdir(base)):
        folder = os.path.join(base, area)
        if not os.path.isdir(folder) or area.startswith("_"):
            continue
        for name in sorted(os.listdir(folder)):
            if name.endswith(".py") and not name.startswith("_"):
                found.append(f"{area}/{name}")
    return found


def read_factors(binary):
    """The factors that the binary was built with: {"LOCKSMITH_REFCOUNT": "atomic", ...}."""
    try:
        info = subprocess.run([binary, "--build-info", "--json"], stdout=subprocess.PIPE, timeout=60).stdout
        return json.loads(info)["factors"]
    except (ValueError, KeyError, subprocess.TimeoutExpired):
        return {}


def read_expected_failures(path, factors):
    failures = {}
    if os.path.exists(path):
        with open(path, encoding="utf-8") as stream:
            for number, line in enumerate(stream, 1):
                line = line.strip()
                if not line or line.startswith("#"):
                    continue
                program, _, reason = line.partition(" ")
                reason = reason.strip()
                only = re.match(r"\[(\w+)=(\w+)\]\s*", reason)
                if only:
                    reason = reason[only.end():]
                if not reason:
                    sys.exit(f"{path}:{number}: no reason given for {program}")
                if not only or factors.get(only[1]) == only[2]:
                    failures[program] = reason
    return failures


def environment():
    """What a program sees: nothing of the caller's Python settings, UTF-8, and no caches written beside the tests."""
    kept = {k: v for k, v in os.environ.items()
            if not k.startswith(("PYTHON", "LOCKSMITH", "LC_")) or k in ("LOCKSMITHPATH", "LOCKSMITH_STDLIB")}
    kept.update(LANG="C.UTF-8", LC_ALL="C.UTF-8", TZ="UTC", PYTHONDONTWRITEBYTECODE="1", NO_COLOR="1")
    return kept


def run(binary, program, stdin_path, timeout):
    """Runs one program in a fresh folder: (exit code or None on timeout, stdout, stderr, seconds)."""
    workdir = tempfile.mkdtemp(prefix="locksmith-compare-")
    started = time.monotonic()
    try:
        with open(stdin_path or os.devnull, "rb") as stdin:
            process = subprocess.Popen([binary, program], stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                       cwd=workdir, env=environment(), start_new_session=True)
            try:
                out, err = process.communicate(timeout=timeout)
                code = process.returncode
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                out, err = process.communicate()
                code = None
    finally:
        shutil.rmtree(workdir, ignore_errors=True)
    seconds = time.monotonic() - started
    return code, out[:MAX_OUTPUT].decode("utf-8", "surrogateescape"), \
        err[:MAX_OUTPUT].decode("utf-8", "surrogateescape"), seconds


def heed_interrupts():
    """A shell's background jobs ignore SIGINT, and what they start does so too, unless it is told otherwise."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


def normalise(text, keep_carets):
    """Standard error without what may differ from run to run: addresses, recursion counts, marker lines."""
    lines = []
    for line in text.splitlines():
        if not keep_carets and re.fullmatch(r"\s+[~^]+\s*", line):
            continue
        line = re.sub(r"\b0x[0-9a-fA-F]+\b", "0xADDRESS", line)
        line = re.sub(r"\[Previous line repeated \d+ more times\]", "[Previous line repeated N more times]", line)
        lines.append(line.rstrip())
    return "\n".join(lines)


def directives(source):
    found = set()
    for line in source.splitlines()[:5]:
        match = re.match(rb"# compare: (.*)", line)
        if match:
            found.update(match.group(1).decode().split())
    return found


def folder_digest(folder, memo={}):
    """Hash of the helper modules of a folder, so that changing one of them renews its programs' expectations."""
    if folder not in memo:
        digest = hashlib.sha256()
        for path, folders, names in os.walk(folder):
            folders[:] = sorted(f for f in folders if f != "__pycache__")
            for name in sorted(names):
                relative = os.path.relpath(os.path.join(path, name), folder)
                if relative.startswith("_"):
                    with open(os.path.join(path, name), "rb") as stream:
                        digest.update(relative.encode() + b"\0" + stream.read() + b"\0")
        memo[folder] = digest.hexdigest()
    return memo[folder]


class Comparer:
    def __init__(self, options):
        self.options = options
        heed_interrupts()
        version = subprocess.run([options.oracle, "-c", "import sys; print(sys.version)"], capture_output=True, text=True)
        if version.returncode:
            sys.exit(f"compare.py: {options.oracle} does not run: {version.stderr.strip()}")
        self.oracle_version = version.stdout
        os.makedirs(CACHE, exist_ok=True)

    def expectation(self, path, source, stdin_path):
        digest = hashlib.sha256()
        stdin = b""
        if stdin_path:
            with open(stdin_path, "rb") as stream:
                stdin = stream.read()
        for part in (CACHE_FORMAT.encode(), self.oracle_version.encode(), path.encode(), source, stdin,
                     folder_digest(os.path.dirname(path)).encode()):
            digest.update(part + b"\0")
        cached = os.path.join(CACHE, digest.hexdigest() + ".json")
        if not self.options.no_cache:
            try:
                with open(cached, encoding="utf-8") as stream:
                    return json.load(stream)
            except (OSError, ValueError):
                pass
        code, out, err, _ = run(self.options.oracle, path, stdin_path, self.options.timeout)
        if code is not None and code < 0:  # a death that the program means comes again, a crash of CPython's may not
            code, out, err, _ = run(self.options.oracle, path, stdin_path, self.options.timeout)
        result = {"code": code, "stdout": out, "stderr": err}
        if code is None:
            return result  # not kept: the machine was busy
        scratch = f"{cached}.{os.getpid()}.{id(result)}"
        with open(scratch, "w", encoding="utf-8") as stream:
            json.dump(result, stream)
        os.replace(scratch, cached)
        return result

    def check(self, program):
        """Runs one program both ways: (list of problem lines, seconds the binary took)."""
        path = os.path.join(self.options.programs, program)
        with open(path, "rb") as stream:
            source = stream.read()
        stdin_path = path[:-3] + ".stdin"
        stdin_path = stdin_path if os.path.exists(stdin_path) else None
        wanted = directives(source)
        expected = self.expectation(path, source, stdin_path)
        code, out, err, seconds = run(self.options.binary, path, stdin_path, self.options.timeout)
        problems = []
        if expected["code"] is None:
            problems.append(f"the oracle itself did not end within {self.options.timeout:g} s")
        if code is None:
            problems.append(f"did not end within {self.options.timeout:g} s")
        elif code != expected["code"]:
            problems.append(f"exit code: expected {describe(expected['code'])}, got {describe(code)}")
        problems += self.diff("stdout", expected["stdout"], out)
        if "no-stderr" not in wanted:
            carets = "carets" in wanted
            problems += self.diff("stderr", normalise(expected["stderr"], carets), normalise(err, carets))
        elif code != expected["code"]:
            problems += ["stderr: " + line for line in err.splitlines()[-5:]]
        return problems, seconds

    def diff(self, what, expected, got):
        if expected == got:
            return []
        lines = list(difflib.unified_diff(expected.splitlines(), got.splitlines(), f"{what} of python3.11",
                                          f"{what} of locksmith", "", "", 2, ""))
        if not lines:
            lines = [f"{what}: differs in line ends only"]
        if len(lines) > self.options.diff_lines:
            lines = lines[:self.options.diff_lines] + [f"… {len(lines) - self.options.diff_lines} more lines"]
        return [line.encode("utf-8", "backslashreplace").decode() for line in lines]


def describe(code):
    if code is not None and code < 0:
        try:
            return f"death by {signal.Signals(-code).name}"
        except ValueError:
            return f"death by signal {-code}"
    return str(code)


def main():
    parser = argparse.ArgumentParser(description="Compare Locksmith with CPython 3.11 on the programs of tests/python.")
    parser.add_argument("--binary", required=True, help="the locksmith executable to test")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="programs run at a time")
    parser.add_argument("--timeout", type=float, default=120, help="seconds a program may take")
    parser.add_argument("--oracle", default="/usr/bin/python3.11", help="the CPython to compare with")
    parser.add_argument("--programs", default=PROGRAMS, help="folder of programs (default: tests/python)")
    parser.add_argument("--diff-lines", type=int, default=24, help="lines shown of a difference")
    parser.add_argument("--no-cache", action="store_true", help="run the oracle even if its answer is cached")
    parser.add_argument("--names-only", action="store_true", help="name the programs that failed, show no differences")
    parser.add_argument("--verbose", action="store_true", help="a line for each program, with its time")
    parser.add_argument("filter", nargs="*", help="run only programs whose path contains one of these")
    options = parser.parse_args()
    options.binary = os.path.abspath(options.binary)
    options.programs = os.path.abspath(options.programs)
    if not os.access(options.binary, os.X_OK):
        parser.error(f"no executable file at {options.binary}")

    known = read_expected_failures(os.path.join(options.programs, "expected-failures.txt"),
                                   read_factors(options.binary))
    everything = discover(options.programs)
    for program in known:
        if program not in everything:
            parser.error(f"expected-failures.txt names {program}, which does not exist")
    programs = [p for p in everything if not options.filter or any(f in p for f in options.filter)]
    if not programs:
        parser.error("no program matches")

    comparer = Comparer(options)
    passed = failed = known_failed = 0
    with concurrent.futures.ThreadPoolExecutor(max(1, options.jobs)) as pool:
        for program, (problems, seconds) in zip(programs, pool.map(comparer.check, programs)):
            if problems and program in known:
                known_failed += 1
                verdict = f"known failure ({known[program]})"
                problems = []
            elif not problems and program in known:
                problems = [f"passes, but expected-failures.txt lists it ({known[program]}): remove it there"]
            if problems:
                failed += 1
                print(f"FAIL {program}", flush=True)
                if not options.names_only:
                    for line in problems:
                        print(f"    {line}")
                    sys.stdout.flush()
                continue
            if program not in known:
                passed += 1
                verdict = "ok"
            if options.verbose:
                print(f"{verdict:4} {seconds:6.2f} s {program}", flush=True)
    extra = f", {known_failed} known failures" if known_failed else ""
    print(f"{passed} passed, {failed} failed{extra}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
