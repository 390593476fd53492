"""A corpus of release 0.1 opens: what people read of it is the same, and what that release took back is marked."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing

import pytest

from db.corpus.claims import version_claims
from db.corpus.connection import open_corpus, reading
from db.datasette.serve import check_corpus
from db.schema.migrations import STEPS
from db.schema.shape import wanted
from pipelines.model.errors import CorpusError
from tests.support.release_0_1 import HISTORY, HOST, MINE, NOISE, TAKEN_BACK, release_0_1

READ = {
    "versions": "SELECT {} FROM versions ORDER BY id",
    "visits": "SELECT crawl, page, at, outcome, reason, capture FROM visits ORDER BY crawl, page",
    "pages": "SELECT id, url, state, outcome, reason, version, last_confirmed FROM pages ORDER BY id",
    "corpus": "SELECT * FROM corpus ORDER BY url",
    "all_pages": "SELECT * FROM all_pages ORDER BY url",
    "copies": "SELECT * FROM copies ORDER BY url",
    "documents": "SELECT id, title, site, state, source_class, page_type, verdict, words, language, published,"
    " first_seen, last_confirmed, copy_of, url, version FROM documents ORDER BY id",
    "search": "SELECT rowid FROM versions_fts WHERE versions_fts MATCH 'ketamine OR bladder' ORDER BY rowid",
    "texts": "SELECT * FROM texts ORDER BY sha256",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Make a corpus of release 0.1."""
    folder = tmp_path_factory.mktemp("release_0_1")
    release_0_1(folder / "c.db")
    return folder


@pytest.fixture
def path(made, tmp_path):
    """Give a copy of it."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path / "c.db"


def read_all(db, columns: list[str]) -> dict[str, list[tuple]]:
    """Read what people, saved queries and scripts read of a corpus."""
    return {name: db.execute(sql.format(", ".join(columns))).fetchall() for name, sql in READ.items()}


def old_columns(db) -> list[str]:
    """Name the columns of the table of versions that release 0.1 had, but for the key of its topic pass."""
    return [name for _, name, *_ in db.execute("PRAGMA table_info(versions)") if name != "topic"]


def test_what_people_read_is_the_same(path):
    """Each row and column of the old tables and views, under its old name; the file is whole."""
    with closing(sqlite3.connect(path)) as old:
        columns = old_columns(old)
        before = read_all(old, columns)
        assert len(columns) > 35
        assert all(before[name] for name in before.keys() - {"copies"})
    with closing(open_corpus(path)) as db:
        assert read_all(db, columns) == before
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        db.execute("INSERT INTO versions_fts (versions_fts, rank) VALUES ('integrity-check', 1)")
        assert {name for (name,) in db.execute("SELECT name FROM _sqlite_migrations")} == {name for name, _ in STEPS}


def test_the_shape_is_that_of_a_new_corpus(path, tmp_path):
    """The same tables, columns, references, indexes, views and triggers as in a corpus that today's release makes."""
    with closing(open_corpus(path)) as db, closing(open_corpus(tmp_path / "new.db")) as new:
        assert shape(db) == shape(new)
        assert shape(db).keys() >= wanted().keys()


def test_candidates_are_shown_before_the_next_run(path):
    """Candidates in the main text keep their region, the ledger its rows, and its sentences can be searched."""
    with closing(sqlite3.connect(path)) as old, old:
        version, text = old.execute("SELECT id, coalesce(own_sha256, text_sha256) FROM versions ORDER BY id").fetchone()
        claim = ("c" * 16, text, 1, 0, 9, 0, 4, "It heals.", "k" * 16, "E5", "yes", "a cue", "x")
        old.execute(f"INSERT INTO claims VALUES ({', '.join('?' * len(claim))})", claim)
        ledger = ("k" * 16, "It heals.", '["E5"]', "2026-01-01", "2026-02-01", None, 3, 2, 4, 2)
        old.execute(f"INSERT INTO claim_ledger VALUES ({', '.join('?' * len(ledger))})", ledger)
    with closing(open_corpus(path)) as db:
        (found,) = version_claims(db, version)
        assert (found["id"], found["region"], found["regions"]) == ("c" * 16, "text", ["text"])
        assert (found["first_seen"], found["n_pages"], found["n_advertisers"]) == ("2026-01-01", 3, 2)
        (sentence,) = db.execute("SELECT rowid FROM claim_ledger_fts WHERE claim_ledger_fts MATCH 'heal'").fetchall()
        assert db.execute("SELECT quote FROM claim_ledger WHERE id = ?", sentence).fetchone() == ("It heals.",)
        assert (
            db.execute("SELECT count(*) FROM version_regions").fetchone()
            == db.execute("SELECT count(*) FROM readings").fetchone()
        )


