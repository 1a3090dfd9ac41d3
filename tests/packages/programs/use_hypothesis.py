# SPDX-License-Identifier: MIT
# needs: python3-hypothesis
"""Searches for counterexamples and shrinks them, from a fixed beginning."""
import datetime

from hypothesis import HealthCheck, Phase, assume, find, given, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

QUIET = settings(database=None, deadline=None, max_examples=60, derandomize=True, suppress_health_check=list(HealthCheck),
                 phases=[Phase.explicit, Phase.generate, Phase.shrink])


def attempt(test):
    try:
        test()
        print(test.__name__, "holds")
    except BaseException as error:
        print(test.__name__, type(error).__name__, error, getattr(error, "__notes__", []))


@QUIET
@given(st.lists(st.integers()))
def sorting_is_idempotent(items):
    assert sorted(sorted(items)) == sorted(items)


@QUIET
@given(st.lists(st.integers()))
def sums_are_small(items):
    assert sum(items) < 1000, items


@QUIET
@given(st.text(), st.text())
def upper_keeps_length(a, b):
    assert len((a + b).upper()) == len(a) + len(b)


@QUIET
@given(st.floats(allow_nan=False), st.floats(allow_nan=False))
def addition_commutes(a, b):
    assert a + b == b + a or (a + b) != (a + b)


@QUIET
@given(st.dictionaries(st.text("ab", max_size=2), st.booleans()), st.data())
def data_draws(table, data):
    assume(table)
    key = data.draw(st.sampled_from(sorted(table)))
    note(f"key {key!r}")
    assert not table[key]


class Counter(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.value = 0

    @rule(n=st.integers(0, 10))
    def add(self, n):
        self.value += n

    @rule()
    def halve(self):
        self.value //= 2

    @invariant()
    def small(self):
        assert self.value < 25


for test in (sorting_is_idempotent, sums_are_small, upper_keeps_length, addition_commutes, data_draws):
    attempt(test)
attempt(lambda: run_state_machine_as_test(Counter, settings=settings(QUIET, max_examples=80, stateful_step_count=20)))
print(find(st.lists(st.integers(), min_size=2), lambda xs: sum(xs) > 100, settings=QUIET))
print(find(st.dates(), lambda d: d > datetime.date(2020, 1, 5), settings=QUIET), find(st.from_regex(r"\A[a-z]{3}\d+\Z"), lambda s: s > "b", settings=QUIET))
print(st.integers(1, 5).map(str), st.one_of(st.none(), st.tuples(st.booleans())), st.recursive(st.booleans(), st.lists))
