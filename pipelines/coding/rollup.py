"""From coded texts to advertisers: what each of them says anywhere on its pages, as content analyses print it.

settled values of texts and sentences | one cell an advertiser and code | counts a value

A code that asks for an omission (is a risk named?) is answered by all pages of an advertiser together: a risk that
only the consent page names is named. "no" is looked for and not found; an empty cell was not coded.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pipelines.coding.codebook import Code

__all__ = ["Cell", "Coded", "ValueCount", "from_settled", "roll_up", "value_counts"]

NOTHING = frozenset({"none", "no", ""})  # "no" to a sentence is: no such claim
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


def from_settled(settled: Iterable[Coded], codes: Sequence[Code]) -> list[Coded]:
    """Add what a text says by having no accepted sentence: "no" to each code of sentences, where it was read whole.

    A text was read as a whole where any code of whole pages is settled for it.
    """
    told = list(settled)
    sentence = sorted(code.id for code in codes if code.level == "sentence")
    whole = {code.id for code in codes} - set(sentence)
    read = sorted({(one.advertiser, one.text_sha256, one.page or 0) for one in told if one.code in whole})
    return told + [Coded(who, code, "no", text, page or None) for who, text, page in read for code in sentence]


def roll_up(coded: Iterable[Coded], codes: Sequence[Code]) -> list[Cell]:
    """Give the cells of a table with a row an advertiser and a column a code, in that order."""
    found: dict[tuple[str, str], list[Coded]] = {}
    for one in coded:
        found.setdefault((one.advertiser, one.code), []).append(one)
    kinds = {code.id: code for code in codes}
    order = {code.id: place for place, code in enumerate(codes)}
    keys = sorted((key for key in found if key[1] in kinds), key=lambda key: (key[0], order[key[1]]))
    return [_cell(found[key], kinds[key[1]]) for key in keys]


def _cell(coded: Sequence[Coded], code: Code) -> Cell:
    value = combine([one.value for one in coded], code.type)
    told = [one for one in coded if says(one.value, value)]
    evidence = tuple(sorted({one.text_sha256 for one in told}))
    pages = tuple(sorted({one.page for one in told if one.page is not None}))
    return Cell(coded[0].advertiser, code.id, value, len({one.text_sha256 for one in coded}), evidence, pages)


def combine(values: Sequence[str], kind: str) -> str:
    """Combine the values of an advertiser's texts: one yes is a yes, and sets and categories are joined.

    >>> combine(["no", "yes", "unclear"], "boolean"), combine(["iv", "im|iv", "none"], "set")
    ('yes', 'im|iv')
    """
    if kind == "boolean":
        return next((value for value in ("yes", UNCLEAR, "no") if value in values), "")
    parts = {part for value in values for part in value.split("|")} - NOTHING
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
    return [count for code in codes if code.id in by_code for count in _counts(code, by_code[code.id])]


def _counts(code: Code, cells: Sequence[Cell]) -> list[ValueCount]:
    found = Counter(value for cell in cells for value in cell.value.split("|"))
    values: Mapping[str, None] = dict.fromkeys([*code.values, *sorted(found)])
    return [ValueCount(code.id, value, found[value], len(cells)) for value in values]
