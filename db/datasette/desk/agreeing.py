"""What the votes of a round come to, for those who cast them: agreement by code, where readers differ, the table.

Nobody sees here what somebody else said of a question before answering it: a reader's figures are of the questions
that this reader has answered.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from db.coding.coded import coding_flow, settled_values
from db.coding.tally import ADJUDICATOR, original_votes
from pipelines.coding.agreement import confusion, label
from pipelines.coding.reliability import CodeAgreement, CodedUnit, Vote, disagreements, measure, votes_of_rows
from pipelines.coding.rollup import Coded, roll_up, value_counts

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

    from db.datasette.desk.coders import Coder
    from pipelines.coding.codebook import Codebook

SHOWN = 200  # disagreements a page


class Matrix(NamedTuple):
    """A confusion matrix: the values, and for each value of the first coder a row of counts by the second's."""

    values: tuple[str, ...]
    rows: tuple[tuple[int, ...], ...]


def read_agreement(
    db: sqlite3.Connection, coder: Coder, codebook: Codebook | None, code: str | None = None
) -> list[CodeAgreement]:
    """Measure the codes of a round as far as this coder may see them, or one code with its bootstrap intervals."""
    kinds = {one.id: one.type for one in codebook.codes} if codebook else {}
    votes = visible(votes_of_rows(original_votes(db, coder.round, code)), coder)
    told = measure(votes, kinds) if code else measure(votes, kinds, draws=0)
    return [one for one in told if one.figures.units]


def visible(votes: Iterable[Vote], coder: Coder) -> list[Vote]:
    """Leave a reader the votes on what this reader voted on; an adjudicator, who votes on nothing else, has all."""
    votes = list(votes)
    if coder.role == ADJUDICATOR:
        return votes
    mine = {(vote.code, vote.unit) for vote in votes if vote.coder == coder.name}
    return [vote for vote in votes if (vote.code, vote.unit) in mine]


def without_order(told: CodeAgreement) -> CodeAgreement:
    """Take out which reader is which, for an adjudicator: on each unit, and in how often each gave a value.

    The figures do not depend on the order of two coders, so they stay as they are.
    """
    ratings = tuple(tuple(sorted(row, key=lambda value: "" if value is None else label(value))) for row in told.ratings)
    shares = tuple(sorted(told.figures.prevalence, key=lambda part: sorted(part.items())))
    figures = replace(told.figures, prevalence=shares)
    return replace(told, ratings=ratings, confusion=confusion(ratings) if told.confusion else {}, figures=figures)


def matrix(told: CodeAgreement) -> Matrix | None:
    """Lay the confusion of two coders out as a square; nothing where there are more."""
    if not told.confusion:
        return None
    values = tuple(sorted({value for pair in told.confusion for value in pair}))
    return Matrix(values, tuple(tuple(told.confusion.get((one, two), 0) for two in values) for one in values))


def differing(db: sqlite3.Connection, told: CodeAgreement, cell: tuple[str, str] | None) -> list[dict[str, Any]]:
    """Give what readers differ on, or what lies in a cell of the matrix: what was said, without names, and where."""
    found = disagreements(told, cell)
    said = dict(zip(told.units, told.ratings, strict=True))
    return [_place(db, unit) | {"said": sorted(label(value) for value in said[unit] if value is not None)}
            for unit in found[:SHOWN]]  # fmt: skip


def _place(db: sqlite3.Connection, unit: CodedUnit) -> dict[str, Any]:
    row = db.execute(
        "SELECT votes.page, votes.quote, votes.text_sha256, coalesce(versions.title, pages.url) AS title, pages.url"
        " FROM votes LEFT JOIN corpus.pages AS pages ON pages.id = votes.page"
        " LEFT JOIN corpus.versions AS versions ON versions.id = votes.version"
        " WHERE unit_type = ? AND unit = ? LIMIT 1",
        unit,
    ).fetchone()
    return dict(row)


def read_table(db: sqlite3.Connection, coder: Coder, codebook: Codebook, without: Sequence[str]) -> dict[str, Any]:
    """Roll the settled values of a round up to advertisers, with the counts of each value and the flow.

    In single-user mode what the one reader said is settled.
    """
    values = settled_values(db, coder.round, without=without, single=coder.single)
    cells = roll_up([Coded(*one[:5]) for one in values], codebook.codes)
    shown = {cell.code for cell in cells}
    codes = [code for code in codebook.codes if code.id in shown]
    counts: dict[str, list[Any]] = {}
    for count in value_counts(cells, codes):
        counts.setdefault(count.code, []).append(count)
    return {
        "codes": codes,
        "rows": _rows(cells),
        "counts": counts,
        "flow": coding_flow(db, coder.round, without=without),
        "without": without,
    }


def _rows(cells: Iterable[Any]) -> Mapping[str, dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {}
    for cell in cells:
        rows.setdefault(cell.advertiser, {})[cell.code] = cell
    return rows
