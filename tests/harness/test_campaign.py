# SPDX-License-Identifier: MIT
"""Launching, planning, interrupting and resuming, with this Python as the interpreter measured."""

import io
import os
import subprocess
import sys
import tempfile
import textwrap
import time
import unittest

import support
from harness import campaign, catalogue, launch, machine, options, plan
from harness.catalogue import Invalid

PROGRAM = """
def run(size):
    return size
def check(size, result):
    {check}
"""


class Launching(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def program(self, check="pass", run="return size"):
        path = os.path.join(self.folder.name, "program.py")
        with open(path, "w", encoding="utf-8") as file:
            file.write(textwrap.dedent(PROGRAM).replace("return size", run)
                       .replace("{check}", check))
        return path

    def run_program(self, path, mode="single", threads=1, timeout=100.0, binary=support.PYTHON):
        return launch.run_one(launch.driver_command(binary, path, 7, mode, threads, 1, 2), 1,
                              timeout)

    def test_times_come_back(self):
        result = self.run_program(self.program(run="import time; time.sleep(0.2)"))
        self.assertIsNone(result["error"])
        self.assertEqual((len(result["warmups"]), len(result["wall"]), len(result["cpu"])),
                         (1, 2, 2))
        for wall, cpu in zip(result["wall"], result["cpu"]):
            self.assertGreaterEqual(wall, 0.2)
            self.assertLess(cpu, 0.15)
        self.assertGreater(result["peak_kb"], 1000)

    def test_an_iteration_that_counts_is_repeated(self):
        # run() tells how often it was called: once as a warm-up, and five times more.
        path = self.program(check="assert result in (1, 6), result",
                            run="calls.append(size); return len(calls)\ncalls = []")
        for mode, threads, sync in (("single", 1, False), ("threads", 2, False),
                                    ("single", 1, True)):
            command = launch.driver_command(support.PYTHON, path, 7, mode, threads, 1, 1,
                                            sync=sync, repeat=5)
            result = (launch.run_group(command, 2, 1, 100.0, 1, 1) if sync else
                      launch.run_one(command, 1, 100.0))
            self.assertIsNone(result["error"])

    def test_times_are_those_of_one_call(self):
        record = {"warmups": [3.0], "wall": [5.0, 10.0], "cpu": [2.5, 5.0], "locks": {"taken": 15}}
        launch.divide(record, 5)
        self.assertEqual(record, {"warmups": [3.0], "wall": [1.0, 2.0], "cpu": [0.5, 1.0],
                                  "locks": {"taken": 3}})

    def test_threads_run_at_once(self):
        path = self.program(run="import time; time.sleep(1)")
        result = self.run_program(path, "threads", 4)
        self.assertIsNone(result["error"])
        for wall in result["wall"]:
            self.assertGreaterEqual(wall, 1)
            self.assertLess(wall, 4)  # one after the other it would be more

    def test_processes_run_at_once(self):
        path = self.program(run="import time; time.sleep(1)")
        command = launch.driver_command(support.PYTHON, path, 7, "single", 1, 1, 2, sync=True)
        result = launch.run_group(command, 4, 1, 100.0, 1, 2)
        self.assertIsNone(result["error"])
        self.assertEqual(len(result["wall"]), 2)
        for wall in result["wall"]:
            self.assertGreaterEqual(wall, 1)
            self.assertLess(wall, 4)  # one after the other it would be more

    def test_who_made_a_result_checks_it(self):
        path = self.program(check="import _thread; assert result == _thread.get_ident()",
                            run="import _thread; return _thread.get_ident()")
        for mode, threads in (("single", 1), ("threads", 1), ("threads", 3)):
            self.assertIsNone(self.run_program(path, mode, threads)["error"])

    def test_wrong_result_is_an_error(self):
        path = self.program("raise ValueError('it is wrong')")
        for mode in ("single", "threads"):
            result = self.run_program(path, mode)
            self.assertIn("it is wrong", result["error"])

    def test_exception_in_a_thread_is_an_error(self):
        result = self.run_program(self.program(run="1 / 0"), "threads", 2)
        self.assertIn("ZeroDivisionError", result["error"])

    def test_crash_is_an_error(self):
        result = self.run_program(self.program(run="import os; os.kill(os.getpid(), 11)"))
        self.assertIn("SIGSEGV", result["error"])

    def test_silence_is_an_error(self):
        begin = time.perf_counter()
        result = self.run_program(self.program(run="import time; time.sleep(600)"), timeout=0.4)
        self.assertIn("no answer in time", result["error"])
        self.assertLess(time.perf_counter() - begin, 100.0)

    def test_a_binary_that_cannot_run_is_an_error(self):
        self.assertIsNotNone(self.run_program(self.program(), binary="/bin/false")["error"])
        self.assertIsNotNone(self.run_program(self.program(), binary="/dev/null")["error"])

    def test_start_up(self):
        result = launch.run_startup([support.PYTHON, "-I", "-c", "pass"], 1, 2, 100.0)
        self.assertIsNone(result["error"])
        self.assertEqual(len(result["wall"]), 2)
        self.assertGreater(min(result["wall"]), 0.001)

    def test_one_processor_for_all_of_a_round(self):
        everywhere = os.sched_getaffinity(0)
        code = "import os; os._exit(len(os.sched_getaffinity(0)))"
        for number in range(3):
            with launch.on_processor(number):
                done = subprocess.run([sys.executable, "-c", code])
                self.assertEqual(done.returncode, 1)
                self.assertEqual(os.sched_getaffinity(0),
                                 {sorted(everywhere)[number % len(everywhere)]})
        self.assertEqual(os.sched_getaffinity(0), everywhere)

    def test_processors_are_compared(self):
        times = machine.processor_times()
        self.assertEqual(min(times), 1.0)
        self.assertLessEqual(len(times), len(os.sched_getaffinity(0)))

    def test_additions_are_timed(self):
        found = machine.additions()
        self.assertGreater(found["plain"], 0.0)
        self.assertGreater(found["atomic"], found["plain"])


class Planning(unittest.TestCase):
    def schedule(self, cores=2):
        programs = [campaign.Stored(name, support.header()["programs"][name])
                    for name in ("fib", "nbody")]
        units = plan.units(programs, [1, 2, 4], options.KINDS, ["gil", "object"], ["peer"], False,
                           cores)
        return plan.Schedule(units, plan.Pace(False), cores, 1)

    def finish(self, schedule, budget, cost):
        spent = 0.0
        while True:
            unit = schedule.next_unit(schedule.targets(spent, budget))
            if unit is None:
                return spent
            unit.costs.append(cost)
            spent += cost

    def test_the_minimum_is_made_whatever_it_costs(self):
        schedule = self.schedule()
        self.finish(schedule, 1.0, 10.0)
        for unit in schedule.units:
            self.assertEqual(len(unit.costs), plan.Pace(False).levels[0][unit.family])

    def test_the_budget_is_used_and_kept(self):
        schedule = self.schedule()
        spent = self.finish(schedule, 100.0, 1.0)
        self.assertLessEqual(spent, 100.0)
        self.assertGreater(spent, 60.0)

    def test_peers_only_run_alone_unless_asked(self):
        for unit in self.schedule().units:
            self.assertEqual("peer" in unit.participants, unit.kind in ("single", "startup"))

    def test_kernels_and_fib7_are_planned_apart(self):
        header = support.header(strategies=("gil", "unsafe"), programs=("fib",),
                                kernels=("kernel_a",), fixed=7)
        programs = [campaign.Stored(name, facts) for name, facts in header["programs"].items()]
        found = {}
        for full, threads in ((False, [1, 2, 3, 4, 8]), (True, [1, 2, 3, 4, 8]), (False, [8])):
            units = plan.units(programs, threads, ["kernels", "fib7"], ["gil", "unsafe"],
                               ["peer"], False, 4, full)
            self.assertEqual({tuple(unit.participants) for unit in units}, {("gil",)})
            found[full, len(threads)] = {unit.key for unit in units}
        fib7 = {("fib7", "fib7", 1), ("fib7", "fib7", 7), ("fib7-processes", "fib7", 7)}
        for case, counts in (((False, 5), [4]), ((True, 5), [2, 3, 4]), ((False, 1), [8])):
            self.assertEqual(found[case], fib7 | {("kernel", "kernel_a", n) for n in [1] + counts}
                             | {("kernel-processes", "kernel_a", n) for n in counts})

    def test_short_programs_are_repeated_in_threads(self):
        pace = plan.Pace(False)
        self.assertEqual(pace.repeat("threads", [0.011, 0.0101, 0.5]), 4)
        self.assertEqual(pace.repeat("processes", [0.5]), 1)
        for kind, walls in (("single", [0.001]), ("shared", [0.001]), ("threads", None)):
            self.assertEqual(pace.repeat(kind, walls), 1)

    def test_the_pilot_says_how_often(self):
        header = support.header(strategies=("gil", "nogil"), programs=("fib",), threads=(1, 2))
        records = (support.launches("single", "fib", "gil", 1, [0.02, 0.001])
                   + support.launches("single", "fib", "nogil", 1, [0.03]))
        found = campaign.Campaign("", header, records, None)
        self.assertEqual(found.alone, {"fib": [0.02, 0.03]})

    def test_more_strategies_get_more_time(self):
        pace = plan.Pace(False)
        self.assertEqual([pace.default_budget(count) for count in (1, 5, 10)], [10.0, 10.0, 20.0])

    def test_order_is_shuffled_and_repeatable(self):
        schedule = self.schedule()
        unit = schedule.units[1]
        orders = set()
        for _ in range(20):
            self.assertEqual(schedule.order(unit), schedule.order(unit))
            self.assertEqual(sorted(schedule.order(unit)), sorted(unit.participants))
            orders.add(tuple(schedule.order(unit)))
            unit.costs.append(1.0)
        self.assertGreater(len(orders), 2)

    def test_all_strategies_of_a_round_get_the_same_hash_seed(self):
        schedule = self.schedule()
        self.assertEqual(schedule.hash_seed(3), schedule.hash_seed(3))
        self.assertNotEqual(schedule.hash_seed(3), schedule.hash_seed(4))


class Interrupting(campaign.Progress):
    """Stands for Ctrl-C before the launch of the given number."""

    def __init__(self, after):
        campaign.Progress.__init__(self, io.StringIO())
        self.left = after

    def show(self, *facts):
        self.left -= 1
        if self.left < 0:
            raise campaign.Interrupted("SIGINT")


class Resuming(unittest.TestCase):
    def test_nothing_is_lost_and_nothing_done_twice(self):
        header = support.header(programs=("fib",), kinds=("single", "threads"))
        for facts in header["binaries"].values():
            facts["sha256"] = campaign.fingerprint(facts["path"])
        header["budget"] = 0.001
        with tempfile.TemporaryDirectory() as folder:
            campaign.append(folder, header)
            first = campaign.Campaign(folder, header, [], Interrupting(5))
            with self.assertRaises(campaign.Interrupted):
                first.run(header["budget"])
            self.assertEqual(len(first.launches), 5)
            # A line that was being written when the power failed.
            with open(os.path.join(folder, campaign.RAW), "a", encoding="utf-8") as file:
                file.write('{"type": "launch", "kind": "sin')
            loaded, launches, _ = campaign.load(folder)
            self.assertEqual(loaded, header)
            self.assertEqual(launches, first.launches)
            second = campaign.Campaign(folder, loaded, launches, Interrupting(10 ** 6))
            second.check_binaries()
            second.run(header["budget"])
            self.assertTrue(second.is_complete())
            _, launches, _ = campaign.load(folder)
        seen = [(record["kind"], record["program"], record["threads"], record["strategy"],
                 record["round"]) for record in launches]
        self.assertEqual(len(seen), len(set(seen)))
        # Three rounds of one thread, two each of two threads and two processes, two strategies.
        self.assertEqual(len(seen), 2 * (3 + 2 + 2))
        self.assertFalse([record["error"] for record in launches if record["error"]])

    def test_another_binary_is_refused(self):
        header = support.header()
        with tempfile.TemporaryDirectory() as folder:
            run = campaign.Campaign(folder, header, [], Interrupting(0))
            with self.assertRaises(Invalid):
                run.check_binaries()

    def test_a_failing_point_is_given_up(self):
        header = support.header(strategies=("gil", "broken"), programs=("fib",), kinds=("single",))
        header["binaries"]["broken"]["path"] = "/bin/false"
        with tempfile.TemporaryDirectory() as folder:
            campaign.append(folder, header)
            run = campaign.Campaign(folder, header, [], Interrupting(10 ** 6))
            run.run(0.001)
        errors = [record for record in run.launches if record["error"]]
        self.assertEqual(len(errors), campaign.FAILURES_ALLOWED)
        self.assertEqual({record["strategy"] for record in errors}, {"broken"})


class Options(unittest.TestCase):
    def refused(self, arguments, *words):
        with self.assertRaises(Invalid) as caught:
            options.read(arguments, 2)
        message = str(caught.exception)
        self.assertNotIn("\n", message)
        for word in words:
            self.assertIn(word, message)

    def test_mistakes_are_told_with_what_is_valid(self):
        self.refused(["--strategies", "gul"], "gul", "gil", "all", "ladder", "mutexes")
        self.refused(["--programs", "fob"], "fob", "fib", "shared")
        self.refused(["--threads", "two"], "two")
        self.refused(["--threads", "0"], "1 to 1024")
        self.refused(["--measure", "speed"], "speed", "startup")
        self.refused(["--binary", "gil"], "NAME=PATH")
        self.refused(["--binary", "gil=/no/such/file"], "/no/such/file")
        self.refused(["--peers", "no-such-python"], "no-such-python")
        self.refused(["--budget", "-1"], "-1")
        self.refused(["--resume", "/no/such/folder"], "raw.jsonl")
        self.refused(["--resume", "/tmp", "--threads", "2"], "--threads")

    def test_exit_code_and_one_line(self):
        for arguments in (["--no-such-option"], ["--strategies", "gul"], ["--budget", "much"],
                          ["--quick", "--full"], ["--output"]):
            done = subprocess.run([os.path.join(support.ROOT, "bench", "run")] + arguments,
                                  capture_output=True, text=True, timeout=100)
            self.assertEqual(done.returncode, 2, arguments)
            self.assertEqual(done.stdout, "")
            self.assertEqual(len(done.stderr.strip().split("\n")), 1, done.stderr)

    def test_defaults(self):
        chosen = options.read([], 2)
        self.assertEqual(chosen.threads, [1, 2, 4])
        self.assertEqual(options.default_threads(6), [1, 2, 4, 6, 8])
        self.assertGreaterEqual(len(chosen.programs), 24 + 8)
        chosen = options.read(["--binary", "mine=" + support.PYTHON, "--programs", "shared"], 2)
        self.assertEqual(chosen.strategies, ["mine"])
        self.assertEqual(len(chosen.programs), 8)


    def test_groups(self):
        known = ["gil", "gil-mortal", "gil-atomic", "gilectomy", "object", "object-locks", "unsafe"]
        chosen = catalogue.choose_strategies("ladder", {}, known)
        self.assertEqual(chosen, ["gil", "gil-mortal", "gilectomy", "object-locks"])
        chosen = catalogue.choose_strategies("all", {}, known)
        self.assertEqual(chosen, ["gil", "gil-atomic", "gilectomy", "object", "unsafe"])
        chosen = catalogue.choose_strategies("object,ladder,gil", {}, known)
        self.assertEqual(chosen, ["object", "gil", "gil-mortal", "gilectomy", "object-locks"])
        chosen = catalogue.choose_strategies(None, {}, known + ["nogil"])
        self.assertEqual(chosen, ["gil", "gil-atomic", "gilectomy", "object", "nogil"])
        self.assertEqual(catalogue.choose_strategies("mutexes", {}, known),
                         ["object-locks"])
        self.assertEqual([name for name in catalogue.groups(catalogue.programs())["kernels"]
                          if not name.startswith("kernel_")], [])

    def test_list_shows_the_groups(self):
        done = subprocess.run([os.path.join(support.ROOT, "bench", "run"), "--list"],
                              capture_output=True, text=True, timeout=100)
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = {line.split()[0]: line for line in done.stdout.split("\n") if line.strip()}
        for group in ("default", "all", "ladder", "mutexes"):
            self.assertIn(" object", lines[group])
        self.assertIn("gil-mortal-atomic", lines["ladder"])
        self.assertNotIn("gil-mortal", lines["all"])
        self.assertIn("kernel_closures", lines)


class Programs(unittest.TestCase):
    def test_each_says_what_it_stresses(self):
        for program in catalogue.programs().values():
            self.assertGreater(len(program.summary), 30, program.name)
            self.assertLessEqual(program.size(False), program.full)

    def test_checks_notice_a_wrong_result(self):
        for name, program in catalogue.programs().items():
            if program.shared:
                continue
            namespace = namespace_of(program)
            size = 1000 if name == "million_objects" else {"fib": 15, "nqueens": 6, "richards": 1,
                                                           "binary_trees": 6}.get(name, 40)
            size = 1 if name == "fannkuch" else size
            result = namespace["run"](size)
            namespace["check"](size, result)
            with self.assertRaises(Exception, msg=name):
                namespace["check"](size, spoil(result))


    def test_checks_of_kernels_notice_a_wrong_result(self):
        kernels = [program for program in catalogue.programs().values()
                   if program.role != catalogue.MAIN]
        self.assertGreaterEqual(len(kernels), 20 + 1)
        for program in kernels:
            namespace = namespace_of(program)
            size = 12
            state = namespace["setup"](size, 2)
            for index in range(2):
                namespace["work"](state, index)
            namespace["check"](state, size, 2)
            state[1][1] = spoil(state[1][1])
            with self.assertRaises(ValueError, msg=program.name):
                namespace["check"](state, size, 2)


def namespace_of(program):
    namespace = {"__name__": "program"}
    with open(program.path, encoding="utf-8") as file:
        exec(compile(file.read(), program.path, "exec"), namespace)
    return namespace


def spoil(value):
    """The same value with one part changed a little."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return value + 1 + abs(value) / 8
    if isinstance(value, (tuple, list)) and value:
        return type(value)([spoil(value[0])] + list(value[1:]))
    if isinstance(value, str):
        return value[1:]
    if isinstance(value, dict):
        return {key: spoil(item) for key, item in value.items()}
    value.x += 1
    return value


if __name__ == "__main__":
    unittest.main()
