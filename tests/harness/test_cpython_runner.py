# SPDX-License-Identifier: MIT
"""tests/cpython/run says what became of each test, whatever its module does to the process."""

import os
import subprocess
import tempfile
import textwrap
import tomllib
import unittest

import support

RUN = os.path.join(support.ROOT, "tests", "cpython", "run")
COLUMNS = ("passed", "failed", "errored", "skipped", "crashed", "timed out", "not run", "absent")

# The interpreter under test is CPython with a mark, so that a module can behave otherwise than with the oracle.
BINARY = "#!/bin/sh\nUNDER_TEST=1 exec /usr/bin/python3.11 \"$@\"\n"

MIXED = """
    import unittest
    class Mixed(unittest.TestCase):
        def test_a_pass(self): pass
        def test_b_fail(self): self.assertEqual(1, 2)
        def test_c_error(self): {}["missing"]
        def test_d_skip(self): self.skipTest("not today")
        @unittest.expectedFailure
        def test_e_expected(self): self.fail()
        @unittest.expectedFailure
        def test_f_unexpected(self): pass
        def test_g_subtests(self):
            for i in range(4):
                with self.subTest(i=i):
                    self.assertNotEqual(i, 2)
        def test_h_subtests_pass(self):
            for i in range(4):
                with self.subTest(i=i): pass
"""
CRASH = """
    import os, unittest
    class Crash(unittest.TestCase):
        def test_1_before(self): pass
        def test_2_crash(self):
            print("about to go down", flush=True)
            if "UNDER_TEST" in os.environ: os.abort()
        def test_3_after(self): pass
"""
HANG = """
    import os, time, unittest
    class Hang(unittest.TestCase):
        def test_1_before(self): pass
        def test_2_hang(self):
            if "UNDER_TEST" in os.environ: time.sleep(600)
        def test_3_after(self): pass
"""
FIXTURES = """
    import unittest
    class Broken(unittest.TestCase):
        @classmethod
        def setUpClass(cls): raise OSError("no ground to stand on")
        def test_1(self): pass
        def test_2(self): pass
    class Skipped(unittest.TestCase):
        @classmethod
        def setUpClass(cls): raise unittest.SkipTest("no")
        def test_1(self): pass
    class TornDown(unittest.TestCase):
        @classmethod
        def tearDownClass(cls): raise OSError("it fell over")
        def test_1(self): pass
"""
UNIMPORTABLE = """
    import os, unittest
    if "UNDER_TEST" in os.environ: import no_such_module
    class A(unittest.TestCase):
        def test_1(self): pass
        def test_2(self): pass
"""
ABSENT = """
    import os, unittest
    class Same(unittest.TestCase):
        def test_1(self): pass
    if "UNDER_TEST" not in os.environ:
        class Native(unittest.TestCase):
            def test_1(self): pass
            def test_2(self): pass
"""
SKIPS = """
    import os, unittest
    class Skips(unittest.TestCase):
        @unittest.skipIf("UNDER_TEST" in os.environ, "has no such thing")
        def test_only_here(self): pass
        @unittest.skip("nowhere")
        def test_everywhere(self): pass
"""
WHOLE_SKIP = """
    import unittest
    raise unittest.SkipTest("other systems")
"""
TWINS = """
    import os, sys, unittest
    def make():
        class Twin(unittest.TestCase):
            def test_same(self): pass
            def test_fork(self):
                child = os.fork()
                if child == 0: raise OSError("the child comes back into the runner")
                self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), 70)
        return Twin
    One, Two = make(), make()
    class Odd(unittest.TestCase):
        def test_exit(self): sys.exit(3)
        def test_text(self): self.fail("tab\\tand\\nline \\udc80")
"""
AT_EXIT = """
    import atexit, os, unittest
    if "UNDER_TEST" in os.environ: atexit.register(os.abort)
    class Fine(unittest.TestCase):
        def test_1(self): pass
"""


