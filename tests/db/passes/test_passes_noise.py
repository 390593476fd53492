"""Answers that are no change are taken back before anything reads them, and what the pages told stays."""

from __future__ import annotations

import sqlite3

from db.corpus.probes import OPEN, insert_probe, missing_answers
from db.datasette.sites import read_site
from db.passes.registry import run_passes
from pipelines.changes.noise_repeat_fetch import gap_between
from pipelines.model.records import Probe, ProbeKind, Reading
from tests.support.made_corpus import ABOUT, HOST, NOW, RULES, corpus_of, crawl_texts

SORRY = (
    "We are tidying up.\nOur web site is being painted, and the painter has gone for lunch. Call us in the meantime."
)
PAGES = {
    "/": f"Ketamine clinic\n{ABOUT}",
    "/a/": "Opening hours\nOn weekdays we open at nine and close at five, and on Saturdays nobody is here.",
    "/b/": "Parking\nThe yard behind the house has room for six cars, and the gate stands open until the evening.",
    "/c/": "Insurance\nMost plans leave you with the bill; our desk writes letters, and you send them on.",
}


def test_one_answer_in_the_place_of_many_pages_is_no_text_of_them(tmp_path):
    """Three pages that all say the same at once keep what they told, and the event is recorded."""
    with corpus_of(tmp_path / "c.db", PAGES) as db:
        crawl_texts(db, tmp_path / "c.db", PAGES | dict.fromkeys(("/a/", "/b/", "/c/"), SORRY))
        rows = db.execute(
            "SELECT url, kind FROM (SELECT pages.url, changes.kind FROM changes JOIN pages ON pages.id = page)"
        )
        told = dict(rows.fetchall())
        titles = db.execute(
            "SELECT title FROM versions JOIN pages ON pages.version = versions.id ORDER BY 1"
        ).fetchall()
    assert told == {f"http://{HOST}{path}": "soft 404" for path in ("/a/", "/b/", "/c/")}
    assert [title for (title,) in titles] == ["Insurance", "Ketamine clinic", "Opening hours", "Parking"]


def test_two_pages_that_say_the_same_are_edited(tmp_path):
    """Fewer than three are no evidence: what they say now is reported as an edit."""
    with corpus_of(tmp_path / "c.db", PAGES) as db:
        crawl_texts(db, tmp_path / "c.db", PAGES | dict.fromkeys(("/a/", "/b/"), SORRY))
        assert {kind for (kind,) in db.execute("SELECT kind FROM changes")} == {"edited"}


def test_a_collapse_keeps_the_text(tmp_path):
    """A page of which a tenth is left has no new version; the row says how much is left."""
    with corpus_of(tmp_path / "c.db", PAGES) as db:
        crawl_texts(db, tmp_path / "c.db", PAGES | {"/": "Loading"})
        (row,) = db.execute("SELECT kind, reasons FROM changes").fetchall()
        assert row[0] == "collapsed"
        assert "1 words are left" in row[1]
        assert db.execute("SELECT count(*) FROM versions WHERE page = 1").fetchone() == (1,)


def test_a_full_run_gives_the_same_rows(tmp_path):
    """The pass over the whole history changes nothing, and keeps the ids."""
    with corpus_of(tmp_path / "c.db", PAGES) as db:
        crawl_texts(db, tmp_path / "c.db", PAGES | {"/a/": PAGES["/a/"].replace("nine", "ten")})
        before = db.execute("SELECT * FROM changes").fetchall()
        assert len(before) == 1
        for _ in range(2):
            run_passes(db, RULES)
            assert db.execute("SELECT * FROM changes").fetchall() == before
            db.execute("DELETE FROM pass_keys WHERE pass = 'changes'")


def test_what_a_site_says_of_any_address_is_compared_until_nothing_can_be_new(tmp_path):
    """Of a crawl that was cut off it is, and where texts are read again; of a finished and judged one no more."""
    pages = PAGES | {"/a/": f"Rooms\n{ABOUT}"}
    with corpus_of(tmp_path / "c.db", pages) as db:
        crawl_texts(db, tmp_path / "c.db", pages | {"/a/": "Loading", "/b/": PAGES["/b/"].replace("six", "two")})
        answer = Reading("Loading", "Loading", words=1)
        probe = Probe(ProbeKind.MISSING, 1, 1, f"http://{HOST}/xqz/", NOW, NOW, reading=answer, outcome="read")
        assert insert_probe(db, 2, probe) == 1
        assert missing_answers(db) == []
        db.execute("UPDATE pages SET depth = 1 WHERE url LIKE '%/a/'")
        db.execute("UPDATE crawls SET status = 'cut off' WHERE id = 2")
        run_passes(db, RULES)
        outcomes = db.execute(
            "SELECT visits.outcome FROM visits JOIN pages ON pages.id = page WHERE url LIKE '%/a/'"
        ).fetchall()
        assert outcomes[-1] == ("soft 404",)
        db.execute("UPDATE crawls SET status = 'finished'")
        assert missing_answers(db) == []
        db.execute("UPDATE versions SET held = NULL")
        assert [row[0] for row in missing_answers(db)] == [1]


def test_answers_that_matter_are_found_without_reading_those_of_old_crawls(tmp_path):
    """By crawl and site, over indexes: the probes of a long history are not gone through."""
    with corpus_of(tmp_path / "c.db", PAGES) as db:
        plan = [step for *_, step in db.execute(f"EXPLAIN QUERY PLAN {OPEN}", ("", "")).fetchall()]
    assert [step for step in plan if "SEARCH probes" in step]
    assert not [step for step in plan if "SCAN probes" in step]


def test_a_site_s_page_says_forms_as_they_are_and_lines_by_an_example(tmp_path):
    """Forms and places come first, in one line with their marks; a pattern without a mark is told by what was seen."""
    patterns = ("waiting: 0", gap_between("Above", "Below"))
    with corpus_of(tmp_path / "c.db", PAGES) as db:
        db.row_factory = sqlite3.Row
        db.executemany(
            "INSERT INTO dynamic_content (site, place, pattern, example, why, crawl, pages)"
            " VALUES (1, 'text', ?, 'seen', '', 1, 9)",
            [(pattern,) for pattern in patterns],
        )
        site = read_site(db, 1)
    assert [row["example"] for row in site.masks] == ["Above ⟨…⟩ Below", "seen"]
