"""Agreement equals published worked examples and independent programs."""

from __future__ import annotations

import random
import warnings

import krippendorff
import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from pipelines.coding.agreement import (
    Scale,
    agreement_of,
    bootstrap_interval,
    cohen_kappa,
    confusion,
    gwet_ac1,
    krippendorff_alpha,
    masi_distance,
    percent_agreement,
    prevalence,
)

# Krippendorff (2011), "Computing Krippendorff's alpha-reliability", section C: four observers, twelve units
FOUR_OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]
TABLES = 1_000


def told(columns):
    """Turn columns of numbers into units of strings."""
    return [tuple(None if value is None else str(value) for value in unit) for unit in zip(*columns, strict=True)]


def test_alpha_is_krippendorffs_own_for_nominal_data():
    """The manual's example C gives 0.743."""
    assert krippendorff_alpha(told(FOUR_OBSERVERS)) == pytest.approx(0.743, abs=5e-4)


def test_alpha_is_krippendorffs_own_for_ordinal_data():
    """The manual's example C gives 0.815 where the values are ranks."""
    assert krippendorff_alpha(told(FOUR_OBSERVERS), scale=Scale.ORDINAL, order="12345") == pytest.approx(
        0.815, abs=5e-4
    )


def test_alpha_is_krippendorffs_own_for_two_coders_with_two_values():
    """The manual's example A, two observers and ten units, gives 0.095."""
    columns = [[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]]
    assert krippendorff_alpha(told(columns)) == pytest.approx(0.095, abs=5e-4)


def test_kappa_of_fleiss_textbook_table():
    """Fleiss, Levin and Paik (2003), table 18.1: 100 patients, three diagnoses, kappa 0.68."""
    table = {("a", "a"): 75, ("a", "b"): 1, ("a", "c"): 4, ("b", "a"): 5, ("b", "b"): 4, ("b", "c"): 1, ("c", "c"): 10}
    units = [pair for pair, count in table.items() for _ in range(count)]
    assert cohen_kappa(units) == pytest.approx(0.68, abs=5e-3)


def test_ac1_stays_high_where_kappa_falls():
    """Gwet (2008), the paradox of rare values: 118 + 5 + 2 + 0 of 125 units give kappa -0.02 and AC1 0.94."""
    units = [("no", "no")] * 118 + [("no", "yes")] * 5 + [("yes", "no")] * 2
    assert percent_agreement(units) == pytest.approx(0.944)
    assert cohen_kappa(units) == pytest.approx(-0.0234, abs=5e-4)
    assert gwet_ac1(units) == pytest.approx(0.9408, abs=5e-4)


def test_the_trap_of_seventeen_advertisers():
    """Two both-yes, thirteen both-no and one split each way: 88 % agreement is a kappa of only 0.60."""
    units = [("yes", "yes")] * 2 + [("no", "no")] * 13 + [("yes", "no"), ("no", "yes")]
    assert percent_agreement(units) == pytest.approx(15 / 17)
    assert cohen_kappa(units) == pytest.approx(0.6, abs=5e-3)


@pytest.mark.parametrize(
    ("one", "two", "distance"),
    [("ab", "ab", 0), ("ab", "a", 1 - 2 / 3 / 2), ("ab", "bc", 1 - 1 / 3 / 3), ("ab", "cd", 1), ("", "a", 1)],
)
def test_masi_is_passonneaus(one, two, distance):
    """Equal sets are alike, subsets less, overlapping sets still less, disjoint sets not at all."""
    assert masi_distance(frozenset(one), frozenset(two)) == pytest.approx(distance)


def test_sets_that_nearly_agree_count_for_more_than_sets_that_do_not():
    """Two coders who miss one route of three agree better than two who name other routes."""
    close = [(frozenset("abc"), frozenset("ab")), (frozenset("d"), frozenset("d")), (frozenset("ef"), frozenset("ef"))]
    far = [(frozenset("abc"), frozenset("x")), *close[1:]]
    assert krippendorff_alpha(close, scale=Scale.SET) > krippendorff_alpha(far, scale=Scale.SET)


def random_table(dice, coders, *, missing):
    """Make a table of ratings in which coders lean to the same value without always agreeing."""
    values = "abcde"[: dice.randint(2, 5)]
    rows = []
    for _ in range(dice.randint(2, 40)):
        lean = dice.choice(values)
        votes = [lean if dice.random() < 0.7 else dice.choice(values) for _ in range(coders)]
        rows.append(tuple(None if dice.random() < missing else vote for vote in votes))
    return rows


