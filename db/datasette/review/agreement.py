"""What the votes of a round come to, for those who cast them: agreement by code, where coders differ.

Nobody sees here what somebody else answered to a question before answering it: a coder's figures are of the questions
that this coder has answered.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from db.coding.coded import cue_recall, roll_up_round
from db.coding.tally import ADJUDICATOR, original_votes
from pipelines.coding.agreement import confusion, label
from pipelines.coding.methods import recall_text
from pipelines.coding.reliability import CodeAgreement, Vote, disagreements, measure, votes_of_rows

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from db.datasette.review.auth import Coder
    from pipelines.coding.codebook import Codebook

MAX_DISAGREEMENTS = 200  # a page
VOTED_TEXT = """
    SELECT votes.page, votes.quote, coalesce(versions.title, pages.url) AS title, pages.url
    FROM votes LEFT JOIN corpus.pages AS pages ON pages.id = votes.page
    LEFT JOIN corpus.versions AS versions ON versions.id = votes.version
    WHERE unit_type = ? AND unit = ? LIMIT 1
"""


class Matrix(NamedTuple):
    """A confusion matrix: the values, and for each value of the first coder a row of counts by the second's."""

    values: tuple[str, ...]
    rows: tuple[tuple[int, ...], ...]


class Disagreement(NamedTuple):
    """A text or sentence on which coders differ: where it stands, and the values without names."""

    page: int | None
    url: str | None
    title: str | None
    quote: str
    values: list[str]


def read_agreement(
    db: sqlite3.Connection, coder: Coder, codebook: Codebook | None, code: str | None = None
) -> list[CodeAgreement]:
    """Measure the codes of a round as far as this coder may see them, or one code with its bootstrap intervals."""
    kinds = {one.id: one.type for one in codebook.codes} if codebook else {}
    votes = visible_votes(votes_of_rows(original_votes(db, coder.round, code)), coder)
    measured = measure(votes, kinds) if code else measure(votes, kinds, draws=0)
    return [one for one in measured if one.figures.units]


def read_recall(db: sqlite3.Connection, coder: Coder, codebook: Codebook) -> str:
    """Say how much of what coders accepted in texts that were read whole the cues had proposed."""
    table = roll_up_round(db, codebook.codes, coder.round, single=coder.single)
    return recall_text(cue_recall(table, codebook.codes, single=coder.single))


def visible_votes(votes: Iterable[Vote], coder: Coder) -> list[Vote]:
    """Leave a reader the votes on what this reader voted on; an adjudicator, who votes on nothing else, has all."""
    votes = list(votes)
    if coder.role == ADJUDICATOR:
        return votes
    mine = {(vote.code, vote.unit) for vote in votes if vote.coder == coder.name}
    return [vote for vote in votes if (vote.code, vote.unit) in mine]


def without_order(agreement: CodeAgreement) -> CodeAgreement:
    """Take out which coder is which, for an adjudicator: on each unit, and in how often each gave a value.

    The figures do not depend on the order of two coders, so they stay as they are.
    """
    ratings = tuple(
        tuple(sorted(row, key=lambda value: "" if value is None else label(value))) for row in agreement.ratings
    )
    shares = tuple(sorted(agreement.figures.prevalence, key=lambda part: sorted(part.items())))
    figures = replace(agreement.figures, prevalence=shares)
    counted = confusion(ratings) if agreement.confusion else {}
    return replace(agreement, ratings=ratings, confusion=counted, figures=figures)


def matrix_of(agreement: CodeAgreement) -> Matrix | None:
    """Lay the confusion of two coders out as a square; nothing where there are more."""
    if not agreement.confusion:
        return None
    values = tuple(sorted({value for pair in agreement.confusion for value in pair}))
    rows = (tuple(agreement.confusion.get((one, other), 0) for other in values) for one in values)
    return Matrix(values, tuple(rows))


def read_disagreements(
    db: sqlite3.Connection, agreement: CodeAgreement, cell: tuple[str, str] | None
) -> list[Disagreement]:
    """Give what coders differ on, or what lies in a cell of the matrix."""
    ratings = dict(zip(agreement.units, agreement.ratings, strict=True))
    found = []
    for unit in disagreements(agreement, cell)[:MAX_DISAGREEMENTS]:
        row = db.execute(VOTED_TEXT, unit).fetchone()
        values = sorted(label(value) for value in ratings[unit] if value is not None)
        found.append(Disagreement(row["page"], row["url"], row["title"], row["quote"], values))
    return found
