"""The corpus file: opened, refused, locked, written all or nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.corpus.connection import APPLICATION_ID, atomic, crawl_lock, explain, open_corpus, reading, writing
from pipelines.model.errors import CorpusBusyError, CorpusError
from pipelines.text.encode import dump, sanitise, sha256


def test_a_new_corpus_is_ready(tmp_path):
    """Opening makes the folder, the tables and the views, and marks the file as ours."""
    with closing(open_corpus(tmp_path / "a" / "b" / "c.db")) as db:
        assert db.execute("SELECT count(*) FROM corpus").fetchone() == (0,)
        assert db.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)


def test_commits_survive_a_power_cut(tmp_path):
    """WAL with a full sync at each commit, and foreign keys held."""
    with closing(open_corpus(tmp_path / "c.db")) as db:
        told = [db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous", "foreign_keys")]
    assert told == ["wal", 2, 1]


def test_a_name_with_odd_characters(tmp_path):
    """A path with spaces, question marks and percent signs is a path."""
    path = tmp_path / "my corpus? 100%#.db"
    open_corpus(path).close()
    assert path.exists()
    with reading(path) as db:
        assert db.execute("SELECT count(*) FROM pages").fetchone() == (0,)


def test_opening_again_changes_nothing(tmp_path):
    """A second opening finds everything as it should be."""
    with closing(open_corpus(tmp_path / "c.db")) as db:
        version = db.execute("PRAGMA schema_version").fetchone()
    with closing(open_corpus(tmp_path / "c.db")) as db:
        assert db.execute("PRAGMA schema_version").fetchone() == version


def test_a_reader_cannot_write(tmp_path):
    """What only reads opens the file so that it cannot write; the refusal is one line of ours."""
    open_corpus(tmp_path / "c.db").close()
    with pytest.raises(CorpusError, match="cannot be written"), reading(tmp_path / "c.db") as db:
        db.execute("DELETE FROM pages")


@pytest.mark.parametrize("opened", [reading, writing])
def test_a_corpus_that_is_not_there(tmp_path, opened):
    """Neither reading nor writing makes a corpus by mistake."""
    with pytest.raises(CorpusError, match="no corpus here"), opened(tmp_path / "c.db"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_the_lock_is_held_by_one(tmp_path):
    """A second crawl is refused while the first runs, and may run when it ended."""
    with crawl_lock(tmp_path / "c.db"):
        with pytest.raises(CorpusBusyError), crawl_lock(tmp_path / "c.db"):
            pass
        with crawl_lock(tmp_path / "other.db"):
            pass
    with crawl_lock(tmp_path / "c.db"):
        pass


def test_all_or_nothing(tmp_path):
    """A write that fails half way leaves no half."""
    with closing(open_corpus(tmp_path / "c.db")) as db:
        with pytest.raises(sqlite3.IntegrityError), atomic(db):
            db.executemany("INSERT INTO texts VALUES (?, 'x', 1)", [("x",), ("x",)])
        assert db.execute("SELECT count(*) FROM texts").fetchone() == (0,)
        with atomic(db):
            db.execute("INSERT INTO texts VALUES ('x', 'x', 1)")
        assert db.execute("SELECT count(*) FROM texts").fetchone() == (1,)


def test_a_transaction_that_sqlite_ended_keeps_its_error(tmp_path):
    """Where SQLite rolled back by itself (a full disk), its error is told, not that there is nothing to roll back."""
    with closing(open_corpus(tmp_path / "c.db")) as db:
        db.execute("CREATE TEMP TRIGGER full BEFORE INSERT ON texts BEGIN SELECT raise(ROLLBACK, 'disk is full'); END")
        with pytest.raises(sqlite3.IntegrityError, match="disk is full"), atomic(db):
            db.execute("INSERT INTO texts VALUES ('x', 'x', 1)")


@pytest.mark.parametrize(
    ("said", "hint"),
    [
        ("database or disk is full", "make room"),
        ("[Errno 28] No space left on device: 'x'", "make room"),
        ("attempt to write a readonly database", "rights"),
        ("unable to open database file", "folder exists"),
        ("database is locked", "another program"),
        ("database disk image is malformed", "restore"),
        ("file is not a database", "--db"),
        ("something new", "something new"),
    ],
)
def test_errors_of_the_machine_are_one_line(tmp_path, said, hint):
    """Each says which file it is about and what to do."""
    line = explain(sqlite3.OperationalError(said), tmp_path / "c.db")
    assert line.startswith(f"{tmp_path / 'c.db'}: ")
    assert hint in line
    assert "\n" not in line


@given(st.text(alphabet=st.characters(exclude_categories=[]), max_size=30))
def test_any_text_can_be_stored(text):
    """Lone surrogates and NULs crash or cut; what is clean goes in and comes out as it is."""
    stored = sanitise(text)
    with closing(sqlite3.connect(":memory:")) as db:
        assert db.execute("SELECT ?, length(?)", (stored, stored)).fetchone() == (stored, len(stored))
    assert sanitise(stored) == stored
    assert sha256(stored)


def test_json_is_the_same_for_the_same_value():
    """Keys are sorted, so that equal values are equal texts."""
    assert dump({"b": 1, "a": "é"}) == '{"a":"é","b":1}' == dump({"a": "é", "b": 1})
    assert sanitise(None) is None
