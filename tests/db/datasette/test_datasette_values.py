"""What the pages are made of: queries, blocks, links and marks, each a value of a value."""

from __future__ import annotations

import gzip

import pytest

from db.datasette.archive import charset_of, inflated
from db.datasette.crawls import funnel_boxes
from db.datasette.formatting import is_web_address, moment, snippet, weblink
from db.datasette.search import match_query
from db.datasette.text_layout import blocks_of
from tests.support.browser import IMAGE, JAVASCRIPT


@pytest.mark.parametrize(
    ("typed", "match"),
    [
        ("rapid relief", '"rapid" "relief"'),
        ('"rapid relief', '"rapid relief"'),
        ("bladder OR cystitis", '"bladder" OR "cystitis"'),
        ("infus* -cat", '("infus"*) NOT ("cat")'),
        ("title:x AND y", '"title:x" "AND" "y"'),
        ("-cat", ""),
        ("!!! *", ""),
    ],
)
def test_what_is_typed_becomes_a_query(typed, match):
    """Words, phrases, beginnings and exclusions are understood, everything else is a word."""
    assert match_query(typed) == match


@pytest.mark.parametrize(
    "url",
    [JAVASCRIPT, "JavaScript:x", "data:text/html,x", "vbscript:x", "//host/x", "/x", "http:", "https://", "http://[::1",
     "java\nscript:x", "http://a.example/ x", "file:///etc/passwd", "http:\\\\a.example", IMAGE, None, 5],
)  # fmt: skip
def test_only_web_addresses_become_links(url):
    """Everything but http and https with a host is shown as words."""
    assert not is_web_address(url)
    assert "<a " not in weblink(url)


def test_snippets_escape_what_they_mark():
    """A hit inside of a site's own markup stays words."""
    assert snippet("<b>\x02hit\x03 \x02") == "&lt;b&gt;<mark>hit</mark> <mark></mark>"


def test_words_that_are_no_list_stay_paragraphs():
    """One short line alone is no list; marks of items go."""
    kinds = [(block.kind, len(block.lines)) for block in blocks_of("A. B.\nshort\nLong one.\n- one\n- two\n| a | b |")]
    assert kinds == [("paragraph", 1), ("paragraph", 1), ("paragraph", 1), ("list", 2), ("table", 1)]


def test_a_bomb_is_cut_and_a_broken_body_is_shown_as_it_is():
    """What inflates without end stops at the limit."""
    assert len(inflated(gzip.compress(bytes(50_000_000)), "gzip")) <= 10_000_001
    assert inflated(b"no gzip", "gzip") == b"no gzip"
    assert inflated(b"x", "compress") == b"x"
    assert charset_of("text/html", b'<meta charset="windows-1252">') == "windows-1252"


def test_an_unknown_time_is_shown_as_it_stands():
    """What is no time is not made one."""
    assert moment("2026-13-45") == "2026-13-45"
    assert moment(None) == ""
    assert funnel_boxes({}) == []
