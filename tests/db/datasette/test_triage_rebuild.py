"""Marks of triage and `clinicwatch rebuild --all`: a real crawl, twice, read again from its bytes."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from db.coding.triage import Mark, store_mark, triage_of, unlisted_changes
from db.coding.votes_file import attach_corpus, open_review
from tests.support.command import clinicwatch, crawl, seeds_file
from tests.support.web import Answer, html, prose, serving


def test_marks_stand_on_the_same_changes_after_a_rebuild(tmp_path):
    """Each marked change, an edit of one page, of several, and a new page, has its mark and address again."""
    day = 1

    def answer(url: str) -> Answer | None:
        path = url.split("/", 3)[3]
        if path not in {"", "1", "2", "3", "4"} or (path == "4" and day == 1):
            return None
        lines = [*prose(path), "Our price for an infusion of ketamine is $450." if day == 1 else "Now it is $395 each."]
        lines += ["Ketamine is approved for everything."] if path == "1" and day == 2 else []
        return Answer(html(f"Ketamine {path}", lines, [f"/{number}" for number in range(1, 3 + day)]))

    corpus = tmp_path / "c.db"
    with serving(answer) as web:
        seeds = seeds_file(tmp_path, "http://a.example/")
        crawl(corpus, seeds, web.proxy)
        day = 2
        crawl(corpus, seeds, web.proxy, "--all")
    with closing(sqlite3.connect(corpus)) as db:
        before = dict(db.execute("SELECT edit, kind FROM changes"))
        assert db.execute("SELECT max(edit_pages) FROM changes").fetchone()[0] > 1
    assert set(before.values()) >= {"edited", "new"}
    with closing(open_review(corpus)) as review:
        attach_corpus(review, corpus)
        for edit in before:
            store_mark(review, Mark("2026-03-01T00:00:00+00:00", "anna", edit, "relevant"), f"anna {edit}")
    with closing(sqlite3.connect(corpus)) as db, db:
        db.execute("UPDATE page_changes SET summary = 'as before the rebuild'")
        db.execute("DELETE FROM page_changes WHERE kind = 'edited'")
        db.execute("DELETE FROM pass_units WHERE pass = 'changes'")
    done = clinicwatch("rebuild", "--all", "--db", corpus)
    assert done.returncode == 0, done.stderr
    with closing(sqlite3.connect(corpus)) as db:
        assert dict(db.execute("SELECT edit, kind FROM changes")) == before
        assert not db.execute("SELECT 1 FROM changes WHERE summary = 'as before the rebuild'").fetchall()
    with closing(open_review(corpus)) as review:
        attach_corpus(review, corpus)
        assert {one.status for one in triage_of(review, before).values()} == {"relevant"}
        assert unlisted_changes(review) == []
