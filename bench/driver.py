# SPDX-License-Identifier: MIT
"""Runs one benchmark program inside the interpreter that is measured.

    INTERPRETER bench/driver.py --program fib --size 25 --threads 2 --mode threads \
        --warmups 1 --iterations 3 [--repeat N] [--limit SECONDS] [--sync]

prints one line of JSON: the wall and CPU seconds of every iteration. Only the work is timed; the
program's own check of the result runs after the clock has stopped, and a wrong result ends the
run with an error. This file keeps to simple Python and few modules, since the interpreters that
run it may be young.

Modes: `single` calls run(size) in the main thread. `threads` does so in several threads, each with
a module of its own that it has executed itself, from the source, and checks its results itself, so
that nothing is shared but the interpreter: not even a line of the cache in which objects lie side by
side that one thread has made, nor a block of memory that another one has freed.
`shared` lets several threads work on one state that the main thread has set up. In the last two all
threads wait at a gate, but in `threads` the main thread is one of them; the wall time runs from the
gate's opening to the end of the last thread.

With --repeat N an iteration that counts calls run(size) N times in each thread (not in mode
`shared`, where a state can be used once), and its times are of all N together. The system chooses a
core for a thread at the moment that it is woken. If who wakes it goes to sleep right after, the
system may have put two threads on one core, beside an idle one, and part them only after some
milliseconds. That is why the main thread works, too, where it can; and still an iteration should be
much longer than that.

With --sync each iteration, after it is set up, prints "ready" and waits for a line on standard
input, and prints "done" at the end of its work; so several processes can be made to run at once.
"""

import sys
import time
import _thread

USAGE = ("usage: driver.py --program NAME --size N [--threads N] [--mode single|threads|shared]"
         " [--warmups N] [--iterations N] [--repeat N] [--limit SECONDS] [--sync]")


def fail(message):
    print('{"error": ' + quote(message) + "}")
    sys.stdout.flush()
    sys.exit(1)


def quote(text):
    """The text as a JSON string."""
    result = '"'
    for character in str(text):
        code = ord(character)
        if character == '"' or character == "\\":
            result += "\\" + character
        elif code < 32 or code > 126:
            if code > 65535:
                code -= 65536
                result += "\\u%04x" % (55296 + (code >> 10))
                code = 56320 + (code & 1023)
            result += "\\u%04x" % code
        else:
            result += character
    return result + '"'


def numbers(values):
    return "[" + ", ".join([repr(float(value)) for value in values]) + "]"


def parse(arguments):
    options = {"program": None, "size": None, "threads": "1", "mode": "single", "warmups": "1",
               "iterations": "3", "repeat": "1", "limit": "0", "sync": None}
    i = 0
    while i < len(arguments):
        name = arguments[i][2:]
        if arguments[i][:2] != "--" or name not in options:
            fail("unknown argument " + arguments[i] + "; " + USAGE)
        if name == "sync":
            options[name] = "yes"
            i += 1
        else:
            if i + 1 >= len(arguments):
                fail("no value for " + arguments[i] + "; " + USAGE)
            options[name] = arguments[i + 1]
            i += 2
    if options["program"] is None or options["size"] is None:
        fail("--program and --size are needed; " + USAGE)
    return options


def load(name):
    """The program as a fresh namespace; nothing of it is shared with another one."""
    slash = __file__.rfind("/")
    folder = __file__[:slash + 1] if slash >= 0 else ""
    path = name if "/" in name else folder + "programs/" + name + ".py"
    with open(path, encoding="utf-8") as file:
        source = file.read()
    namespace = {"__name__": "benchmark_program", "__file__": path}
    exec(compile(source, path, "exec"), namespace)
    return namespace


def repeated(run, size, times):
    """What the last of so many calls gives."""
    for _ in range(times - 1):
        run(size)
    return run(size)


def checked(namespace, size, results, index):
    """Checks one of the results and lets it go, in the thread that calls this."""
    result = results[index]
    results[index] = None
    namespace["check"](size, result)


class Crew:
    """Threads that stay alive from iteration to iteration and run one function each at a time."""

    def __init__(self, count, with_caller):
        """with_caller: the first of them is the thread that calls `run`."""
        self.count = count
        self.with_caller = with_caller
        self.gates = []
        self.done = []
        self.ends = [0.0] * count
        self.errors = [None] * count
        self.jobs = [None] * count
        self.results = [None] * count
        for index in range(with_caller, count):
            gate = _thread.allocate_lock()
            gate.acquire()
            done = _thread.allocate_lock()
            done.acquire()
            self.gates.append(gate)
            self.done.append(done)
            _thread.start_new_thread(self.serve, (index, gate, done))

    def serve(self, index, gate, done):
        while True:
            gate.acquire()
            if self.jobs[index] is None:
                done.release()
                return
            self.do(index)
            done.release()

    def do(self, index):
        function, arguments = self.jobs[index]
        try:
            self.results[index] = function(*arguments)
        except BaseException as error:
            self.errors[index] = type(error).__name__ + ": " + str(error)
        self.ends[index] = time.perf_counter()

    def run(self, jobs, report):
        """Runs the jobs at once; returns the wall and the CPU time until the last one's end."""
        for index in range(self.count):
            self.jobs[index] = jobs[index]
            self.results[index] = None
        report("ready")
        cpu = time.process_time()
        start = time.perf_counter()
        for gate in self.gates:
            gate.release()
        if self.with_caller:
            self.do(0)
        for done in self.done:
            done.acquire()
        cpu = time.process_time() - cpu
        report("done")
        for index in range(self.count):
            if self.errors[index] is not None:
                fail("thread %d: %s" % (index, self.errors[index]))
        return max(self.ends) - start, cpu

    def dismiss(self):
        self.jobs[:] = [None] * self.count
        for gate in self.gates:
            gate.release()
        for done in self.done:
            done.acquire()


