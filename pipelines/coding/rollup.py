"""From coded texts to advertisers: what each of them says anywhere on its pages, as content analyses print it.

settled values of texts and sentences | one cell an advertiser and code | counts a value

A code that asks for an omission (is a risk named?) is answered by all pages of an advertiser together: a risk that
only the consent page names is named. "no" is what coders answered for the code, on every text that they coded for it;
a cell is empty where nobody answered.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipelines.coding.codebook import Code

__all__ = ["Cell", "Coded", "ValueCount", "roll_up", "value_counts"]

ABSENT_VALUES = frozenset({"none", "no", ""})  # "no" to a sentence is: no such claim
UNCLEAR = "unclear"


class Coded(NamedTuple):
    """A settled value: whose text or sentence it is of, which code, which value, and where it stands."""

    advertiser: str
    code: str
    value: str
    text_sha256: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """What an advertiser says on a code: the values (several joined by ``|``), and the texts that this rests on.

    ``texts`` counts the texts that were coded for it, ``evidence`` names those that say so, ``pages`` where they stand.
    """

    advertiser: str
    code: str
    value: str
    texts: int
    evidence: tuple[str, ...] = ()
    pages: tuple[int, ...] = ()


class ValueCount(NamedTuple):
    """How many advertisers have a value, of how many that were coded."""

    code: str
    value: str
    advertisers: int
    coded: int


def roll_up(coded: Iterable[Coded], codes: Sequence[Code]) -> list[Cell]:
    """Give the cells of a table with a row an advertiser and a column a code, in that order."""
    by_cell: dict[tuple[str, str], list[Coded]] = {}
    for one in coded:
        by_cell.setdefault((one.advertiser, one.code), []).append(one)
    cells = []
    for advertiser in sorted({advertiser for advertiser, _ in by_cell}):
        for code in codes:
            of_cell = by_cell.get((advertiser, code.id))
            if not of_cell:
                continue
            value = combine([one.value for one in of_cell], code.type)
            evidence = [one for one in of_cell if says(one.value, value)]
            cell = Cell(
                advertiser,
                code.id,
                value,
                texts=len({one.text_sha256 for one in of_cell}),
                evidence=tuple(sorted({one.text_sha256 for one in evidence})),
                pages=tuple(sorted({one.page for one in evidence if one.page is not None})),
            )
            cells.append(cell)
    return cells


def combine(values: Sequence[str], kind: str) -> str:
    """Combine the values of an advertiser's texts: one yes is a yes, and sets and categories are joined.

    >>> combine(["no", "yes", "unclear"], "boolean"), combine(["iv", "im|iv", "none"], "set")
    ('yes', 'im|iv')
    """
    if kind == "boolean":
        return next((value for value in ("yes", UNCLEAR, "no") if value in values), "")
    parts = {part for value in values for part in value.split("|")} - ABSENT_VALUES
    parts -= {UNCLEAR} if len(parts) > 1 else set()
    return "|".join(sorted(parts)) or "none"


def says(value: str, combined: str) -> bool:
    """Tell whether a text's value is part of what its advertiser's texts came to; "no" and "none" rest on none."""
    return combined not in {"no", "none", ""} and bool(set(value.split("|")) & set(combined.split("|")))


def value_counts(cells: Iterable[Cell], codes: Sequence[Code]) -> list[ValueCount]:
    """Count the advertisers that have each value: the table that a content analysis prints.

    A value of the codebook that nobody has is counted as 0; several values of one advertiser count in each of them.
    """
    by_code: dict[str, list[Cell]] = {}
    for cell in cells:
        by_code.setdefault(cell.code, []).append(cell)
    counts = []
    for code in codes:
        coded = by_code.get(code.id, [])
        found = Counter(value for cell in coded for value in cell.value.split("|"))
        values = dict.fromkeys([*code.values, *sorted(found)]) if coded else {}
        counts += [ValueCount(code.id, value, found[value], len(coded)) for value in values]
    return counts
