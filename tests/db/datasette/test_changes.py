"""The pages of changes over Datasette's test client: what they list, mark, remember and feed; nothing in it is run."""

from __future__ import annotations

import asyncio
import html
import re
import sqlite3
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import feedparser
import pytest

from db.datasette.serve import datasette_of
from tests.support.browser import SCRIPT
from tests.support.changed import CITIES, changed

if TYPE_CHECKING:
    import httpx

ATOM = "{http://www.w3.org/2005/Atom}"


def words_of(page: str) -> str:
    """Give the words of a page, tags left out."""
    body = re.sub(r"(?s)<head>.*?</head>|<[^>]*>", " ", page)
    return " ".join(html.unescape(body).split())


class Changes:
    """A corpus that changed, and the pages about it."""

    def __init__(self, path) -> None:
        self.rows = changed(path)
        self.path = path
        self.datasette = datasette_of(path)

    def get(self, path: str, **more) -> httpx.Response:
        """Ask for a page."""
        answer = asyncio.run(self.datasette.client.get(path, **more))
        assert answer.status_code == 200, (path, answer.text[:500])
        return answer

    def text(self, path: str, **more) -> str:
        """Give the words of a page."""
        return words_of(self.get(path, **more).text)

    def number(self, url: str) -> int:
        """Give the number of the newest change of a page."""
        sql = "SELECT max(changes.id) FROM page_changes AS changes JOIN pages ON pages.id = page WHERE url LIKE ?"
        return sqlite3.connect(self.path).execute(sql, (f"%{url}",)).fetchone()[0]


@pytest.fixture(scope="module")
def changes(tmp_path_factory) -> Changes:
    """Make the corpus once."""
    return Changes(tmp_path_factory.mktemp("changes") / "other.db")


def listed(answer: httpx.Response) -> list[str]:
    """Name the titles on a page of the list."""
    return re.findall(r'<h2><a href="/other/changes/\d+">(.*?)</a></h2>', answer.text)


def test_the_list_has_what_changed(changes):
    """Each change stands there once, with its words marked; the same edit on six pages is one line with its pages."""
    answer = changes.get("/-/changes?since=all")
    titles = listed(answer)
    assert titles.count("Prices") == 1
    assert len([title for title in titles if title.startswith("Ketamine in")]) == 1
    assert "<del>450</del><ins>395</ins>" in answer.text
    assert "The same edit on 5 other pages" in words_of(answer.text)


def test_a_line_of_many_pages_names_them(changes):
    """Each page of the edit leads to its own comparison."""
    text = changes.text("/-/changes?since=all")
    assert sum(f"cedar.example/{city.lower()}" in text for city in CITIES) >= 5


@pytest.mark.parametrize(
    ("query", "there", "not_there"),
    [
        ("site=cedar.example", "Prices", "Nothing changed"),
        ("site=other.example", "Nothing changed", "Prices"),
        ("advertiser=cedar.example", "Prices", "Nothing changed"),
        ("kind=edited", "Prices", "Nothing changed"),
        ("kind=parked", "Nothing changed", "Prices"),
        ("place=text", "Prices", "Nothing changed"),
        ("place=title", "Nothing changed", "Prices"),
    ],
)
def test_filters_narrow_the_list(changes, query, there, not_there):
    """By site, advertiser, kind and place; an empty list says so and leads on."""
    text = changes.text(f"/-/changes?since=all&{query}")
    assert there in text
    assert not_there not in text


def test_since_is_a_date_or_a_length(changes):
    """From a day on; an old corpus shows nothing of the last month by itself, and says how to look further."""
    assert listed(changes.get("/-/changes?since=2026-03-09")) != listed(changes.get("/-/changes?since=all"))
    assert "Prices" not in listed(changes.get("/-/changes?since=2026-03-09"))
    assert "Nothing changed in the last month" in changes.text("/-/changes")
    assert "Look further back" in changes.text("/-/changes?since=1")


def test_a_reader_sees_what_came_since_the_last_look(changes):
    """What was marked as seen is not shown again, whoever else looks; the marker is a number in a cookie."""
    page = changes.get("/-/changes?since=all")
    newest = re.search(r'name="newest" value="(\d+)"', page.text)
    assert newest
    token = page.cookies.get("ds_csrftoken")
    field = re.search(r'name="csrftoken" value="([^"]*)"', page.text)
    assert field
    asked = changes.datasette.client.post(
        "/-/changes/seen", data={"csrftoken": field[1], "newest": newest[1]}, cookies={"ds_csrftoken": token or ""}
    )
    answer = asyncio.run(asked)
    assert answer.status_code == 302
    assert f"clinicwatch_seen={newest[1]}" in answer.headers["set-cookie"]
    seen = changes.get("/-/changes", cookies={"clinicwatch_seen": newest[1]})
    assert "0 changes since you last looked" in words_of(seen.text)
    assert "Mark all as seen" not in seen.text
    before = str(changes.number("/prices"))
    later = changes.get("/-/changes", cookies={"clinicwatch_seen": before})
    assert listed(later)
    assert "Prices" not in listed(later)
    assert "Prices" in listed(changes.get("/-/changes?since=all", cookies={"clinicwatch_seen": before}))