class Single:
    """One call of run(size) in the main thread."""

    def __init__(self, program, size, threads):
        self.size = size
        self.namespace = load(program)

    def iterate(self, report, times):
        run = self.namespace["run"]
        report("ready")
        cpu = time.process_time()
        start = time.perf_counter()
        result = repeated(run, self.size, times)
        wall = time.perf_counter() - start
        cpu = time.process_time() - cpu
        report("done")
        self.namespace["check"](self.size, result)
        return wall, cpu

    def close(self):
        pass


class Independent:
    """run(size) in every thread, each in a namespace of its own."""

    def __init__(self, program, size, threads):
        self.size = size
        self.crew = Crew(threads, True)
        self.crew.run([(load, (program,))] * threads, silent)
        self.namespaces = self.crew.results[:]

    def iterate(self, report, times):
        jobs = [(repeated, (namespace["run"], self.size, times)) for namespace in self.namespaces]
        times = self.crew.run(jobs, report)
        # Who has made a result also looks at it and frees it.
        results, self.crew.results = self.crew.results, [None] * self.crew.count
        self.crew.run([(checked, (namespace, self.size, results, index))
                       for index, namespace in enumerate(self.namespaces)], silent)
        return times

    def close(self):
        self.crew.dismiss()


class Shared:
    """work(state, index) in every thread, on one state that is set up anew each time."""

    def __init__(self, program, size, threads):
        self.size = size
        self.namespace = load(program)
        self.crew = Crew(threads, False)

    def iterate(self, report, times):
        threads = self.crew.count
        state = self.namespace["setup"](self.size, threads)
        work = self.namespace["work"]
        times = self.crew.run([(work, (state, index)) for index in range(threads)], report)
        self.crew.jobs[:] = [None] * threads
        self.namespace["check"](state, self.size, threads)
        return times

    def close(self):
        self.crew.dismiss()


MODES = {"single": Single, "threads": Independent, "shared": Shared}


def silent(word):
    pass


def synchronised(word):
    print(word)
    sys.stdout.flush()
    if word == "ready":
        sys.stdin.readline()


def lock_statistics():
    """What the interpreter counted about its locks, if it counts: a dict of numbers by name."""
    counts = getattr(sys, "_lock_statistics", None)
    return counts() if counts is not None else None


def peak_memory():
    """The most memory this process ever had resident, in kilobytes, or None where unknown.

    Taken here, not from the parent's wait4(), since the kernel counts the parent's own pages there
    until the exec.
    """
    try:
        with open("/proc/self/status", encoding="utf-8") as file:
            for line in file.read().split("\n"):
                if line[:6] == "VmHWM:":
                    return int(line[6:].split()[0])
    except (OSError, ValueError):
        pass
    return None


def measure(options):
    warmups = int(options["warmups"])
    iterations = int(options["iterations"])
    repeat = int(options["repeat"])
    threads = int(options["threads"])
    limit = float(options["limit"])
    size = int(options["size"])
    report = synchronised if options["sync"] else silent
    job = MODES[options["mode"]](options["program"], size, threads)
    begin = time.perf_counter()
    warm_walls = []
    walls = []
    cpus = []
    # Once the limit is over, warm-ups are cut short; one iteration is measured in any case.
    for _ in range(warmups):
        warm_walls.append(job.iterate(report, 1)[0])
        if limit and time.perf_counter() - begin > limit:
            break
    before = lock_statistics()
    for _ in range(iterations):
        wall, cpu = job.iterate(report, repeat)
        walls.append(wall)
        cpus.append(cpu)
        if limit and time.perf_counter() - begin > limit:
            break
    after = lock_statistics()
    job.close()
    text = ('{"program": ' + quote(options["program"]) + ', "mode": ' + quote(options["mode"])
            + ', "size": %d, "threads": %d' % (size, threads)
            + ', "warmups": ' + numbers(warm_walls) + ', "wall": ' + numbers(walls)
            + ', "cpu": ' + numbers(cpus)
            + ', "checks": %d' % (len(warm_walls) + len(walls))
            + ', "version": ' + quote(sys.version))
    peak = peak_memory()
    if peak is not None:
        text += ', "peak_kb": %d' % peak
    if after is not None:
        pairs = [quote(name) + ": " + repr(after[name] - before.get(name, 0)) for name in after]
        text += ', "locks": {' + ", ".join(pairs) + "}"
    print(text + "}")
    sys.stdout.flush()


def main():
    options = parse(sys.argv[1:])
    if options["mode"] not in MODES:
        fail("unknown mode " + options["mode"] + "; " + USAGE)
    try:
        measure(options)
    except Exception as error:
        fail(type(error).__name__ + ": " + str(error))


main()
