# SPDX-License-Identifier: MIT
"""Disturbed and quiet machines: what is recorded and told, and what median and least give."""

import contextlib
import io
import json
import os
import tempfile
import time
import unittest

import support
from harness import campaign, main, options, plan, reference, stats
from harness.analysis import Summary

QUIET = [0.004 * (1.0 + 0.01 * (i % 5)) for i in range(40)]
# Two thirds of the moments at 1.6 times the least.
DISTURBED = [0.004 * (1.0 if i % 3 == 0 else 1.6) for i in range(42)]


def references(times, processors=2):
    """Records as a Watch makes them, the processors in turn; the second is half as fast."""
    return [{"type": "reference", "moment": 1700000000.0 + i,
             "times": [[i // 3 % processors, seconds * (1 + i // 3 % processors)]]}
            for i, seconds in enumerate(times)]


def disturbed_launches():
    """gilectomy takes 2.1 times the time of gil, but a neighbour slows gil by 1.8 and gilectomy by
    1.1, all but one iteration."""
    rows = []
    for program, seconds in (("fib", 0.02), ("nbody", 0.05)):
        for strategy, ratio, slowed in (("gil", 1.0, 1.8), ("gilectomy", 2.1, 1.1)):
            one = seconds * ratio
            for number in range(6):
                walls = [one * slowed * (1.0 + 0.001 * i) for i in range(4)]
                if number == 2:
                    walls[1] = one
                rows.append(support.launch("single", program, strategy, 1, number, walls,
                                           peak=1000 + 100 * number))
    for strategy in ("gil", "gilectomy"):
        rows += [support.launch("memory", "fib", strategy, 1, number, [0.02],
                                peak=1024 * (10 + number)) for number in range(5)]
    return rows


def header(**changes):
    made = support.header(strategies=("gil", "gilectomy"), threads=(1,))
    made["programs"]["fib"]["memory"] = 7
    made.update(changes)
    return made


def write_raw(folder, *records):
    for record in records:
        campaign.append(folder, record)


def run_main(arguments):
    """(exit code, standard output, standard error) of bench/run."""
    out, errors = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
        code = main.main(arguments)
    return code, out.getvalue(), errors.getvalue()


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return file.read()


class Clocked(reference.Watch):
    """Believes that each look takes a hundredth of a second, and a bit."""

    def _time_on(self, processor):
        self.used += 0.010001
        return 0.004


class Taking(unittest.TestCase):
    def test_the_loop_does_the_same_work_and_takes_milliseconds(self):
        self.assertEqual(reference.loop(1000), reference.loop(1000))
        # The sum of 1000 steps of 3 (odd) or 6 (even), modulo 1024.
        self.assertEqual(reference.loop(1000), (500 * 3 + 500 * 6) % 1024)
        self.assertGreater(reference.seconds_of_loop(), 0.0005)
        self.assertLess(min(reference.seconds_of_loop() for _ in range(5)), 0.05)

    def test_each_processor_has_its_turn(self):
        everywhere = os.sched_getaffinity(0)
        watch = reference.Watch()
        begin = time.time()
        record = watch.look()
        self.assertEqual(os.sched_getaffinity(0), everywhere)
        self.assertEqual(record["type"], "reference")
        self.assertAlmostEqual(record["moment"], begin, delta=5.0)
        processors = [processor for processor, _ in record["times"]]
        self.assertEqual(processors, sorted(everywhere)[:len(processors)])
        self.assertTrue(all(seconds > 0.0 for _, seconds in record["times"]))

    def test_it_takes_its_share_and_no_more(self):
        watch = Clocked()
        processors = len(watch.allowed)
        # A tenth of a second at the beginning: ten of the looks and a bit, for time goes on.
        taken = self.look_until_refused(watch)
        self.assertIn(taken, range(10, 14))
        # One percent of 100 s is a second, a hundred looks, but no more than one a processor at
        # once.
        watch.begun -= 100.0
        self.assertEqual(len(watch.look()["times"]), processors)
        self.assertIn(taken + processors + self.look_until_refused(watch), range(110, 114))
        self.assertIsNone(watch.look())

    def look_until_refused(self, watch):
        taken = 0
        for record in iter(watch.look, None):
            taken += len(record["times"])
        return taken

    def test_a_run_keeps_the_times(self):
        made = support.header(programs=("fib",), kinds=("single",))
        with tempfile.TemporaryDirectory() as folder:
            campaign.append(folder, made)
            run = campaign.Campaign(folder, made, [], campaign.Progress(io.StringIO()))
            run.run(0.001)
            self.assertTrue(run.references)
            loaded, launches, kept = campaign.load(folder)
        self.assertEqual((loaded, launches, kept), (made, run.launches, run.references))


class Meaning(unittest.TestCase):
    def test_quiet(self):
        found = reference.Disturbance(references(QUIET))
        self.assertTrue(found)
        self.assertEqual(found.count, 40)
        self.assertAlmostEqual(found.median, 1.02)
        self.assertAlmostEqual(found.spread, 1.04)
        self.assertEqual(found.share, 0.0)
        self.assertFalse(found.is_strong)
        (sentence,) = found.sentences("median")
        self.assertIn("little disturbed", sentence)

    def test_disturbed(self):
        found = reference.Disturbance(references(DISTURBED))
        self.assertAlmostEqual(found.median, 1.6)
        self.assertAlmostEqual(found.spread, 1.6)
        self.assertAlmostEqual(found.share, 2 / 3)
        self.assertTrue(found.is_strong)
        facts, advice = found.sentences("median")
        for expected in ("1.60 times its least time", "42 looks", "67 % are above 1.10"):
            self.assertIn(expected, facts)
        self.assertIn("--statistic least", advice)
        self.assertIn("biases ratios", advice)
        _, advice = found.sentences("least")
        self.assertNotIn("biases ratios", advice)
        self.assertIn("several threads", advice)

    def test_what_is_disturbed_now_and_then_is_no_warning(self):
        for disturbed, strong in ((9, False), (10, False), (11, True)):
            times = [0.004] * (40 - disturbed) + [0.008] * disturbed
            self.assertEqual(reference.Disturbance(references(times, 1)).is_strong, strong)

    def test_processors_that_differ_are_no_disturbance(self):
        # The second takes twice as long throughout (see references()).
        self.assertFalse(reference.Disturbance(references([0.004] * 40)).is_strong)

    def test_too_few_say_nothing(self):
        for times in ([], DISTURBED[:reference.ENOUGH - 1]):
            found = reference.Disturbance(references(times))
            self.assertFalse(found)
            self.assertFalse(found.is_strong)
            self.assertEqual(found.sentences("median"), [])
            self.assertIsNone(found.as_dict())


class Statistics(unittest.TestCase):
    def summary(self, statistic):
        return Summary(header(), disturbed_launches(), references(DISTURBED), statistic)

    def test_the_names_are_those_of_the_options(self):
        self.assertEqual(list(stats.STATISTICS), options.STATISTICS)

    def test_median_is_biased_and_least_is_not(self):
        median, least = self.summary("median"), self.summary("least")
        biased = 2.1 * 1.1 / 1.8
        for program in ("fib", "nbody"):
            self.assertAlmostEqual(median.slowdown[program]["gilectomy"].value, biased)
            self.assertAlmostEqual(least.slowdown[program]["gilectomy"].value, 2.1)
        self.assertAlmostEqual(median.slowdown_mean["gilectomy"].value, biased)
        self.assertAlmostEqual(least.slowdown_mean["gilectomy"].value, 2.1)
        self.assertAlmostEqual(least.times["fib"]["gil"].value, 0.02)
        # Only one launch of six came near: the interval must tell.
        self.assertLess(least.slowdown["fib"]["gilectomy"].low, 1.3)

    def test_memory_is_a_median_always(self):
        for statistic in ("median", "least"):
            self.assertAlmostEqual(self.summary(statistic).memory["fib"]["gil"].value, 12.0)

    def test_cpu_follows(self):
        rows = [support.launch("single", "fib", "gil", 1, number, [0.2, 0.1, 0.3])
                for number in range(3)]
        for statistic, expected in (("median", 0.2), ("least", 0.1)):
            summary = Summary(header(), rows, statistic=statistic)
            self.assertEqual(summary.points.cpu("single", "fib", "gil", 1), [expected] * 3)

    def test_sentences_name_it(self):
        for statistic, name in (("median", "median times"), ("least", "least times")):
            summary = self.summary(statistic)
            self.assertIn(name, summary.headline()[0])
            self.assertIn(name, summary.conditions()[0])
            self.assertEqual(summary.as_dict()["statistic"], statistic)
            self.assertTrue(summary.as_dict()["disturbance"]["strong"])

    def test_measuring_for_the_least_makes_more_iterations(self):
        for full in (False, True):
            usual, more = plan.Pace(full), plan.Pace(full, "least")
            self.assertGreater(more.single[1], 2 * usual.single[1] - 1)
            self.assertGreater(more.scaling[1], usual.scaling[1])
            self.assertGreater(more.default_budget(5), usual.default_budget(5))


class Reports(unittest.TestCase):
    def setUp(self):
        made = tempfile.TemporaryDirectory()
        self.addCleanup(made.cleanup)
        self.folder = os.path.join(made.name, "measured")
        self.other = os.path.join(made.name, "other")
        os.mkdir(self.folder)

    def write(self, times, **changes):
        write_raw(self.folder, header(**changes), *disturbed_launches(), *references(times))

    def test_a_disturbed_machine_is_told_at_the_top(self):
        self.write(DISTURBED)
        code, out, errors = run_main(["--report", self.folder])
        self.assertEqual((code, errors), (0, ""))
        self.assertIn("The machine was disturbed meanwhile", out)
        self.assertIn("--statistic least", out)
        self.assertNotIn("**", out)
        text = read(self.folder, "report.md")
        top = text[:text.index("## One thread")]
        self.assertIn("> **The machine was disturbed meanwhile:**", top)
        self.assertIn("--statistic least", top)
        page = read(self.folder, "index.html")
        self.assertIn("<p class=warning><strong>The machine was disturbed meanwhile", page)
        self.assertIn("above 1.10 times the least | 67 % of the looks", text)

    def test_a_quiet_one_is_not(self):
        self.write(QUIET)
        code, out, _ = run_main(["--report", self.folder])
        self.assertEqual(code, 0)
        self.assertIn("little disturbed", out)
        text = read(self.folder, "report.md")
        self.assertNotIn("disturbed", text)
        self.assertIn("above 1.10 times the least | 0 % of the looks", text)

    def test_old_measurements_load(self):
        self.write([])
        loaded, launches, kept = campaign.load(self.folder)
        self.assertNotIn("statistic", loaded)
        self.assertEqual((len(launches), kept), (len(disturbed_launches()), []))
        code, out, _ = run_main(["--report", self.folder])
        self.assertEqual(code, 0)
        for text in (out, read(self.folder, "report.md")):
            self.assertIn("median times", text)
            self.assertNotIn("disturbed", text)
            self.assertNotIn("reference loop", text)

    def test_both_statistics_of_the_same_measurement(self):
        self.write(DISTURBED)
        self.assertEqual(run_main(["--report", self.folder])[0], 0)
        code, out, _ = run_main(["--report", self.folder, "--statistic", "least", "--output",
                                 self.other])
        self.assertEqual(code, 0)
        self.assertIn("gilectomy takes 2.10 times", out)
        self.assertIn("least times", read(self.other, "report.md").split("\n")[2])
        self.assertIn("median times", read(self.folder, "report.md").split("\n")[2])
        found = [json.loads(read(folder, "results.json"))["locksmith"]
                 for folder in (self.folder, self.other)]
        values = [each["summary"]["slowdown"]["fib"]["gilectomy"]["value"] for each in found]
        self.assertAlmostEqual(values[0], 2.1 * 1.1 / 1.8)
        self.assertAlmostEqual(values[1], 2.1)
        self.assertEqual(found[0]["references"], references(DISTURBED))
        self.assertFalse(os.path.exists(os.path.join(self.other, campaign.RAW)))

    def test_the_statistic_of_the_measurement_is_the_default(self):
        self.write(DISTURBED, statistic="least")
        self.assertIn("least times", run_main(["--report", self.folder])[1])
        _, out, _ = run_main(["--report", self.folder, "--statistic", "median"])
        self.assertIn("median times", out)

    def test_mistakes(self):
        self.write(DISTURBED)
        os.mkdir(self.other)
        campaign.append(self.other, header())
        for arguments, word in ((["--statistic", "mean"], "valid are median, least"),
                                (["--report", self.folder, "--statistic", "mean"],
                                 "valid are median, least"),
                                (["--report", self.folder, "--output", self.other],
                                 "holds measurements"),
                                (["--report", self.folder, "--output", os.devnull + "/x"],
                                 "Not a directory"),
                                (["--resume", self.folder, "--output", "x"], "--output"),
                                (["--report", self.folder, "--seed", "2"], "--seed")):
            code, out, errors = run_main(arguments)
            self.assertEqual((code, out), (2, ""), arguments)
            self.assertIn(word, errors)
            self.assertEqual(errors.count("\n"), 1, errors)


if __name__ == "__main__":
    unittest.main()
