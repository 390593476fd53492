"""How far coders agree, beyond chance: pure functions on the original votes of one code.

votes | counts by unit and value | observed and expected agreement | coefficient | bootstrap interval

A table of ratings is a sequence of units; a unit is a sequence with one value a coder, always in the same order, and
``None`` where that coder did not code it. A value is a string, or a frozenset of strings for a code that takes sets.
``times`` says how often each unit stands in the table, once where it is left out: votes follow few patterns, so that
a thousand bootstrap draws of a thousand units take a tenth of a second.
Every coefficient is ``None`` where it is not defined: too few units, or nobody ever used a second value.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Value = str | frozenset[str]
    Unit = Sequence[Value | None]
    Times = Sequence[float] | NDArray[np.float64]
    Statistic = Callable[[Sequence[Unit], Times], float | None]
    Matrix = NDArray[np.float64]

__all__ = [
    "Agreement",
    "Interval",
    "Scale",
    "agreement_of",
    "bootstrap_interval",
    "cohen_kappa",
    "confusion",
    "gwet_ac1",
    "krippendorff_alpha",
    "masi_distance",
    "percent_agreement",
    "prevalence",
]

DRAWS = 1_000  # Efron & Tibshirani (1993, ch. 13): at least 1,000 for a percentile interval
CONFIDENCE_LEVEL = 0.95


class Scale(StrEnum):
    """How two values of a code are compared."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    SET = "set"


@dataclass(frozen=True, slots=True)
class Interval:
    """A bootstrap percentile interval; ``share`` is the share of draws in which the coefficient was defined."""

    low: float
    high: float
    share: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """What one code's votes come to: ``units`` were coded by two or more, ``votes`` is all that was voted on them.

    ``prevalence`` gives for each coder the share of each value among that coder's votes. ``kappa`` is given for
    exactly two coders. The intervals are of kappa (or alpha where there is no kappa), alpha and AC1.
    """

    units: int
    votes: int
    percent: float | None
    prevalence: tuple[dict[str, float], ...]
    kappa: float | None
    alpha: float | None
    ac1: float | None
    kappa_interval: Interval | None = None
    alpha_interval: Interval | None = None
    ac1_interval: Interval | None = None


def agreement_of(
    units: Sequence[Unit],
    *,
    scale: Scale = Scale.NOMINAL,
    order: Sequence[str] = (),
    seed: int = 1,
    draws: int = DRAWS,
) -> Agreement:
    """Compute all figures of one code; ``order`` names an ordinal code's values from lowest to highest.

    Intervals take ``draws`` draws each, about 50 ms for a thousand; with 0 there are none.
    """
    shared = [unit for unit in units if len(_voted(unit)) >= 2]

    def alpha(drawn: Sequence[Unit], times: Times = ()) -> float | None:
        return krippendorff_alpha(drawn, times, scale=scale, order=order)

    coders = max((len(unit) for unit in units), default=0)
    kappa: Statistic | None = cohen_kappa if coders == 2 else None
    return Agreement(
        units=len(shared),
        votes=sum(len(_voted(unit)) for unit in shared),
        percent=percent_agreement(shared),
        prevalence=prevalence(shared),
        kappa=kappa(shared, ()) if kappa else None,
        alpha=alpha(shared),
        ac1=gwet_ac1(shared),
        kappa_interval=bootstrap_interval(kappa, shared, draws=draws, seed=seed) if kappa else None,
        alpha_interval=bootstrap_interval(alpha, shared, draws=draws, seed=seed),
        ac1_interval=bootstrap_interval(gwet_ac1, shared, draws=draws, seed=seed),
    )


def percent_agreement(units: Sequence[Unit]) -> float | None:
    """Give the share of agreeing pairs of votes, averaged over the units that two or more coded: 0 to 1.

    >>> percent_agreement([("yes", "yes"), ("yes", "no")])
    0.5
    """
    shares = []
    for votes in map(_voted, units):
        pairs = list(combinations(votes, 2))
        if pairs:
            shares.append(sum(one == two for one, two in pairs) / len(pairs))
    return sum(shares) / len(shares) if shares else None


