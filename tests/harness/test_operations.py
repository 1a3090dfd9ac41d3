# SPDX-License-Identifier: MIT
"""bench/operations.py: that it measures, compares, and says what is wrong."""
import pathlib
import subprocess
import sys
import unittest

OPERATIONS = pathlib.Path(__file__).resolve().parents[2] / "bench" / "operations.py"


def run(*arguments):
    return subprocess.run([sys.executable, str(OPERATIONS), *arguments], capture_output=True, text=True)


class Operations(unittest.TestCase):
    def test_measures_what_matches(self):
        result = run("^set.(add|literal)$", "--seconds", "0.0001")
        self.assertEqual(result.returncode, 0, result.stderr)
        rows = dict(line.split() for line in result.stdout.splitlines())
        self.assertEqual(set(rows), {"set.add", "set.literal"})
        self.assertTrue(all(float(ns) > 0 for ns in rows.values()))

    def test_all_run(self):
        result = run("--seconds", "0.00001")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        names = [line.split()[0] for line in result.stdout.splitlines()]
        self.assertGreater(len(names), 700)
        self.assertEqual(len(names), len(set(names)))

    def test_compares(self):
        result = run("--compare", sys.executable, sys.executable, "^dict.get", "--seconds", "0.0001")
        self.assertEqual(result.returncode, 0, result.stderr)
        lines = result.stdout.splitlines()
        ratios = [float(line.split()[0]) for line in lines if " ns" in line]
        self.assertEqual(ratios, sorted(ratios))
        self.assertIn("dict: geometric mean of %d" % len(ratios), result.stdout)

    def test_says_which_interpreter_failed(self):
        result = run("--compare", sys.executable, "/bin/false", "^dict.get_miss$", "--seconds", "0.0001")
        self.assertEqual(result.returncode, 1)
        self.assertIn("dict.get_miss failed: /bin/false: ended with 1", result.stderr)

    def test_wrong_pattern(self):
        result = run("(")
        self.assertEqual(result.returncode, 2)
        self.assertIn("no regular expression", result.stderr)


if __name__ == "__main__":
    unittest.main()
