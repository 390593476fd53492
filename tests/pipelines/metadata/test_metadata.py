"""What a page says about itself."""

from __future__ import annotations

import lxml.html
import pytest

from pipelines.metadata.page_metadata import language_tag, parse_metadata
from pipelines.metadata.titles import strip_site

URL = "https://www.cedarclinic.example/about/team/?x=1"


def read(head: str = "", body: str = "", url: str = URL, html: str = "<html>"):
    """Read the metadata of a small page."""
    return parse_metadata(
        lxml.html.document_fromstring(f"{html}<head>{head}</head><body>{body or '<p>x</p>'}</body></html>"), url
    )


def ld(data: str) -> str:
    """Put data into a JSON-LD block."""
    return f'<script type="application/ld+json">{data}</script>'


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>Our Team | Cedar Clinic</title>", "", "Our Team"),
        ("<title>Cedar Clinic - Our Team</title>", "", "Our Team"),
        ("<title>Our Team • Somebody Else</title>", "<h1>Our team</h1>", "Our Team"),
        (
            "<title>Ketamine vs Spravato - Which Is Best? | Cedar Clinic</title>",
            "",
            "Ketamine vs Spravato - Which Is Best?",
        ),
        (
            '<meta property="og:title" content="Dr. Marsh – Oak"><meta property="og:site_name" content="Oak">',
            "",
            "Dr. Marsh",
        ),
        ('<meta property="og:title" content="Cedar Clinic"><title>Fees – Cedar Clinic</title>', "", "Fees"),
        ("<title>Home</title>", "<h1>Relief in Dallas</h1>", "Relief in Dallas"),
        ("<title>Cedar Clinic</title>", "", "Cedar Clinic"),
        ("<title> </title>", "<h1>Only a headline</h1>", "Only a headline"),
        ("", "<svg><title>icon</title></svg>", None),
    ],
)
def test_title_is_the_page_s(head, body, title):
    """The title is the page's own, without the name of the site."""
    assert read(head, body).title == title


def test_title_keeps_a_dash_that_is_no_site():
    """A dash alone does not make a site's name."""
    assert strip_site("Before - and after", []) == "Before - and after"


@pytest.mark.parametrize(
    ("head", "body", "author"),
    [
        (ld('{"@type":"Article","author":{"@type":"Person","name":"Ana Cole"}}'), "", "Ana Cole"),
        (
            ld('[{"@type":"Article","author":{"@id":"#p"}},{"@type":"Person","@id":"#p","name":"Ray Olsen"}]'),
            "",
            "Ray Olsen",
        ),
        ('<meta name="author" content="By Helen Marsh">', "", "Helen Marsh"),
        ('<meta name="author" content="admin">', "", None),
        (
            '<meta property="article:author" content="https://face.example/x">',
            '<a rel="author" href="/a">Jo Lind</a>',
            "Jo Lind",
        ),
    ],
)
def test_author(head, body, author):
    """Authors are people, wherever they are named."""
    assert read(head, body).author == author


def test_links_are_absolute_once_and_in_order():
    """Links are web addresses in page order, without fragments, repeats and other schemes."""
    hrefs = ["/faq", "b.html#x", "//cdn.example/y", "mailto:a@b.example", "tel:1", "javascript:x()", "data:,x", "#top",
             "https://o.example", "/faq#2",
             "http://[bad", "ftp://f.example/", "../up?q=1#z", " /space ", None]  # fmt: skip
    body = "".join("<a>no</a>" if href is None else f'<a href="{href}">x</a>' for href in hrefs)
    base = "https://www.cedarclinic.example"
    assert read(body=body).links == (
        f"{base}/faq", f"{base}/about/team/b.html", "https://cdn.example/y", "https://o.example",
        f"{base}/about/up?q=1", f"{base}/space",
    )  # fmt: skip


