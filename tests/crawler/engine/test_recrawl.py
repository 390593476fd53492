"""The second visit: what is requested, what is read again, and what is then known to be fetched and to be confirmed."""

from __future__ import annotations

import itertools
import sqlite3
from contextlib import closing
from types import SimpleNamespace

import pytest

from tests.support.clinic_web import XML, urlset
from tests.support.command import crawl, seeds_file
from tests.support.web import Answer, html, prose, serving

SITE = "http://steady.example"
DATE = {"Last-Modified": "Sun, 01 Mar 2026 09:00:00 GMT"}
OFFERED = {  # what each page of the first site offers to be asked with
    "/": {"ETag": '"strong"'},
    "/weak": {"ETag": 'W/"weak"'},
    "/dated": DATE,
    "/both": {"ETag": '"both"', **DATE},
    "/odd-tag": {"ETag": '"caf\u00e9"'},
    "/empty": {"ETag": '"nothing"'},
    "/brochure": {"ETag": '"paper"', "Content-Type": "application/pdf"},
    "/feed/": {"ETag": '"feed"', "Content-Type": "application/rss+xml"},
    "/sitemap.xml": {"ETag": 'W/"list"', **XML},
}
FEED = "<rss><channel><title>Cedar</title><item><title>Ketamine news</title><link>{}/weak</link></item></channel></rss>"
PLAIN = "/same-bytes", "/nonce", "/same-text", "/new-text"


def sent(header: str | None) -> str | None:
    """Read a header as this test's web writes one: as UTF-8."""
    return header and header.encode("latin-1").decode()


