"""A worker's job: a body as it was sent in, a reading and the site's own links out."""

from __future__ import annotations

import gzip

import pytest

from pipelines.jobs import ReadJob, ReadResult, links_on_site, run, run_batch
from pipelines.model.outcomes import Outcome
from pipelines.model.records import Found
from tests.support.web import html, prose

HOME = "http://a.example/"
HOSTS = frozenset({"a.example"})
SITEMAP = b"<urlset><url><loc>http://a.example/x</loc><lastmod>2024</lastmod></url></urlset>"


def page_job(body: bytes, **fields) -> ReadJob:
    """Make the job of a page."""
    return ReadJob(HOME, body, "text/html; charset=utf-8", hosts=HOSTS, **fields)


def test_a_page_is_read_with_its_links():
    """Text, digest, and the links that stay on the site."""
    result = run(page_job(html("Ketamine", prose(1), ["/faq", "http://other.example/", "mailto:a@a.example"])))
    assert "etamine" in result.reading.text
    assert result.found == (Found(f"{HOME}faq"),)
    assert result.visible_hash
    assert result.outcome is None


def test_the_same_page_in_another_dress_is_not_read_again():
    """A nonce changes the bytes, not what is seen: the hash says so, and nothing else is worked out."""
    body = html("Ketamine", prose(1)).replace(b"</head>", b"<script nonce=1>const t = 1</script></head>")
    known = run(page_job(body)).visible_hash
    result = run(page_job(body.replace(b"1", b"2", 2), known_hash=known))
    assert (result.outcome, result.reading, result.visible_hash) == (Outcome.UNCHANGED, None, known)


def test_nofollow_leads_nowhere():
    """A page that asks not to follow its links is read, its links are left."""
    body = html("Ketamine", prose(1), ["/faq"]).replace(b"</head>", b"<meta name=robots content=nofollow></head>")
    assert run(page_job(body)).found == ()


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (SITEMAP, None),
        (gzip.compress(SITEMAP, mtime=0), None),
        (gzip.compress(SITEMAP, mtime=0), "gzip"),
        (gzip.compress(gzip.compress(SITEMAP, mtime=0), mtime=0), "gzip"),
    ],
)
def test_a_sitemap_in_every_packing(body, encoding):
    """Plain, a .gz file, compressed in transfer, or both."""
    result = run(ReadJob(f"{HOME}sitemap.xml", body, None, encoding, kind="sitemap", hosts=HOSTS))
    assert result.found == (Found(f"{HOME}x", how="sitemap", lastmod="2024"),)


@pytest.mark.parametrize(
    ("job", "outcome"),
    [
        (page_job(gzip.compress(html("K", prose(1)))[:-9], content_encoding="gzip"), Outcome.TRUNCATED),
        (page_job(b"<p>not packed</p>", content_encoding="gzip"), Outcome.UNREADABLE),
        (page_job(gzip.compress(b" " * 10_000_001), content_encoding="gzip"), Outcome.TOO_LARGE),
        (ReadJob(f"{HOME}s.xml.gz", gzip.compress(SITEMAP)[:-9], kind="sitemap"), Outcome.TRUNCATED),
        (ReadJob(f"{HOME}s.xml.gz", gzip.compress(b" " * 10_000_001), kind="sitemap"), Outcome.TOO_LARGE),
    ],
)
def test_a_damaged_body_is_no_page(job, outcome):
    """What was cut short, mislabelled or a bomb has its outcome and a reason; nothing of it is read."""
    result = run(job)
    assert (result.outcome, result.reading, result.found) == (outcome, None, ())
    assert result.reason


def test_a_batch_keeps_its_order():
    """Each job has its own result, in order."""
    results = run_batch([page_job(html(f"Title {number}", prose(number))) for number in range(3)])
    assert [result.reading.title for result in results] == ["Title 0", "Title 1", "Title 2"]
    assert all(isinstance(result, ReadResult) for result in results)


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("http://www.a.example/x", Found("http://www.a.example/x")),
        ("http://a.example:8080/x", Found("http://a.example:8080/x")),
        ("http://a.example/x#y", Found("http://a.example/x")),
        ("http://a.example/x?utm_source=1", Found("http://a.example/x", raw="http://a.example/x?utm_source=1")),
        (
            "http://a.example/f.pdf?v=1",
            Found("http://a.example/f.pdf?v=1", skip=Outcome.NOT_A_PAGE, reason="a file by its name, not a page"),
        ),
        ("http://a.example.evil.example/", None),
        ("http://blog.a.example/", None),
        ("ftp://a.example/", None),
        ("", None),
    ],
)
def test_what_lies_on_the_site(url, kept):
    """The site's hosts with and without www; files are on record, other sites are not."""
    assert links_on_site([Found(url), Found(url)], HOSTS) == ([kept] if kept else [])


def test_the_entries_of_a_feed_are_found_with_their_dates():
    """RSS and Atom: each entry's page, with the date that says whether it is news; other sites are left out."""
    rss = (
        f"<rss><channel><item><title>Ketamine</title><link>{HOME}a</link>"
        "<pubDate>Sun, 01 Mar 2026 09:00:00 GMT</pubDate></item>"
        "<item><title>Away</title><link>http://elsewhere.example/</link></item></channel></rss>"
    )
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Ketamine</title><link href="/b"/>'
        "<published>2026-01-01T00:00:00Z</published><updated>2026-03-02T00:00:00Z</updated></entry></feed>"
    )
    for body, path, date in ((rss, "a", "Sun, 01 Mar 2026 09:00:00 GMT"), (atom, "b", "2026-03-02T00:00:00Z")):
        result = run(ReadJob(f"{HOME}feed/", body.encode(), "application/xml", hosts=HOSTS))
        assert [(one.url, one.how, one.lastmod) for one in result.found] == [(f"{HOME}{path}", "feed", date)]


@pytest.mark.parametrize(("feeds", "found"), [(True, [f"{HOME}feed/"]), (False, [])])
def test_the_feeds_of_an_entry_page_are_found(feeds, found):
    """Only a site's entry page is asked for its feeds, and never for those of comments."""
    head = "".join(
        f'<link rel="alternate" type="application/rss+xml" title="{title}" href="{href}">'
        for title, href in (("News", "/feed/"), ("Comments", "/comments/feed/"))
    )
    body = f"<html><head>{head}<title>x</title></head><body><p>Ketamine is given slowly.</p></body></html>".encode()
    assert [one.url for one in run(ReadJob(HOME, body, "text/html", hosts=HOSTS, follow_feeds=feeds)).found] == found
