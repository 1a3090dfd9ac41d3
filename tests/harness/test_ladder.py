# SPDX-License-Identifier: MIT
"""The ladder, the mutexes, the kernels and fib7: known data in, known figures out."""

import json
import os
import tempfile
import unittest

import support
from harness import catalogue, report, results
from harness.analysis import Summary

# What each rung costs one thread and gives to two, relative to the one before.
STEPS = {"gil": (1.0, 1.0), "gil-mortal": (1.02, 1.0), "gil-mortal-atomic": (1.5, 1.0),
         "gilectomy": (1.1, 1.6), "object-immortal": (0.8, 1.25), "object-locks": (0.9, 1.1),
         "object-biased": (0.7, 1.2), "pep703": (0.95, 1.05), "pep703-private": (0.9, 1.02),
         "nogil": (0.99, 1.01)}
FACTORS = ["LOCKING", "REFCOUNT", "READS", "IMMORTAL", "DEFERRED", "PRIVATE", "PROMOTE", "MUTEX"]
RUNGS = {
    "gil": "gil plain locked ON OFF OFF OFF", "gil-mortal": "gil plain locked OFF OFF OFF OFF",
    "gil-mortal-atomic": "gil atomic locked OFF OFF OFF OFF",
    "gilectomy": "object atomic locked OFF OFF OFF OFF",
    "object-immortal": "object atomic locked ON OFF OFF OFF",
    "object-locks": "object atomic locked ON ON OFF OFF",
    "object-biased": "object biased locked ON ON OFF OFF",
    "pep703": "object biased optimistic ON ON OFF OFF",
    "pep703-private": "object biased optimistic ON ON ON OFF",
    "nogil": "object biased optimistic ON ON ON ON"}


def factors(rung, mutex="parking"):
    return {"LOCKSMITH_" + name: value for name, value in
            zip(FACTORS, RUNGS[rung].split() + [mutex])}


def spread(value):
    return [value, value * 1.001, value * 0.999, value, value]


def ladder(rungs=tuple(STEPS), dear=3.0):
    """fib as in STEPS; nbody the same, but gilectomy costs it `dear` times more, for good."""
    header = support.header(strategies=rungs, shared=("shared_counter",),
                            factors={name: factors(name) for name in rungs})
    rows = []
    price, throughput = 1.0, 1.0
    for name, (cost, gain) in STEPS.items():
        price *= cost
        throughput *= gain
        if name not in rungs:
            continue
        for program, time in (("fib", 0.1), ("nbody", 0.2)):
            slow = dear if program == "nbody" and "object" in factors(name).values() else 1.0
            rows += support.launches("single", program, name, 1, spread(time * price * slow))
            rows += support.launches("threads", program, name, 2, spread(2 * time / throughput))
        rows += support.launches("shared", "shared_counter", name, 1, spread(0.05))
        rows += support.launches("shared", "shared_counter", name, 2, spread(0.1 * price))
    return header, rows


class Presets(unittest.TestCase):
    def test_each_step_changes_one_factor(self):
        known = catalogue.factors()
        rungs = [name for name in catalogue.LADDER if name in known]
        self.assertGreaterEqual(len(rungs), 6)
        for before, after in zip(rungs, rungs[1:]):
            changes = catalogue.changes(known[before], known[after])
            self.assertEqual(len(changes), 1, "%s to %s: %s" % (before, after, changes))

    def test_factors_follow_what_is_inherited(self):
        known = catalogue.factors()
        self.assertEqual(known["gil-mortal-atomic"]["LOCKSMITH_LOCKING"], "gil")
        self.assertEqual(known["gil-mortal-atomic"]["LOCKSMITH_REFCOUNT"], "atomic")
        self.assertEqual(known["gil-mortal-atomic"]["LOCKSMITH_IMMORTAL"], "OFF")
        self.assertEqual(known["object-immortal"]["LOCKSMITH_READS"], "locked")
        self.assertEqual(known["gil"]["LOCKSMITH_MUTEX"], "parking")

    def test_a_preset_says_its_own_name(self):
        listed = catalogue.read_presets(catalogue.ROOT)
        for name in catalogue.presets():
            self.assertEqual(listed[name]["cacheVariables"]["LOCKSMITH_STRATEGY"], name)

    def test_mutexes_differ_in_the_mutex_alone(self):
        known = {"object-locks": factors("object-locks"),
                 "object-mcs": factors("object-locks", "mcs"),
                 "nogil": factors("nogil"), "nogil-mcs": factors("nogil", "mcs")}
        self.assertEqual(catalogue.mutexes(known), ["object-locks", "object-mcs"])


