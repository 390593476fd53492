"""What a site sends cannot hold a pass: the work on one endless line grows with its length, not with its square."""

from __future__ import annotations

import multiprocessing
import random
import re
import resource
from typing import TYPE_CHECKING, Any

import pytest

from crawler.http.robots import parse_robots
from pipelines.changes.boilerplate import SWAPPED, find_boilerplate, mask_swapped
from pipelines.changes.noise_listings import BESIDE_TITLE, CUT_SHORT
from pipelines.changes.triage import load_triage
from pipelines.classify.page_signs import WORDS
from pipelines.classify.topic import load_topic
from pipelines.dedup.align import words_of
from pipelines.dedup.family_evidence import NAME
from pipelines.metadata import business, jsonld
from pipelines.metadata.dates import written_dates
from pipelines.reading.feeds import feed_links
from pipelines.reading.read import read
from pipelines.reading.sitemap import parse_sitemap
from pipelines.reading.visible_hash import visible_hash
from pipelines.text import volatile_text
from pipelines.text.leftovers import Line, headline_forms, leftover_rules
from pipelines.text.normalise import fold_line, normalise
from tests.support.command import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

LINE, PAGE = 200_000, 500_000  # characters, where the square of them takes minutes to hours
SECONDS = 20  # of CPU for all baits together, beyond which the child is ended; honest work takes a tenth of it
TOPIC = load_topic('name = "t"\n[subject]\nketamine = 1\n')
CUES = load_triage((ROOT / "seeds" / "triage.toml").read_text(encoding="utf-8")).cues
FORK = multiprocessing.get_context("fork")
# the same rule as a plain pattern, with which a line takes the square of its longest stretch without a blank
PLAIN_SWAPPED = re.compile(r"\b(?:[A-Z][\w'’-]*(?:\s+[A-Z][\w'’-]*)*|\S*\d\S*)")


def ends_in_time(work: Callable[[Any], object], baits: Iterable[object]) -> bool:
    """Run work on each bait in a process that is ended after some seconds of CPU; tell whether it came to its end."""

    def run() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        for bait in baits:
            work(bait)

    child = FORK.Process(target=run)
    child.start()
    child.join()
    return child.exitcode == 0


def every_cue(text: str) -> None:
    """Look for each cue of the triage."""
    for cue in CUES:
        cue.pattern.findall(text)


def every_page_type(text: str) -> None:
    """Look for the words of each page type."""
    for _, _, pattern in WORDS:
        pattern.findall(text)


def endless(piece: str, start: str = "", end: str = "", *, size: int = LINE) -> str:
    """Repeat a piece up to a size."""
    return f"{start}{piece * (size // len(piece))}{end}"


LINES = {
    "marks": endless("x."),
    "capitals": endless("x.A."),
    "letters": endless("a"),
    "capital letters": endless("A"),
    "words with capitals": endless("Aa"),
    "apostrophes": endless("A’"),
    "ampersands": endless("A&"),
    "numbers": endless("1."),
    "addresses without a host": endless("x.1"),
    "dots": endless(".", "a", "a"),
    "bars": endless("|", "a", "a"),
    "colons": endless(" :", "share", "x"),
    "spaces": endless(" ", "May 4th", "x"),
    "units": endless("1min.", "a ", "!"),
    "rooms": endless(" #A", "12 Oak St", " x"),
    "digits and letters": endless("1a"),
    "hyphens": endless("x-"),
    "brackets": endless("("),
    "quotes": endless('"', "."),
    "ideographs": endless("一."),
}
WORK: dict[str, Callable[[str], object]] = {
    "swapped": mask_swapped,
    "boilerplate": lambda line: find_boilerplate([[f"{line} {number}"] for number in range(6)]),
    "words": words_of,
    "address": lambda line: business.from_text(line, "footer"),
    "headlines": lambda line: headline_forms(normalise(line)),
    "leftovers": lambda line: leftover_rules([Line(line)], frozenset()),
    "dates": written_dates,
    "names": NAME.findall,
    "cut": lambda line: CUT_SHORT.sub("", normalise(line)),
    "beside": lambda line: BESIDE_TITLE.sub("", normalise(line)),
    "words of page types": every_page_type,
    "volatile": lambda line: volatile_text.mask(f"1 {normalise(line)}", volatile_text.day_of("2026-03-02")),
    "organisation": TOPIC.name_pattern.findall,
    "cues": every_cue,
}
PAGES = {
    "open tags": endless("<a ", size=PAGE),
    "open links": endless("<link ", size=PAGE),
    "open comments": endless("<!-- ", size=PAGE),
    "open scripts": endless("<script ", size=PAGE),
    "scripts that end in capitals": endless("<script></SCRIPT>", size=PAGE),
    "open data": endless("<![CDATA[", size=PAGE),
    "open scripts in the deep": "<div>" * 3_000 + endless("<script>", size=PAGE),
    "names of attributes": endless("x.", "<p ", ">text", size=PAGE),
    "blank data": endless("\n", '<script type="application/ld+json">{"a": 1', "x}</script>", size=PAGE),
    "blank lines": endless("\n", "x", size=PAGE),
}


def test_masking_two_megabytes_without_a_blank_ends() -> None:
    """What took minutes at 60,000 characters."""
    assert ends_in_time(mask_swapped, ["x." * 1_000_000, "x.A-" * 500_000])


@pytest.mark.parametrize("work", WORK)
def test_endless_lines_are_worked_on_in_time(work: str) -> None:
    """A line without an end is a second, not an hour."""
    assert ends_in_time(WORK[work], LINES.values())


@pytest.mark.parametrize("work", [visible_hash, feed_links, parse_sitemap, lambda body: parse_robots(200, body)])
def test_endless_pages_are_looked_at_in_time(work: Callable[[bytes], object]) -> None:
    """Starts without an end are searched for their end once."""
    assert ends_in_time(work, [page.encode() for page in PAGES.values()])


def test_endless_pages_are_read_in_time() -> None:
    """A page of nothing but starts is read like any other."""
    assert ends_in_time(lambda body: read(body, "https://cedar.example/"), [page.encode() for page in PAGES.values()])


def test_swapped_words_are_those_of_the_plain_rule() -> None:
    """Names, numbers and what stands between them fall out as by the plain pattern, in short and long stretches."""
    draw = random.Random(7)
    pieces = ["Ab", "a", "b7", ".", "-", "’", " ", "  ", "A", "9", "x" * 70, "y." * 40, "Q" * 66, "é", "/"]
    for _ in range(20_000):
        line = "".join(draw.choices(pieces, k=draw.randrange(1, 14)))
        assert mask_swapped(line) == fold_line(PLAIN_SWAPPED.sub(" 0 ", line)), line
    assert SWAPPED.sub("0", "Ada 1") == "0 0"


def test_data_is_taken_out_of_its_wrapping() -> None:
    """Comment and CDATA marks in each of the ways that sites write them."""
    for before, after in [
        ("<!--", "-->"),
        ("//<![CDATA[\n", "\n//]]>"),
        ("/* x */", ""),
        ("<![CDATA[", "]]> ;"),
        ("", ";"),
    ]:
        assert jsonld.parse_block(f' {before}{{"a": "b"}}{after} ') == {"a": "b"}
