"""What was coded, joined to whose pages say it: the settled values of a round, the flow of texts through coding.

The connection is one of :func:`db.coding.votes_file.open_review` to which the corpus is attached.
"""

from __future__ import annotations

import sqlite3  # noqa: TC003
from typing import TYPE_CHECKING, NamedTuple

from db.coding.votes_file import claim_unit
from db.schema.vocabulary import LISTINGS
from pipelines.text.encode import dump

if TYPE_CHECKING:
    from collections.abc import Sequence

# values that two coders gave alike or an adjudicator gave; with :single also what one coder gave alone
SETTLED_VALUES = """
    SELECT sites.advertiser, settled.code, settled.value, substr(settled.unit, 1, 64) AS text, documents.id AS page,
        settled.unit_type, settled.unit
    FROM (
        SELECT unit_type, unit, code, value FROM units WHERE round = :round AND value IS NOT NULL
        UNION ALL
        SELECT units.unit_type, units.unit, units.code, votes.value FROM units
            JOIN standing USING (round, code, unit_type, unit) JOIN votes ON votes.id = standing.vote
            WHERE units.round = :round AND units.status = 'one' AND :single
    ) AS settled
    JOIN corpus.versions AS versions ON versions.content_sha256 = substr(settled.unit, 1, 64)
    JOIN corpus.documents AS documents ON documents.version = versions.id
    JOIN corpus.sites AS sites ON sites.id = documents.site
    WHERE settled.unit_type IN ('text', 'claim') AND substr(settled.code, 1, 1) != '_'
        AND documents.page_type NOT IN (SELECT value FROM json_each(:without))
    ORDER BY 1, 2, 4, 5
"""
REJECTIONS = frozenset({"no", "none"})  # how a proposed sentence is rejected
# every page on the topic, duplicates among them: an advertiser says what it shows, whoever wrote it
FRAME_COUNTS = f"""
    SELECT count(*), count(DISTINCT versions.content_sha256), count(DISTINCT sites.advertiser)
    FROM corpus.documents AS documents JOIN corpus.versions AS versions ON versions.id = documents.version
    JOIN corpus.sites AS sites ON sites.id = documents.site
    WHERE documents.verdict = 'on topic' AND documents.page_type NOT IN {LISTINGS}
        AND documents.page_type NOT IN (SELECT value FROM json_each(:without))
"""
# a text has the status of its least settled page-level question
TEXT_STATUSES = """
    SELECT status, count(*) FROM (
        SELECT substr(unit, 1, 64) AS text, CASE WHEN sum(status = 'conflict') THEN 'conflict'
            WHEN sum(status = 'one') THEN 'one' WHEN sum(status = 'adjudicated') THEN 'adjudicated' ELSE 'agreed' END
            AS status
        FROM units WHERE round = :round AND unit_type IN ('text', 'claim') AND substr(code, 1, 1) != '_' GROUP BY 1
    ) GROUP BY 1
"""


class SettledValue(NamedTuple):
    """A settled value of a text or of a sentence of it, once for each page that shows the text."""

    advertiser: str
    code: str
    value: str
    text_sha256: str
    page: int
    unit_type: str
    unit: str


class CodingFlow(NamedTuple):
    """How many pages, texts and advertisers there are to code, and how far the texts of a round have come."""

    documents: int
    texts: int
    advertisers: int
    by_one: int
    agreed: int
    conflict: int
    adjudicated: int


def settled_values(
    review: sqlite3.Connection, round_: str, *, without: Sequence[str] = (), single: bool = False
) -> list[SettledValue]:
    """Give the settled values of texts that pages show now; ``without`` leaves out kinds of page.

    ``single`` takes what one coder gave alone as settled: for a round that nobody else is to code. That one sentence
    was rejected says nothing of a text while another that is proposed for the same code waits: such a "no" is left out.
    """
    arguments = {"round": round_, "single": single, "without": dump(list(without))}
    values = [SettledValue(*row) for row in review.execute(SETTLED_VALUES, arguments)]
    rejected = [one for one in values if one.unit_type == "claim" and one.value in REJECTIONS]
    answered = {(one.code, one.unit) for one in values}
    waiting = {
        (code, text)
        for text in {one.text_sha256 for one in rejected}
        for code, quote in review.execute("SELECT code, quote FROM corpus.claims WHERE text_sha256 = ?", (text,))
        if (code, claim_unit(text, quote)) not in answered
    }
    too_early = {one for one in rejected if (one.code, one.text_sha256) in waiting}
    return [one for one in values if one not in too_early]


def coding_flow(review: sqlite3.Connection, round_: str, *, without: Sequence[str] = ()) -> CodingFlow:
    """Count the way of the texts through a round of coding."""
    frame = review.execute(FRAME_COUNTS, {"without": dump(list(without))}).fetchone()
    status = dict(map(tuple, review.execute(TEXT_STATUSES, {"round": round_})))
    return CodingFlow(*frame, *(status.get(name, 0) for name in ("one", "agreed", "conflict", "adjudicated")))


def rounds(review: sqlite3.Connection) -> list[str]:
    """Name the rounds that have votes."""
    return [name for (name,) in review.execute("SELECT DISTINCT round FROM standing ORDER BY 1")]
