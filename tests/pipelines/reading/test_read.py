# ruff: noqa: E501  # texts stand as they are read
"""What a reader of the corpus would notice about one page's Reading."""

from __future__ import annotations

import pickle

import pytest

from pipelines.reading.read import READER, read, visible_hash

URL = "https://cedar-ketamine.example/blog/what-to-expect/"
PARAGRAPHS = (
    "Ketamine works on glutamate, the brain's most common messenger, and many people ask how soon they may notice a change.",
    "Our nurses stay in the room for the whole infusion, which takes about forty minutes, and measure blood pressure often.",
    "We ask each person to bring someone who drives them home, because judgement may be slow for the rest of the day.",
)
PAGE = f"""<!doctype html><html lang="en"><head><title>What to expect | Cedar Ketamine</title>
<meta name="description" content="A first visit, step by step."></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/about/">About us</a></li></ul></nav>
<main><article><h1>What to expect</h1>{"".join(f"<p>{each}</p>" for each in PARAGRAPHS)}</article></main>
<footer><p>Copyright 2024 Cedar Ketamine</p></footer><script>var nonce = "8f3a"</script></body></html>"""


def test_main_text_is_the_paragraphs_a_line_each() -> None:
    """A post is its paragraphs, without menu, headline and footer."""
    assert read(PAGE.encode(), URL).text.split("\n") == list(PARAGRAPHS)


def test_metadata_travel_with_the_text() -> None:
    """Title, language, description and links stand beside the text."""
    reading = read(PAGE.encode(), URL)
    assert (reading.title, reading.language) == ("What to expect", "en")
    assert reading.description == "A first visit, step by step."
    assert reading.links == ("https://cedar-ketamine.example/", "https://cedar-ketamine.example/about/")


def test_words_are_those_of_the_text() -> None:
    """The count is of the main text alone."""
    reading = read(PAGE.encode(), URL)
    assert reading.words == sum(len(line.replace("'", " ").split()) for line in PARAGRAPHS)


def test_places_name_where_lines_stand() -> None:
    """The menu and the footer are chrome, the paragraphs are main text."""
    places = {block.text: block.region for block in read(PAGE.encode(), URL).blocks}
    assert places["About us"] == places["Copyright 2024 Cedar Ketamine"] == "chrome"
    assert {places[line] for line in PARAGRAPHS} == {"main"}


@pytest.mark.parametrize(
    ("encoding", "content_type"),
    [
        ("latin-1", "text/html; charset=iso-8859-1"),
        ("utf-8", "text/html; charset=iso-8859-1"),
        ("utf-8-sig", "text/html"),
        ("utf-16", None),
        ("utf-16-le", None),
        ("cp1252", None),
        ("shift_jis", "text/html; charset=Shift_JIS"),
    ],
)
def test_encodings_are_read_as_a_browser_does(encoding: str, content_type: str | None) -> None:
    """Letters beyond ASCII survive, declared, marked or detected."""
    word = "日本語" if encoding == "shift_jis" else "café crème brûlée déjà été"
    html = f"<html><body><p>{word} {PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]} {word}</p></body></html>"
    assert word in read(html.encode(encoding), URL, content_type).text


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   \n",
        b"\0\0\0\0",
        b"just text",
        b"<",
        b"<html>",
        bytes(range(256)) * 40,
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3 1 0 obj",
        b"<div>" * 200_000 + b"deep" + b"</div>" * 200_000,
        b"<b><i>" * 50_000 + b"deep",
        b"<p " + b" ".join(b"a%d=1" % number for number in range(200_000)) + b">text",
        b"<!-- " * 5_000,
        b"<table>" * 3_000 + b"<tr><td>cell",
        b'{"content": {"rendered": "<p>Half',
        b"[" * 100_000,
        b"<?xml version='1.0'?><rss><channel><item><title>cut",
        b'<html lang="\xff\xfe"><meta charset="nonsense"><p>\xed\xa0\x80 lone surrogate</p>',
        b"<p>&#xD800; &#0; &#x1F; reference</p>",
        b"<script>" + b"a" * 1_000_000,
        "<p>\ud800</p>".encode("utf-8", "surrogatepass"),
    ],
)
def test_nothing_that_a_server_sends_raises(body: bytes) -> None:
    """Whatever comes is a Reading whose text can be stored, and has a digest."""
    reading = read(body, "http://x.example/", "text/html")
    everything = pickle.dumps(reading) and "\n".join([reading.text, reading.title or "", reading.other_text])
    everything.encode("utf-8")
    assert "\0" not in everything
    assert visible_hash(body)