class Runner(unittest.TestCase):
    def setUp(self):
        keeper = tempfile.TemporaryDirectory()
        self.addCleanup(keeper.cleanup)
        self.base = keeper.name
        self.modules = os.path.join(self.base, "modules")
        os.mkdir(self.modules)
        self.binary = self.write("binary", BINARY)
        os.chmod(self.binary, 0o755)
        self.expected = os.path.join(self.base, "expected.toml")
        self.table = os.path.join(self.base, "RESULTS.md")
        self.survey = os.path.join(self.base, "survey.toml")

    def write(self, name, text):
        path = os.path.join(self.base, name)
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(textwrap.dedent(text))
        return path

    def module(self, name, text):
        self.write(f"modules/test_{name}.py", text)

    def run_it(self, *options):
        answer = subprocess.run(
            [RUN, "--binary", os.path.relpath(self.binary), "--folder", self.modules, "--expected", self.expected,
             "--results", self.table, "--figures", self.survey, *options], capture_output=True, text=True, timeout=600)
        return answer.returncode, answer.stdout, answer.stderr

    def figures(self, output, module):
        """What the table says of a module, without the zeros."""
        line = next(line for line in output.splitlines() if line.startswith(module + " "))
        cells = line.split()[1:1 + len(COLUMNS)]
        return {key: int(cell) for key, cell in zip(COLUMNS, cells) if cell != "."}

    def check(self, module, figures, code=1, options=()):
        status, output, errors = self.run_it("test_" + module, *options)
        self.assertEqual(errors, "")
        self.assertEqual(self.figures(output, "test_" + module), figures, output)
        self.assertEqual(self.figures(output, "sum"), figures, output)
        self.assertEqual(status, code, output)
        return output

    def test_outcomes_and_subtests(self):
        self.module("mixed", MIXED)
        output = self.check("mixed", {"passed": 3, "failed": 3, "errored": 1, "skipped": 1})
        self.assertIn("failed (not recorded): Mixed.test_b_fail: AssertionError: 1 != 2", output)
        self.assertIn("errored (not recorded): Mixed.test_c_error: KeyError: 'missing'", output)
        self.assertIn("3 of 8 single tests pass, 42.9 % of those not skipped", output)
        self.assertNotIn("Traceback", output)
        self.assertIn("Traceback", self.run_it("--show")[1])

    def test_a_crash_loses_nothing(self):
        self.module("crash", CRASH)
        output = self.check("crash", {"passed": 1, "crashed": 1, "not run": 1})
        self.assertIn("crashed (not recorded): Crash.test_2_crash: killed by SIGABRT", output)
        self.assertIn("about to go down", output)

    def test_a_timeout_loses_nothing(self):
        self.module("hang", HANG)
        self.check("hang", {"passed": 1, "timed out": 1, "not run": 1}, options=("--timeout", "10"))

    def test_survey(self):
        self.module("crash", CRASH)
        self.module("mixed", MIXED)
        self.module("whole_skip", WHOLE_SKIP)
        status, output, errors = self.run_it("--survey")
        self.assertEqual((status, errors), (1, ""))
        self.assertIn("crashed: test_crash", output)
        with open(self.table, encoding="utf-8") as stream:
            table = stream.read()
        strategy = os.path.basename(self.binary)
        self.assertIn("| `%s` | 3 | 0 | 1 | 11 | 4 | 3 | 1 | 1 | 0 | 1 | 0 | 1 | 40.0 %% |" % strategy, table)
        self.assertIn("| test_crash | `%s` | 1 |  |  | 1 |  | 1 |  |  |" % strategy, table)
        self.assertIn("| test_mixed | `%s` | 3 | 3 | 1 |  |  |  |  | 1 |" % strategy, table)
        self.assertFalse(os.path.exists(self.expected))
        os.remove(os.path.join(self.modules, "test_crash.py"))
        self.assertEqual(self.run_it("--survey")[0], 0)  # what fails is no error
        self.assertEqual(self.run_it("--survey", "--record")[0], 2)

    def test_crash_between_tests(self):
        self.module("at_exit", AT_EXIT)
        self.check("at_exit", {"passed": 1, "crashed": 1})

    def test_class_fixtures(self):
        self.module("fixtures", FIXTURES)
        output = self.check("fixtures", {"passed": 1, "errored": 4, "skipped": 1})
        self.assertIn("Broken.test_1: OSError: no ground to stand on", output)
        self.assertIn("OSError: it fell over", output)

    def test_unimportable(self):
        self.module("unimportable", UNIMPORTABLE)
        output = self.check("unimportable", {"not run": 2})
        self.assertIn("No module named 'no_such_module'", output)
        self.assertEqual(self.run_it("--record")[0], 1)  # nothing was recorded before: it did fall behind
        with open(self.expected, "rb") as stream:
            recorded = tomllib.load(stream)["test_unimportable"]
        self.assertEqual(recorded["module"], "ModuleNotFoundError: No module named 'no_such_module'")
        self.assertNotIn("expected", recorded)
        self.check("unimportable", {"not run": 2}, code=0)

    def test_whole_module_skipped(self):
        self.module("whole", WHOLE_SKIP)
        self.check("whole", {}, code=0)

    def test_tests_that_are_missing_count(self):
        self.module("absent", ABSENT)
        self.check("absent", {"passed": 1, "absent": 2})
        self.run_it("--record")
        with open(self.expected, "rb") as stream:
            self.assertEqual(list(tomllib.load(stream)["test_absent"]["expected"]), ["Native.*"])
        self.check("absent", {"passed": 1, "absent": 2}, code=0)

    def test_skips_that_cpython_does_not_have(self):
        self.module("skips", SKIPS)
        output = self.check("skips", {"skipped": 2})
        self.assertIn("skipped (not recorded): Skips.test_only_here: has no such thing", output)
        self.assertNotIn("test_everywhere", output)
        self.run_it("--record")
        self.check("skips", {"skipped": 2}, code=0)

    def test_equal_names_forks_and_exits(self):
        self.module("twins", TWINS)
        output = self.check("twins", {"passed": 4, "failed": 1, "errored": 1})
        self.assertIn("Odd.test_exit: SystemExit: 3", output)

    def test_recorded_state(self):
        self.module("mixed", MIXED)
        self.module("crash", CRASH)
        self.assertEqual(self.run_it("--record")[0], 1)
        with open(self.expected, "rb") as stream:
            recorded = tomllib.load(stream)
        self.assertEqual(set(recorded["test_mixed"]["expected"]), {
            "Mixed.test_b_fail", "Mixed.test_c_error", "Mixed.test_f_unexpected", "Mixed.test_g_subtests"})
        self.assertEqual(recorded["test_crash"]["expected"], {"Crash.test_2_crash": "crashed: killed by SIGABRT"})
        self.assertEqual(recorded["test_crash"]["figures"]["binary"], {"passed": 1, "crashed": 1, "not run": 1})
        self.assertEqual(self.run_it()[0], 0)
        with open(self.table, encoding="utf-8") as stream:
            table = stream.read()
        self.assertIn("| test_mixed | 3 | 3 | 1 |", table)
        self.assertIn("| `binary` | 2 | 0 | 11 | 4 | 40.0 % |", table)

        # One test is mended, one breaks: the first is reported, the second fails.
        self.module("mixed", MIXED.replace("assertEqual(1, 2)", "assertEqual(1, 1)"))
        status, output, _ = self.run_it("test_mixed")
        self.assertEqual(status, 0)
        self.assertIn("passes now, though recorded: Mixed.test_b_fail", output)
        self.run_it("test_mixed", "--record")
        with open(self.expected, "rb") as stream:
            recorded = tomllib.load(stream)
        self.assertNotIn("Mixed.test_b_fail", recorded["test_mixed"]["expected"])
        self.assertEqual(recorded["test_mixed"]["figures"]["binary"]["passed"], 4)
        self.assertIn("test_crash", recorded)
        self.module("mixed", MIXED)
        status, output, _ = self.run_it("test_mixed", "--record")
        self.assertEqual(status, 1)
        self.assertIn("failed (recorded as passing): Mixed.test_b_fail", output)
        self.assertIn("fell behind expected.toml: test_mixed", output)
        self.assertEqual(self.run_it("test_mixed")[0], 1)  # a fall is not recorded

    def test_jobs_and_order_of_results(self):
        for number in range(6):
            self.module(f"m{number}", MIXED)
        status, output, _ = self.run_it("--jobs", "3")
        self.assertEqual(self.figures(output, "sum"), {"passed": 18, "failed": 18, "errored": 6, "skipped": 6})
        self.assertIn("6 modules, 0 whole", output)

    def test_wrong_usage(self):
        self.module("mixed", MIXED)
        for options, message in ((("test_nothing", "mixed", "other"), "no such module: test_nothing, test_other (--all --list names them)"),
                                 (("--jobs", "0"), "--jobs and --timeout must be positive"),
                                 (("--binary", "/nowhere/locksmith"), "/nowhere/locksmith is not an executable")):
            status, output, errors = self.run_it(*options)
            self.assertEqual((status, output, errors), (2, "", f"tests/cpython/run: {message}\n"))

    def test_list(self):
        self.module("mixed", MIXED)
        self.assertEqual(self.run_it("--list"), (0, "test_mixed\n", ""))
        listed = subprocess.run([RUN, "--all", "--list"], capture_output=True, text=True).stdout.split()
        fast = subprocess.run([RUN, "--list"], capture_output=True, text=True).stdout.split()
        self.assertGreaterEqual(len(listed), 100)
        self.assertLess(set(fast), set(listed))


if __name__ == "__main__":
    unittest.main()
