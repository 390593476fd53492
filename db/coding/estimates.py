"""What a sample says of its whole frame: for each code and value the estimated units of the frame, with an interval.

drawn units | findings of their texts | totals by stratum (Cochran 1977, chapter 5)
"""

from __future__ import annotations

import sqlite3  # noqa: TC003
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from db.coding.samples import find_sample, sample_units
from pipelines.coding.findings import find
from pipelines.coding.methods import wilson
from pipelines.coding.sample import Stratum, estimate_total

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.coding.coded import RolledUp
    from pipelines.coding.codebook import Code
    from pipelines.coding.findings import CodedText

__all__ = ["FrameEstimate", "estimates_of"]


class FrameEstimate(NamedTuple):
    """How many units of a sample's frame have a value of a code.

    ``answered`` of the ``drawn`` units have an answer, ``saying`` of them the value. ``estimate`` with its 95 %
    interval is of the ``covered`` units of the frame: those of strata in which a unit has an answer. Where within each
    stratum all drawn units are alike, a variance says nothing, and the interval is Wilson's of the drawn units.
    """

    sample: str
    code: str
    value: str
    drawn: int
    answered: int
    saying: int
    frame: int
    covered: int
    estimate: float
    low: float
    high: float


class _Answered(NamedTuple):
    stratum: tuple[str, ...]
    values: frozenset[str]


def estimates_of(
    review: sqlite3.Connection, name: str, table: RolledUp, codes: Sequence[Code], *, single: bool
) -> list[FrameEstimate]:
    """Estimate, for each code that has an answer in a sample, how many units of the frame have each value.

    Of a unit that is not in the frame of the table the value is 0: the estimate is of the units that are in both.
    """
    sample = find_sample(review, name)
    units = sample_units(review, sample.id)
    in_frame = {text for (text,) in review.execute("SELECT DISTINCT text FROM temp.frame_pages WHERE in_frame")}
    texts = {one.text.text_sha256: one.text for shown in table.texts.values() for one in shown if one.in_frame}
    strata = [Stratum(one.values, one.size, one.drawn) for one in sample.strata]
    found = []
    for code in codes:
        answered = []
        for unit in units:
            values = _values(texts.get(unit.unit), code, single=single) if unit.unit in in_frame else frozenset[str]()
            if values is not None:
                answered.append(_Answered(unit.stratum, values))
        seen = {value for one in answered for value in one.values}
        covered = sum(one.size for one in strata if any(unit.stratum == one.values for unit in answered))
        for value in dict.fromkeys([*(v for v in code.values if v in seen), *sorted(seen)]):
            drawn = defaultdict[tuple[str, ...], list[float]](list)
            for one in answered:
                drawn[one.stratum].append(float(value in one.values))
            total = estimate_total(strata, drawn)
            saying = sum(value in one.values for one in answered)
            low, high = total.low, total.high
            if not total.error and len(answered) < covered:
                low, high = (covered * share for share in wilson(saying, len(answered)))
            found.append(
                FrameEstimate(
                    *(name, code.id, value, len(units), len(answered), saying, sample.frame_size, covered),
                    *(round(total.total, 2), round(max(low, 0), 2), round(min(high, covered), 2)),
                )
            )
    return found


def _values(text: CodedText | None, code: Code, *, single: bool) -> frozenset[str] | None:
    """Give the values that a text has of a code; ``None`` where it has no answer."""
    finding = find(text, code, single=single) if text else None
    return frozenset(finding.value.split("|")) if finding and finding.says else None
