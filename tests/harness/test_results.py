# SPDX-License-Identifier: MIT
"""What is written has the shape others rely on, and the numbers that were put in."""

import csv
import json
import os
import tempfile
import unittest

import support
from harness import report, results
from harness.analysis import Summary


def campaign():
    """object: 1.5 times the time of gil with one thread, 1.8 times the throughput with two."""
    header = support.header(shared=("shared_counter",), peers=("python3.11",))
    header["binaries"]["object"]["build_info"] = {
        "strategy": "object", "factors": {"LOCKSMITH_LOCKING": "object"}}
    rows = []
    for program, time in (("fib", 0.1), ("nbody", 0.2)):
        for strategy, factor, speedup in (("gil", 1.0, 1.0), ("object", 1.5, 1.8)):
            one = time * factor
            walls = [one, one * 1.001, one * 0.999, one, one]
            rows += support.launches("single", program, strategy, 1, walls)
            rows += support.launches("threads", program, strategy, 2,
                                     [2 * wall / speedup for wall in walls], cpu=2 * one)
            rows += support.launches("processes", program, strategy, 2,
                                     [2 * wall / 1.9 for wall in walls], cpu=2 * one)
        rows += support.launches("single", program, "python3.11", 1, [time * 2.0] * 5)
    for strategy, slow in (("gil", 1.0), ("object", 4.0)):
        rows += support.launches("shared", "shared_counter", strategy, 1, [0.05] * 4)
        rows += support.launches("shared", "shared_counter", strategy, 2, [0.1 * slow] * 4)
    rows.append(support.launch("shared", "shared_counter", "object", 2, 4, [],
                               error="killed by SIGSEGV"))
    return header, rows


class Numbers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.header, cls.rows = campaign()
        cls.summary = Summary(cls.header, cls.rows)

    def test_slowdown(self):
        estimate = self.summary.slowdown["fib"]["object"]
        self.assertAlmostEqual(estimate.value, 1.5)
        self.assertFalse(estimate.includes(1.0))
        self.assertAlmostEqual(self.summary.slowdown_mean["object"].value, 1.5)

    def test_peers(self):
        self.assertAlmostEqual(self.summary.speed_mean["python3.11"].value, 2.0)

    def test_scaling(self):
        summary = self.summary
        self.assertAlmostEqual(summary.speedup["fib"]["object"][2].value, 1.8)
        self.assertAlmostEqual(summary.speedup["fib"]["gil"][2].value, 1.0)
        self.assertTrue(summary.speedup["fib"]["gil"][2].includes(1.0))
        self.assertAlmostEqual(summary.ceiling["fib"]["object"][2].value, 1.9)
        # Against one thread of gil: 1.8 / 1.5.
        self.assertAlmostEqual(summary.gain_middle["object"][2].value, 1.2)
        self.assertAlmostEqual(summary.speedup["shared_counter"]["object"][2].value, 0.25)

    def test_cpu(self):
        self.assertAlmostEqual(self.summary.cpu_cost["fib"]["object"][2].value, 1.5, places=3)
        self.assertAlmostEqual(self.summary.busy["fib"]["object"][2], 1.8, places=2)

    def test_which_strategies_are_free(self):
        self.assertFalse(self.summary.is_free("gil"))
        self.assertTrue(self.summary.is_free("object"))

    def test_headline(self):
        cost, gain = self.summary.headline()
        self.assertIn("`object` takes 1.50 times [", cost)
        self.assertIn("the time of `gil`", cost)
        self.assertIn("With 2 threads of independent work on 2 cores", gain)
        self.assertIn("`object` 1.80 times", gain)
        self.assertIn("processes of `object` reach 1.90 times", gain)
        self.assertIn("`object` does 1.20 times", gain)

    def test_reasons(self):
        self.assertIn("The threads waited", self.summary.why("fib", "gil", 2))
        self.assertIn("It scales", self.summary.why("fib", "object", 2))
        self.assertIsNone(self.summary.why("fib", "object", 4))

    def test_nothing_is_claimed_that_was_not_measured(self):
        header = support.header(strategies=("gil",))
        rows = support.launches("single", "fib", "gil", 1, [0.1] * 4)
        for sentence in Summary(header, rows).headline():
            self.assertIn("was not measured", sentence)


