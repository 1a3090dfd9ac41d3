# SPDX-License-Identifier: MIT
"""tests/random/run sees every way in which a binary can answer otherwise than CPython, and no other."""

import os
import subprocess
import tempfile
import textwrap
import unittest

import support

RUN = os.path.join(support.ROOT, "tests", "random", "run")

# The interpreter under test is CPython with a mark, so that a program can behave otherwise than with the oracle.
BINARY = '#!/bin/sh\nUNDER_TEST=1 exec /usr/bin/python3.11 "$@"\n'

SAME = '''
    """Prints its seed, where an object is, and how many rounds."""
    import sys
    print("seed", sys.argv[1])
    print(object())
    print("rounds", sys.argv[2:])
'''
OTHER = """
    import os, sys
    print("first")
    print("second", "UNDER_TEST" in os.environ and sys.argv[1] == "2")
    print("third", "UNDER_TEST" in os.environ)
"""
SHORTER = """
    import os
    print("first")
    if "UNDER_TEST" not in os.environ: print("second")
"""
CRASH = """
    import os
    print("before", flush=True)
    if "UNDER_TEST" in os.environ: os.abort()
"""
EXIT = """
    import os, sys
    print("before", flush=True)
    if "UNDER_TEST" in os.environ: sys.exit("so it ended")
"""
HANG = """
    import os, time
    print("before", flush=True)
    if "UNDER_TEST" in os.environ: time.sleep(600)
"""
ORACLE_CRASHES = """
    import os
    print("under test", "UNDER_TEST" in os.environ)
    if "UNDER_TEST" not in os.environ: os.abort()
"""
BOTH_CRASH = """
    import os
    os.abort()
"""
ORACLE_HANGS = """
    import os, time
    if "UNDER_TEST" not in os.environ: time.sleep(600)
"""
BROKEN = """
    print("before")
    raise ValueError("the program is broken")
"""
HUNGRY = """
    import os
    try: bytearray(300 << 20)
    except MemoryError: print("no memory")
    else: print("memory")
"""


