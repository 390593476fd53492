"""Edits beside the words of a page: each is reported in its region, and what a visitor cannot see is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipelines.changes.region_diff import PageRegions, diff_regions, regions_of_row
from pipelines.changes.region_hashes import changed_regions, region_hashes
from pipelines.reading.read import read
from pipelines.reading.visible_hash import visible_hash
from pipelines.text.encode import dump

URL = "https://cedar.example/faq"
PAGE = (
    "<html><head><title>Questions</title></head><body><main><h1>Ketamine</h1><p>Our clinic gives infusions of ketamine"
    " to patients with depression, and a nurse stays for the whole session.</p>{}</main></body></html>"
)
TOLD = [
    ("targets", '<a href="/consent-a.pdf">Consent form</a>', '<a href="/consent-b.pdf">Consent form</a>'),
    ("targets", '<a href="https://a.example/apply">Pay later</a>', '<a href="https://b.example/apply">Pay later</a>'),
    ("targets", '<a href="tel:+15550100111">Call us</a>', '<a href="tel:+15550100222">Call us</a>'),
    ("targets", '<a href="tel:+441632960111">Call us</a>', '<a href="tel:+441632960222">Call us</a>'),
    ("targets", '<a href="mailto:a@cedar.example">Write</a>', '<a href="mailto:b@cedar.example">Write</a>'),
    ("targets", '<a href="/book">Book</a>', '<a href="/book-now">Book</a>'),
    ("struck", "<p>A session is $400</p>", "<p>A session is <del>$400</del></p>"),
    ("struck", "<p>We take <s>insurance</s></p>", "<p>We take insurance</p>"),
    ("struck", "<p>Now $400</p>", '<p>Now <b style="text-decoration: line-through">$400</b></p>'),
    ("pictures", '<img src="/before.jpg" alt="A room">', '<img src="/after.jpg" alt="A room">'),
    ("pictures", '<img src="" data-src="/a.jpg">', '<img src="" data-src="/b.jpg">'),
    ("form_text", '<input placeholder="Your name">', '<input placeholder="Your diagnosis">'),
    ("form_text", "<textarea readonly>I know the risks.</textarea>", "<textarea readonly>No risks.</textarea>"),
    ("alternatives", '<img src="/a.jpg" alt="A room">', '<img src="/a.jpg" alt="A cured patient">'),
]
SILENT = [
    ('<p>It\'s "safe" - we say...</p>', "<p>It’s “safe” – we say…</p>"),
    ("<p>treatment of pain</p>", "<p>treat\u00adment of\u200b pain\u200d</p>"),
    ('<p>a <del>"b" - c</del></p>', "<p>a <del>“b” — c</del></p>"),
    ("<p>One line here.</p><p>Another one.</p>", "<p>Another one.</p><p>One line here.</p>"),
    ('<a href="/a.pdf">A</a> <a href="/b.pdf">B</a>', '<a href="/b.pdf">B</a> <a href="/a.pdf">A</a>'),
    ('<p>Consent form</p><a href="/about">x</a>', '<p>Consent form</p><a href="https://cedar.example/book">x</a>'),
    ('<img src="/a.jpg">', '<img src="/a.jpg"><img src="/b.jpg">'),
    ('<a href="/a.pdf?ver=1">A</a>', '<a href="/a.pdf?ver=2">A</a>'),
    ('<a href="https://a.example/?sid=12ab">A</a>', '<a href="https://a.example/?sid=34cd">A</a>'),
    ('<a href="https://a.example/">A</a>', '<a href="https://a.example/?utm_source=mail">A</a>'),
    ('<a class="x" href="/about">About</a>', '<a class="y" href="/about?nonce=7">About</a>'),
    ('<img src="/a.jpg">', '<img src="https://cdn.example/a-300x200.jpg?w=300">'),
    ('<img src="/a.jpg"><img src="/b.jpg">', '<img src="/b.jpg"><img src="/a.jpg">'),
    ('<img src="/a.jpg">', '<img src="/a.jpg"><img src="/count.gif" width="1" height="1">'),
    ("<p>x</p>", '<p>x</p><input type="hidden" placeholder="7f" value="abc">'),
    ("<p>x</p>", '<p>x</p><a style="display:none" href="https://spam.example/">y</a>'),
    ("<p>x</p>", "<p>x</p><script>var a = '<a href=\"/b.pdf\">'</script>"),
]


def regions(html: str) -> PageRegions:
    """Read a page and give its regions as they are stored."""
    reading = read(PAGE.format(html).encode(), URL)
    row = dict.fromkeys(("other_text", "boilerplate", "menu", "descriptions", "description", "structured", "day"), "")
    lists = {name: "\n".join(getattr(reading, name)) for name in ("titles", "alternatives", "headings")}
    rest = {"text": reading.text, "title": reading.title or "", "data": reading.data}
    return regions_of_row(row | lists | rest | {"details": dump(dict(reading.details or ()))})


@pytest.mark.parametrize(("region", "before", "after"), TOLD)
def test_what_a_visitor_sees_beside_the_words_is_an_edit(region, before, after):
    """It is one in its region alone, both ways, and neither the hash of the bytes nor those of regions hide it."""
    for one, two in ((before, after), (after, before)):
        assert list(diff_regions(regions(one), regions(two))) == [region]
        first, second = (read(PAGE.format(html).encode(), URL) for html in (one, two))
        assert changed_regions(dump(dict(region_hashes(first))), dict(region_hashes(second))) == [region]
        assert visible_hash(PAGE.format(one).encode()) != visible_hash(PAGE.format(two).encode())


@pytest.mark.parametrize(("before", "after"), SILENT)
def test_what_no_visitor_sees_is_no_edit(before, after):
    """Typographic marks, joiners, order, and what differs at each visit in an address."""
    for one, two in ((before, after), (after, before)):
        found = diff_regions(regions(one), regions(two))
        assert found == {}


def test_an_edit_names_the_words_of_the_link():
    """So that a reader knows which consent form is another one."""
    found = diff_regions(regions('<a href="/a.pdf">Consent form</a>'), regions('<a href="/b.pdf">Consent form</a>'))
    assert found["targets"].added == ("Consent form → cedar.example/b.pdf",)


def test_what_an_earlier_reader_did_not_look_for_is_no_edit():
    """Nothing is known of what stood there, neither before nor after."""
    looked = regions('<a href="/a.pdf">Form</a>')
    for pair in ((replace(looked, details=None), looked), (looked, replace(looked, details=None))):
        assert diff_regions(*pair) == {}
    hashes = dict(region_hashes(read(PAGE.format('<a href="/a.pdf">Form</a>').encode(), URL)))
    earlier = {region: digest for region, digest in hashes.items() if region in {"visible", "title"}}
    assert changed_regions(dump(earlier), hashes) == []
