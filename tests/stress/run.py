#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the thread stress programs of this folder with a Locksmith binary, one after the other.

The total time is divided among the programs. A program that is not done long after its share hangs: its stacks are
shown with gdb, if that is installed, and it is killed. Fails if a program fails, hangs, dies of a signal, or writes a
sanitizer report.
"""
import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
REPORT = re.compile(rb"WARNING: ThreadSanitizer|ERROR: (Address|Leak|Thread)Sanitizer|runtime error: |Assertion .* failed")


def stacks(pid):
    """What all threads of the process are doing, by gdb."""
    if not shutil.which("gdb"):
        return "(install gdb to see the stacks of a program that hangs)"
    command = ["gdb", "-p", str(pid), "-batch", "-nx", "-ex", "set pagination off", "-ex", "thread apply all bt 25"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=60)
    except subprocess.TimeoutExpired:
        return "(gdb did not answer within 60 s)"
    return "\n".join(line for line in done.stdout.splitlines() if line.startswith(("Thread", "#")))


def tail(data, lines):
    text = data.decode("utf-8", "replace").splitlines()
    return "\n".join("    " + line for line in text[-lines:])


def run(binary, path, seconds, threads, seed, limit):
    """Runs one program: (what went wrong or None, seconds it took)."""
    command = [binary, path, "--seconds", f"{seconds:g}", "--threads", str(threads), "--seed", str(seed)]
    started = time.monotonic()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, start_new_session=True)
        problem = None
        try:
            code = process.wait(limit)
        except subprocess.TimeoutExpired:
            problem = f"hangs: not done after {limit:.0f} s\n{stacks(process.pid)}"
            os.killpg(process.pid, signal.SIGKILL)
            code = process.wait()
        except KeyboardInterrupt:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise
        out.seek(0)
        err.seek(0)
        output, errors = out.read(), err.read()
    took = time.monotonic() - started
    if problem is None:
        if code < 0:
            problem = f"died of {signal.Signals(-code).name}"
        elif code:
            problem = f"exit code {code}"
        elif REPORT.search(errors):
            problem = "a sanitizer or assertion reports"
        elif output.strip() != b"ok":
            problem = "did not print ok"
    if problem:
        report = REPORT.search(errors)
        shown = tail(errors[report.start():], 10 ** 6).splitlines()[:60] if report else tail(errors, 25).splitlines()
        problem += "\n" + "\n".join(shown) + ("\n" + tail(output, 5) if output.strip() not in (b"", b"ok") else "")
        problem += f"\n    to repeat: {' '.join(command)}"
    return problem, took


def main():
    parser = argparse.ArgumentParser(description="Run the thread stress programs.")
    parser.add_argument("--binary", required=True, help="the locksmith executable to test")
    parser.add_argument("--seconds", type=float, default=60, help="time for all programs together (default 60)")
    parser.add_argument("--threads", type=int, default=max(4, 2 * (os.cpu_count() or 1)), help="threads in each program")
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100000, help="of the random choices")
    parser.add_argument("--grace", type=float, default=300, help="seconds beyond its share before a program counts as hung")
    parser.add_argument("filter", nargs="*", help="run only programs whose name contains one of these")
    options = parser.parse_args()
    binary = os.path.abspath(options.binary)
    if not os.access(binary, os.X_OK):
        parser.error(f"no executable file at {binary}")
    programs = sorted(n for n in os.listdir(HERE) if n.startswith("stress_") and n.endswith(".py"))
    programs = [n for n in programs if not options.filter or any(f in n for f in options.filter)]
    if not programs:
        parser.error("no program matches")
    share = options.seconds / len(programs)
    passed = failed = 0
    for number, name in enumerate(programs):
        problem, took = run(binary, os.path.join(HERE, name), share, options.threads, options.seed + number,
                            share * 3 + options.grace)
        if problem:
            failed += 1
            print(f"FAIL {name} ({took:.1f} s): {problem}", flush=True)
        else:
            passed += 1
            print(f"ok   {name} ({took:.1f} s)", flush=True)
    print(f"{passed} passed, {failed} failed (seed {options.seed}, {options.threads} threads)")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
