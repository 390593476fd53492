"""Feeds name their entries in many ways, and each is a page."""

from __future__ import annotations

import pytest

from pipelines.reading.feeds import feed_entries
from pipelines.reading.sitemap import next_place, parse_sitemap

FEED = "https://cedar.example/news/feed.xml"
ATOM = 'xmlns="http://www.w3.org/2005/Atom"'
PAIN = ["https://cedar.example/pain/"]


@pytest.mark.parametrize(
    "feed",
    [
        "<rss><channel><item><link>https://cedar.example/pain/</link></item></channel></rss>",
        "<rss><channel><item><link> /pain/ </link></item></channel></rss>",
        "<rss><item><link><![CDATA[https://cedar.example/pain/]]></link></item></rss>",
        "<rss><item><guid>https://cedar.example/pain/</guid></item></rss>",
        '<rss><item><guid isPermaLink="true">https://cedar.example/pain/</guid></item></rss>',
        f'<rss><item><link>https://cedar.example/pain/</link><link {ATOM} rel="self" href="/other/"/></item></rss>',
        f'<feed {ATOM}><entry><link rel="self" href="/x"/><link rel="alternate" href="/pain/"/></entry></feed>',
        f'<feed {ATOM}><entry><link type="a/pdf" href="/x"/><link type="text/html" href="/pain/"/></entry></feed>',
        f'<feed {ATOM} xml:base="https://cedar.example/"><entry xml:base="pain/"><link href="./"/></entry></feed>',
        f"<feed {ATOM}><entry><id>https://cedar.example/pain/</id></entry></feed>",
        "<b>Warning</b>: old call in x.php <br />\n<rss><item><title>A & B</title><link>/pain/</link></item></rss>",
        '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><item r:about="/pain/"/></r:RDF>',
    ],
)
def test_an_entry_names_its_page(feed):
    """By its link, else by what stands for one."""
    assert [entry.url for entry in feed_entries(feed.encode(), FEED)] == PAIN
    assert [entry.url for entry in parse_sitemap(feed.encode(), FEED).pages] == PAIN


@pytest.mark.parametrize(
    "feed",
    [
        '<rss><item><guid isPermaLink="false">https://cedar.example/?p=12</guid></item></rss>',
        "<rss><item><guid>urn:uuid:12</guid></item></rss>",
        f"<feed {ATOM}><entry><id>tag:cedar.example,2026:1</id></entry></feed>",
    ],
)
def test_an_identifier_is_no_page(feed):
    """Only an address that is meant as one leads anywhere."""
    assert feed_entries(feed.encode(), FEED) == []


MAP = "https://cedar.example/maps/sitemap.xml"


@pytest.mark.parametrize(
    ("body", "pages"),
    [
        ("<urlset><url><loc>/pain/</loc></url></urlset>", PAIN),
        ("<urlset><url><loc>cedar.example/pain/</loc></url></urlset>", PAIN),
        ("<urlset><url><loc>//cedar.example/pain/</loc></url></urlset>", PAIN),
        ("<urlset><url><loc>\n https://cedar.example/<!-- x -->pain/ </loc></url></urlset>", PAIN),
        ("<urlset><url><loc><![CDATA[https://cedar.example/pain/]]></loc></url></urlset>", PAIN),
        ("<urlset><url><loc>https://cedar.example/?a=1&b=2</loc></url></urlset>", ["https://cedar.example/?a=1&b=2"]),
        (
            '<s:urlset xmlns:s="s"><s:url><s:loc>/pain/</s:loc></s:url></s:urlset>',
            PAIN,
        ),
        (
            '<urlset xmlns:i="i"><url><i:loc>/a</i:loc><loc>/pain/</loc><i:x><i:loc>/b</i:loc></i:x></url></urlset>',
            PAIN,
        ),
        (
            '<urlset xmlns:x="x"><url><loc>/pain/</loc><x:link hreflang="es" href="/dolor/"/></url></urlset>',
            [*PAIN, "https://cedar.example/dolor/"],
        ),
        ("\n\n <?xml version='1.0'?><urlset><url><loc>/pain/</loc></url></urlset>", PAIN),
        (
            "<br />\n<b>Deprecated</b>: f() <br />\n<?xml version='1.0'?><urlset><url><loc>/pain/</loc></url></urlset>",
            PAIN,
        ),
        ("https://cedar.example/pain/\n# a remark\n/pain/\n", PAIN),
        ("<html><body><a href='https://cedar.example/pain/'>x</a></body></html>", []),
        ("", []),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_sitemap_is_read_as_it_is_written(body, pages, encoding):
    """With warnings before it, without hosts, with comments, in any encoding."""
    assert [entry.url for entry in parse_sitemap(body.encode(encoding), MAP).pages] == pages


def test_the_usual_places_are_tried_in_turn():
    """Each once, and nothing after the last."""
    tried = ["https://cedar.example/sitemap.xml"]
    while place := next_place(tried[-1]):
        tried.append(place)
    assert [url.rpartition("/")[2] for url in tried] == [
        "sitemap.xml", "sitemap_index.xml", "sitemap-index.xml", "wp-sitemap.xml",
    ]  # fmt: skip