class Ladder(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.summary = Summary(*ladder())
        cls.ladder = cls.summary.ladder

    def test_steps(self):
        self.assertEqual(self.ladder.rungs, list(STEPS))
        self.assertEqual([step.title() for step in self.ladder.steps], [
            "immortals ON → OFF", "counts plain → atomic", "locking gil → object",
            "immortals OFF → ON", "deferral OFF → ON", "counts atomic → biased",
            "reads locked → optimistic", "privacy OFF → ON",
            "promotion OFF → ON"])
        for step in self.ladder.steps:
            self.assertAlmostEqual(step.prices["fib"].value, STEPS[step.after][0])
            self.assertAlmostEqual(step.gain.value, STEPS[step.after][1])
            self.assertTrue(step.neighbours)
        gilectomy = self.ladder.steps[2]
        self.assertAlmostEqual(gilectomy.prices["nbody"].value, 3.3)
        # Geometric mean of 1.1 and 3.3.
        self.assertAlmostEqual(gilectomy.price.value, 1.1 * 3.0 ** 0.5)
        self.assertAlmostEqual(gilectomy.gains["shared_counter"].value, 1 / 1.1)

    def test_the_steps_multiply_to_the_whole(self):
        price = throughput = 1.0
        for step in self.ladder.steps:
            price *= step.price.value
            throughput *= step.gain.value
            self.assertAlmostEqual(self.ladder.total[step.after].value, price)
            self.assertAlmostEqual(self.ladder.throughput[step.after].value,
                                   throughput * self.ladder.throughput["gil"].value)
        self.assertAlmostEqual(self.ladder.total["nogil"].value,
                               self.summary.slowdown_mean["nogil"].value)

    def test_where_a_dear_program_got_it(self):
        self.assertEqual(self.ladder.costly(), ["nbody"])
        step, share = self.ladder.culprit("nbody")
        self.assertEqual(step.after, "gilectomy")
        self.assertTrue(0.7 < share < 0.8, share)
        step, _ = self.ladder.culprit("fib")
        self.assertEqual(step.after, "gil-mortal-atomic")

    def test_sentences(self):
        price, costly, gain = self.ladder.sentences()
        self.assertIn("From `gil` to `nogil` in 9 steps", price)
        self.assertIn("the dearest step is `gilectomy` (locking gil → object) with 1.91 times",
                      price)
        self.assertIn("saves most is `object-biased` (counts atomic → biased) with 0.70", price)
        self.assertIn("1 program of 2 cost", costly)
        self.assertIn("`gilectomy` (locking gil → object) on 1", costly)
        self.assertIn("With 2 threads the step that gives most is `gilectomy`", gain)
        self.assertIn("1.60 times", gain)

    def test_a_gap_is_a_jump_and_two_neighbours_are_needed(self):
        summary = Summary(*ladder(("gil", "gilectomy", "object-locks")))
        self.assertFalse(summary.ladder)
        self.assertEqual(summary.ladder.sentences(), [])
        summary = Summary(*ladder(("gil", "gilectomy", "object-immortal")))
        jump, step = summary.ladder.steps
        self.assertFalse(jump.neighbours)
        self.assertEqual(jump.title(), "locking gil → object, counts plain → atomic, "
                         "immortals ON → OFF")
        self.assertEqual(step.title(), "immortals OFF → ON")

    def test_a_program_that_a_rung_lacks_is_left_out_everywhere(self):
        header, rows = ladder()
        rows = [row for row in rows
                if (row["program"], row["strategy"]) != ("nbody", "object-locks")]
        made = Summary(header, rows).ladder
        self.assertEqual((made.programs, made.left_out), (["fib"], ["nbody"]))
        self.assertEqual(made.steps[0].price.parts, 1)

    def test_one_thread_only(self):
        header, rows = ladder()
        rows = [row for row in rows if row["threads"] == 1]
        made = Summary(header, rows).ladder
        self.assertTrue(made)
        self.assertIsNone(made.steps[0].gain)
        self.assertEqual(len(made.sentences()), 2)


class Mutexes(unittest.TestCase):
    def test_each_against_the_base(self):
        names = ("object-locks", "object-futex", "object-mcs", "nogil")
        built = {"object-locks": factors("object-locks"),
                 "object-futex": factors("object-locks", "futex"),
                 "object-mcs": factors("object-locks", "mcs"), "nogil": factors("nogil")}
        header = support.header(strategies=names, shared=("shared_counter",), factors=built)
        rows = []
        for name, price, gain in (("object-locks", 1.0, 1.0), ("object-futex", 1.1, 0.9),
                                  ("object-mcs", 1.3, 2.0), ("nogil", 9.0, 9.0)):
            for program in ("fib", "nbody"):
                rows += support.launches("single", program, name, 1, spread(0.1 * price))
                rows += support.launches("threads", program, name, 2, spread(0.1 * price))
            rows += support.launches("shared", "shared_counter", name, 1, spread(0.1))
            rows += support.launches("shared", "shared_counter", name, 2, spread(0.3 / gain))
        made = Summary(header, rows).mutexes
        self.assertEqual(made.others, ["object-futex", "object-mcs"])
        self.assertAlmostEqual(made.price["object-futex"].value, 1.1)
        self.assertAlmostEqual(made.gain["object-mcs"].value, 1 / 1.3)
        self.assertAlmostEqual(made.shared_gain["object-mcs"].value, 2.0)
        self.assertAlmostEqual(made.gains["shared_counter"]["object-futex"].value, 0.9)
        price, gain, shared = made.sentences()
        self.assertIn("`futex` 1.10 times", price)
        self.assertIn("2 threads of independent work: `futex` 0.91", gain)
        self.assertIn("`mcs` 2.00 times", shared)

    def test_without_a_second_mutex_there_is_nothing_to_say(self):
        self.assertFalse(Summary(*ladder()).mutexes)


def kernels():
    header = support.header(kernels=("kernel_a", "kernel_b"), fixed=7,
                            factors={"gil": factors("gil"), "object": factors("object-locks")})
    rows = support.launches("single", "fib", "gil", 1, spread(0.1))
    rows += support.launches("single", "fib", "object", 1, spread(0.15))
    for name, price, speedups in (("gil", 1.0, (1.0, 1.0)), ("object", 2.0, (1.9, 0.5))):
        for kernel, speedup in zip(("kernel_a", "kernel_b"), speedups):
            rows += support.launches("kernel", kernel, name, 1, spread(0.02 * price))
            rows += support.launches("kernel", kernel, name, 2, spread(0.04 * price / speedup))
    # The machine gives 1.9 to two processes; nothing was measured of kernel_b under `gil`.
    for kernel, name, price in (("kernel_a", "gil", 1.0), ("kernel_a", "object", 2.0),
                                ("kernel_b", "object", 2.0)):
        rows += support.launches("kernel-processes", kernel, name, 2, spread(0.04 * price / 1.9))
    # One thread 0.1 and 0.2 s; seven 0.7 s under the lock, 1.4 s without; processes half of it.
    for name, one, seven, cpu in (("gil", 0.1, 0.7, 0.7), ("object", 0.2, 1.4, 2.8)):
        rows += support.launches("fib7", "fib7", name, 1, spread(one))
        rows += support.launches("fib7", "fib7", name, 7, spread(seven), cpu=cpu)
        rows += support.launches("fib7-processes", "fib7", name, 7, spread(one * 3.5))
    return header, rows


class Kernels(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.summary = Summary(*kernels())

    def test_throughput(self):
        made = self.summary.kernel_times
        self.assertAlmostEqual(made.speedup["kernel_a"]["object"][2].value, 1.9)
        self.assertAlmostEqual(made.speedup["kernel_b"]["object"][2].value, 0.5)
        self.assertAlmostEqual(made.slowdown["kernel_a"]["object"].value, 2.0)
        sentence, ceiling = made.sentences()
        self.assertIn("at least 1.70 times the work of one is done by `object` on 1 "
                      "(1 kernel is slower than one thread: b, 0.50) of 2 kernels", sentence)
        self.assertEqual(ceiling, "Of what as many processes do, threads do: `object` 0.63 of the "
                         "1.90 that processes reach (medians of the kernels; the least is b, 0.26).")

    def test_the_ceiling_is_that_of_processes(self):
        made = self.summary.kernel_times
        self.assertAlmostEqual(made.ceiling["kernel_a"]["object"][2].value, 1.9)
        self.assertAlmostEqual(made.share("kernel_a", "object", 2), 1.0)
        self.assertAlmostEqual(made.share("kernel_a", "gil", 2), 1.0 / 1.9)
        self.assertIsNone(made.share("kernel_b", "gil", 2))
        self.assertIn("ceiling", made.as_dict())

    def test_without_processes_there_is_no_ceiling(self):
        header, rows = kernels()
        made = Summary(header, [row for row in rows
                                if row["kind"] != "kernel-processes"]).kernel_times
        self.assertEqual(made.ceiling, {})
        self.assertEqual(len(made.sentences()), 1)

    def test_no_mean_includes_them(self):
        self.assertEqual(self.summary.slowdown_mean["object"].parts, 1)
        self.assertAlmostEqual(self.summary.slowdown_mean["object"].value, 1.5)
        self.assertNotIn("kernel_a", self.summary.programs)
        self.assertNotIn("fib7", self.summary.speedup)

    def test_fib7(self):
        row = self.summary.fib7.rows["object"]
        self.assertAlmostEqual(row["longer"].value, 7.0)
        self.assertAlmostEqual(row["speedup"].value, 1.0)
        self.assertAlmostEqual(row["ceiling"].value, 2.0)
        self.assertAlmostEqual(row["wall"].value, 2.0)
        self.assertAlmostEqual(row["cpu"].value, 4.0)
        self.assertAlmostEqual(row["busy"], 2.0, places=2)
        against, alone = self.summary.fib7.sentences()
        self.assertIn("7 threads on 2 cores", against)
        self.assertIn("`object` takes 2.00 times", against)
        self.assertIn("and 4.00 times", against)
        self.assertIn("(processes: 3.50)", alone)
        self.assertIn("perfect would be 3.50", alone)


class Pages(unittest.TestCase):
    def written(self, header, rows):
        with tempfile.TemporaryDirectory() as folder:
            report.write(folder, Summary(header, rows), True)
            pictures = os.listdir(os.path.join(folder, "plots"))
            texts = []
            for name in ("index.html", "report.md"):
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    texts.append(file.read())
        return texts, pictures

    def test_ladder(self):
        texts, pictures = self.written(*ladder())
        self.assertIn("ladder.png", pictures)
        for text in texts:
            for expected in ("counts plain → atomic", "reads locked → optimistic", "1.91",
                             "PEP 703", "Every program, one thread", "0.70"):
                self.assertIn(expected, text)
            self.assertNotIn("Not one factor", text)
            self.assertNotIn("not built alike", text)

    def test_profiles_lie_in_the_builds_own_folders(self):
        for option, alike in (("-fprofile-use=/build/%s/profile", True), ("-O3 -DNAME=%s", False)):
            header, rows = ladder()
            for name, binary in header["binaries"].items():
                binary["build_info"] = dict(binary.get("build_info") or {}, flags=option % name)
            for text in self.written(header, rows)[0]:
                (self.assertNotIn if alike else self.assertIn)("not built alike", text)

    def test_what_the_binaries_say_counts(self):
        header, rows = ladder()
        header["binaries"]["nogil"]["build_info"] = {"factors": factors("object-locks"),
                                                     "pgo": "OFF"}
        for text in self.written(header, rows)[0]:
            self.assertIn("Not one factor", text)
            self.assertIn("not built alike", text)

    def test_the_figures_are_in_the_json(self):
        for campaign, name in ((ladder(), "ladder"), (kernels(), "fib7")):
            with tempfile.TemporaryDirectory() as folder:
                results.write(folder, *campaign, Summary(*campaign))
                with open(os.path.join(folder, "results.json"), encoding="utf-8") as file:
                    summary = json.load(file)["locksmith"]["summary"]
            self.assertTrue(summary[name])
            if name == "ladder":
                self.assertAlmostEqual(summary["ladder"]["steps"][1]["price"]["value"], 1.5)
                self.assertEqual(summary["ladder"]["steps"][1]["changes"],
                                 [["LOCKSMITH_REFCOUNT", "plain", "atomic"]])
                self.assertEqual(summary["ladder"]["costly"], ["nbody"])

    def test_no_ladder_without_neighbours(self):
        texts, pictures = self.written(*ladder(("gil", "gilectomy", "object-locks")))
        self.assertNotIn("ladder.png", pictures)
        self.assertNotIn("factor changed", texts[1])

    def test_kernels_and_fib7(self):
        texts, pictures = self.written(*kernels())
        self.assertIn("kernels.png", pictures)
        for text in texts:
            for expected in ("no mean of this report includes them", "25 times the CPU time",
                             "Measured here", "larryhastings/gilectomy", "2 processes of object",
                             "26 %"):
                self.assertIn(expected, text)


if __name__ == "__main__":
    unittest.main()
