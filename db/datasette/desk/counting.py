"""How much of a queue a coder has done, counted once and then kept up with each vote.

Counting a queue of 100,000 documents takes longer than a coder should wait for the next one. So what was counted stays
in temporary tables of the desk's own connection: the total for as long as the corpus is not written to, and which texts
are done, of which only those are looked at again that the coder has voted on since.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db.datasette.desk.queue import bound, is_possible, open_condition, queue_of_text, queue_query
from db.datasette.desk.tasks import CONFLICTS
from pipelines.text.encode import dump

if TYPE_CHECKING:
    import sqlite3

    from db.datasette.desk.coders import Coder
    from db.datasette.desk.tasks import Task

TABLES = """
CREATE TEMP TABLE IF NOT EXISTS counted
    (queue TEXT PRIMARY KEY, corpus INTEGER NOT NULL, total INTEGER NOT NULL, upto INTEGER NOT NULL);
CREATE TEMP TABLE IF NOT EXISTS done (queue TEXT, unit TEXT, PRIMARY KEY (queue, unit)) WITHOUT ROWID
"""
TEXT_OF = "CASE unit_type WHEN 'claim' THEN substr(unit, 1, 64) ELSE unit END"
TOUCHED = f"SELECT DISTINCT {TEXT_OF} FROM votes WHERE coder = ? AND round = ? AND id > ?"


def queue_counts(db: sqlite3.Connection, coder: Coder, task: Task) -> dict[str, int]:
    """Count the texts of a queue, and those of which this coder has answered everything."""
    if not is_possible(db, task):
        return {"total": 0, "done": 0, "left": 0}
    if task.kind == CONFLICTS:
        total = db.execute(f"SELECT count(*) FROM ({queue_query(db, task)})", bound(coder, task)).fetchone()[0]
        return {"total": total, "done": 0, "left": total}
    for statement in TABLES.split(";"):
        db.execute(statement)
    queue = dump([coder, task.kind, task.set, task.codes])
    total = _kept_up(db, coder, task, queue)
    done = db.execute("SELECT count(*) FROM done WHERE queue = ?", (queue,)).fetchone()[0]
    return {"total": total, "done": done, "left": total - done}


def _kept_up(db: sqlite3.Connection, coder: Coder, task: Task, queue: str) -> int:
    """Bring the counts of a queue up to the newest vote; gives its total."""
    corpus = db.execute("PRAGMA corpus.data_version").fetchone()[0]
    newest = db.execute("SELECT coalesce(max(id), 0) FROM votes").fetchone()[0]
    known = db.execute("SELECT total, upto FROM counted WHERE queue = ? AND corpus = ?", (queue, corpus)).fetchone()
    # which pages changed after a decision depends on the decisions: that queue is short, and counted anew
    if known is None or task.set == "changed":
        return _counted_anew(db, coder, task, (queue, corpus, newest))
    for (unit,) in db.execute(TOUCHED, (coder.name, coder.round, known["upto"])).fetchall():
        _look_again(db, bound(coder, task) | {"unit": unit, "queue": queue}, queue_of_text(db, task), task)
    db.execute("UPDATE counted SET upto = ? WHERE queue = ?", (newest, queue))
    return int(known["total"])


def _counted_anew(db: sqlite3.Connection, coder: Coder, task: Task, key: tuple[str, int, int]) -> int:
    queue, corpus, newest = key
    values = bound(coder, task) | {"queue": queue}
    everything = queue_query(db, task)
    total = db.execute(f"SELECT count(DISTINCT unit) FROM ({everything})", values).fetchone()[0]
    db.execute("DELETE FROM done WHERE queue = :queue", values)
    mine = f"SELECT {TEXT_OF} FROM standing WHERE round = :round AND coder = :coder"
    db.execute(
        f"INSERT OR IGNORE INTO done SELECT :queue, q.unit FROM ({everything}) AS q"
        f" WHERE q.unit IN ({mine}) AND NOT {open_condition(task)}",
        values,
    )
    db.execute("INSERT OR REPLACE INTO counted VALUES (?, ?, ?, ?)", (queue, corpus, total, newest))
    return int(total)


def _look_again(db: sqlite3.Connection, values: dict[str, Any], of_text: str, task: Task) -> None:
    db.execute("DELETE FROM done WHERE queue = :queue AND unit = :unit", values)
    db.execute(
        f"INSERT OR IGNORE INTO done SELECT :queue, q.unit FROM ({of_text}) AS q WHERE NOT {open_condition(task)}",
        values,
    )
