# SPDX-License-Identifier: MIT
"""What the measurements were made on, as far as the system tells."""

import json
import os
import platform
import statistics
import subprocess
import tempfile
import time


def first_line(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.readline().strip()
    except OSError:
        return ""


def output(command, timeout=20):
    """What a command prints, stripped, or an empty string if it fails."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, timeout=timeout, text=True)
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def cores():
    return len(os.sched_getaffinity(0))


def processor_times(rounds=4, most=16):
    """The time that one loop takes on each processor (the first `most`), over the fastest one's."""
    times = {}
    allowed = sorted(os.sched_getaffinity(0))
    try:
        for _ in range(rounds):
            for processor in allowed[:most]:
                os.sched_setaffinity(0, {processor})
                start = time.thread_time()
                sum(i * i for i in range(100_000))
                times.setdefault(processor, []).append(time.thread_time() - start)
    finally:
        os.sched_setaffinity(0, allowed)
    middle = [statistics.median(each) for each in times.values()]
    return [round(each / min(middle), 2) for each in middle]


def additions():
    """The nanoseconds of one addition: {"plain": ..., "atomic": ...}; None without a compiler."""
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "additions.c")
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "additions")
        try:
            done = subprocess.run(["cc", "-O2", "-o", program, source], timeout=60,
                                  stdin=subprocess.DEVNULL, capture_output=True)
            return json.loads(output([program])) if done.returncode == 0 else None
        except (OSError, subprocess.SubprocessError, ValueError):
            return None


def describe():
    """A dict of names and texts or numbers; what cannot be found out is left out."""
    facts = {}
    physical = set()
    package = ""
    for line in _lines("/proc/cpuinfo"):
        name, _, value = (part.strip() for part in line.partition(":"))
        if name == "model name" and "cpu_model_name" not in facts:
            facts["cpu_model_name"] = value
        elif name == "physical id":
            package = value
        elif name == "core id":
            physical.add((package, value))
        elif name == "flags" and "hypervisor" in value.split():
            facts["virtual_machine"] = "yes"
    facts["cpu_count"] = cores()
    if physical:
        facts["physical_cores"] = len(physical)
    caches = _caches()
    if caches:
        facts["caches"] = caches
    for name, path in (("cpu_governor", "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
                       ("transparent_huge_pages", "/sys/kernel/mm/transparent_hugepage/enabled"),
                       ("aslr", "/proc/sys/kernel/randomize_va_space")):
        text = first_line(path)
        if text:
            facts[name] = text
    no_turbo = first_line("/sys/devices/system/cpu/intel_pstate/no_turbo")
    if no_turbo:
        facts["turbo"] = "off" if no_turbo == "1" else "on"
    for line in _lines("/proc/meminfo"):
        if line.startswith("MemTotal:"):
            facts["memory_mb"] = int(line.split()[1]) // 1024
    facts["kernel"] = platform.release()
    facts["platform"] = platform.platform()
    for line in _lines("/etc/os-release"):
        if line.startswith("PRETTY_NAME="):
            facts["system"] = line.partition("=")[2].strip().strip('"')
    facts["load_avg_1min"] = os.getloadavg()[0]
    facts["processor_times"] = processor_times()
    found = additions()
    if found:
        facts["addition_ns"] = found
    return facts


def _lines(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read().splitlines()
    except OSError:
        return []


def _caches():
    base = "/sys/devices/system/cpu/cpu0/cache"
    parts = []
    try:
        names = sorted(os.listdir(base))
    except OSError:
        return ""
    for name in names:
        if name.startswith("index"):
            level = first_line(os.path.join(base, name, "level"))
            kind = first_line(os.path.join(base, name, "type"))
            size = first_line(os.path.join(base, name, "size"))
            if level and size:
                parts.append("L%s%s %s" % (level, {"Data": "d", "Instruction": "i"}.get(kind, ""),
                                           size))
    return ", ".join(parts)


def revision(root):
    """The commit that is measured, with a mark if the tree differs from it."""
    commit = output(["git", "-C", root, "rev-parse", "--short=12", "HEAD"])
    if not commit:
        return ""
    changed = output(["git", "-C", root, "status", "--porcelain", "--untracked-files=no"])
    return commit + (" with local changes" if changed else "")


def build_info(binary):
    """What `--build-info --json` says, or None for interpreters that do not know it."""
    try:
        info = json.loads(output([binary, "--build-info", "--json"]))
    except ValueError:
        return None
    return info if isinstance(info, dict) else None


def find(info, name):
    """The value of a key anywhere inside nested dicts, or None."""
    if isinstance(info, dict):
        if name in info:
            return info[name]
        for value in info.values():
            found = find(value, name)
            if found is not None:
                return found
    elif isinstance(info, list):
        for value in info:
            found = find(value, name)
            if found is not None:
                return found
    return None