def prevalence(units: Sequence[Unit]) -> tuple[dict[str, float], ...]:
    """Give for each coder the share of each value among that coder's votes; sets are written ``a + b``.

    >>> prevalence([("yes", "no"), ("no", "no")])
    ({'no': 0.5, 'yes': 0.5}, {'no': 1.0})
    """
    shares = []
    for votes in zip(*units, strict=True):  # of one coder
        counted = Counter(label(value) for value in votes if value is not None)
        shares.append({value: counted[value] / counted.total() for value in sorted(counted)})
    return tuple(shares)


def confusion(units: Sequence[Unit]) -> dict[tuple[str, str], int]:
    """Count the pairs of values that the first and the second coder gave to the same unit.

    >>> confusion([("yes", "no"), ("no", "no"), ("no", "no")])
    {('no', 'no'): 2, ('yes', 'no'): 1}
    """
    pairs = [(label(one), label(two)) for one, two, *_ in units if one is not None and two is not None]
    return dict(sorted(Counter(pairs).items()))


def label(value: Value) -> str:
    """Write a value for people."""
    return value if isinstance(value, str) else " + ".join(sorted(value)) or "none"


def cohen_kappa(units: Sequence[Unit], times: Times = ()) -> float | None:
    """Give Cohen's kappa of two coders on the units that both coded.

    Cohen, J. (1960). A coefficient of agreement for nominal scales. Educ. Psychol. Meas. 20, 37-46:
    ``(p_o - p_e) / (1 - p_e)`` with ``p_e`` from the product of both coders' marginals.

    >>> round(cohen_kappa([("yes", "yes")] * 2 + [("no", "no")] * 13 + [("yes", "no"), ("no", "yes")]), 2)
    0.6
    """
    values = sorted({value for unit in units for value in _voted(unit)}, key=label)
    number: dict[Value | None, int] = {value: place for place, value in enumerate(values)} | {None: -1}
    first, second = np.array([[number[value] for value in unit] for unit in units], np.int64).reshape(-1, 2).T
    by_both = (first >= 0) & (second >= 0)
    weights = _weights(units, times)[by_both]
    if not weights.sum():
        return None
    one, two = (np.bincount(votes[by_both], weights, len(values)) / weights.sum() for votes in (first, second))
    observed = weights[first[by_both] == second[by_both]].sum() / weights.sum()
    return _beyond_chance(float(observed), float(one @ two))


def gwet_ac1(units: Sequence[Unit], times: Times = ()) -> float | None:
    """Give Gwet's AC1, for any number of coders and with votes missing; made for rare values, where kappa falls.

    Gwet, K. L. (2008). Computing inter-rater reliability and its variance in the presence of high agreement. Br. J.
    Math. Stat. Psychol. 61, 29-48: chance is ``sum(p_k (1 - p_k)) / (q - 1)`` over the ``q`` values that were used.
    """
    _, counts, weights = _count_values(units, times, min_votes=1)
    votes = counts.sum(axis=1)
    paired = votes >= 2
    if counts.shape[1] < 2 or not paired.any():
        return None
    agreeing = (counts[paired] * (counts[paired] - 1)).sum(axis=1) / (votes * (votes - 1))[paired]
    share = np.average(counts / votes[:, None], axis=0, weights=weights)
    expected = (share * (1 - share)).sum() / (counts.shape[1] - 1)
    return _beyond_chance(float(np.average(agreeing, weights=weights[paired])), float(expected))


def krippendorff_alpha(
    units: Sequence[Unit], times: Times = (), *, scale: Scale = Scale.NOMINAL, order: Sequence[str] = ()
) -> float | None:
    """Give Krippendorff's alpha, for any number of coders and with votes missing.

    Krippendorff, K. (2011). Computing Krippendorff's alpha-reliability: one minus the observed over the expected
    disagreement, from the coincidence matrix. The distance is 0/1 for nominal values, the squared number of votes
    between two ranks for ordinal ones, MASI for sets.
    """
    values, counts, weights = _count_values(units, times, min_votes=2)
    if len(values) < 2:
        return None
    totals = weights @ counts
    distance = _distances(values, totals, scale, order)
    expected = np.outer(totals, totals) * distance
    if not expected.sum():
        return None
    # the coincidence matrix: ordered pairs of votes within units, each unit with the weight of its votes
    weighted = counts * (weights / (counts.sum(axis=1) - 1))[:, None]
    observed = (weighted.T @ counts - np.diag(weighted.sum(axis=0))) * distance
    return 1.0 - float((totals.sum() - 1) * observed.sum() / expected.sum())


