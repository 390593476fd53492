"""The family of a page: for which other texts a decision would be the same, and what a coder has said of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from db.datasette.desk.queue import OWN, has_table

if TYPE_CHECKING:
    import sqlite3

    from db.datasette.desk.coders import Coder
    from db.datasette.desk.queue import Stop

SHOWN = 8
MEMBERS = (
    "SELECT page FROM corpus.family_members WHERE family ="
    " (SELECT family FROM corpus.family_members WHERE page = :page) AND page <> :page"
)
COPIES = (
    "SELECT id FROM corpus.documents WHERE id <> :page AND (duplicate_of = :page OR duplicate_of ="
    " (SELECT duplicate_of FROM corpus.documents WHERE id = :page) OR id ="
    " (SELECT duplicate_of FROM corpus.documents WHERE id = :page))"
)


class Family(NamedTuple):
    """The other pages of a family: how many, some of them with title and host, and what kind of family it is."""

    size: int = 0
    shown: tuple[dict[str, Any], ...] = ()
    kind: str = ""


def members_sql(db: sqlite3.Connection) -> str:
    """Write the query for the other pages of the family of ``:page``; exact copies where no families are known."""
    return f"{MEMBERS} UNION {COPIES}" if has_table(db, "family_members") else COPIES


def read_family(db: sqlite3.Connection, _coder: Coder, stop: Stop) -> Family:
    """Read who else is in the family of a page."""
    sql = members_sql(db)
    rows = db.execute(
        "SELECT d.id, d.title, s.host FROM corpus.documents AS d JOIN corpus.sites AS s ON s.id = d.site"
        f" WHERE d.id IN ({sql}) ORDER BY d.id LIMIT {SHOWN}",
        {"page": stop.page},
    ).fetchall()
    if not rows:
        return Family()
    size = db.execute(f"SELECT count(*) FROM corpus.documents WHERE id IN ({sql})", {"page": stop.page}).fetchone()[0]
    return Family(size, tuple(dict(row) for row in rows), _kind(db, stop.page))


def _kind(db: sqlite3.Connection, page: int) -> str:
    if not has_table(db, "family_members"):
        return ""
    row = db.execute(
        "SELECT f.kind FROM corpus.family_members AS m JOIN corpus.families AS f ON f.id = m.family WHERE m.page = ?",
        (page,),
    ).fetchone()
    return str(row[0]) if row else ""


def undecided_members(db: sqlite3.Connection, coder: Coder, page: int, code: str) -> list[tuple[int, int, str]]:
    """Name page, version and text of the other members on which this coder has no vote for a code; one each text."""
    return db.execute(
        f"SELECT d.id, v.id, {OWN} FROM corpus.documents AS d JOIN corpus.versions AS v ON v.id = d.version"
        f" WHERE d.id IN ({members_sql(db)}) AND NOT EXISTS (SELECT 1 FROM standing AS s WHERE s.round = :round"
        f" AND s.coder = :coder AND s.code = :code AND s.unit_type = 'text' AND s.unit = {OWN}) GROUP BY {OWN}"
        " ORDER BY d.id",
        {"page": page, "round": coder.round, "coder": coder.name, "code": code},
    ).fetchall()
