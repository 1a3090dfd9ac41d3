# SPDX-License-Identifier: MIT
"""Known distributions in, known intervals out."""

import math
import random
import unittest

import support  # noqa: F401 (sets the path)
from harness import stats


def noisy(source, centre, count, spread=0.05):
    return [centre * math.exp(source.gauss(0.0, spread)) for _ in range(count)]


class Basics(unittest.TestCase):
    def test_median(self):
        self.assertEqual(stats.median([3, 1, 2]), 2.0)
        self.assertEqual(stats.median([4, 1, 3, 2]), 2.5)
        self.assertEqual(stats.median([7]), 7.0)

    def test_geometric_mean(self):
        self.assertAlmostEqual(stats.geometric_mean([1.0, 4.0, 2.0]), 2.0)

    def test_student(self):
        self.assertEqual(stats.student(1), 12.706)
        self.assertEqual(stats.student(30), 2.042)
        # Published: 2.000 for 60 degrees of freedom, 1.980 for 120.
        self.assertAlmostEqual(stats.student(60), 2.000, places=2)
        self.assertAlmostEqual(stats.student(120), 1.980, places=2)

    def test_tail_is_near_the_plain_one_for_many_launches(self):
        self.assertAlmostEqual(stats.tail(2000), 0.025, places=3)
        self.assertLess(stats.tail(4), stats.tail(10))


class Intervals(unittest.TestCase):
    def setUp(self):
        self.bootstrap = stats.Bootstrap(7, 800)

    def coverage(self, trials, interval_of, truth):
        hits = 0
        for _ in range(trials):
            estimate = interval_of()
            self.assertLessEqual(estimate.low, estimate.value)
            self.assertGreaterEqual(estimate.high, estimate.value)
            hits += estimate.includes(truth)
        return hits / trials

    def test_median_of_ten_launches_is_covered(self):
        source = random.Random(1)
        share = self.coverage(300, lambda: self.bootstrap.estimate(noisy(source, 2.0, 10)), 2.0)
        self.assertGreater(share, 0.92)
        self.assertLess(share, 0.995)

    def test_ratio_is_covered(self):
        source = random.Random(2)
        share = self.coverage(300, lambda: self.bootstrap.ratio(
            noisy(source, 1.3, 10), noisy(source, 1.0, 10)), 1.3)
        self.assertGreater(share, 0.92)
        self.assertLessEqual(share, 0.995)

    def test_skewed_times_are_covered(self):
        # Times have a floor and a tail: 1 plus an exponential, whose median is ln 2.
        source = random.Random(3)
        share = self.coverage(300, lambda: self.bootstrap.estimate(
            [1.0 + source.expovariate(1.0) for _ in range(12)]), 1.0 + math.log(2.0))
        self.assertGreater(share, 0.91)

    def test_geometric_mean_is_covered(self):
        source = random.Random(4)
        share = self.coverage(60, lambda: self.bootstrap.geometric(
            [(noisy(source, ratio, 5), noisy(source, 1.0, 5), 1.0) for ratio in (1.1, 1.5, 2.0)]),
            (1.1 * 1.5 * 2.0) ** (1 / 3))
        self.assertGreaterEqual(share, 0.9)

    def test_width_shrinks_with_launches(self):
        source = random.Random(5)

        def width(count):
            values = [self.bootstrap.estimate(noisy(source, 1.0, count)) for _ in range(20)]
            return sum(estimate.high - estimate.low for estimate in values)
        self.assertGreater(width(8), 1.7 * width(64))

    def test_width_is_right_for_many_launches(self):
        # The median of n normal values has the standard deviation sqrt(pi / 2n) sigma.
        source = random.Random(6)
        count, spread = 400, 0.05
        estimate = self.bootstrap.estimate([source.gauss(1.0, spread) for _ in range(count)])
        expected = 2 * 1.96 * math.sqrt(math.pi / (2 * count)) * spread
        self.assertGreater(estimate.high - estimate.low, 0.7 * expected)
        self.assertLess(estimate.high - estimate.low, 1.4 * expected)

    def test_constant_values_give_no_width(self):
        estimate = self.bootstrap.ratio([3.0] * 5, [2.0] * 5)
        self.assertEqual((estimate.value, estimate.low, estimate.high), (1.5, 1.5, 1.5))

    def test_point_values(self):
        self.assertEqual(self.bootstrap.ratio([1.0, 3.0, 2.0], [4.0, 4.0, 5.0], 2.0).value, 1.0)
        pairs = [([value] * 3, [1.0] * 3, 1.0) for value in (1.0, 2.0, 8.0)]
        self.assertAlmostEqual(self.bootstrap.geometric(pairs).value, 16.0 ** (1 / 3))
        self.assertEqual(self.bootstrap.middle(pairs).value, 2.0)

    def test_too_few_launches_give_no_interval(self):
        for estimate in (self.bootstrap.estimate([1.0, 1.1]),
                         self.bootstrap.ratio([1.0] * 9, [1.0, 1.1])):
            self.assertFalse(estimate.has_interval)
            self.assertFalse(estimate.includes(1.0))
            self.assertEqual(estimate.launches, 2)

    def test_the_same_seed_gives_the_same_interval(self):
        values = noisy(random.Random(8), 1.0, 9)
        first, second = (stats.Bootstrap(3).estimate(values) for _ in range(2))
        self.assertEqual((first.low, first.high), (second.low, second.high))

    def test_a_difference_that_is_there_is_seen(self):
        source = random.Random(9)
        estimate = self.bootstrap.ratio(noisy(source, 1.2, 8, 0.01), noisy(source, 1.0, 8, 0.01))
        self.assertFalse(estimate.includes(1.0))