def test_kappa_equals_scikit_learn_on_random_tables():
    """A thousand random tables of two coders."""
    dice, compared = random.Random(5), 0
    for _ in range(TABLES):
        units = random_table(dice, 2, missing=0)
        ours = cohen_kappa(units)
        if ours is not None:
            assert ours == pytest.approx(cohen_kappa_score(*zip(*units, strict=True)), abs=1e-9)
            compared += 1
    assert compared > TABLES * 0.95


@pytest.mark.parametrize("scale", ["nominal", "ordinal"])
def test_alpha_equals_the_krippendorff_package_on_random_tables(scale):
    """A thousand random tables of two to five coders, a quarter of the votes missing."""
    dice, compared = random.Random(6), 0
    for _ in range(TABLES):
        units = random_table(dice, dice.randint(2, 5), missing=0.25)
        ours = krippendorff_alpha(units, scale=Scale(scale), order="abcde")
        if ours is not None:
            columns = [
                [np.nan if vote is None else float("abcde".index(vote)) for vote in votes]
                for votes in zip(*units, strict=True)
            ]
            theirs = krippendorff.alpha(reliability_data=columns, level_of_measurement=scale)
            assert ours == pytest.approx(theirs, abs=1e-9)
            compared += 1
    assert compared > TABLES * 0.9


def test_ac1_equals_irrcac_on_random_tables():
    """A thousand random tables of two to five coders, a quarter of the votes missing."""
    raw = pytest.importorskip("irrCAC.raw", reason="irrCAC is not installed; `make test` installs it")
    pandas = pytest.importorskip("pandas")
    dice, compared = random.Random(7), 0
    for _ in range(TABLES):
        units = [unit for unit in random_table(dice, dice.randint(2, 5), missing=0.25) if any(unit)]
        ours = gwet_ac1(units) if len(units) > 1 else None
        if ours is not None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                theirs = raw.CAC(pandas.DataFrame(units), digits=15).gwet()["est"]["coefficient_value"]
            assert ours == pytest.approx(theirs, abs=1e-9)
            compared += 1
    assert compared > TABLES * 0.9


def test_nothing_is_said_where_nobody_used_a_second_value():
    """Twenty times yes by both is full agreement, and no coefficient beyond chance is defined."""
    told_by = agreement_of([("yes", "yes")] * 20)
    assert (told_by.percent, told_by.kappa, told_by.alpha, told_by.ac1) == (1.0, None, None, None)


def test_units_that_one_coder_saw_do_not_count():
    """Agreement is of the units that two or more coded."""
    assert agreement_of([("yes", "yes"), ("no", None), ("no", "yes")]).units == 2


def test_an_empty_table_is_no_error():
    """A code that nobody voted on has no figures."""
    told_by = agreement_of([])
    assert (told_by.units, told_by.percent, told_by.prevalence, told_by.alpha) == (0, None, (), None)


def test_prevalence_is_of_each_coder():
    """One coder said yes to half, the other to all."""
    assert prevalence([("yes", "yes"), ("no", "yes")]) == ({"no": 0.5, "yes": 0.5}, {"yes": 1.0})


def test_confusion_counts_pairs_that_both_coded():
    """A unit that the second coder left open stands in no cell."""
    assert confusion([("yes", "no"), ("no", None), ("no", "no")]) == {("no", "no"): 1, ("yes", "no"): 1}


def test_the_interval_is_the_same_for_the_same_seed():
    """A figure in a paper can be computed again."""
    units = random_table(random.Random(8), 2, missing=0)
    assert bootstrap_interval(cohen_kappa, units, seed=3) == bootstrap_interval(cohen_kappa, units, seed=3)
    assert bootstrap_interval(cohen_kappa, units, seed=3) != bootstrap_interval(cohen_kappa, units, seed=4)


def test_the_interval_covers_the_truth_about_as_often_as_it_says():
    """In 200 samples of 60 units from a known table the 95 % interval holds its kappa 180 times or more."""
    dice = random.Random(9)
    cells = [("yes", "yes")] * 30 + [("no", "no")] * 50 + [("yes", "no")] * 10 + [("no", "yes")] * 10
    truth = cohen_kappa(cells)
    inside = 0
    for seed in range(200):
        interval = bootstrap_interval(cohen_kappa, dice.choices(cells, k=60), draws=200, seed=seed)
        inside += interval.low <= truth <= interval.high
    assert 180 <= inside <= 200
