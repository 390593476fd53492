"""What was captured is written once: the database itself refuses to change or remove it, and says so."""

from __future__ import annotations

import sqlite3

import pytest

from db.corpus.connection import writing
from db.corpus.probes import insert_probe
from db.schema.shape import CAPTURED, IMMUTABLE
from pipelines.model.records import Probe, ProbeKind, Reading
from tests.support.made_corpus import ABOUT, HOST, NOW, corpus_of

COLUMNS = [(table, column) for table, columns in CAPTURED.items() for column in columns]
FIXED = [(table, column) for table, column in COLUMNS if column not in IMMUTABLE[table]]
MESSAGE = "{} holds evidence: a row is written once and never changed or removed"


@pytest.fixture(scope="module")
def db(tmp_path_factory):
    """Open a corpus with a row in every captured table."""
    path = tmp_path_factory.mktemp("immutable") / "c.db"
    with corpus_of(path, {"/": ABOUT, "/b": "Two. " + ABOUT}) as corpus:
        answer = Reading("Nothing here", "No", words=2)
        probe = Probe(ProbeKind.MISSING, 1, 1, f"http://{HOST}/xqz", NOW, NOW, reading=answer, outcome="read")
        insert_probe(corpus, 1, probe)
    with writing(path) as corpus:  # opened anew, as every command does
        yield corpus


def rows(db) -> dict[str, list[tuple]]:
    """Read all that was captured."""
    return {table: db.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in CAPTURED}


def test_every_column_of_a_captured_table_is_named(db):
    """A column that a later step adds is fixed too, or a test fails."""
    for table, columns in CAPTURED.items():
        assert tuple(name for _, name, *_ in db.execute(f"PRAGMA table_info({table})")) == columns
    assert all(rows(db).values())


@pytest.mark.parametrize(("table", "column"), FIXED)
def test_no_captured_column_can_be_changed(db, table, column):
    """Not even to the value that it has, nor with `OR REPLACE`."""
    before = rows(db)
    for value in ("77", f'"{column}"'):
        with pytest.raises(sqlite3.IntegrityError, match=MESSAGE.format(table)):
            db.execute(f'UPDATE {table} SET "{column}" = {value}')
    with pytest.raises(sqlite3.IntegrityError, match=MESSAGE.format(table)):
        db.execute(f'UPDATE OR REPLACE {table} SET "{column}" = 1')
    assert rows(db) == before


@pytest.mark.parametrize("table", CAPTURED)
def test_no_captured_row_can_be_removed_or_replaced(db, table):
    """A deletion, and an insertion that would put another row in its place, end with the reason."""
    before = rows(db)
    with pytest.raises(sqlite3.IntegrityError, match=MESSAGE.format(table)):
        db.execute(f"DELETE FROM {table}")
    with pytest.raises(sqlite3.IntegrityError, match=MESSAGE.format(table)):
        db.execute(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
    assert rows(db) == before


def test_a_confirmation_moves_on_only(db):
    """A version is confirmed later, never earlier; nothing else of it moves."""
    (before,) = db.execute("SELECT last_confirmed FROM captured_versions WHERE id = 1").fetchone()
    with pytest.raises(sqlite3.IntegrityError, match=MESSAGE.format("captured_versions")):
        db.execute("UPDATE captured_versions SET last_confirmed = '2026-02-28T09:00:00+00:00' WHERE id = 1")
    assert db.execute("SELECT last_confirmed FROM captured_versions WHERE id = 1").fetchone() == (before,)
    later = "2026-05-01T09:00:00+00:00"
    db.execute("UPDATE captured_versions SET last_confirmed = ? WHERE id = 1", (later,))
    assert db.execute("SELECT last_confirmed FROM versions WHERE id = 1").fetchone() == (later,)
