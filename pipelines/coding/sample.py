"""Draw a stratified random sample from a frame: pure, and the same for the same frame, size and seed.

frame | strata | allocation | one draw a stratum | weights and order

Cochran, W. G. (1977). Sampling techniques, ch. 5: within stratum ``h`` of ``N_h`` units ``n_h`` are drawn without
replacement, and each drawn unit stands for ``N_h / n_h`` units of the frame.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from statistics import NormalDist, mean, variance
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "ALLOCATIONS",
    "EQUAL",
    "PROPORTIONAL",
    "Allocation",
    "Drawn",
    "Estimate",
    "Sample",
    "Stratum",
    "Unit",
    "allocate",
    "draw",
    "estimate_total",
    "frame_hash",
]


class Allocation(NamedTuple):
    """How draws are shared among strata: proportional to their sizes, equally, or with a minimum for each."""

    kind: str
    minimum: int = 0

    def needed(self, sizes: Sequence[int]) -> int:
        """Say how many draws it needs, so that no stratum is without one."""
        return sum(min(size, self.minimum) for size in sizes) if self.kind == "minimum" else len(sizes)

    def __str__(self) -> str:
        """Write it as a sample stores it."""
        return f"at least {self.minimum} a stratum" if self.kind == "minimum" else self.kind


ALLOCATIONS = ("proportional", "equal", "minimum")
PROPORTIONAL, EQUAL = Allocation("proportional"), Allocation("equal")


@dataclass(frozen=True, slots=True)
class Unit:
    """One line of the frame: what is coded, the stratum it lies in, and how many pages it stands for."""

    key: str
    stratum: tuple[str, ...] = ()
    pages: int = 1


@dataclass(frozen=True, slots=True)
class Stratum:
    """A stratum of the frame: its values, how many units it has and how many were drawn."""

    values: tuple[str, ...]
    size: int
    drawn: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """A unit of the sample: its place in the queue from 1, its weight (``N_h / n_h``), and whether two code it."""

    key: str
    stratum: tuple[str, ...]
    weight: float
    place: int
    double: bool


@dataclass(frozen=True, slots=True)
class Sample:
    """A drawn sample with all that is needed to draw it again."""

    seed: int
    frame_size: int
    frame_hash: str
    strata: tuple[Stratum, ...]
    units: tuple[Drawn, ...]


def draw(
    frame: Sequence[Unit], n: int, *, seed: int, double: float = 1.0, allocation: Allocation = PROPORTIONAL
) -> Sample:
    """Draw ``n`` units, shared among the strata by ``allocation``; all of a frame that has no more than ``n``.

    ``double`` is the share of the sample, 0 to 1, that a second coder is asked for. The order of the queue and the
    doubly coded units are drawn over the whole sample, so that a queue that is left half done is a sample too.
    """
    strata: dict[tuple[str, ...], list[str]] = {}
    for unit in frame:
        strata.setdefault(unit.stratum, []).append(unit.key)
    counts = allocate({values: len(keys) for values, keys in strata.items()}, n, allocation)
    chosen = [
        (key, values, len(strata[values]) / count)
        for values, count in counts.items()
        for key in _shuffled(strata[values], seed, "draw")[:count]
    ]
    order = _shuffled([key for key, _, _ in chosen], seed, "order")
    twice = set(_shuffled(order, seed, "double")[: math.ceil(double * len(order))])
    place = {key: number for number, key in enumerate(order, 1)}
    drawn = [Drawn(key, values, weight, place[key], key in twice) for key, values, weight in chosen]
    table = tuple(Stratum(values, len(strata[values]), counts[values]) for values in sorted(strata))
    return Sample(seed, len(frame), frame_hash(frame), table, tuple(sorted(drawn, key=lambda one: one.place)))


def allocate(
    sizes: Mapping[tuple[str, ...], int], n: int, allocation: Allocation = PROPORTIONAL
) -> dict[tuple[str, ...], int]:
    """Share ``n`` draws among strata, never more than a stratum has; together they are ``n``, or all that there is.

    Proportional to the sizes by largest remainders, with a draw for every stratum where ``n`` allows that: a stratum
    without a draw could not be weighted for. Equal: as many for each, as far as its size allows. By a minimum: so many
    for each, as far as its size allows, and the rest in proportion to what is left.

    >>> sizes = {("TX",): 90, ("OH",): 9, ("ME",): 1}
    >>> allocate(sizes, 10)
    {('ME',): 1, ('OH',): 1, ('TX',): 8}
    >>> allocate(sizes, 10, EQUAL), allocate(sizes, 10, Allocation("minimum", 3))
    ({('ME',): 1, ('OH',): 4, ('TX',): 5}, {('ME',): 1, ('OH',): 3, ('TX',): 6})
    """
    n = min(n, sum(sizes.values()))
    if allocation.kind == "equal":
        return _equal(sizes, n)
    if allocation.kind == "minimum":
        base = _equal({values: min(size, allocation.minimum) for values, size in sizes.items()}, n)
        left = {values: size - base[values] for values, size in sizes.items()}
        more = _proportional(left, n - sum(base.values()), min_draws=0)
        return {values: count + more[values] for values, count in base.items()}
    return _proportional(sizes, n, min_draws=1 if n >= len(sizes) else 0)


def _equal(sizes: Mapping[tuple[str, ...], int], n: int) -> dict[tuple[str, ...], int]:
    """Give every stratum as many draws as any other, as far as its size allows; a rest goes to the largest strata."""
    counts = dict.fromkeys(sorted(sizes), 0)
    left = min(n, sum(sizes.values()))
    while left:
        open_ = [values for values in counts if counts[values] < sizes[values]]
        open_.sort(key=lambda one: (-sizes[one], one))
        share = max(1, left // len(open_))
        for values in open_:
            more = min(share, left, sizes[values] - counts[values])
            counts[values] += more
            left -= more
    return counts


def _proportional(sizes: Mapping[tuple[str, ...], int], n: int, *, min_draws: int) -> dict[tuple[str, ...], int]:
    total = sum(sizes.values())
    if not total:
        return dict.fromkeys(sorted(sizes), 0)
    counts = {values: max(min_draws, n * sizes[values] // total) for values in sorted(sizes)}
    remainder = {values: n * sizes[values] / total - counts[values] for values in counts}
    for values in sorted(counts, key=lambda one: (-remainder[one], one)):
        counts[values] += sum(counts.values()) < n and counts[values] < sizes[values]
    while sum(counts.values()) > n:  # the draws that the smallest strata took are given back by the largest
        counts[max(counts, key=lambda one: (counts[one], one))] -= 1
    return counts


class Estimate(NamedTuple):
    """A total of the frame, estimated from a sample: with its standard error and its 95 % interval."""

    total: float
    error: float
    low: float
    high: float


def estimate_total(strata: Sequence[Stratum], drawn: Mapping[tuple[str, ...], Sequence[float]]) -> Estimate:
    """Estimate the total of a variable over a frame out of the values of the drawn units, by stratum.

    Cochran 1977, chapter 5: each stratum's mean times its size, its variance ``N_h^2 (1 - n_h / N_h) s_h^2 / n_h``, and
    the interval by Student's t with Satterthwaite's degrees of freedom. A stratum with a single draw has no variance
    of its own and takes the one that is pooled within the others. Strata without a draw are left out.
    """
    total, variances, freedom = 0.0, 0.0, 0.0
    own = {one.values: variance(drawn[one.values]) for one in strata if len(drawn.get(one.values, ())) > 1}
    degrees = {values: len(drawn[values]) - 1 for values in own}
    pooled = sum(own[values] * degrees[values] for values in own) / sum(degrees.values()) if own else 0.0
    for one in strata:
        values = drawn.get(one.values, ())
        if not values:
            continue
        total += one.size * mean(values)
        part = one.size**2 * (1 - len(values) / one.size) * own.get(one.values, pooled) / len(values)
        variances += part
        freedom += part**2 / max(len(values) - 1, 1)
    if not variances:
        return Estimate(total, 0.0, total, total)
    reach = student_t(variances**2 / freedom) * variances**0.5
    return Estimate(total, variances**0.5, total - reach, total + reach)


def student_t(freedom: float) -> float:
    """Give the 97.5 % point of Student's t: below 3 degrees of freedom that of 1 or 2, else by its normal expansion.

    Abramowitz and Stegun 1964, 26.7.5; right to a thousandth from 4 degrees on, to four thousandths at 3.

    >>> [round(student_t(degrees), 2) for degrees in (1, 2, 3, 10, 30, 1_000)]
    [12.71, 4.3, 3.18, 2.23, 2.04, 1.96]
    """
    if freedom < 3:
        return 12.7062 if freedom < 2 else 4.3027
    z = NormalDist().inv_cdf(0.975)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / freedom**power for power, term in enumerate(terms, 1))


def frame_hash(frame: Sequence[Unit]) -> str:
    """Hash a frame whatever its order: the SHA-256 of its sorted lines, in hexadecimal."""
    lines = sorted("\t".join((unit.key, *unit.stratum)) for unit in frame)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _shuffled(keys: Sequence[str], seed: int, purpose: str) -> list[str]:
    """Put keys in a random order that depends on the keys, the seed and the purpose, and not on their own order."""
    return sorted(keys, key=lambda key: hashlib.sha256(f"{seed}\t{purpose}\t{key}".encode()).digest())
