"""The five real texts, each on a host of its own in another platform: found once each, whole, copies named."""

from __future__ import annotations

import csv
import difflib
import re
import sqlite3
from contextlib import closing

import pytest

from tests.support.chromes import PLATFORMS, expected_text, read_seed, render, seed_files
from tests.support.command import clinicwatch, crawl, seeds_file
from tests.support.web import Answer, html, serving

DOCUMENTS = seed_files()
pytestmark = pytest.mark.skipif(len(DOCUMENTS) != 5, reason="../shared/seed-documents is not here")


def host(number: int) -> str:
    """Name the host of a document."""
    return f"http://clinic-{number}.example"


def post_url(number: int) -> str:
    """Name the address of a document."""
    return f"{host(number)}/blog/post-{number}/"


def answer(url: str) -> Answer | None:
    """Serve home page, sitemap, post, tagged link and print page of each document's host."""
    number = int(re.match(r"http://clinic-(\d)\.example/", url)[1])
    title, paragraphs = read_seed(DOCUMENTS[number])
    path, post = url.removeprefix(host(number)).partition("?")[0], post_url(number)
    if path == "/":
        links = [f"{post}?utm_source=news&utm_medium=mail", f"/print/blog/post-{number}/", "/parking/"]
        return Answer(html("Welcome", ["Our office is open from nine to five."], links))
    if path == "/sitemap.xml":
        entry = f"<url><loc>{post}</loc><lastmod>2024-05-01</lastmod></url>"
        return Answer(f"<urlset>{entry}</urlset>".encode(), headers={"Content-Type": "application/xml"})
    if path == f"/blog/post-{number}/":
        return Answer(render(tuple(PLATFORMS)[number], title, paragraphs, post).encode())
    if path == f"/print/blog/post-{number}/":
        body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
        head = f'<title>{title}</title><link rel="canonical" href="{post}">'
        return Answer(f"<html><head>{head}</head><body><h1>{title}</h1>{body}</body></html>".encode())
    if path == "/parking/":
        return Answer(
            html("Parking", ["Park behind the building. The second level is free for patients after five."] * 6)
        )
    return None


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """One crawl of the five hosts."""
    folder = tmp_path_factory.mktemp("seeds")
    with serving(answer) as web:
        crawl(folder / "c.db", seeds_file(folder, *(host(number) for number in range(5))), web.proxy)
    return folder / "c.db"


def rows(db, sql):
    """Run a query."""
    with closing(sqlite3.connect(db)) as connection:
        return connection.execute(sql).fetchall()


def test_exactly_the_five_documents(corpus):
    """The corpus has the five posts at their own addresses, and nothing else."""
    assert rows(corpus, "SELECT url FROM corpus ORDER BY url") == [(post_url(number),) for number in range(5)]


@pytest.mark.parametrize("number", range(5))
def test_each_text_is_whole(corpus, number):
    """The text of each post equals the document, leftovers of its blog aside, to 99 % of its words."""
    found = rows(corpus, f"SELECT text FROM corpus WHERE url = '{post_url(number)}'")[0][0]
    true = expected_text(read_seed(DOCUMENTS[number])[1])
    assert difflib.SequenceMatcher(None, true.split(), found.split(), autojunk=False).ratio() >= 0.99


def test_copies_are_named(corpus):
    """The tagged link and the print page of each post are recorded as its copies."""
    wanted = {
        (address, post_url(number))
        for number in range(5)
        for address in (
            f"{post_url(number)}?utm_source=news&utm_medium=mail",
            f"{host(number)}/print/blog/post-{number}/",
        )
    }
    assert wanted <= set(rows(corpus, "SELECT url, copy_of FROM copies"))


def test_parking_page_is_off_topic(corpus):
    """A clinic's parking page is no document of the corpus, and says so."""
    verdicts = rows(corpus, "SELECT DISTINCT verdict FROM all_pages WHERE url LIKE '%/parking/'")
    assert verdicts == [("off topic",)]


def test_export_has_every_document(corpus, tmp_path):
    """The exported CSV has the five texts as they are in the corpus."""
    assert clinicwatch("export", tmp_path / "out", "--db", corpus).returncode == 0
    csv.field_size_limit(10_000_000)
    with (tmp_path / "out" / "documents.csv").open(newline="") as file:
        exported = {row["url"]: row["text"] for row in csv.DictReader(file)}
    assert exported == dict(rows(corpus, "SELECT url, text FROM corpus"))
