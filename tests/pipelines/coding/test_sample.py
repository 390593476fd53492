"""A sample can be drawn again, weighs up to its frame, and is random."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from statistics import mean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.coding.sample import (
    EQUAL,
    PROPORTIONAL,
    Allocation,
    Stratum,
    Unit,
    allocate,
    draw,
    estimate_total,
    frame_hash,
)

FRAME = [
    Unit(f"{state}-{number}", (state,))
    for state, size in (("TX", 60), ("OH", 30), ("ME", 10))
    for number in range(size)
]
SIZES = st.dictionaries(st.tuples(st.sampled_from("abcdefghij")), st.integers(1, 500), min_size=1)


def test_the_same_seed_draws_the_same_sample_from_a_shuffled_frame():
    """What the database lists first must not matter."""
    shuffled = random.Random(1).sample(FRAME, len(FRAME))
    assert draw(FRAME, 20, seed=1) == draw(shuffled, 20, seed=1)


def test_another_seed_draws_another_sample():
    """A second round is new pages."""
    assert {one.key for one in draw(FRAME, 20, seed=1).units} != {one.key for one in draw(FRAME, 20, seed=2).units}


def test_strata_are_drawn_in_proportion():
    """Sixty, thirty and ten units give twelve, six and two of twenty."""
    drawn = Counter(one.stratum[0] for one in draw(FRAME, 20, seed=1).units)
    assert drawn == {"TX": 12, "OH": 6, "ME": 2}


def test_weights_add_up_to_the_frame():
    """An estimate from the sample is one of the whole frame."""
    assert sum(one.weight for one in draw(FRAME, 17, seed=3).units) == pytest.approx(len(FRAME))


def test_a_frame_smaller_than_the_sample_is_taken_whole():
    """Asking for 500 of 100 gives 100, each with weight one."""
    sample = draw(FRAME, 500, seed=1)
    assert [one.weight for one in sample.units] == [1.0] * len(FRAME)


def test_an_empty_frame_gives_an_empty_sample():
    """Nothing to draw from is no error here; the command says it."""
    assert draw([], 10, seed=1).units == ()


def test_places_are_a_queue_without_gaps():
    """The queue is followed from one to n."""
    assert [one.place for one in draw(FRAME, 20, seed=1).units] == list(range(1, 21))


def test_a_fifth_is_coded_twice():
    """The share to double-code is kept, rounded up."""
    assert sum(one.double for one in draw(FRAME, 21, seed=1, double=0.2).units) == 5


def test_every_unit_is_drawn_about_as_often_as_any_other():
    """Over 2,000 seeds each of 40 units is drawn a quarter of the time, within five standard errors."""
    frame = [Unit(str(number)) for number in range(40)]
    times = Counter(one.key for seed in range(2_000) for one in draw(frame, 10, seed=seed).units)
    assert all(abs(times[unit.key] - 500) < 5 * (2_000 * 0.25 * 0.75) ** 0.5 for unit in frame)


@given(SIZES, st.integers(0, 3_000))
def test_an_allocation_is_whole(sizes, n):
    """Draws add up, none is more than its stratum has, and none is without one where there are enough."""
    counts = allocate(sizes, n)
    assert sum(counts.values()) == min(n, sum(sizes.values()))
    assert all(0 <= counts[values] <= size for values, size in sizes.items())
    assert n < len(sizes) or all(counts.values())


def test_the_frame_hash_knows_another_frame():
    """One unit more is another frame; another order is not."""
    assert frame_hash(FRAME) == frame_hash(FRAME[::-1]) != frame_hash(FRAME[1:])


STRATA = {"TX": (400, 0.30), "OH": (240, 0.55), "MD": (120, 0.12), "ME": (40, 0.80)}
POPULATION = {
    Unit(f"{state}-{number}", (state,)): float(number < size * share) + (number % 7) / 10
    for state, (size, share) in STRATA.items()
    for number in range(size)
}
ALL_ALLOCATIONS = [PROPORTIONAL, EQUAL, Allocation("minimum", 15)]


@pytest.mark.parametrize("allocation", ALL_ALLOCATIONS, ids=str)
def test_weights_reproduce_a_known_total_within_its_interval(allocation):
    """Of 1,000 samples about 950 have the true total within their 95 % interval, and their mean is the total."""
    frame, truth = list(POPULATION), sum(POPULATION.values())
    value = {unit.key: one for unit, one in POPULATION.items()}
    estimates, weighted = [], []
    for seed in range(1_000):
        sample = draw(frame, 100, seed=seed, allocation=allocation)
        drawn = defaultdict(list)
        for unit in sample.units:
            drawn[unit.stratum].append(value[unit.key])
        estimates.append(estimate_total(sample.strata, drawn))
        weighted.append(sum(unit.weight * value[unit.key] for unit in sample.units))
    assert weighted == pytest.approx([one.total for one in estimates])  # the weights are the estimator
    assert mean(weighted) == pytest.approx(truth, rel=0.01)
    assert 930 <= sum(one.low <= truth <= one.high for one in estimates) <= 970
    assert mean(one.error for one in estimates) == pytest.approx(stdev(weighted), rel=0.05)


@pytest.mark.parametrize("allocation", ALL_ALLOCATIONS, ids=str)
def test_weights_add_up_to_the_frame_whatever_the_allocation(allocation):
    """A stratum that was drawn more densely weighs less."""
    sample = draw(list(POPULATION), 97, seed=5, allocation=allocation)
    assert len(sample.units) == 97
    assert sum(one.weight for one in sample.units) == pytest.approx(len(POPULATION))


@given(SIZES, st.integers(0, 3_000), st.sampled_from([EQUAL, Allocation("minimum", 1), Allocation("minimum", 9)]))
def test_other_allocations_are_whole(sizes, n, allocation):
    """Draws add up, none is more than its stratum has, and each has its share where there are enough."""
    counts = allocate(sizes, n, allocation)
    assert sum(counts.values()) == min(n, sum(sizes.values()))
    assert all(0 <= counts[values] <= size for values, size in sizes.items())
    if n >= allocation.needed(list(sizes.values())):
        assert all(counts[values] >= min(max(1, allocation.minimum), size) for values, size in sizes.items())


@given(SIZES, st.integers(0, 3_000))
def test_equal_is_equal(sizes, n):
    """Strata that were not taken whole differ by one draw at most."""
    counts = allocate(sizes, n, EQUAL)
    open_ = [counts[values] for values, size in sizes.items() if counts[values] < size]
    assert not open_ or max(open_) - min(open_) <= 1
    assert not open_ or max(counts.values()) <= max(open_) + 1


def test_a_stratum_with_one_draw_has_an_interval():
    """It takes the variance of the others, instead of none."""
    strata = [Stratum(("TX",), 10, 3), Stratum(("ME",), 10, 1)]
    one = estimate_total(strata, {("TX",): [1, 0, 1], ("ME",): [1]})
    assert one.total == pytest.approx(10 * 2 / 3 + 10)
    assert one.low < one.total - 5
    assert estimate_total([Stratum(("TX",), 3, 3)], {("TX",): [1, 0, 1]}) == (2.0, 0.0, 2.0, 2.0)
