"""What coding came to for candidates of the claim list, as far as a coder may know it.

The connection is one of :func:`db.coding.votes_file.open_review` to which the corpus is attached.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from db.coding.tally import ADJUDICATED, ADJUDICATOR, CODERS_NEEDED, CONFLICT
from pipelines.coding.findings import ABSENT_VALUES, READ_CODE
from pipelines.text.encode import sha256
from pipelines.text.normalise import fold_line

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

__all__ = [
    "CANDIDATE",
    "CONFIRMED",
    "IN_CONFLICT",
    "REJECTED",
    "STATUSES",
    "Decided",
    "Sentence",
    "decided_sentences",
    "rows_of",
]

CANDIDATE, CONFIRMED, REJECTED, IN_CONFLICT = "candidate", "confirmed", "rejected", "conflict"
#: of a row of the list; where texts of a site were decided differently, the first of these in this order counts
STATUSES = (IN_CONFLICT, CONFIRMED, REJECTED, CANDIDATE)
UNCLEAR = "unclear"  # somebody looked and could not tell: it stays a candidate
# questions on sentences that have an answer of enough coders; a reader knows what became of those that this reader
# answered, who codes alone knows the own answers
DECIDED = f"""
    SELECT units.code, units.status, coalesce(units.value, votes.value) AS value, votes.text_sha256, votes.quote,
        votes."start", votes."end"
    FROM units JOIN standing USING (round, code, unit_type, unit) JOIN votes ON votes.id = standing.vote
    WHERE units.round = :round AND units.unit_type = 'claim' AND substr(units.code, 1, 1) != '_'
        AND (units.status = '{ADJUDICATED}' OR units.readers >= {CODERS_NEEDED} OR :single)
        AND CASE WHEN :adjudicates THEN standing.coder = (
            SELECT min(every.coder) FROM standing AS every WHERE every.round = units.round
                AND every.code = units.code AND every.unit_type = units.unit_type AND every.unit = units.unit)
            ELSE standing.coder = :coder END
"""
# sentences that a coder marked, and what an adjudicator made of them, for those who read the text whole and did not
MARKED_BY_OTHERS = f"""
    SELECT units.code, units.status, units.value, votes.text_sha256, votes.quote, votes."start", votes."end"
    FROM units JOIN standing USING (round, code, unit_type, unit) JOIN votes ON votes.id = standing.vote
    WHERE units.round = :round AND units.unit_type = 'claim' AND substr(units.code, 1, 1) != '_'
        AND units.status = '{ADJUDICATED}' AND units.readers < {CODERS_NEEDED} AND NOT :adjudicates
        AND standing.coder != :coder AND EXISTS (SELECT 1 FROM standing AS r WHERE r.round = units.round
            AND r.coder = :coder AND r.code = '{READ_CODE}' AND r.unit_type = 'text' AND r.unit = votes.text_sha256)
"""
ROWS = """
    SELECT position FROM corpus.claim_list WHERE quote_key = :quote_key AND code = :code AND site IN (
        SELECT pages.site FROM corpus.version_regions AS shown
        JOIN corpus.captured_versions AS captured ON captured.id = shown.version
        JOIN corpus.pages AS pages ON pages.id = captured.page WHERE shown.text_sha256 = :text_sha256)
"""


class Sentence(NamedTuple):
    """A sentence of a text that was proposed for a code, as votes name it."""

    text_sha256: str
    quote_key: str
    code: str


class Decided(NamedTuple):
    """A sentence, and what its candidate is by what was decided; its words and their place are as voted on."""

    sentence: Sentence
    status: str
    value: str
    quote: str
    start: int | None
    end: int | None


def decided_sentences(
    review: sqlite3.Connection, coder: str, role: str, round_: str, *, single: bool
) -> Iterator[Decided]:
    """Give the sentences of which this coder may know what coding came to.

    An adjudicator, who votes on nothing else, knows every question with an answer of enough coders.
    """
    asked = {"round": round_, "coder": coder, "adjudicates": role == ADJUDICATOR, "single": single}
    for code, unit_status, value, text, quote, start, end in review.execute(
        f"{DECIDED} UNION {MARKED_BY_OTHERS}", asked
    ):
        status = _status(unit_status, value)
        if status != CANDIDATE:
            yield Decided(Sentence(text, sha256(fold_line(quote))[:16], code), status, value or "", quote, start, end)


def rows_of(review: sqlite3.Connection, sentence: Sentence) -> list[int]:
    """Name the rows of the claim list (their positions) that a sentence stands in: one for each site with its text."""
    return [position for (position,) in review.execute(ROWS, sentence._asdict())]


def _status(unit_status: str, value: str) -> str:
    if unit_status == CONFLICT:
        return IN_CONFLICT
    if value in ABSENT_VALUES:
        return REJECTED
    return CANDIDATE if value == UNCLEAR else CONFIRMED
