"""``clinicwatch explain``: what was read from one page, and why."""

from __future__ import annotations

import pytest

from tests.support.command import clinicwatch, crawl, seeds_file
from tests.support.web import Answer, html, prose, serving

PAGE = b"""<html lang="en"><head><title>Fees | Cedar Ketamine</title>
<meta property="article:published_time" content="2024-03-01T08:00:00Z">
<script type="application/ld+json">
{"@type": "MedicalClinic", "name": "Cedar Ketamine", "telephone": "(512) 555-0100"}</script>
</head><body><nav><a href="/">Home</a> <a href="/faq/">Questions</a></nav><main><h1>Fees</h1>
<p>A ketamine infusion at our clinic costs 450 dollars, and a series of six infusions costs 2,400 dollars.</p>
<p>Insurance rarely pays for ketamine treatment; we hand every patient an itemised bill after the session.</p>
<p>Share this:</p></main><footer>Copyright 2019 Cedar Ketamine</footer></body></html>"""


@pytest.fixture
def explained(tmp_path):
    """Explain a saved page."""
    (tmp_path / "page.html").write_bytes(PAGE)
    done = clinicwatch("explain", tmp_path / "page.html", "--url", "http://cedar.example/fees/")
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "words",
    [
        "title        Fees",
        "2024-03-01",
        "(from meta)",
        "+1-512-555-0100",
        "page type: price",
        "topic: ",
        "main text (2 lines)",
        "costs 450 dollars",
        "Share this:",
    ],
)
def test_it_says(explained, words):
    """Title, dates with their place, the advertiser, type, topic and the lines of each place are told."""
    assert words in explained


def test_a_footer_year_is_no_date(explained):
    """The year of a copyright line is not among the dates."""
    dates = explained.partition("dates that the page states")[2].partition("\n\n")[0]
    assert "2019" not in dates


def test_a_page_of_no_known_type_says_so(tmp_path):
    """A page that shows no sign of any type is told to be "other", not passed over."""
    (tmp_path / "page.html").write_bytes(html("Walks", ["Three walks start at the old bridge; each takes half a day."]))
    result = clinicwatch("explain", tmp_path / "page.html", "--url", "http://cedar.example/walks/long/").stdout
    assert "page type: other\n  no sign" in result


def test_a_page_of_the_corpus(tmp_path):
    """A page of the corpus is explained from its stored bytes; nothing is fetched."""
    with serving(lambda url: Answer(html("Ketamine", prose(1))) if url.endswith(".example/") else None) as web:
        crawl(tmp_path / "c.db", seeds_file(tmp_path, "http://one.example/"), web.proxy)
    done = clinicwatch("explain", "http://one.example/", "--db", tmp_path / "c.db")
    assert done.returncode == 0
    assert "title        Ketamine" in done.stdout


@pytest.mark.parametrize(("target", "code"), [("no-such-file.html", 2), ("http://nowhere.example/", 1)])
def test_what_is_not_there(tmp_path, target, code):
    """A file that is missing, or a page that was never crawled, is told in one line."""
    with serving(lambda url: Answer(b"") if url.endswith(".example/") else None) as web:
        crawl(tmp_path / "c.db", seeds_file(tmp_path, "http://one.example/"), web.proxy)
    done = clinicwatch("explain", target, "--db", tmp_path / "c.db")
    assert (done.returncode, done.stderr.count("\n")) == (code, 1)