class Disturbed(unittest.TestCase):
    """A neighbour slows one side by up to 1.8, the other by 1.1; layouts scatter by 1 %."""

    TRUTH = 2.1

    def launches(self, source, centre, slowed, count, disturbed):
        """The iterations of some launches; a third of them is disturbed from beginning to end."""
        result = []
        for _ in range(count):
            layout = centre * math.exp(source.gauss(0.0, 0.01))
            whole = source.random() < disturbed / 1.5
            result.append([layout * (1.0 + (slowed - 1.0) * source.uniform(0.3, 1.0))
                           if whole or source.random() < disturbed else layout for _ in range(6)])
        return result

    def ratios(self, statistic, disturbed, count=8, trials=200):
        source = random.Random(11)
        bootstrap = stats.Bootstrap(7, 400, statistic)
        for _ in range(trials):
            yield bootstrap.ratio(*([statistic.of(walls) for walls in self.launches(
                source, centre, slowed, count, disturbed)]
                for centre, slowed in ((self.TRUTH, 1.1), (1.0, 1.8))))

    def test_least_finds_the_ratio_and_median_does_not(self):
        values = {statistic: [each.value / self.TRUTH for each in self.ratios(statistic, 0.5)]
                  for statistic in (stats.Median, stats.Least)}
        self.assertLess(stats.median(values[stats.Median]), 0.9)
        self.assertGreater(stats.median(values[stats.Least]), 0.98)
        self.assertLess(stats.median(values[stats.Least]), 1.02)

    def test_least_is_covered(self):
        for disturbed in (0.0, 0.2, 0.5):
            for count in (4, 8):
                hits = 0
                for each in self.ratios(stats.Least, disturbed, count):
                    self.assertLessEqual(each.low, each.value)
                    self.assertGreaterEqual(each.high, each.value)
                    hits += each.includes(self.TRUTH)
                self.assertGreater(hits / 200, 0.93, (disturbed, count))

    def test_least_sees_a_difference_on_a_quiet_machine(self):
        for each in self.ratios(stats.Least, 0.0, trials=50):
            self.assertLess(each.high / each.low, 1.12)

    def test_the_interval_goes_as_far_to_both_sides(self):
        estimate = stats.Bootstrap(3, 400, stats.Least).ratio([2.0, 2.0, 2.0], [1.0, 1.5, 1.6])
        self.assertEqual(estimate.value, 2.0)
        self.assertAlmostEqual(estimate.high / 2.0, 2.0 / estimate.low)
        self.assertGreater(estimate.high, 2.5)

    def test_least_of_the_same_values_has_no_width(self):
        estimate = stats.Bootstrap(3, 400, stats.Least).estimate([3.0] * 5)
        self.assertEqual((estimate.value, estimate.low, estimate.high), (3.0, 3.0, 3.0))


class Scalability(unittest.TestCase):
    def test_parameters_come_back(self):
        a, b = 0.05, 0.002
        counts = [1, 2, 4, 8, 12, 16, 24]
        speedups = [n / (1 + a * (n - 1) + b * n * (n - 1)) for n in counts]
        contention, coherency, peak = stats.fit_scalability(counts, speedups)
        self.assertAlmostEqual(contention, a, places=6)
        self.assertAlmostEqual(coherency, b, places=6)
        self.assertAlmostEqual(peak, math.sqrt((1 - a) / b), places=3)

    def test_perfect_scaling_has_no_peak(self):
        counts = [1, 2, 3, 4, 6, 8]
        contention, coherency, peak = stats.fit_scalability(counts, counts)
        self.assertAlmostEqual(contention, 0.0)
        self.assertAlmostEqual(coherency, 0.0)
        self.assertIsNone(peak)

    def test_few_points_are_refused(self):
        self.assertIsNone(stats.fit_scalability([1, 2, 4], [1.0, 1.9, 3.5]))


if __name__ == "__main__":
    unittest.main()