class Files(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.header, cls.rows = campaign()
        summary = Summary(cls.header, cls.rows)
        cls.folder = tempfile.TemporaryDirectory()
        cls.names = results.write(cls.folder.name, cls.header, cls.rows, summary)
        cls.names += report.write(cls.folder.name, summary, True)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def read(self, name):
        with open(os.path.join(self.folder.name, name), encoding="utf-8") as file:
            return file.read()

    def check_suite(self, data):
        """The rules of pyperf's layout 1.0, as its loader enforces them."""
        self.assertEqual(data["version"], "1.0")
        names = [dict(data["metadata"], **benchmark["metadata"])["name"]
                 for benchmark in data["benchmarks"]]
        self.assertEqual(len(names), len(set(names)))
        for benchmark in data["benchmarks"]:
            self.assertTrue(benchmark["runs"])
            for run in benchmark["runs"]:
                self.assertTrue(run["values"])
                self.assertTrue(all(isinstance(value, float) and value > 0
                                    for value in run["values"]))
                for loops, value in run.get("warmups", []):
                    self.assertIsInstance(loops, int)
                    self.assertGreaterEqual(value, 0.0)
                metadata = dict(data["metadata"], **benchmark["metadata"])
                metadata.update(run["metadata"])
                self.assertEqual(metadata["unit"], "second")
                self.assertGreaterEqual(metadata["loops"], 1)
                self.assertIsInstance(metadata["mem_max_rss"], int)
                for name, value in metadata.items():
                    self.assertIsInstance(value, (str, int, float), name)
                    self.assertNotIsInstance(value, bool, name)
                    if isinstance(value, str):
                        self.assertTrue(value.strip(), name)
                        self.assertNotIn("\n", value, name)

    def test_pyperf_layout(self):
        for name in ("results.json", "results-gil.json", "results-object.json"):
            self.check_suite(json.loads(self.read(name)))

    def test_names_match_between_strategies(self):
        names = [{benchmark["metadata"]["name"] for benchmark in
                  json.loads(self.read("results-%s.json" % strategy))["benchmarks"]}
                 for strategy in ("gil", "object")]
        self.assertEqual(names[0], names[1])
        self.assertEqual(names[0], {"fib", "nbody", "shared_counter", "fib, 2 threads",
                                    "nbody, 2 threads", "fib, 2 processes", "nbody, 2 processes",
                                    "shared_counter, 2 threads"})

    def test_everything_raw_is_kept(self):
        data = json.loads(self.read("results.json"))["locksmith"]
        self.assertEqual(data["launches"], self.rows)
        self.assertEqual(data["campaign"], self.header)
        self.assertAlmostEqual(data["summary"]["slowdown"]["fib"]["object"]["value"], 1.5)

    def test_csv(self):
        rows = list(csv.DictReader(self.read("results.csv").splitlines()))
        self.assertEqual(len(rows), len(self.rows))
        fib = [float(row["wall_seconds"]) for row in rows
               if (row["kind"], row["program"], row["strategy"]) == ("single", "fib", "gil")]
        self.assertEqual(sorted(fib), sorted([0.1, 0.1 * 1.001, 0.1 * 0.999, 0.1, 0.1]))
        self.assertEqual([row["error"] for row in rows if row["error"]], ["killed by SIGSEGV"])

    def test_report_says_that_processors_differ(self):
        for name in ("index.html", "report.md"):
            self.assertIn("took 1.31 times as long on the slowest", self.read(name))

    def test_report_has_the_numbers(self):
        for name in ("index.html", "report.md"):
            text = self.read(name)
            for expected in ("1.50", "1.80", "1.90", "1.20", "killed by SIGSEGV",
                             "Test processor", "0.44 ns, 1.95 ns", "0123456789ab", "bench/run --quick"):
                self.assertIn(expected, text, name)
            self.assertNotIn("nan", text.replace("nanosecond", ""), name)

    def test_page_stands_alone(self):
        text = self.read("index.html")
        self.assertIn("<svg", text)
        self.assertNotIn("<script", text)
        self.assertNotIn("<img", text)
        self.assertNotIn("<link", text)
        for found in ('src="http', "@import", "url(http"):
            self.assertNotIn(found, text)

    def test_same_times_are_called_the_same(self):
        header = support.header(programs=("fib",), threads=(1,))
        rows = []
        for strategy in ("gil", "object"):
            rows += support.launches("single", "fib", strategy, 1, [0.1, 0.11, 0.09, 0.1, 0.105])
        with tempfile.TemporaryDirectory() as folder:
            report.write(folder, Summary(header, rows), True)
            with open(os.path.join(folder, "report.md"), encoding="utf-8") as file:
                text = file.read()
        self.assertIn("no measurable difference", text)
        self.assertIn("Not measured with this selection", text)


if __name__ == "__main__":
    unittest.main()