class RandomRunner(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.programs = os.path.join(folder.name, "programs")
        os.mkdir(self.programs)
        self.binary = os.path.join(folder.name, "binary")
        with open(self.binary, "w", encoding="utf-8") as stream:
            stream.write(BINARY)
        os.chmod(self.binary, 0o755)

    def program(self, name, source):
        with open(os.path.join(self.programs, name + ".py"), "w", encoding="utf-8") as stream:
            stream.write(textwrap.dedent(source).lstrip())

    def run_it(self, *options):
        command = [RUN, "--binary", self.binary, "--folder", self.programs, *options]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        return done.returncode, done.stdout, done.stderr

    def check(self, source, expected, code=1, options=()):
        """The program, with seed 1, must be reported in these lines, all but the commands and the sum."""
        self.program("program", source)
        status, output, errors = self.run_it("--seeds", "1", *options)
        self.assertEqual(errors, "")
        lines = [line.strip() for line in output.splitlines()]
        self.assertEqual([line for line in lines[:-2] if not line.startswith(("again: ", "alone: "))], expected)
        self.assertEqual(status, code)
        return lines

    def test_agreement(self):
        lines = self.check(SAME, [], code=0)
        self.assertRegex(lines[0], r"^program +1 seeds +3 lines +\d+\.\d s \(CPython \d+\.\d s\)$")
        self.assertEqual(lines[1], "1 seeds agree, 0 differ")

    def test_first_difference(self):
        self.program("other", OTHER)
        self.program("same", SAME)
        status, output, errors = self.run_it("--seeds", "1-3", "--rounds", "5")
        self.assertEqual((status, errors), (1, ""))
        self.assertIn("FAIL other, seed 1: line 3 differs\n", output)
        expected = """FAIL other, seed 2: line 2 differs
    before:   first
    expected: second False
    got:      second True
    again: tests/random/run --binary %s --seeds 2 --rounds 5 --folder %s other
""" % (
            self.binary,
            self.programs,
        )
        self.assertIn(expected, output)
        self.assertNotIn("FAIL same", output)
        self.assertTrue(output.endswith("3 seeds agree, 3 differ\n"), output)
        alone = next(line for line in output.splitlines() if "alone: " in line).partition("alone: ")[2]
        printed = subprocess.run(["/bin/sh", "-c", alone], capture_output=True, text=True)
        self.assertEqual((printed.stdout, printed.stderr), ("first\nsecond False\nthird True\n", ""))

    def test_end_too_early(self):
        self.check(
            SHORTER,
            ["FAIL program, seed 1: line 2 differs", "before:   first", "expected: second", "got:      (the end)"],
        )

    def test_crash(self):
        self.check(
            CRASH,
            [
                "FAIL program, seed 1: line 2 differs",
                "before:   before",
                "expected: (the end)",
                "got:      (the end)",
                "death by SIGABRT",
            ],
        )

    def test_exit_code(self):
        self.check(EXIT, ["FAIL program, seed 1: expected: exit code 0", "exit code 1", "so it ended"])

    def test_hang(self):
        self.check(
            HANG,
            [
                "FAIL program, seed 1: line 2 differs",
                "before:   before",
                "expected: (the end)",
                "got:      (the end)",
                "no end in time",
            ],
            options=("--timeout", "3"),
        )

    def test_seeds_without_an_answer(self):
        text = "program, seed 1: without an answer of CPython's: "
        lines = self.check(ORACLE_CRASHES, [text + "death by SIGABRT"], code=0)
        self.assertEqual(lines[-1], "0 seeds agree, 0 differ, 1 without an answer")
        self.check(ORACLE_HANGS, [text + "no end in time"], code=0, options=("--timeout", "3"))
        self.check(BOTH_CRASH, [text + "death by SIGABRT", "FAIL program, seed 1: death by SIGABRT"])

    def test_a_broken_program_is_no_agreement(self):
        lines = self.check(
            BROKEN,
            [
                "FAIL program, seed 1: the program itself fails",
                "exit code 1",
                "Traceback (most recent call last):",
                'File "%s", line 2, in <module>' % os.path.join(self.programs, "program.py"),
                'raise ValueError("the program is broken")',
                "ValueError: the program is broken",
            ],
        )
        self.assertEqual(lines[-1], "0 seeds agree, 1 differ")

    def test_memory_is_limited(self):
        self.program("hungry", HUNGRY)
        for limit, printed in ("200", "no memory"), ("0", "memory"):
            self.program("hungry", HUNGRY + "    print('UNDER_TEST' in os.environ)\n")
            output = self.run_it("--seeds", "1", "--memory", limit)[1]
            self.assertIn("before:   %s\n" % printed, output)

    def test_list(self):
        self.program("same", SAME)
        self.program("_helper", BROKEN)
        status, output, errors = self.run_it("--list")
        self.assertEqual((status, errors), (0, ""))
        self.assertEqual(
            output.split(maxsplit=1), ["same", "Prints its seed, where an object is, and how many rounds.\n"]
        )

    def test_wrong_usage(self):
        self.program("same", SAME)
        for options in (
            ["--seeds", "3-1"],
            ["--seeds", "x"],
            ["--rounds", "x"],
            ["--jobs", "0"],
            ["--frobnicate"],
            ["--binary", "/nonexistent"],
            ["nothing"],
            ["--timeout", "-1"],
            ["--memory", "much"],
        ):
            status, output, errors = self.run_it(*options)
            self.assertEqual((status, output, errors.count("\n")), (2, "", 1), (options, errors))
            self.assertTrue(errors.startswith("tests/random/run: "), errors)


class Programs(unittest.TestCase):
    def test_every_program_says_what_it_is(self):
        done = subprocess.run([RUN, "--list"], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        for line in done.stdout.splitlines():
            self.assertRegex(line, r"^\w+ +[A-Z].*[.,;:\w]$")


if __name__ == "__main__":
    unittest.main()
