"""Draw a stratified random sample from a frame: pure, and the same for the same frame, size and seed.

frame | strata | allocation | one draw a stratum | weights and order

Cochran, W. G. (1977). Sampling techniques, ch. 5: within stratum ``h`` of ``N_h`` units ``n_h`` are drawn without
replacement, and each drawn unit stands for ``N_h / n_h`` units of the frame.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Drawn", "Sample", "Stratum", "Unit", "allocate", "draw", "frame_hash"]


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


def draw(frame: Sequence[Unit], n: int, *, seed: int, double: float = 1.0) -> Sample:
    """Draw ``n`` units, each stratum in proportion to its size; all of a frame that has no more than ``n``.

    ``double`` is the share of the sample, 0 to 1, that a second coder is asked for. The order of the queue and the
    doubly coded units are drawn over the whole sample, so that a queue that is left half done is a sample too.
    """
    strata: dict[tuple[str, ...], list[str]] = {}
    for unit in frame:
        strata.setdefault(unit.stratum, []).append(unit.key)
    counts = allocate({values: len(keys) for values, keys in strata.items()}, n)
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


def allocate(sizes: Mapping[tuple[str, ...], int], n: int) -> dict[tuple[str, ...], int]:
    """Share ``n`` draws among strata in proportion to their sizes, by largest remainders, never more than there are.

    Every stratum has one draw where ``n`` allows that: a stratum without a draw could not be weighted for.

    >>> allocate({("TX",): 90, ("OH",): 9, ("ME",): 1}, 10)
    {('ME',): 1, ('OH',): 1, ('TX',): 8}
    """
    total = sum(sizes.values())
    n = min(n, total)
    min_draws = 1 if n >= len(sizes) else 0
    counts = {values: max(min_draws, n * sizes[values] // total) for values in sorted(sizes)}
    remainder = {values: n * sizes[values] / total - counts[values] for values in counts}
    for values in sorted(counts, key=lambda one: (-remainder[one], one)):
        counts[values] += sum(counts.values()) < n and counts[values] < sizes[values]
    while sum(counts.values()) > n:  # the draws that the smallest strata took are given back by the largest
        counts[max(counts, key=lambda one: (counts[one], one))] -= 1
    return counts


def frame_hash(frame: Sequence[Unit]) -> str:
    """Hash a frame whatever its order: the SHA-256 of its sorted lines, in hexadecimal."""
    lines = sorted("\t".join((unit.key, *unit.stratum)) for unit in frame)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _shuffled(keys: Sequence[str], seed: int, purpose: str) -> list[str]:
    """Put keys in a random order that depends on the keys, the seed and the purpose, and not on their own order."""
    return sorted(keys, key=lambda key: hashlib.sha256(f"{seed}\t{purpose}\t{key}".encode()).digest())
