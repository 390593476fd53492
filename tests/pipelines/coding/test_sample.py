"""A sample can be drawn again, weighs up to its frame, and is random."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.coding.sample import Unit, allocate, draw, frame_hash

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
