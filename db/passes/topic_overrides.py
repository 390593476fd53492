"""What people decided about the topic of a text or of a whole host stands above what the program thought.

Only what is settled crosses from the votes to the corpus: two readers who agree, an adjudicator, or the one person who
works alone. What a single member of a team said stays where nobody else sees it. A text that changes is another text:
the program judges it anew, and the desk asks again.
"""

from __future__ import annotations

import contextlib
import sqlite3  # noqa: TC003
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from db.coding.team import SINGLE_CODER
from db.coding.votes_file import review_path
from db.corpus.connection import connect
from db.passes.driver import Pass, Unit
from db.passes.page_states import the_corpus
from db.passes.sync import Table, sync

if TYPE_CHECKING:
    from db.passes.rules import Rules

TABLE = Table("topic_overrides", ("text_sha256", "verdict", "decided_by", "at"))
HOSTS = Table("site_decisions", ("site", "verdict", "decided_by", "at"))
# the last word on each text, or each advertiser: of several rounds, the one with the newest vote; `unclear` leaves it
# to the program
SETTLED = """
    SELECT units.unit, coalesce(units.value, votes.value), CASE units.status WHEN 'one' THEN 'one reader'
        WHEN 'agreed' THEN 'two readers' ELSE 'adjudicator' END, max(votes.id), max(votes.at)
    FROM units JOIN standing USING (round, code, unit_type, unit) JOIN votes ON votes.id = standing.vote
    WHERE units.code = 'topic' AND units.unit_type = ?
        AND (units.value IS NOT NULL OR (units.status = 'one' AND votes.coder = ?))
    GROUP BY units.unit ORDER BY units.unit
"""


class Decision(NamedTuple):
    """What is settled on the topic of a text (its SHA-256) or of an advertiser: verdict, by whom, when."""

    unit: str
    verdict: str
    decided_by: str
    at: str


def load_decisions(corpus: sqlite3.Connection, _rules: Rules, _unit: Unit) -> list[Decision]:
    """Read what is settled on texts in the file of votes beside the corpus."""
    return _settled(corpus, "text")


def write_decisions(corpus: sqlite3.Connection, _unit: Unit, rows: list[Decision]) -> int:
    """Bring the table of topic overrides up to date."""
    return sync(corpus, TABLE, rows)


def load_host_decisions(corpus: sqlite3.Connection, _rules: Rules, _unit: Unit) -> list[Decision]:
    """Read what is settled on whole hosts in the file of votes beside the corpus."""
    return _settled(corpus, "advertiser")


def write_host_decisions(corpus: sqlite3.Connection, _unit: Unit, rows: list[Decision]) -> int:
    """Bring the table of decisions on the sites of an advertiser up to date."""
    by_advertiser = {row.unit: row for row in rows}
    sites = corpus.execute("SELECT id, advertiser FROM sites ORDER BY id").fetchall()
    return sync(corpus, HOSTS, [(site, *by_advertiser[name][1:]) for site, name in sites if name in by_advertiser])


def _settled(corpus: sqlite3.Connection, unit_type: str) -> list[Decision]:
    file = next((name for _, schema, name in corpus.execute("PRAGMA database_list") if schema == "main"), "")
    path = review_path(Path(file)) if file else None
    if path is None or not path.is_file():
        return []
    with contextlib.closing(connect(path, read_only=True)) as review:
        rows = review.execute(SETTLED, (unit_type, SINGLE_CODER)).fetchall()
    return [Decision(unit, value, by, at) for unit, value, by, _, at in rows if value in {"on topic", "off topic"}]


SITE_DECISIONS = Pass(
    name="site_decisions",
    version=1,
    tables=("site_decisions",),
    units=the_corpus,
    load=load_host_decisions,
    work=lambda _rules, rows: rows,
    write=write_host_decisions,
)
TOPIC_OVERRIDES = Pass(
    name="topic_overrides",
    version=1,
    tables=("topic_overrides",),
    units=the_corpus,
    load=load_decisions,
    work=lambda _rules, rows: rows,
    write=write_decisions,
)
