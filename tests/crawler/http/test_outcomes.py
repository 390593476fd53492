"""What an answer, or the lack of one, means for a page."""

from __future__ import annotations

import pytest
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)

from crawler.http.guard import UnsafeAddress
from crawler.http.outcomes import of_answer, of_error, of_fetch, other_spelling, redirect_target
from crawler.http.robots import RobotsDisallowed, RobotsUnreachable
from pipelines.model.outcomes import FAILED, FETCHED, SKIPPED, Outcome
from pipelines.model.records import Fetch, Page

PAGE = b"<!-- x -->\n<!DOCTYPE HTML><html><p>Hello</p></html>"


def fetch(status: int = 200, body: bytes = PAGE, **headers: str) -> Fetch:
    """Make an answer; an underscore in a header's name stands for a hyphen."""
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Fetch("http://c.example/a/b", status, named, body)


def test_every_outcome_stands_in_one_box():
    """The funnel's boxes are disjoint and together hold the closed list."""
    assert set(Outcome) == FETCHED | SKIPPED | FAILED
    assert len(FETCHED) + len(SKIPPED) + len(FAILED) == len(Outcome)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        *((304, Outcome.NOT_MODIFIED), (404, Outcome.GONE), (410, Outcome.GONE), (429, Outcome.RATE_LIMITED)),
        *((401, Outcome.BLOCKED), (403, Outcome.BLOCKED), (406, Outcome.BLOCKED), (451, Outcome.BLOCKED)),
        *((400, Outcome.CLIENT_ERROR), (418, Outcome.CLIENT_ERROR), (204, Outcome.CLIENT_ERROR)),
        *((500, Outcome.SERVER_ERROR), (503, Outcome.SERVER_ERROR), (599, Outcome.SERVER_ERROR)),
        (206, Outcome.CLIENT_ERROR),
    ],
)
def test_a_status_decides(status, outcome):
    """An answer that is no page is never read as one, and the reason names it."""
    decided, reason = of_fetch(fetch(status))
    assert decided is outcome
    assert reason
    assert of_fetch(fetch(status), "sitemap") == (decided, reason)


@pytest.mark.parametrize(
    ("header", "body", "outcome"),
    [
        ("text/html", PAGE, None),
        ("TEXT/HTML; charset=x", PAGE, None),
        ("application/xhtml+xml", PAGE, None),
        ("application/ld+json", b"{}", None),
        ("application/octet-stream", PAGE, None),
        ("application/pdf", b"%PDF-1.4", Outcome.NOT_A_PAGE),
        ("image/png", b"\x89PNG", Outcome.NOT_A_PAGE),
        ("", PAGE, None),
        ("text/html", b"", Outcome.NO_TEXT),
    ],
)
def test_what_is_worth_reading(header, body, outcome):
    """A page is told by its type, or by its first bytes where the server does not know."""
    decided = of_fetch(fetch(200, body, Content_Type=header))
    assert (decided[0] if decided else None) is outcome


def test_a_sitemap_is_read_whatever_it_is_called():
    """Servers send sitemaps as anything."""
    assert of_fetch(fetch(200, b"\x1f\x8b", Content_Type="application/x-gzip"), "sitemap") is None


