"""Indexes, views and search are data: laid where they are missing, mended where they differ."""

from __future__ import annotations

from contextlib import closing

import pytest

from db.corpus.connection import open_corpus
from db.schema.shape import FULL_TEXT, INDEXES, VIEWS, ensure_schema, wanted
from tests.support.made_corpus import ABOUT, corpus_of


def names(db, kind: str) -> set[str]:
    """Name the things of one kind that the database has."""
    return {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = ?", (kind,))}


def test_everything_that_is_wanted_is_there(tmp_path):
    """Each index and view stands in the file after opening."""
    with closing(open_corpus(tmp_path / "c.db")) as db:
        assert names(db, "index") >= INDEXES.keys()
        assert names(db, "view") == VIEWS.keys()
        assert dict(db.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")).items() >= wanted().items()


@pytest.mark.parametrize(
    "spoil",
    [
        "DROP INDEX pages_due",
        "DROP VIEW corpus",
        "DROP TABLE versions_fts",
        "DROP INDEX pages_due; CREATE INDEX pages_due ON pages(url)",
        "DROP VIEW copies; CREATE VIEW copies AS SELECT 1 AS one",
    ],
)
def test_what_is_missing_or_differs_is_laid_anew(tmp_path, spoil):
    """An older release's index or view becomes today's at the next opening; search finds what it found."""
    with corpus_of(tmp_path / "c.db", {"/": ABOUT}) as db:
        db.executescript(spoil)
        ensure_schema(db)
        assert dict(db.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")).items() >= wanted().items()
        assert db.execute("SELECT count(*) FROM versions_fts WHERE versions_fts MATCH 'infusions'").fetchone() == (1,)


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_can_be_read(tmp_path, view):
    """A view names no column that is not there."""
    with corpus_of(tmp_path / "c.db", {"/": ABOUT, "/copy": ABOUT}) as db:
        assert db.execute(f"SELECT * FROM {view}").description


def test_the_queue_is_read_by_its_index(tmp_path):
    """What is due on a site is found without reading its other pages."""
    with closing(open_corpus(tmp_path / "c.db")) as db:
        plan = db.execute(
            "EXPLAIN QUERY PLAN SELECT id FROM pages WHERE site = 1 AND due_at <= 'x' AND crawl < 2 ORDER BY due_at, id"
        ).fetchall()
    assert "pages_due" in str(plan)


def test_search_forgives_accents_and_endings():
    """The search table folds accents and word endings, as its definition says."""
    assert "porter" in FULL_TEXT
    assert "remove_diacritics 2" in FULL_TEXT
