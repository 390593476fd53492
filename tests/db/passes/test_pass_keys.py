"""A pass that has nothing to do is left out, and only then."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import pytest
from db.passes.staleness import unless_same

from db.corpus.connection import open_corpus
from db.passes.families import index_path
from db.passes.registry import run_passes
from tests.support.family_corpus import rows
from tests.support.made_corpus import ABOUT, RULES, corpus_of

READS = ("SELECT host, name FROM sites ORDER BY id", "SELECT count(*) FROM texts")


@pytest.fixture
def counted(tmp_path):
    """Open a corpus, and a pass that counts how often it ran and says that it changed three rows."""
    runs = []
    with closing(open_corpus(tmp_path / "c.db")) as db:
        db.execute("INSERT INTO sites (host, advertiser, added_at) VALUES ('a.example', 'a.example', '2026')")
        yield db, runs, unless_same("counted", READS, lambda *_: runs.append(1) or 3)


def test_nothing_changed(counted):
    """The second run does nothing and says so."""
    db, runs, run = counted
    assert [run(db, RULES), run(db, RULES), len(runs)] == [3, 0, 1]


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE sites SET name = 'Cedar'",
        "INSERT INTO texts VALUES ('x', 'x', 1)",
        "DELETE FROM pass_keys",
    ],
)
def test_something_changed(counted, edit):
    """An edit of a person, a new row, or a pass that never ended: it runs."""
    db, runs, run = counted
    run(db, RULES)
    db.execute(edit)
    assert (run(db, RULES), len(runs)) == (3, 2)


def test_other_rules(counted):
    """Another rules file: it runs."""
    db, runs, run = counted
    run(db, RULES)
    run(db, replace(RULES, topic=RULES.topic + "\n"))
    assert len(runs) == 2


def test_a_pass_that_fails_has_not_ended(tmp_path):
    """What was cut off is done again."""
    with closing(open_corpus(tmp_path / "c.db")) as db:
        broken = unless_same("broken", READS, lambda *_: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            broken(db, RULES)
        assert unless_same("broken", READS, lambda *_: 5)(db, RULES) == 5


def test_families_that_were_taken_away_come_back(tmp_path):
    """The pass looks at what it wrote as well."""
    texts = {"/": ABOUT, "/copy": ABOUT + "\nOne more line about ketamine at this clinic.", "/print": ABOUT}
    with corpus_of(tmp_path / "c.db", texts) as db:
        before = db.execute("SELECT page, family FROM family_members ORDER BY page").fetchall()
        assert before
        db.execute("DELETE FROM family_members")
        db.execute("DELETE FROM families")
        run_passes(db, RULES)
        assert db.execute("SELECT page, family FROM family_members ORDER BY page").fetchall() == before


@pytest.mark.parametrize(
    "edit",
    [
        """facts = '[["name", "Quietwater Clinic", "", 1.0], ["phone", "555 0101", "", 1.0]]'""",
        "title = 'Ketamine, and where it is given'",
        "canonical_url = (SELECT url FROM pages WHERE id != versions.page ORDER BY id DESC LIMIT 1)",
        "published = '2019-05-01'",
        "verdict = 'off topic'",
        "page_type = 'archive'",
    ],
)
def test_a_family_is_described_anew_when_what_is_said_of_its_pages_changes(tmp_path, edit):
    """Where a page's text is as it was, and what it says of itself is not, all is as if it had been so always."""
    texts = {"/": ABOUT, "/copy": f"{ABOUT}\nOne more line about ketamine.", "/page": f"{ABOUT}\nRead on."}
    with corpus_of(tmp_path / "c.db", texts) as db:
        before = rows(db)
        db.execute(f"UPDATE versions SET {edit} WHERE page = (SELECT representative FROM families)")
        run_passes(db, RULES)
        told = rows(db)
        assert told != before
        index_path(db).unlink()
        for table in ("family_members", "families", "text_pairs", "pass_keys"):
            db.execute(f"DELETE FROM {table}")
        run_passes(db, RULES)
        assert rows(db) == told
