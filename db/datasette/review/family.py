"""The family of a page: for which other texts a decision would be the same, and which of them a coder has decided."""

from __future__ import annotations

import sqlite3  # noqa: TC003
from typing import TYPE_CHECKING, NamedTuple

from db.datasette.review.queue import CONTENT_SHA256, has_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.datasette.review.auth import Coder

SHOWN = 8
MEMBERS = """
    SELECT page FROM corpus.family_members
    WHERE family = (SELECT family FROM corpus.family_members WHERE page = :page) AND page <> :page
"""
DUPLICATES = """
    SELECT id FROM corpus.documents WHERE id <> :page AND (
        duplicate_of = :page OR duplicate_of = (SELECT duplicate_of FROM corpus.documents WHERE id = :page)
        OR id = (SELECT duplicate_of FROM corpus.documents WHERE id = :page)
    )
"""
OTHERS = """
    SELECT d.id, d.title, s.host FROM corpus.documents AS d JOIN corpus.sites AS s ON s.id = d.site
    WHERE d.id IN ({members}) ORDER BY d.id LIMIT {shown}
"""
KIND = """
    SELECT f.kind FROM corpus.family_members AS m JOIN corpus.families AS f ON f.id = m.family WHERE m.page = ?
"""
UNDECIDED = f"""
    SELECT d.id AS page, v.id AS version, {CONTENT_SHA256} AS unit
    FROM corpus.documents AS d JOIN corpus.versions AS v ON v.id = d.version
    WHERE d.id IN ({{members}}) AND NOT EXISTS (
        SELECT 1 FROM standing AS s WHERE s.round = :round AND s.coder = :coder AND s.code = :code
            AND s.unit_type = 'text' AND s.unit = {CONTENT_SHA256}
    ) GROUP BY {CONTENT_SHA256} ORDER BY d.id
"""


class Family(NamedTuple):
    """The other pages of a family: how many, some of them with title and host, and what kind of family it is."""

    size: int = 0
    shown: Sequence[sqlite3.Row] = ()
    kind: str = ""


class Member(NamedTuple):
    """Page, version and text of a member of a family."""

    page: int
    version: int
    unit: str


def members_query(db: sqlite3.Connection) -> str:
    """Write the query for the other pages of the family of ``:page``; exact duplicates where no families are known."""
    return f"{MEMBERS} UNION {DUPLICATES}" if has_table(db, "family_members") else DUPLICATES


def read_family(db: sqlite3.Connection, page: int) -> Family:
    """Read who else is in the family of a page."""
    members = members_query(db)
    rows = db.execute(OTHERS.format(members=members, shown=SHOWN), {"page": page}).fetchall()
    if not rows:
        return Family()
    counted = db.execute(f"SELECT count(*) FROM corpus.documents WHERE id IN ({members})", {"page": page})
    kind = db.execute(KIND, (page,)).fetchone() if has_table(db, "family_members") else None
    return Family(counted.fetchone()[0], rows, str(kind["kind"]) if kind else "")


def undecided_members(db: sqlite3.Connection, coder: Coder, page: int, code: str) -> list[Member]:
    """Name the other members on which this coder has no vote for a code; one of each text."""
    values = {"page": page, "round": coder.round, "coder": coder.name, "code": code}
    return [Member(*row) for row in db.execute(UNDECIDED.format(members=members_query(db)), values)]