class Steady:
    """Two sites that do not change: one offers validators everywhere, one offers none."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.visits = itertools.count()
        self.second = False

    def __call__(self, url: str) -> Answer | None:
        """Answer 304 to whoever asks with what the page offered."""
        path = "/" + url.split("/", 3)[3]
        return self.plain(path) if "plain.example" in url else self.steady(path)

    def steady(self, path: str) -> Answer | None:
        """Answer for the site that offers validators."""
        offered = OFFERED.get(path)
        if offered is None:
            return None
        headers = self.requests[-1][1]
        if (sent(headers.get("If-None-Match")), headers.get("If-Modified-Since")) == (
            offered.get("ETag"),
            offered.get("Last-Modified"),
        ):
            return Answer(b"", 304, {name: value for name, value in offered.items() if name != "Content-Type"})
        return Answer(self.body(path), headers=offered)

    def body(self, path: str) -> bytes:
        """Give the bytes behind a path."""
        special = {
            "/empty": b"<html><body><div id=app></div></body></html>",
            "/brochure": b"%PDF-1.4 ketamine",
            "/feed/": FEED.format(SITE).encode(),
            "/sitemap.xml": urlset(*(SITE + other for other in OFFERED if other != "/sitemap.xml")),
        }
        return special.get(path) or html(
            f"Ketamine {path}", prose(path), [other for other in OFFERED if len(other) > 1]
        )

    def plain(self, path: str) -> Answer | None:
        """Answer for the site that offers nothing."""
        if path != "/" and path not in PLAIN:
            return None
        words = prose(path if path != "/new-text" else f"{path} {self.second}")
        page = html(f"Ketamine {path}", words, PLAIN)
        if path == "/nonce":
            page = page.replace(b"</head>", b"<script nonce=n%d>x</script></head>" % next(self.visits))
        if path == "/same-text" and self.second:
            page = page.replace(b"<main>", b"<main><a href='/?new'><img src=x></a>")
        return Answer(page)


@pytest.fixture(scope="module")
def twice(tmp_path_factory):
    """Crawl both sites twice, a while apart."""
    folder, sites = tmp_path_factory.mktemp("recrawl"), Steady()
    seeds, db = seeds_file(folder, f"{SITE}/", "http://plain.example/"), folder / "c.db"
    with serving(sites) as web:
        sites.requests = web.requests
        crawl(db, seeds, web.proxy)
        first, requested = rows(db), len(web.requests)
        sites.second = True
        crawl(db, seeds, web.proxy, "--all")
    return SimpleNamespace(db=db, first=first, second=rows(db), requested=web.requests[requested:])


COLUMNS = "outcome, last_fetched, last_confirmed, (SELECT count(*) FROM versions WHERE page = pages.id)"


def rows(db) -> dict[str, tuple]:
    """Give outcome, both times and the number of versions of each page."""
    with closing(sqlite3.connect(db)) as corpus:
        return {url: tuple(result) for url, *result in corpus.execute(f"SELECT url, {COLUMNS} FROM pages")}


def test_every_request_for_what_offered_validators_is_conditional(twice):
    """Pages, weak tags, dates, an empty page, a file, a feed, the sitemap: all are requested with what they gave."""
    result = {url.removeprefix(SITE): headers for url, headers in twice.requested if url.startswith(SITE)}
    del result["/robots.txt"]
    assert result.keys() == OFFERED.keys()
    for path, offered in OFFERED.items():
        assert sent(result[path].get("If-None-Match")) == offered.get("ETag"), path
        assert result[path].get("If-Modified-Since") == offered.get("Last-Modified"), path
        assert result[path]["Cache-Control"] == "max-age=0"


def test_what_offered_none_is_asked_for_without(twice):
    """No made-up condition."""
    for url, headers in twice.requested:
        if "plain.example" in url:
            assert not {"If-None-Match", "If-Modified-Since"} & headers.keys()


@pytest.mark.parametrize(
    ("url", "outcome", "confirmed", "versions"),
    [
        *(
            (f"{SITE}{path}", "not modified", True, 1)
            for path in ("/", "/weak", "/dated", "/both", "/odd-tag", "/feed/")
        ),
        (f"{SITE}/sitemap.xml", "not modified", True, 0),
        (f"{SITE}/empty", "no text", False, 0),
        (f"{SITE}/brochure", "not a page", False, 0),
        ("http://plain.example/same-bytes", "unchanged", True, 1),
        ("http://plain.example/nonce", "unchanged", True, 1),
        ("http://plain.example/same-text", "unchanged", True, 1),
        ("http://plain.example/new-text", "changed", True, 2),
    ],
)
def test_fetched_and_confirmed_are_two_facts(twice, url, outcome, confirmed, versions):
    """Each answer is a fetch; only one that stands for a text confirms it."""
    _, fetched_first, confirmed_first, _ = twice.first[url]
    result, fetched, confirmed_now, count = twice.second[url]
    assert (result, count) == (outcome, versions)
    assert fetched > fetched_first
    assert (confirmed_now == fetched and (confirmed_first or "") < fetched) is confirmed
    if not confirmed:
        assert confirmed_now is None


def test_a_version_says_when_it_was_last_confirmed(twice):
    """The version's own date moves with the page's, however it was confirmed; a superseded one keeps its own."""
    sql = (
        "SELECT pages.last_confirmed = versions.last_confirmed FROM versions JOIN pages ON pages.version = versions.id"
    )
    with closing(sqlite3.connect(twice.db)) as corpus:
        assert {same for (same,) in corpus.execute(sql)} == {1}
        ended = corpus.execute(
            "SELECT count(*) FROM versions JOIN pages ON pages.id = versions.page"
            " WHERE pages.version != versions.id AND versions.last_confirmed < pages.last_confirmed"
        ).fetchone()
    assert ended == (1,)


def test_a_redirect_to_another_spelling_is_followed(tmp_path):
    """A site that adds its tracking parameter to every address: the page is read, under its own address, once."""

    def answer(url: str) -> Answer | None:
        if not url.endswith(("/", "/faq", "utm_source=site")):
            return None
        if "utm_source" not in url:
            return Answer(b"", 302, {"Location": f"{url}?utm_source=site"})
        return Answer(html(f"Ketamine {url}", prose(url), ["/faq"]))

    with serving(answer) as web:
        crawl(tmp_path / "c.db", seeds_file(tmp_path, f"{SITE}/"), web.proxy)
    result = rows(tmp_path / "c.db")
    assert {url: result[url][0] for url in (f"{SITE}/", f"{SITE}/faq")} == {f"{SITE}/": "new", f"{SITE}/faq": "new"}
    assert web.hits[f"{SITE}/faq"] == web.hits[f"{SITE}/faq?utm_source=site"] == 1