def masi_distance(one: frozenset[str], two: frozenset[str]) -> float:
    """Give the distance of two sets, 0 to 1: one minus Jaccard times how one set lies in the other.

    Passonneau, R. (2006). Measuring agreement on set-valued items (MASI). LREC: the factor is 1 for equal sets, 2/3
    where one holds the other, 1/3 where they overlap, 0 where they have nothing in common.

    >>> round(masi_distance(frozenset({"iv", "im"}), frozenset({"iv"})), 3)
    0.667
    """
    if one == two:
        return 0.0
    shared = len(one & two)
    factor = (2 if one <= two or two <= one else 1) / 3 if shared else 0
    return 1.0 - factor * shared / len(one | two)


def bootstrap_interval(
    statistic: Statistic, units: Sequence[Unit], *, draws: int = DRAWS, seed: int = 1
) -> Interval | None:
    """Draw units with replacement and give the 95 % percentile interval of a statistic; the same for the same seed.

    Efron, B. (1979). Bootstrap methods: another look at the jackknife. Draws in which the statistic is not defined
    are left out and counted in ``share``; ``None`` where it never is.
    """
    if len(units) < 2 or not draws:
        return None
    patterns = Counter(map(tuple, units))
    shares = np.array(list(patterns.values())) / len(units)
    drawn = np.random.default_rng(seed).multinomial(len(units), shares, draws)
    values = [statistic(list(patterns), times) for times in drawn]
    defined = [value for value in values if value is not None]
    if not defined:
        return None
    low, high = np.quantile(defined, [(1 - CONFIDENCE_LEVEL) / 2, (1 + CONFIDENCE_LEVEL) / 2])
    return Interval(float(low), float(high), len(defined) / draws)


def _voted(unit: Unit) -> list[Value]:
    return [value for value in unit if value is not None]


def _beyond_chance(observed: float, expected: float) -> float | None:
    return None if math.isclose(expected, 1.0) else (observed - expected) / (1 - expected)


def _weights(units: Sequence[Unit], times: Times) -> Matrix:
    return np.asarray(times, float) if len(times) else np.ones(len(units))


class _ValueCounts(NamedTuple):
    """How often each value was given to each unit (units x values), and how often each unit stands in the table."""

    values: list[Value]
    counts: Matrix
    weights: Matrix


def _count_values(units: Sequence[Unit], times: Times, *, min_votes: int) -> _ValueCounts:
    """Count the values of the units that have so many votes and stand in the table at all."""
    weights = _weights(units, times)
    counted = [row for row, unit in enumerate(units) if weights[row] and len(_voted(unit)) >= min_votes]
    values = sorted({value for row in counted for value in _voted(units[row])}, key=label)
    number = {value: place for place, value in enumerate(values)}
    counts = np.zeros((len(counted), len(values)))
    for line, row in enumerate(counted):
        for value in _voted(units[row]):
            counts[line, number[value]] += 1
    return _ValueCounts(values, counts, weights[counted])


def _distances(values: Sequence[Value], totals: Matrix, scale: Scale, order: Sequence[str]) -> Matrix:
    if scale is Scale.SET:
        sets = [frozenset({value}) if isinstance(value, str) else value for value in values]
        return np.array([[masi_distance(one, two) for two in sets] for one in sets])
    if scale is Scale.NOMINAL:
        return 1.0 - np.eye(len(values))
    # the squared number of votes from the middle of one rank to the middle of the other (Krippendorff 2011, 5)
    ranks = {value: place for place, value in enumerate(order or sorted(map(label, values)))}
    rank = np.array([ranks[label(value)] for value in values])
    middle = np.array([totals[rank < place].sum() for place in rank]) + totals / 2
    distance: Matrix = (middle[:, None] - middle[None, :]) ** 2
    return distance