@pytest.mark.parametrize(
    "query",
    ["since=x", "since=-1", "since=99999999", "since=2026-99-99", "page=0", "page=x", "page=9999999",
     "kind='", "place=%00", "site=<script>", "since=seen", "advertiser=%ff", "since=²"],
)  # fmt: skip
def test_no_query_is_an_error(changes, query):
    """Whatever stands in the address, the answer is a page."""
    assert SCRIPT not in changes.get(f"/-/changes?{query}").text
    assert "<script>" not in changes.get(f"/-/changes?{query}").text


@pytest.mark.parametrize("cookie", ["x", "-1", "9" * 40, "", "1; a=b", "1e9"])
def test_no_cookie_is_an_error(changes, cookie):
    """A marker that is none counts as never having looked."""
    assert "change" in changes.text("/-/changes", cookies={"clinicwatch_seen": cookie})


def test_a_change_is_compared_with_context(changes):
    """The lines around what changed stand there, the others as a number, the words inside are marked."""
    number = changes.number("/prices")
    answer = changes.get(f"/other/changes/{number}").text
    assert "<del>450</del><ins>395</ins>" in answer
    assert 'class="line is-removed"><del>Ketamine is not approved by the FDA for depression.</del>' in answer
    assert "lines unchanged" in words_of(answer)
    assert "Insurance does not pay" not in answer
    assert "Insurance does not pay" in changes.get(f"/other/changes/{number}?whole=1").text


def test_nothing_that_was_crawled_is_run(changes):
    """Scripts and images of a site are words in the list, in a comparison, a history and a feed."""
    number = changes.number("/harm")
    for path in ("/-/changes?since=all", f"/other/changes/{number}", f"/other/changes/{number}?whole=1",
                 f"/other/pages/{changes.rows['/harm']}/history", "/-/changes.atom?since=all"):  # fmt: skip
        answer = changes.get(path).text
        assert SCRIPT not in answer, path
        assert "<img" not in answer, path


def test_history_is_a_line_of_time(changes):
    """Found, first read, edited and confirmed, the newest first, visits that came to the same as one."""
    text = changes.text(f"/other/pages/{changes.rows['/prices']}/history")
    places = [text.index(words) for words in ("Confirmed unchanged, 2 times", "edited", "First read", "Found")]
    assert places == sorted(places)
    assert "2 versions of its text" in text


def test_history_of_a_page_that_went(changes):
    """A page that is gone says since when, and what it was."""
    text = changes.text(f"/other/pages/{changes.rows['/parking']}/history")
    assert "22 Mar 2026, 09:00 UTC gone" in text


def test_the_feed_is_atom(changes):
    """Feed and entries have what RFC 4287 asks for, ids are unique and do not depend on row numbers."""
    answer = changes.get("/-/changes.atom?since=all")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    root = ET.fromstring(answer.content)
    entries = root.findall(f"{ATOM}entry")
    for element in (root, *entries):
        assert all(element.find(f"{ATOM}{name}").text for name in ("id", "title", "updated"))
    ids = [entry.find(f"{ATOM}id").text for entry in entries]
    assert len(set(ids)) == len(ids)
    prices = f"tag:cedar.example,2026-03-08:clinicwatch/{changes.rows['/prices']}/2/edited/"
    assert any(one.startswith(prices) for one in ids)
    assert root.find(f"{ATOM}updated").text == max(entry.find(f"{ATOM}updated").text for entry in entries)
    assert root.find(f"{ATOM}author/{ATOM}name").text
    assert all(entry.find(f"{ATOM}link").get("href").startswith("http") for entry in entries)


def test_readers_of_feeds_understand_it(changes):
    """A feed reader finds every entry, its time, and its words marked."""
    told = feedparser.parse(changes.get("/-/changes.atom?since=all").text)
    assert not told.bozo
    assert told.version == "atom10"
    assert any("<del>450</del>" in entry.content[0].value for entry in told.entries)
    assert all(entry.updated_parsed for entry in told.entries)


def test_a_first_crawl_has_no_changes(tmp_path):
    """The list says what a change is, where there is nothing to compare yet."""
    changed(tmp_path / "other.db", crawls=1)
    answer = asyncio.run(datasette_of(tmp_path / "other.db").client.get("/-/changes?since=all"))
    assert "A change is what differs between two crawls" in words_of(answer.text)


@pytest.mark.parametrize("path", ["/other/changes/9999", "/other/pages/9999/history", "/no/changes/1"])
def test_what_is_not_there_is_a_404(changes, path):
    """A wrong number is an answer with a way home."""
    assert asyncio.run(changes.datasette.client.get(path)).status_code == 404
