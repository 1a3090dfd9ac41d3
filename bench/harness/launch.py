# SPDX-License-Identifier: MIT
"""Starts interpreters, watches them, and takes their times and their memory.

A launch is one process, or a group of them that is let go at once. Nothing here raises because of
what a measured program does: a crash, a wrong result or silence becomes the launch's `error`.
"""

import contextlib
import json
import os
import selectors
import signal
import subprocess
import tempfile
import time

from .catalogue import DRIVER

ALIVE = set()
PROCESSORS = sorted(os.sched_getaffinity(0))


@contextlib.contextmanager
def on_processor(number):
    """What is started within runs on one processor; the number goes round those there are."""
    os.sched_setaffinity(0, {PROCESSORS[number % len(PROCESSORS)]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, PROCESSORS)


def environment(hash_seed):
    """What the measured programs see: little, and the same for all of them."""
    keep = ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR", "LOCKSMITHPATH")
    result = {name: os.environ[name] for name in keep if name in os.environ}
    result["PYTHONHASHSEED"] = str(hash_seed)
    result["PYTHONDONTWRITEBYTECODE"] = "1"
    return result


def driver_command(binary, program, size, mode, threads, warmups, iterations, limit=0.0,
                   sync=False, repeat=1):
    command = [binary, DRIVER, "--program", program, "--size", str(size), "--mode", mode,
               "--threads", str(threads), "--warmups", str(warmups), "--iterations",
               str(iterations), "--limit", str(limit)]
    if repeat > 1:
        command += ["--repeat", str(repeat)]
    if sync:
        command.append("--sync")
    return command


def divide(record, repeat):
    """Makes the times of one call from those of `repeat` calls an iteration."""
    for name in ("wall", "cpu"):
        record[name] = [value / repeat for value in record[name]]
    if "locks" in record:
        record["locks"] = {name: count / repeat for name, count in record["locks"].items()}


class Child:
    """A process in its own session: Ctrl-C reaches only the harness, which then kills it."""

    def __init__(self, command, hash_seed, stdin=subprocess.DEVNULL):
        self.errors = tempfile.TemporaryFile()
        try:
            self.process = subprocess.Popen(command, stdin=stdin, stdout=subprocess.PIPE,
                                            stderr=self.errors, env=environment(hash_seed),
                                            start_new_session=True)
        except OSError:
            self.errors.close()
            raise
        ALIVE.add(self)
        self.text = b""
        self.open = True

    def read_more(self):
        """Takes what can be read now; False at the end of the output."""
        data = os.read(self.process.stdout.fileno(), 65536)
        self.text += data
        self.open = bool(data)
        return self.open

    def line(self):
        """The next complete line, or None if there is none yet."""
        head, newline, rest = self.text.partition(b"\n")
        if not newline:
            return None
        self.text = rest
        return head.decode("utf-8", "replace")

    def finish(self):
        """Waits for the end; returns (exit status, resource usage)."""
        if self.process.stdin:
            self.process.stdin.close()
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        self.process.stdout.close()
        ALIVE.discard(self)
        return self.process.returncode, usage

    def kill(self):
        if self.process.returncode is None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def complaint(self, status):
        """The last line of the standard error, and how the process ended."""
        self.errors.seek(0)
        lines = self.errors.read().decode("utf-8", "replace").strip().split("\n")
        if status < 0:
            try:
                ending = "killed by " + signal.Signals(-status).name
            except ValueError:
                ending = "killed by signal %d" % -status
        else:
            ending = "exit code %d" % status
        return ending + (": " + lines[-1][:300] if lines[-1] else "")


def kill_all():
    """Ends everything this harness started."""
    for child in list(ALIVE):
        child.kill()
        try:
            child.finish()
        except (ChildProcessError, OSError):
            ALIVE.discard(child)


def wait_for_lines(children, deadline):
    """One line from each child, in order; raises LaunchError if one ends or time runs out."""
    lines = [None] * len(children)
    with selectors.DefaultSelector() as selector:
        for index, child in enumerate(children):
            lines[index] = child.line()
            if lines[index] is None:
                if not child.open:
                    raise LaunchError(index, None)
                selector.register(child.process.stdout, selectors.EVENT_READ, index)
        while selector.get_map():
            left = deadline - time.perf_counter()
            if left <= 0:
                raise LaunchError(None, "no answer in time")
            for key, _ in selector.select(left):
                child = children[key.data]
                ended = not child.read_more()
                lines[key.data] = child.line()
                if lines[key.data] is not None:
                    selector.unregister(child.process.stdout)
                elif ended:
                    raise LaunchError(key.data, None)
    return lines


class LaunchError(Exception):
    def __init__(self, index, message):
        Exception.__init__(self, message)
        self.index = index
        self.message = message


def run_one(command, hash_seed, timeout):
    """One process under the driver's protocol without --sync."""
    return _run([command], hash_seed, timeout, 0, 0)


def run_group(command, copies, hash_seed, timeout, warmups, iterations):
    """`copies` processes that do each iteration at the same time (the command has --sync)."""
    return _run([command] * copies, hash_seed, timeout, warmups, iterations)


def _run(commands, hash_seed, timeout, warmups, iterations):
    begin = time.perf_counter()
    deadline = begin + timeout
    group = iterations > 0
    result = {"warmups": [], "wall": [], "cpu": [], "peak_kb": None, "error": None}
    children = []
    reports = []
    failure = None
    try:
        for command in commands:
            children.append(Child(command, hash_seed, subprocess.PIPE if group else
                                  subprocess.DEVNULL))
        for number in range(warmups + iterations):
            check_words(wait_for_lines(children, deadline), "ready")
            start = time.perf_counter()
            for child in children:
                child.process.stdin.write(b"\n")
                child.process.stdin.flush()
            check_words(wait_for_lines(children, deadline), "done")
            wall = time.perf_counter() - start
            result["warmups" if number < warmups else "wall"].append(wall)
        reports = [json.loads(line) for line in wait_for_lines(children, deadline)]
    except LaunchError as error:
        failure = error
    except (ValueError, BrokenPipeError) as error:
        failure = LaunchError(None, "no answer from the driver: %s" % error)
    except OSError as error:
        failure = LaunchError(None, "cannot be started: %s" % error.strerror)
    except BaseException:
        kill_all()
        raise
    if failure is not None:
        if failure.index is not None:
            status, _ = children[failure.index].finish()
            failure.message = children[failure.index].complaint(status)
        for child in children:
            child.kill()
    peaks = []
    for child in children:
        if child.process.returncode is None:
            status, usage = child.finish()
            peaks.append(usage.ru_maxrss)
            if status and failure is None:
                failure = LaunchError(None, child.complaint(status))
        child.errors.close()
    result["elapsed"] = time.perf_counter() - begin
    for report in reports:
        if "error" in report:
            failure = LaunchError(None, report["error"])
    if failure is not None:
        result["error"] = failure.message
        return result
    own = [report.get("peak_kb") for report in reports]
    result["peak_kb"] = sum(own) if all(own) else sum(peaks)
    result["checks"] = sum(report["checks"] for report in reports)
    result["version"] = reports[0]["version"]
    if group:
        result["cpu"] = [sum(cpu) for cpu in zip(*(report["cpu"] for report in reports))]
    else:
        for name in ("warmups", "wall", "cpu"):
            result[name] = reports[0][name]
    if "locks" in reports[0]:
        result["locks"] = reports[0]["locks"]
    return result


def check_words(lines, word):
    for line in lines:
        if line != word:
            try:
                message = json.loads(line).get("error", line)
            except ValueError:
                message = "unexpected output %r" % line[:200]
            raise LaunchError(None, message)


def run_startup(command, hash_seed, repeats, timeout):
    """The wall time from starting a command to its end, several times."""
    begin = time.perf_counter()
    result = {"warmups": [], "wall": [], "cpu": [], "peak_kb": None, "error": None}
    nothing = os.open(os.devnull, os.O_RDWR)
    try:
        for number in range(repeats + 1):
            start = time.perf_counter()
            pid = os.posix_spawn(command[0], command, environment(hash_seed),
                                 file_actions=[(os.POSIX_SPAWN_DUP2, nothing, 0),
                                               (os.POSIX_SPAWN_DUP2, nothing, 1),
                                               (os.POSIX_SPAWN_DUP2, nothing, 2)])
            _, status, usage = os.wait4(pid, 0)
            wall = time.perf_counter() - start
            if status:
                result["error"] = "exit code %d" % os.waitstatus_to_exitcode(status)
                break
            if number == 0:
                result["warmups"].append(wall)
            else:
                result["wall"].append(wall)
                result["cpu"].append(usage.ru_utime + usage.ru_stime)
            if wall > timeout:
                break
    except OSError as error:
        result["error"] = "cannot be started: %s" % error.strerror
    finally:
        os.close(nothing)
    if not result["wall"] and result["error"] is None:
        result["error"] = "start-up took longer than %g s" % timeout
    result["elapsed"] = time.perf_counter() - begin
    return result