@pytest.mark.parametrize(
    ("body", "links"),
    [
        ("", ()),
        ("<body></body>", ()),
        ("<body> &nbsp; \u200b<style>p {}</style></body>", ()),
        ('<body><a href="/book/"><img src="a.jpg" alt=""></a><img src="b.jpg"></body>', ("/book/",)),
        ('<body><map><area href="/north/"><area href="/south/"></map></body>', ("/north/", "/south/")),
        ('<body><script>show("text")</script><a href="/book/"></a><script src="x.js"></script></body>', ("/book/",)),
        ('<frameset cols="20%,*"><frame src="/menu.htm"><frame src="main.htm"></frameset>', ("/menu.htm", "/main.htm")),
        ('<body><iframe src="https://booking.example/"></iframe></body>', ()),
        ('<body><div id="root"></div><noscript><img src="https://tracker.example/p.gif"></noscript></body>', ()),
    ],
)
def test_a_page_without_visible_text_is_read_all_the_same(body: str, links: tuple[str, ...]) -> None:
    """Its title, its links and what it asks of robots are there, and its text is empty."""
    head = '<title>Book a visit</title><meta name="robots" content="noindex, nofollow">'
    reading = read(f'<html lang="en"><head>{head}</head>{body}</html>'.encode(), "https://cedar.example/")
    assert (reading.title, reading.language, reading.text, reading.words) == ("Book a visit", "en", "", 0)
    assert reading.links == tuple(f"https://cedar.example{path}" for path in links)
    assert (reading.noindex, reading.nofollow) == (True, True)
    assert not reading.blocks


def test_ten_megabytes_are_read_in_bounded_time() -> None:
    """A page of 600,000 paragraphs is an odd page, not a lost worker."""
    reading = read(b"<p>one more line</p>" * 400_000, URL)
    assert reading.words > 0


def test_a_rest_answer_is_read_as_its_text() -> None:
    """WordPress JSON gives its post, and the kind says that it is no page."""
    body = b'{"id": 7, "title": {"rendered": "Our visit"}, "content": {"rendered": "<p>Bring a <b>driver</b>.</p>\\n"}}'
    reading = read(body, URL, "application/json")
    assert (reading.title, reading.text, reading.page_type) == ("Our visit", "Bring a driver.", "feed")


def test_a_feed_is_read_as_its_entries() -> None:
    """RSS gives titles and texts of its items."""
    body = (
        b'<?xml version="1.0"?><rss><channel><title>Cedar</title><item><title>First</title>'
        b"<description>&lt;p&gt;Hello there.&lt;/p&gt;</description></item></channel></rss>"
    )
    reading = read(body, URL, "application/rss+xml")
    assert (reading.title, reading.text, reading.page_type) == ("Cedar", "First\nHello there.", "feed")


def test_digest_does_not_see_nonces_and_sees_words() -> None:
    """A nonce in script, attribute and address is no change; a word is."""
    first = visible_hash(PAGE.encode())
    nonce = (
        PAGE.replace("8f3a", "77b1").replace("<main>", '<main data-nonce="1">').replace('"/about/"', '"/about/?v=9"')
    )
    assert visible_hash(nonce.encode()) == first
    assert visible_hash(PAGE.replace("forty", "fifty").encode()) != first
    assert visible_hash(PAGE.replace("step by step", "at last").encode()) != first


def test_reader_names_extractor_and_version() -> None:
    """Texts of different readers are never compared: the name tells them apart."""
    assert READER.startswith("trafilatura ")
    assert "; reader " in READER
