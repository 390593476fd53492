"""Which document is next: read from the corpus and the coder's own votes, never from anybody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from db.datasette.desk.tasks import CHANGED, CONFLICTS, REPRESENTED, SAMPLE, SETS, Task

if TYPE_CHECKING:
    import sqlite3

    from db.datasette.desk.coders import Coder

OWN = "coalesce(v.content_sha256, v.text_sha256)"
DOCUMENTS = f"SELECT d.id AS key, d.id AS page, {OWN} AS unit FROM corpus.documents AS d JOIN corpus.versions AS v"
# one document stands for its family; where families are not worked out, for its exact copies
OF_FAMILY = (
    " AND NOT EXISTS (SELECT 1 FROM corpus.family_members AS m JOIN corpus.families AS f ON f.id = m.family"
    " WHERE m.page = d.id AND f.representative <> d.id)"
)
# pages that this coder decided on when they had another text
DECIDED = (
    "d.id IN (SELECT votes.page FROM standing AS s JOIN votes ON votes.id = s.vote"
    " WHERE s.round = :round AND s.coder = :coder AND s.code IN ({codes}) AND votes.page IS NOT NULL)"
    " AND EXISTS (SELECT 1 FROM votes AS was JOIN standing AS s ON s.vote = was.id WHERE was.page = d.id"
    f" AND was.coder = :coder AND was.round = :round AND was.code IN ({{codes}}) AND was.text_sha256 <> {OWN})"
)
# what is coded twice is everybody's, the rest is shared out in turn
SAMPLED = (
    "SELECT u.place AS key, u.page AS page, u.unit AS unit FROM sample_units AS u JOIN samples AS m ON m.id = u.sample"
    " WHERE m.name = :sample AND (u.double OR u.place % :readers = :turn)"
)
# in the order in which the questions were first answered
CONFLICTING = (
    "SELECT min(s.vote) AS key, votes.page AS page, votes.text_sha256 AS unit FROM units JOIN standing AS s"
    " USING (round, code, unit_type, unit) JOIN votes ON votes.id = s.vote"
    " WHERE units.round = :round AND units.status = 'conflict' GROUP BY units.code, units.unit_type, units.unit"
)


class Stop(NamedTuple):
    """Where a coder stops on the way through a queue: ``key`` orders it, ``unit`` is the SHA-256 of the text there."""

    key: int
    page: int
    unit: str


def next_stop(db: sqlite3.Connection, coder: Coder, task: Task, after: int = 0) -> Stop | None:
    """Name the next document that this coder has not done, behind ``after``, else from the start again."""
    if not is_possible(db, task):
        return None
    found = _one(db, coder, task, f"q.key > :at AND {open_condition(task)} ORDER BY q.key", after)
    if found or not after:
        return found
    return _one(db, coder, task, f"q.key <> :at AND {open_condition(task)} ORDER BY q.key", after)


def stop_before(db: sqlite3.Connection, coder: Coder, task: Task, before: int) -> Stop | None:
    """Name the document that stands before this one in the queue, done or not."""
    return _one(db, coder, task, "q.key < :at ORDER BY q.key DESC", before) if is_possible(db, task) else None


def stop_at(db: sqlite3.Connection, coder: Coder, task: Task, key: int) -> Stop | None:
    """Give the place of a queue that has this key, done or not; a document outside of it may be coded too."""
    if task.set.startswith(SAMPLE) or task.kind == CONFLICTS:
        return _one(db, coder, task, "q.key = :at", key) if is_possible(db, task) else None
    row = db.execute(f"{DOCUMENTS} ON v.id = d.version WHERE d.id = ?", (key,)).fetchone()
    return Stop(*row) if row else None


def _one(db: sqlite3.Connection, coder: Coder, task: Task, where: str, at: int) -> Stop | None:
    sql = f"SELECT q.key, q.page, q.unit FROM ({queue_query(db, task)}) AS q WHERE {where} LIMIT 1"
    row = db.execute(sql, bound(coder, task, at)).fetchone()
    return Stop(*row) if row else None


def is_possible(db: sqlite3.Connection, task: Task) -> bool:
    """Tell whether there is anything to ask, in the tables that this corpus and these votes have."""
    if task.set.startswith(SAMPLE) and not has_samples(db):
        return False
    return task.kind == CONFLICTS or (bool(task.codes) and (not task.is_claims or has_table(db, "claims")))


def queue_query(db: sqlite3.Connection, task: Task) -> str:
    """Write the query of everything in a queue, done or not: key, page, unit."""
    if task.kind == CONFLICTS:
        return CONFLICTING
    if task.set.startswith(SAMPLE):
        return SAMPLED
    where = DECIDED.format(codes=_codes(task)) if task.set == CHANGED else SETS[task.set]
    if task.set in REPRESENTED:
        where += " AND d.duplicate_of IS NULL" + (OF_FAMILY if has_table(db, "family_members") else "")
    if task.is_claims:
        where += (
            f" AND EXISTS (SELECT 1 FROM corpus.claims AS c WHERE c.text_sha256 = {OWN} AND c.code IN ({_codes(task)}))"
        )
    return f"{DOCUMENTS} ON v.id = d.version WHERE {where}"


def queue_of_text(db: sqlite3.Connection, task: Task) -> str:
    """Write the same query for the documents of one text, ``:unit``, which an index finds."""
    return f"{queue_query(db, task)} AND {'u.unit' if task.set.startswith(SAMPLE) else 'v.content_sha256'} = :unit"


def open_condition(task: Task) -> str:
    """Say of which documents this coder has not answered everything."""
    if task.kind == CONFLICTS:
        return "1"
    if task.is_claims:
        return (
            f"EXISTS (SELECT 1 FROM corpus.claims AS c WHERE c.text_sha256 = q.unit AND c.code IN ({_codes(task)})"
            " AND NOT EXISTS (SELECT 1 FROM standing AS s WHERE s.round = :round AND s.coder = :coder"
            " AND s.code = c.code AND s.unit_type = 'claim' AND s.unit = claim_unit(c.text_sha256, c.quote)))"
        )
    return (
        "((SELECT count(*) FROM standing AS s WHERE s.round = :round AND s.coder = :coder"
        f" AND s.code IN ({_codes(task)}) AND s.unit_type = 'text' AND s.unit = q.unit) < {len(task.codes)})"
    )


def _codes(task: Task) -> str:
    return ", ".join(f":c{place}" for place in range(len(task.codes)))


def bound(coder: Coder, task: Task, at: int = 0) -> dict[str, Any]:
    """Give the values that the queries of a queue are asked with."""
    codes = {f"c{place}": code for place, code in enumerate(task.codes)}
    named = task.set.removeprefix(SAMPLE)
    share = {"readers": coder.readers, "turn": coder.turn}
    return {"round": coder.round, "coder": coder.name, "at": at, "sample": named} | share | codes


def has_table(db: sqlite3.Connection, name: str) -> bool:
    """Tell whether the corpus has a table; one that an older release wrote may lack some."""
    return db.execute("SELECT 1 FROM corpus.sqlite_master WHERE name = ?", (name,)).fetchone() is not None


def has_samples(db: sqlite3.Connection) -> bool:
    """Tell whether samples were drawn beside these votes."""
    return db.execute("SELECT 1 FROM main.sqlite_master WHERE name = 'sample_units'").fetchone() is not None