def test_base_moves_relative_links():
    """A base element counts for links and canonical URL."""
    found = read('<base href="/app/"><link rel="canonical" href="page">', '<a href="x">x</a>')
    assert (found.links, found.canonical_url) == (
        ("https://www.cedarclinic.example/app/x",),
        "https://www.cedarclinic.example/app/page",
    )


@pytest.mark.parametrize("href", ["javascript:alert(1)", "", "#", "data:text/html,x"])
def test_canonical_is_a_web_address(href):
    """What is no web address is no canonical URL."""
    assert read(f'<link rel="canonical" href="{href}">').canonical_url is None


@pytest.mark.parametrize(
    ("written", "tag"),
    [("en_US", "en-US"), ("ES", "es"), ("pt-br", "pt-BR"), ("", None), ("english!", None), (None, None)],
)
def test_language_tag(written, tag):
    """Language tags come out in one form."""
    assert language_tag(written) == tag


def test_language_places():
    """The html element is asked first, then the meta elements."""
    assert read('<meta property="og:locale" content="es_MX">').language == "es-MX"
    assert read('<meta property="og:locale" content="es_MX">', html='<html lang="en">').language == "en"


@pytest.mark.parametrize(
    ("head", "flags"),
    [
        ('<meta name="robots" content="NOINDEX, follow">', (True, False, False, False)),
        ('<meta name="ROBOTS" content="none">', (True, False, True, False)),
        (
            '<meta name="robots" content="index"><meta name="googlebot" content="noarchive">',
            (False, True, False, False),
        ),
        ('<meta name="tdm-reservation" content="1">', (False, False, False, True)),
        ('<meta name="robots" content="max-image-preview:large">', (False, False, False, False)),
    ],
)
def test_robots_wishes(head, flags):
    """What a page asks of crawlers is kept: noindex, noarchive, nofollow, text and data mining reserved."""
    found = read(head)
    assert (found.noindex, found.noarchive, found.nofollow, found.tdm_reserved) == flags


def test_faq_answers_are_told():
    """Questions and answers that only JSON-LD holds are part of what a page says, as plain text."""
    answer = '{"@type":"Answer","text":"<p>Mostly&nbsp;yes.</p><p>Ask.</p>"}'
    question = f'{{"@type":"Question","name":"Is it safe?","acceptedAnswer":{answer}}}'
    assert read(ld(f'{{"@type":"FAQPage","mainEntity":[{question}]}}')).structured == "Is it safe?\nMostly yes. Ask."


@pytest.mark.parametrize(
    "block",
    [
        "", "{", "null", "[[[[", '{"@type": 7, "author": [[]], "name": {"a": 1}}', "[" * 50_000, '{"a":' * 5_000,
        '{"@type":"Article","author":[null],"headline":["x"]}', '{"@graph": "x"}',
    ],
)  # fmt: skip
def test_broken_json_ld_is_survived(block):
    """Whatever stands in a JSON-LD block, the rest of the page is read."""
    assert read(f"<title>Fees</title>{ld(block)}").title == "Fees"


@pytest.mark.parametrize(
    "page",
    [
        "<a>",
        "<p>x",
        "<html></html>",
        "<body><h1></h1>",
        "<div>" * 3_000,
        "<time><time datetime=''>",
        "<meta content=x><link rel>",
    ],
)
def test_odd_pages_are_survived(page):
    """Fragments, empty and deep pages give metadata without an error."""
    assert parse_metadata(lxml.html.fromstring(page), "https://a.example/").links == ()


def test_plain_elements_do():
    """Trees of plain lxml elements are read like those of lxml.html."""
    parser = lxml.etree.HTMLParser()
    parser.set_element_class_lookup(lxml.etree.ElementDefaultClassLookup())
    tree = lxml.etree.fromstring("<html><title>Fees</title><h1>Fees</h1><footer>x</footer></html>", parser)
    assert parse_metadata(tree, "https://a.example/").title == "Fees"
