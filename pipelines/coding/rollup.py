"""From coded texts to advertisers: what each of them says anywhere on its pages, as content analyses print it.

pages of a frame, findings of their texts | one cell an advertiser and code | counts a value, counts of empty cells

A cell is yes (with its value), no, unclear or empty with a reason. What any page says, the advertiser says. "No" needs
a text that says no, and no text that coders began with and did not finish; it says on how many pages coders looked, of
how many. A code that asks for an omission (is a risk named?) is answered by all pages of an advertiser together, also
by those that the frame leaves out: a risk that only a consent page names is named.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from pipelines.coding.findings import Finding, Reason, Says, combine, find

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pipelines.coding.codebook import Code
    from pipelines.coding.findings import CodedText

__all__ = ["Cell", "CellCount", "ShownText", "ValueCount", "cell_counts", "roll_up", "value_counts"]


class ShownText(NamedTuple):
    """A coded text of an advertiser: the pages that show it, and those of them that are in the frame."""

    text: CodedText
    pages: tuple[int, ...]
    in_frame: tuple[int, ...]


class PageCounts(NamedTuple):
    """How many pages of an advertiser are in the frame, and how many it has in all."""

    in_frame: int
    all: int


@dataclass(frozen=True, slots=True)
class Cell:
    """What an advertiser says on a code: yes with its value, no, unclear, or nothing with the reason.

    ``findings`` are those of the texts that were looked at; ``looked`` counts the pages that show such a text with an
    answer, ``of`` the pages that the code is asked of, ``saying`` the pages that say the value.
    """

    advertiser: str
    code: str
    says: Says
    value: str
    reason: Reason | None
    looked: int
    of: int
    saying: int = 0
    findings: tuple[Finding, ...] = ()
    pages: tuple[int, ...] = ()


class ValueCount(NamedTuple):
    """How many advertisers have a value, of how many that have an answer."""

    code: str
    value: str
    advertisers: int
    coded: int


class CellCount(NamedTuple):
    """How many cells of a table are yes, no, unclear, or empty for a reason."""

    says: Says
    reason: Reason | None
    cells: int


def roll_up(
    advertisers: Mapping[str, PageCounts],
    texts: Mapping[str, Sequence[ShownText]],
    codes: Sequence[Code],
    *,
    single: bool = False,
) -> list[Cell]:
    """Give the cells of a table with a row an advertiser of the frame and a column a code, in that order.

    ``texts`` are the texts that anybody coded, by advertiser.
    """
    return [
        _cell(advertiser, counts, texts.get(advertiser, ()), code, single=single)
        for advertiser, counts in sorted(advertisers.items())
        for code in codes
    ]


def _cell(advertiser: str, counts: PageCounts, texts: Sequence[ShownText], code: Code, *, single: bool) -> Cell:
    of = counts.all if code.omission else counts.in_frame
    asked = [(one.text, one.pages if code.omission else one.in_frame) for one in texts]
    found = [replace(find(text, code, single=single), pages=shown_on) for text, shown_on in asked if shown_on]
    pages: dict[Says, set[int]] = defaultdict(set)
    for finding in found:
        pages[finding.says].update(finding.pages)
    looked = len(pages[Says.YES] | pages[Says.NO] | pages[Says.UNCLEAR])
    findings = [finding for finding in found if finding.reason is not Reason.NOT_CODED]
    begun = {one.reason for one in findings if one.reason and one.begun}
    reason = None
    if pages[Says.YES]:
        says = Says.YES
    elif Reason.CONFLICT in begun:
        says, reason = Says.EMPTY, Reason.CONFLICT
    elif pages[Says.UNCLEAR]:
        says = Says.UNCLEAR
    elif pages[Says.NO] and not begun:
        says = Says.NO
    else:
        says, reason = Says.EMPTY, _nearest_reason(findings, of)
    resting = [one for one in findings if one.says is says and says]
    saying = pages[says] if says in {Says.YES, Says.UNCLEAR} else set()
    value = combine([one.value for one in resting], code.type)
    shown_on = tuple(sorted(saying))
    return Cell(advertiser, code.id, says, value, reason, looked, of, len(saying), tuple(findings), shown_on)


def _nearest_reason(findings: Iterable[Finding], pages: int) -> Reason:
    """Name the reason that is nearest to an answer, of all texts."""
    if not pages:
        return Reason.NO_PAGE
    reasons = {one.reason for one in findings}
    return next((reason for reason in Reason if reason in reasons), Reason.NOT_CODED)


def value_counts(cells: Iterable[Cell], codes: Sequence[Code]) -> list[ValueCount]:
    """Count the advertisers that have each value: the table that a content analysis prints.

    A value of the codebook that nobody has is counted as 0; several values of one advertiser count in each of them.
    Empty cells are not counted: :func:`cell_counts` does that.
    """
    by_code: dict[str, list[Cell]] = {}
    for cell in cells:
        if cell.says:
            by_code.setdefault(cell.code, []).append(cell)
    counts = []
    for code in codes:
        coded = by_code.get(code.id, [])
        found = Counter(value for cell in coded for value in cell.value.split("|"))
        values = dict.fromkeys([*code.values, *sorted(found)]) if coded else {}
        counts += [ValueCount(code.id, value, found[value], len(coded)) for value in values]
    return counts


def cell_counts(cells: Iterable[Cell]) -> list[CellCount]:
    """Count all cells of a table: yes, no, unclear, and empty by each reason; together they are the whole table."""
    counts = Counter((cell.says, cell.reason) for cell in cells)
    kinds = [(says, None) for says in (Says.YES, Says.NO, Says.UNCLEAR)] + [(Says.EMPTY, reason) for reason in Reason]
    return [CellCount(says, reason, counts[says, reason]) for says, reason in kinds]
