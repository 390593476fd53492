"""Two corpora are equal where they say the same, whatever the order and the time of the visits; else it is shown."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from db.corpus.connection import open_corpus
from tests.compare_corpora import compare, make
from tests.support.command import ROOT, environment
from tests.support.made_corpus import ABOUT, HOST, crawl_texts
from tests.support.rows_by_hand import unlocked

PRICE = "A ketamine infusion costs 400 dollars a visit, and six of them cost 2,100 dollars together."
TEXTS = {
    "/": f"Ketamine clinic\n{ABOUT}",
    "/fees/": f"Fees\n{PRICE} We take cards, cheques and cash, and send a bill within a week of the last visit.",
    "/terms/": f"Terms\n{PRICE} Who does not come and does not call two days before pays half of a visit.",
    "/copy/": f"Ketamine clinic\n{ABOUT}",
}
LATER = ("/", "/copy/", "/fees/", "/terms/")


def crawled_twice(path, order, day: str):
    """Crawl the texts in an order, and again with another price; gives the corpus."""
    with closing(open_corpus(path)) as db:
        for hour, price in (("09", "400"), ("21", "500")):
            texts = {page: TEXTS[page].replace("400", price) for page in order}
            crawl_texts(db, path, texts, now=f"{day}T{hour}:00:00+00:00")
    return path


@pytest.fixture
def one(tmp_path):
    """Give a corpus of four pages, crawled on the first of March."""
    return crawled_twice(tmp_path / "a.db", TEXTS, "2026-03-01")


@pytest.fixture
def other(tmp_path):
    """Give a corpus of the same pages that were found in another order, crawled later."""
    return crawled_twice(tmp_path / "b.db", LATER, "2026-07-09")


def numbers(path, sql: str):
    """Ask a corpus."""
    with closing(sqlite3.connect(path)) as db:
        return db.execute(sql).fetchall()


def told(*arguments):
    """Run the command; gives exit code and what it printed."""
    line = [sys.executable, "-m", "tests.compare_corpora", *map(str, arguments)]
    done = subprocess.run(line, cwd=ROOT, env=environment(), text=True, capture_output=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_order_and_time_are_no_difference(one, other):
    """Pages that were found in another order and at another time have other numbers, and the corpora are equal."""
    pages = "SELECT url FROM pages ORDER BY id"
    assert numbers(one, pages) != numbers(other, pages)
    assert [found.table for found in compare(one, other) if found.only_in_a or found.only_in_b or found.shape] == []
    code, said = told(one, other)
    assert code == 0, said
    assert "tables and views are equal" in said


@pytest.mark.parametrize(
    ("change", "table", "column"),
    [
        ("UPDATE readings SET title = 'Prices' WHERE title = 'Fees'", "readings", "title"),
        ("UPDATE exact_duplicates SET reason = 'by chance'", "exact_duplicates", "reason"),
        ("UPDATE pages SET found_on = 2 WHERE url LIKE '%/fees/'", "pages", "found_on"),
        (
            "UPDATE captured_visits SET at = '2026-03-01T21:30:00+00:00' WHERE crawl = 1 AND page = 1",
            "captured_visits",
            "at",
        ),
        ("UPDATE families SET evidence = json_set(evidence, '$.reasons[0].pages[0]', 2)", "families", "evidence"),
        ("UPDATE page_changes SET edit = 'of its own' WHERE id = 1", "page_changes", "edit"),
    ],
)
def test_what_differs_is_named(one, other, change, table, column):
    """A value, a reference, a time in another crawl, a page in JSON, a change apart: each is a row of its table."""
    with closing(open_corpus(one)) as db, db, unlocked(db):
        assert db.execute(change).rowcount
    found = {each.table: each for each in compare(one, other)}[table]
    assert len(found.only_in_a) == len(found.only_in_b) > 0
    assert column in found.differing()


def test_rows_that_one_lacks_are_counted_and_shown(one, other):
    """The command names the table, counts the rows, shows some of them, and ends with 1."""
    with closing(sqlite3.connect(other)) as db, db:
        db.execute("DELETE FROM page_changes")
    code, said = told(one, other)
    assert code == 1
    (line,) = (line for line in said.splitlines() if line.startswith("page_changes "))
    assert "2 rows only in A, 0 only in B" in line
    assert f"A: page=http://{HOST}/fees/" in said


def test_a_table_that_one_lacks_is_named(one, other):
    """A table or column of only one corpus is a difference."""
    with closing(sqlite3.connect(other)) as db, db:
        db.execute("DROP TABLE digests")
        db.execute("ALTER TABLE dynamic_content ADD COLUMN again TEXT")
    shapes = {found.table: found.shape for found in compare(one, other) if found.shape}
    assert shapes == {"digests": "no such table in B", "dynamic_content": "columns of one only: again"}


def test_what_is_no_corpus_is_refused(one, tmp_path):
    """A file that is not there or is no corpus ends with one line and 2."""
    (tmp_path / "notes.txt").write_text("not a database, only some words that stand in a file of text")
    for path in (tmp_path / "missing.db", tmp_path / "notes.txt"):
        code, said = told(one, path)
        assert code == 2
        assert "Traceback" not in said
        assert str(path) in said.splitlines()[-1]


def test_the_demo_web_gives_the_same_corpus_twice(tmp_path):
    """Two crawls of the same web by the same code are equal, down to the numbers of the pages."""
    paths = [make(tmp_path / name, range(2), pages=40) for name in ("first", "second")]
    assert [found.table for found in compare(*paths) if found.only_in_a or found.only_in_b or found.shape] == []
    pages = "SELECT id, url, version FROM pages ORDER BY id"
    assert numbers(paths[0], pages) == numbers(paths[1], pages)
    assert len(numbers(paths[0], "SELECT * FROM page_changes AS changes")) > 0
    assert (tmp_path / "first" / "exports" / "documents.csv").exists()
