"""Text is a derivation of bytes: a rebuild gives the same rows, and an upgrade looks like no change of the site."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing

import pytest

from crawler.archive.rebuild import rebuild
from crawler.engine.rule_files import load_rules
from db.corpus.connection import open_corpus
from db.passes.registry import run_passes
from tests.support.command import clinicwatch, crawl, seeds_file
from tests.support.made_corpus import ABOUT, RULES, corpus_of, crawl_texts
from tests.support.rows_by_hand import unlocked
from tests.support.web import Answer, html, prose, serving

FRAME = "Call our front desk at any time of the day to ask about ketamine infusions and what they cost here."
VIEWS = (
    "SELECT * FROM corpus ORDER BY url",
    "SELECT * FROM copies ORDER BY url",
    "SELECT * FROM documents ORDER BY id",
)


def answer(url: str) -> Answer | None:
    """Serve nine pages with a line in common; two of them are the same but for that line."""
    path = url.split("/", 3)[3]
    if path not in {"", *map(str, range(8))}:
        return None
    lines = prose("twins" if path in {"6", "7"} else path)
    frame = [] if path == "7" else [FRAME]
    return Answer(html(f"Ketamine {path[:0]}", [*lines, *frame], [f"/{number}" for number in range(8)]))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Crawl the nine pages once."""
    folder = tmp_path_factory.mktemp("rebuild")
    with serving(answer) as web:
        crawl(folder / "c.db", seeds_file(folder, "http://a.example/"), web.proxy)
    return folder


@pytest.fixture
def path(made, tmp_path):
    """Give a copy of the crawled corpus."""
    shutil.copytree(made, tmp_path / "corpus")
    return tmp_path / "corpus" / "c.db"


def views(db) -> list[list[tuple]]:
    """Read what people read of a corpus."""
    return [db.execute(sql).fetchall() for sql in VIEWS]


def test_reading_again_gives_the_same_corpus(path):
    """Every version is read again from its bytes: documents, copies and search are what they were."""
    with closing(open_corpus(path)) as db:
        before = views(db)
        told = rebuild(db, path, load_rules(), everything=True)
        assert (told.read, told.changed, told.restored, told.unreadable, told.missing) == (9, 0, 0, 0, ())
        assert views(db) == before
        db.execute("INSERT INTO versions_fts (versions_fts, rank) VALUES ('integrity-check', 1)")


def test_what_today_s_extractor_read_is_left(path):
    """Without ``--all`` only the versions of another extractor are read again."""
    with closing(open_corpus(path)) as db:
        assert rebuild(db, path, load_rules()).read == 0
        db.execute("UPDATE readings SET extractor = 'trafilatura 1.0' WHERE version <= 2")
        assert rebuild(db, path, load_rules()).read == 2


def test_an_upgrade_looks_like_no_change(path):
    """The next crawl with another extractor reads again first: no page is called changed."""
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE readings SET extractor = 'trafilatura 1.0', title = 'what an old extractor saw'")
        db.execute("INSERT INTO versions_fts (versions_fts) VALUES ('rebuild')")
    with serving(answer) as web:
        done = crawl(path, seeds_file(path.parent, "http://a.example/"), web.proxy, "--all")
    assert "changed" not in done.stdout.replace("unchanged", "")
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT count(*) FROM readings WHERE extractor = 'trafilatura 1.0'").fetchone() == (0,)


def test_versions_of_an_earlier_reader_get_what_it_did_not_look_for(path):
    """Links, struck text, pictures and fields of forms; none of them becomes an edit."""
    with closing(open_corpus(path)) as db, unlocked(db):
        db.execute("UPDATE readings SET details = NULL, extractor = 'an earlier one'")
        db.commit()
    with closing(open_corpus(path)) as db:
        rebuild(db, path, load_rules())
        assert db.execute("SELECT count(*) FROM readings WHERE details IS NULL").fetchone() == (0,)
        assert db.execute("SELECT count(*) FROM page_changes").fetchone() == (0,)


def test_a_damaged_archive_costs_only_its_pages(path):
    """Versions whose bytes are gone stay as they are, are counted, and the others are read."""
    with closing(open_corpus(path)) as db:
        with unlocked(db):
            first = "(SELECT min(capture) FROM captured_versions)"
            db.execute(f"UPDATE captures SET warc_offset = warc_offset + 5 WHERE id = {first}")
        told = rebuild(db, path, load_rules(), everything=True)
        assert (told.read, told.unreadable, len(told.missing)) == (8, 1, 1)
        assert "missing or damaged" in told.lines()[-1]
        assert db.execute("SELECT count(*) FROM documents").fetchone() == (9,)


def test_a_damaged_search_index_is_one_line(path):
    """An upgrade that meets a damaged database ends with one line, not with a traceback."""
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE readings SET extractor = 'trafilatura 1.0', title = 'not what was indexed'")
    done = clinicwatch("crawl", "--db", path)
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1), done.stderr
    assert "damaged" in done.stderr


def test_the_command_says_what_it_did(path):
    """``clinicwatch rebuild --all`` counts what it read."""
    done = clinicwatch("rebuild", "--all", "--db", path)
    assert done.stdout.startswith("9 versions read again: 9 read the same"), done.stderr


def test_versions_that_read_the_same_are_judged_to_be_one(tmp_path):
    """Three versions that today tell the same were never a change: the first stands, confirmed as late as the last."""
    with corpus_of(tmp_path / "c.db", {"/": ABOUT}) as db:
        for number in (2, 3):
            crawl_texts(db, tmp_path / "c.db", {"/": ABOUT + " new" * number}, now=f"2026-03-0{number}T09:00:00+00:00")
        assert db.execute("SELECT count(*) FROM versions").fetchone() == (3,)
        captured = db.execute("SELECT * FROM captured_versions").fetchall()
        (digest,) = db.execute("SELECT text_sha256 FROM readings WHERE version = 1").fetchone()
        db.execute("UPDATE readings SET text_sha256 = ?, region_hashes = '{}'", (digest,))
        db.execute("INSERT INTO versions_fts (versions_fts) VALUES ('rebuild')")
        run_passes(db, RULES)
        judged = db.execute("SELECT version, verdict, standing FROM version_judgements").fetchall()
        assert judged == [(1, "stands", 1), (2, "repeats", 1), (3, "repeats", 1)]
        assert db.execute("SELECT id, last_confirmed FROM versions").fetchall() == [(1, "2026-03-03T09:00:00+00:00")]
        assert db.execute("SELECT version, latest FROM pages WHERE url LIKE '%.example/'").fetchone() == (1, 3)
        assert db.execute("SELECT outcome FROM visits WHERE page = 1 ORDER BY crawl").fetchall() == [
            ("new",), ("unchanged",), ("unchanged",),
        ]  # fmt: skip
        assert db.execute("SELECT count(*) FROM page_changes AS changes").fetchone() == (0,)
        assert db.execute("SELECT * FROM captured_versions").fetchall() == captured
        db.execute("INSERT INTO versions_fts (versions_fts, rank) VALUES ('integrity-check', 1)")
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