@pytest.mark.parametrize("header", ["cf_mitigated", "CF_Mitigated", "X_DataDome", "x_sucuri_block"])
def test_a_shield_is_told_from_the_site(header):
    """A bot wall that answers 503 or 404 says nothing about the page."""
    assert of_fetch(fetch(503, **{header: "1"}))[0] is Outcome.BLOCKED
    assert of_fetch(fetch(200, **{header: "1"})) is None


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/faq/#top", "http://c.example/faq/"),
        ("c", "http://c.example/a/c"),
        ("//www.c.example", "http://www.c.example/"),
        ("https://c.example/?utm_source=x", "https://c.example/"),
        ("/caf\xc3\xa9", "http://c.example/caf%C3%A9"),  # how UTF-8 bytes look as header text
        ("/caf\xe9", "http://c.example/caf%E9"),  # the bytes of the header, as in browsers (whatwg/fetch issue 883)
        ("mailto:a@c.example", "mailto:a@c.example"),
        ("http://[broken/", "http://[broken/"),
        ("", None),
        (None, None),
    ],
)
def test_where_a_redirect_leads(location, target):
    """Relative and unescaped addresses are resolved; what is no web address is given as it is."""
    headers = {} if location is None else {"Location": location}
    assert redirect_target(fetch(301, **headers)) == target


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_names_its_target(status):
    """A page that moved says where to; one that moved to nowhere is an error."""
    assert of_fetch(fetch(status, Location="/x")) == (Outcome.REDIRECTED, "moved to http://c.example/x")
    assert of_fetch(fetch(status))[0] is Outcome.CLIENT_ERROR


@pytest.mark.parametrize(
    ("error", "outcome", "word"),
    [
        (RobotsDisallowed("robots.txt disallows it"), Outcome.ROBOTS_DISALLOWED, "disallows"),
        (RobotsUnreachable("robots.txt answered 503"), Outcome.ROBOTS_UNREACHABLE, "503"),
        (UnsafeAddress("a loopback address"), Outcome.UNSAFE_ADDRESS, "loopback"),
        (DownloadTimeoutError(), Outcome.TIMED_OUT, "in time"),
        (ResponseDataLossError(), Outcome.TRUNCATED, "early"),
        (DownloadCancelledError(), Outcome.TOO_LARGE, "DOWNLOAD_MAXSIZE"),
        (CannotResolveHostError(), Outcome.UNREACHABLE, "no address"),
        (DownloadConnectionRefusedError(), Outcome.UNREACHABLE, "refused"),
        (RuntimeError("x"), Outcome.UNREACHABLE, "RuntimeError"),
    ],
)
def test_a_request_without_an_answer(error, outcome, word):
    """Each way to get no answer has its outcome and a reason in words."""
    decided, reason = of_error(error)
    assert decided is outcome
    assert word in reason


def test_a_host_that_is_down_is_unreachable_not_forbidden():
    """Where robots.txt could not be asked for because nobody answers, it is the host that is unreachable."""
    error = RobotsUnreachable("robots.txt was not read")
    error.__cause__ = CannotResolveHostError()
    assert of_error(error)[0] is Outcome.UNREACHABLE


@pytest.mark.parametrize(
    ("answered", "outcome"),
    [
        (None, Outcome.NOT_MODIFIED),
        ("unchanged", Outcome.NOT_MODIFIED),
        ("no text", Outcome.NO_TEXT),
        ("not a page", Outcome.NOT_A_PAGE),
    ],
)
def test_not_modified_means_as_it_was(answered, outcome):
    """A 304 to the ETag of an empty answer confirms no text: it says that there is still none."""
    page = Page(1, "http://c.example/a/b", 1, "c.example", answered=answered, etag='"x"')
    assert of_answer(page, fetch(304))[0] is outcome


def test_a_304_that_nothing_was_asked_for_confirms_nothing():
    """A page that was never answered has no validators: the server says nonsense, and the crawl goes on."""
    page = Page(1, "http://c.example/a/b", 1, "c.example")
    assert of_answer(page, fetch(304))[0] is Outcome.CLIENT_ERROR


@pytest.mark.parametrize(
    ("location", "other"),
    [
        ("/a/b?utm_source=x", "http://c.example/a/b?utm_source=x"),
        ("http://C.example:80/a/b#top", "http://C.example:80/a/b"),
        ("/a/b", None),
        ("/a/b#top", None),
        ("/a/c", None),
        ("", None),
    ],
)
def test_a_redirect_to_another_spelling_of_the_page(location, other):
    """What canonical addresses leave out is asked for as the site spells it; anything else is a move or a loop."""
    page = Page(1, "http://c.example/a/b", 1, "c.example")
    assert other_spelling(page, fetch(302, b"", Location=location)) == other