def shape(db) -> dict[str, tuple]:
    """Read what a database is made of."""
    named = db.execute("SELECT name, type FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'").fetchall()
    return {
        name: (kind, *(sorted(db.execute(f"PRAGMA {pragma}({name})")) for pragma in ("table_info", "foreign_key_list")))
        for name, kind in named
    }


def test_what_was_taken_back_is_captured_again_and_judged_as_it_was(path):
    """A visit says what it came to when it was made, and beside it what release 0.1 judged it to be and why."""
    changed = ("/risks", "/hours", "/shop", "/room/1", "/room/2", "/room/3")
    captured = {(name, 2): "changed" for name in changed} | {("/lost", 1): "new", ("/short", 2): "collapsed"}
    with closing(open_corpus(path)) as db:
        differ = db.execute(
            "SELECT pages.url, judged.crawl, seen.outcome, seen.reason, captures.outcome, judged.outcome,"
            " judged.reason, rules FROM visit_judgements AS judged JOIN captured_visits AS seen USING (crawl, page)"
            " JOIN pages ON pages.id = judged.page JOIN captures ON captures.id = capture"
        ).fetchall()
        for url, crawl, outcome, reason, capture, judged, why, rules in differ:
            place = (url.removeprefix(f"http://{HOST}"), crawl)
            assert (outcome, capture, reason, rules) == (captured[place], captured[place], "", "0.1")
            assert (judged, why) == HISTORY[place[0]][crawl - 1][1:]
        assert len(differ) == len(captured)


def test_captures_whose_text_is_missing_are_marked(path):
    """The answers that were taken back, and those that were found the same as a text from before them; no other."""
    with closing(open_corpus(path)) as db:
        marked = db.execute(
            "SELECT pages.url, captures.crawl FROM unread_captures"
            " JOIN captures ON captures.id = unread_captures.capture JOIN pages ON pages.id = captures.page"
        ).fetchall()
        paths = [(url.removeprefix(f"http://{HOST}"), crawl) for url, crawl in marked]
        back = [(name, 3) for name in ("/room/1", "/room/2", "/room/3")]
        assert sorted(paths) == sorted([*((name, 1 if name == "/lost" else 2) for name in TAKEN_BACK), *back])


def test_a_view_of_a_user_survives(path):
    """It is there again and answers, although it names columns that are elsewhere now."""
    with closing(sqlite3.connect(path)) as old:
        old.execute(MINE)
        before = old.execute("SELECT * FROM mine ORDER BY 1, 2").fetchall()
    for _ in range(2):
        with closing(open_corpus(path)) as db:
            assert db.execute("SELECT * FROM mine ORDER BY 1, 2").fetchall() == before
            assert db.execute("SELECT sql FROM sqlite_master WHERE name = 'mine'").fetchone() == (MINE,)
    assert len(before) == 10


def test_a_step_that_cannot_be_made_leaves_all_as_it_was(path):
    """A row that refers to nothing is named, and the file is still one of release 0.1."""
    with closing(sqlite3.connect(path)) as old, old:
        old.execute("UPDATE versions SET page = 999 WHERE id = 1")
        before = list(old.iterdump())
    with pytest.raises(CorpusError, match="captured_versions refer to rows of pages that are not there"):
        open_corpus(path)
    with closing(sqlite3.connect(path)) as old:
        assert list(old.iterdump()) == before


def test_a_visit_that_release_0_1_called_unchanged_by_another_reason_stays(path):
    """Only what that release wrote as a reason is taken for a judgement: words of a site are not."""
    with closing(sqlite3.connect(path)) as old, old:
        old.execute("UPDATE visits SET reason = ? WHERE crawl = 3 AND page = 1", ("a page that says: " + NOISE,))
        before = old.execute("SELECT outcome, reason FROM visits WHERE crawl = 3 AND page = 1").fetchone()
    with closing(open_corpus(path)) as db:
        after = db.execute("SELECT outcome, reason FROM captured_visits WHERE crawl = 3 AND page = 1").fetchone()
        assert after == before


def test_reading_brings_it_up_to_date_first(path):
    """Whoever only reads meets no missing column: the file is migrated once, and then read as it is."""
    with reading(path) as corpus:
        assert corpus.execute("SELECT count(duplicate_of) FROM documents").fetchone() == (0,)


def test_serving_brings_it_up_to_date_first(path):
    """A server opens a corpus of release 0.1 without a crawl in between."""
    check_corpus(path)
    with closing(sqlite3.connect(path)) as db:
        assert {name for (name,) in db.execute("SELECT name FROM _sqlite_migrations")} == {name for name, _ in STEPS}
