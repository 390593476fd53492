"""What checks from outside call answers, on inputs of our own; that it has every name which those checks call."""

from __future__ import annotations

import re
import subprocess

import pytest

from tests.cases import adapter
from tests.support.command import ROOT, SHARED, environment
from tests.support.made_corpus import ABOUT, HOST, corpus_of, crawl_texts

HOME = f"http://{HOST}/"
PAGE = f"""<!doctype html><html lang="en"><head><title>Ketamine for pain</title>
<meta name="description" content="What an infusion is like."><meta name="author" content="Ada Moss"></head>
<body><nav><a href="/fees/">Fees</a></nav><main><h1>Ketamine for pain</h1><p>{ABOUT}</p><a href="/team/">Our team</a>
</main></body></html>""".encode()


@pytest.fixture
def corpus(tmp_path):
    """Crawl two pages twice; one of them is edited in between."""
    texts = {"/": f"Ketamine clinic\n{ABOUT}", "/fees/": "Fees\nA ketamine infusion costs 400 dollars a visit."}
    path = tmp_path / "c.db"
    with corpus_of(path, texts) as db:
        crawl_texts(db, path, texts | {"/fees/": texts["/fees/"].replace("400", "500")})
    return path


def test_a_page_is_read():
    """The main text, the title and the author are there, and everything holds the description too."""
    reading = adapter.read(PAGE, HOME, "text/html; charset=utf-8")
    assert (reading.title, reading.author, reading.language) == ("Ketamine for pain", "Ada Moss", "en")
    assert ABOUT in reading.text
    assert ABOUT in adapter.visible_text(reading)
    assert "What an infusion is like." in adapter.all_text(reading)
    assert "Fees" in adapter.all_text(reading)


@pytest.mark.parametrize("hosts", [HOST, [HOST]])
def test_a_page_leads_on(hosts):
    """A page gives its reading and the links within its site; one host may stand without a list."""
    outcome, reading, found = adapter.read_job(HOME, PAGE, "text/html", "page", hosts)
    assert outcome is None
    assert ABOUT in reading.text
    assert found == [f"{HOME}fees/", f"{HOME}team/"]


def test_a_sitemap_leads_on():
    """A sitemap gives its addresses and no text."""
    sitemap = f"<urlset><url><loc>{HOME}a/</loc></url></urlset>".encode()
    _, reading, found = adapter.read_job(f"{HOME}sitemap.xml", sitemap, "application/xml", "sitemap", HOST)
    assert not (reading and reading.text)
    assert found == [f"{HOME}a/"]


def test_robots_are_parsed_with_and_without_a_status():
    """The body alone is an answer with status 200; a server error allows nothing."""
    body = b"User-agent: *\nDisallow: /private/\nCrawl-delay: 3\n"
    for parsed in (adapter.parse_robots(body), adapter.parse_robots(200, body)):
        assert parsed.allows(HOME)
        assert not parsed.allows(f"{HOME}private/x")
        assert parsed.crawl_delay == 3
    assert not adapter.parse_robots(503, b"").allows(HOME)


def test_links_are_known_by_their_address():
    """A relative link is resolved and its fragment dropped; what is no web page has no address."""
    assert adapter.known_url(f"{HOME}a/", "../b/?utm_source=x#top") == f"{HOME}b/"
    assert adapter.known_url(HOME, "mailto:desk@clinic.example") is None


def test_seeds_are_loaded_in_order(tmp_path):
    """The addresses stand as the file has them."""
    (tmp_path / "seeds.csv").write_text("url\nhttp://b.example/\nhttp://a.example/\n")
    assert adapter.load_seeds(tmp_path / "seeds.csv") == ["http://b.example/", "http://a.example/"]


def test_the_command_line_starts():
    """``crawl_argv`` is the crawl of this checkout: its help names the options that are frozen."""
    done = subprocess.run(
        [*adapter.crawl_argv(), "--help"], cwd=ROOT, env=environment(), capture_output=True, text=True, check=True
    )
    assert all(option in done.stdout for option in ("--seeds", "--db", "--all", "--site", "-s"))


def test_a_crawl_is_told(corpus):
    """Outcome, text and edit of each URL are read out of the corpus."""
    facts = adapter.crawl_facts(corpus, 2)
    assert facts[f"{HOME}fees/"] == ("changed", True, True)
    assert facts[HOME] == ("unchanged", True, False)
    assert adapter.crawl_facts(corpus, 1)[f"{HOME}trap/"] == ("trap", False, False)
    assert adapter.edited(corpus, 2) == {f"{HOME}fees/"}
    assert adapter.pages_with_text(corpus, "%fees%") == {f"{HOME}fees/"}
    assert adapter.outcome(corpus, HOME, 1) == "new"
    assert adapter.outcome(corpus, f"{HOME}unknown/", 1) is None


def test_an_archived_record_is_found(corpus):
    """The record of the first capture holds the body as it was sent."""
    record = adapter.archived_record(corpus, f"{HOME}fees/")
    assert record.startswith(b"WARC/1.")
    assert b"400 dollars" in record


def test_the_product_is_scored(corpus):
    """Candidates, readings and changes come in the shape in which they are scored."""
    product = adapter.Product(ROOT)
    text = "Please note: ketamine can push up your blood pressure during a visit."
    ((start, end),) = [at for code, value, *at in product.candidates(text) if (code, value) == ("K4", "bp_cardiac")]
    assert "blood pressure" in text[start:end]
    page = product.read(PAGE, HOME)
    assert page["verdict"] == "on topic"
    assert page["text"] in page["everything"]
    assert {"title", "type", "published", "facts"} < page.keys()
    changes, urls = product.told(corpus)
    assert [(row["crawl"], row["url"], row["kind"]) for row in changes] == [(2, f"{HOME}fees/", "edited")]
    assert HOME in urls


@pytest.mark.parametrize(
    ("script", "pattern", "target"),
    [
        ("cases/run_cases.py", r"\badapter\.(\w+)\(", adapter),
        ("real-clinics/score/score.py", r"\bp\.(\w+)\((?!\))", adapter.Product),  # p.open() is a path's
    ],
)
def test_every_name_that_is_called_is_there(script, pattern, target):
    """The scripts that check from outside call nothing that is missing here."""
    path = SHARED / script
    if not path.exists():
        pytest.skip(f"the scripts that check from outside are not beside this checkout: {script}")
    called = set(re.findall(pattern, path.read_text()))
    assert called
    assert [name for name in sorted(called) if not hasattr(target, name)] == []
