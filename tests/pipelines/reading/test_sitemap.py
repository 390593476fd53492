"""Sitemaps as sites send them: indexes, text files, broken XML, and nothing of a stranger's entities."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.reading.sitemap import parse_sitemap

NAMESPACES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/image/1.1"'


def one(loc: str) -> bytes:
    """Write a sitemap of one entry."""
    return f"<?xml version='1.0'?><urlset {NAMESPACES}><url>{loc}</url></urlset>".encode()


@pytest.mark.parametrize(
    ("loc", "url"),
    [
        ("<loc>http://c.example/x</loc>", "http://c.example/x"),
        ("<loc>\n  http://c.example/x\n</loc>", "http://c.example/x"),
        ("<loc><![CDATA[http://c.example/?a=1&b=2]]></loc>", "http://c.example/?a=1&b=2"),
        ("<loc>http://c.example/?a=1&amp;b=2</loc>", "http://c.example/?a=1&b=2"),
        ("<loc>http://c.example/?a=1&b=2</loc>", "http://c.example/?a=1&b=2"),
        ("<loc>http://c.example/&#233;</loc>", "http://c.example/%C3%A9"),
        (
            "<image:image><image:loc>http://i.example/a</image:loc></image:image><loc>http://c.example/</loc>",
            "http://c.example/",
        ),
    ],
)
def test_an_entry_is_read_as_it_is_meant(loc, url):
    """White space, CDATA, escapes (forgotten ones too) and pictures beside the address do no harm."""
    assert parse_sitemap(one(loc)) == ([(url, None)], [])


def test_an_index_names_sitemaps():
    """An index leads to sitemaps; their dates are of no use to pages."""
    body = (
        "<sitemapindex><sitemap><loc>http://c.example/s1.xml.gz</loc><lastmod>2024</lastmod></sitemap></sitemapindex>"
    )
    assert parse_sitemap(body.encode()) == ([], ["http://c.example/s1.xml.gz"])


def test_dates_are_given_as_they_are_written():
    """A lastmod is a site's own word: it is compared, never parsed."""
    body = one("<loc>http://c.example/</loc><lastmod> 2024-05-01T10:00Z </lastmod>")
    assert parse_sitemap(body)[0] == [("http://c.example/", "2024-05-01T10:00Z")]


def test_a_text_sitemap():
    """A list of addresses is a sitemap too, with a byte order mark and Windows line ends."""
    body = b"\xef\xbb\xbfhttp://c.example/a\r\nhttps://c.example/b\r\n\r\nnot an address\r\n"
    assert [url for url, _ in parse_sitemap(body)[0]] == ["http://c.example/a", "https://c.example/b"]


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"<", b"<!", b"<?xml", b"\x00", b"<!-- nothing -->", b"<urlset/>", b"{}", b"\xff\xfe<\x00"),
        *(b"<urlset><url/></urlset>", b"<urlset><url><loc/></url></urlset>", b"<!doctype html><html><p>404</html>"),
    ],
)
def test_what_is_no_sitemap_is_empty(body):
    """An empty file, an error page and a torn one list nothing."""
    assert parse_sitemap(body) == ([], [])


@pytest.mark.parametrize("cut", [1, 10, 40])
def test_a_cut_sitemap_gives_what_it_has(cut):
    """The entries before the place where a file breaks off count."""
    body = b"<urlset><url><loc>http://c.example/a</loc></url><url><loc>http://c.example/b</loc></url></urlset>"
    assert parse_sitemap(body[:-cut])[0][0] == ("http://c.example/a", None)


def test_entities_of_a_stranger_are_not_read(tmp_path):
    """A sitemap cannot make us read a file of this machine, or grow without end."""
    (tmp_path / "secret").write_text("http://c.example/secret")
    laughs = '<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    head = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{tmp_path}/secret">{laughs}]>'
    pages, _ = parse_sitemap(f"{head}<urlset><url><loc>http://c.example/&e;&b;</loc></url></urlset>".encode())
    assert "secret" not in str(pages)
    assert "aaaa" not in str(pages)


def test_no_file_lists_more_than_the_protocol_allows():
    """What stands behind the 50,000th entry is left."""
    entries = b"".join(b"<url><loc>http://c.example/%d</loc></url>" % number for number in range(50_010))
    body = b"<urlset>" + entries + b"</urlset>"
    assert len(parse_sitemap(body)[0]) == 50_000


@given(
    st.one_of(st.binary(max_size=80), st.text(alphabet="<>/urlsetoc!-[]&;CDATA ?xm\"'", max_size=80).map(str.encode))
)
def test_no_bytes_make_it_raise(body):
    """Whatever a server sends in a sitemap's place: an answer, never an error."""
    pages, sitemaps = parse_sitemap(body)
    assert isinstance(pages, list)
    assert isinstance(sitemaps, list)
