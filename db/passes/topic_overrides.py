"""What people decided about the topic of a text stands above what the program thought, in the list of documents.

Only what is settled crosses from the votes to the corpus: two readers who agree, an adjudicator, or the one person who
works alone. What a single member of a team said stays where nobody else sees it. A text that changes is another text:
the program judges it anew, and the desk asks again.
"""

from __future__ import annotations

import contextlib
import sqlite3  # noqa: TC003
from pathlib import Path
from typing import TYPE_CHECKING

from db.coding.team import SINGLE_CODER
from db.coding.votes_file import review_path
from db.corpus.connection import connect
from db.passes.driver import Pass, Unit
from db.passes.page_states import the_corpus
from db.passes.sync import Table, sync

if TYPE_CHECKING:
    from collections.abc import Iterable

    from db.passes.rules import Rules

TABLE = Table("topic_overrides", ("text_sha256", "verdict", "decided_by", "at"))
# the last word on each text: of several rounds, the one with the newest vote; `unclear` leaves it to the program
SETTLED = """
    SELECT units.unit, coalesce(units.value, votes.value), CASE units.status WHEN 'one' THEN 'one reader'
        WHEN 'agreed' THEN 'two readers' ELSE 'adjudicator' END, max(votes.id), max(votes.at)
    FROM units JOIN standing USING (round, code, unit_type, unit) JOIN votes ON votes.id = standing.vote
    WHERE units.code = 'topic' AND units.unit_type = 'text'
        AND (units.value IS NOT NULL OR (units.status = 'one' AND votes.coder = ?))
    GROUP BY units.unit ORDER BY units.unit
"""


def load_decisions(corpus: sqlite3.Connection, _rules: Rules, _unit: Unit) -> list[tuple[object, ...]]:
    """Read what is settled in the file of votes beside the corpus: text, verdict, by whom, when."""
    file = next((name for _, schema, name in corpus.execute("PRAGMA database_list") if schema == "main"), "")
    return list(_settled(Path(file))) if file else []


def write_decisions(corpus: sqlite3.Connection, _unit: Unit, rows: list[tuple[object, ...]]) -> int:
    """Bring the table of topic overrides up to date."""
    return sync(corpus, TABLE, rows)


def _settled(corpus: Path) -> Iterable[tuple[str, str, str, str]]:
    path = review_path(corpus)
    if not path.is_file():
        return []
    with contextlib.closing(connect(path, read_only=True)) as review:
        rows = review.execute(SETTLED, (SINGLE_CODER,)).fetchall()
    return [(unit, value, by, at) for unit, value, by, _, at in rows if value in {"on topic", "off topic"}]


TOPIC_OVERRIDES = Pass(
    name="topic_overrides",
    version=1,
    tables=("topic_overrides",),
    units=the_corpus,
    load=load_decisions,
    work=lambda _rules, rows: rows,
    write=write_decisions,
)
