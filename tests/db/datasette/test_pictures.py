"""Pictures: well-formed, escaped, readable without colour, with the numbers of the corpus; the page in a browser."""

from __future__ import annotations

import itertools
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.engine.rule_files import load_rules
from db.corpus.connection import open_corpus
from db.datasette.pictures.charts import TILES, days, heat, lines, small_line, tiles
from db.datasette.pictures.figures import (
    AdvertiserCodes,
    Life,
    Point,
    Series,
    Standing,
    read_figures,
    running,
    standing,
)
from db.datasette.pictures.svg import shade, ticks
from tests.support.browser import CHROMIUM, FLAGS, served
from tests.support.made_corpus import ABOUT, HOST, RULES, crawl_texts

SVG = "{http://www.w3.org/2000/svg}"
TIMES = ["2026-03-01T09:00:00+00:00", "2026-04-01T09:00:00+00:00", "2026-05-01T09:00:00+00:00"]
FIRST = f"{ABOUT}\nEight of ten patients on our ketamine infusions get better. Ketamine is not addictive."
LATER = f"{ABOUT}\nKetamine is not addictive. It has no side effects."
SEEDED = load_rules()
CODED = replace(RULES, codebook=SEEDED.codebook, references=SEEDED.references)
WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=40)


def said(svg: str) -> str:
    """Give all words of a picture, which must be well-formed XML."""
    return " ".join(text.strip() for text in ET.fromstring(svg).itertext() if text.strip())


@given(WORDS, st.dictionaries(st.sampled_from(["E1", "K4"]), st.integers(0, 10**6)))
def test_whatever_an_advertiser_is_called_is_text(name, counts):
    """No name breaks out of the picture."""
    rows = [AdvertiserCodes(name, counts)]
    assert "alert(1)" in said(heat(name, rows, {"E1": name, "K4": "<script>alert(1)</script>"}))
    assert "<script" not in heat(name, rows, {"K4": "<script>alert(1)</script>"})


def test_lines_are_told_apart_without_colour():
    """Each line has other dashes and its name, with the last number, at its end; names do not cover each other."""
    points = tuple(Point(*each) for each in zip(TIMES, (5, 6, 7), strict=True))
    svg = lines("Growth", [Series("found", points), Series("read", points), Series("kept", points)])
    drawn = ET.fromstring(svg)
    assert len({line.get("stroke-dasharray") for line in drawn.iter(f"{SVG}polyline")}) == 3
    named = {one.text: float(one.get("y")) for one in drawn.iter(f"{SVG}text") if re.match(r"[a-z]+ 7$", one.text)}
    assert named.keys() == {"found 7", "read 7", "kept 7"}
    places = sorted(named.values())
    assert all(later - earlier >= 15 for earlier, later in itertools.pairwise(places))
    assert "2026-03-01" in said(svg)


def test_a_picture_of_nothing_says_so():
    """Without a point there is a word, with one there is a dot."""
    assert "Nothing to draw yet" in said(lines("x", [Series("a", ())]))
    assert "none" in said(small_line("x", []))
    assert "7" in said(small_line("x", [Point(TIMES[0], 7)]))
    assert said(tiles("x", {})).count("CA") == 2
    assert said(heat("x", [], {})) == "x"


def test_every_state_has_a_tile_of_its_own():
    """Fifty states, the capital and Puerto Rico, no two on one place; a count stands in its tile."""
    assert len(TILES) == len(set(TILES.values())) == 52
    assert "MD: 17" in said(tiles("x", {"MD": 17}))


def test_darker_is_more():
    """Shades fall steadily from light to dark, so that a print without colour keeps their order."""
    light = [sum(int(shade(share / 10)[0][at : at + 2], 16) for at in (1, 3, 5)) for share in range(11)]
    assert light == sorted(light, reverse=True)
    assert shade(1)[1] != shade(0)[1]


@given(st.integers(0, 10**9))
def test_an_axis_reaches_over_its_numbers(most):
    """Ticks begin at 0, rise by one step, are few, and the last is not below the largest count."""
    found = ticks(most)
    assert found[0] == 0
    assert found[-1] >= most
    assert len({later - earlier for earlier, later in itertools.pairwise(found)}) == 1
    assert len(found) <= 8


@given(st.lists(st.tuples(st.sampled_from(TIMES), st.sampled_from([None, *TIMES]))))
def test_what_appeared_less_what_vanished_stands(lives):
    """At each crawl the sentences standing are those before, and those that appeared, less those that vanished."""
    counted = standing([Life(*life) for life in lives], TIMES)
    before = 0
    for one in counted:
        assert one.standing == before + one.appeared - one.vanished
        before = one.standing
    assert sum(one.appeared for one in counted) == len(lives)


def test_counting_over_time():
    """What happened between two crawls belongs to the later, and what came after the last is not lost."""
    assert running(["2026-03-02", "2026-05-09"], TIMES) == tuple(zip(TIMES, (0, 1, 2), strict=True))
    assert running([], []) == ()
    assert days(TIMES) == ["2026-03-01", "2026-04-01", "2026-05-01"]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Make a corpus of one site, crawled three times; gives its path."""
    path = tmp_path_factory.mktemp("pictures") / "corpus.db"
    with closing(open_corpus(path)) as db:
        for now, text in zip(TIMES, (FIRST, FIRST, LATER), strict=True):
            crawl_texts(db, path, {"/a/": text, "/b/": f"{ABOUT} We are open."}, now=now, rules=CODED)
        db.execute("UPDATE sites SET state = 'MD'")
    return path


def test_the_numbers_are_those_of_the_corpus(corpus):
    """Growth, sentences over time, codes by advertiser and coverage are what the crawls brought."""
    with closing(open_corpus(corpus)) as db:
        db.row_factory = sqlite3.Row
        figures = read_figures(db)
    growth = {series.name: [count for _, count in series.points] for series in figures.growth}
    assert growth["read"] == [2, 2, 2]
    assert growth["texts"] == [2, 2, 3]
    assert figures.by_code["E1"] == [
        Standing(TIMES[0], 1, 1, 0),
        Standing(TIMES[1], 1, 0, 0),
        Standing(TIMES[2], 0, 0, 1),
    ]
    assert [one.standing for one in figures.by_code["K1"]] == [1, 1, 1]
    ((advertiser, counts),) = figures.heat
    assert advertiser == HOST
    assert counts["K1"] == counts["K3"] == 1
    assert "E1" not in counts
    assert (figures.states[0]["state"], figures.states[0]["advertisers"]) == ("MD", 1)


@pytest.mark.skipif(not CHROMIUM.exists(), reason="no /usr/bin/chromium here; .ci/run installs it")
def test_pictures_and_candidates_in_a_browser(corpus):
    """At both widths the pictures show with their tables, and a document shows its candidates, named as such."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with served(corpus) as address, playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        for size in ((1400, 900), (390, 844)):
            with browser.new_context(viewport={"width": size[0], "height": size[1]}) as context:
                tab = context.new_page()
                wrong: list[str] = []
                tab.on("console", lambda message, wrong=wrong: wrong.append(message.text))
                tab.goto(address)
                tab.get_by_role("link", name="Pictures").click()
                assert tab.locator("svg[role=img]").count() >= 5
                assert all(
                    box["width"] > 100 for box in (one.bounding_box() for one in tab.locator("figure svg").all())
                )
                tab.locator("#growth summary").click()
                assert tab.locator("#growth td").first.is_visible()
                assert tab.evaluate("document.documentElement.scrollWidth") <= size[0]
                tab.goto(f"{address}/-/search?q=addictive")
                tab.locator("main a[href*='/documents/']").first.click()
                tab.wait_for_load_state()  # the styles decide how wide it is
                mark = tab.locator("mark.candidate", has_text="not addictive").first
                assert "K1?" in mark.inner_text()
                assert "Candidate for Says not addictive" in mark.get_attribute("title")
                assert "whether they hold is for people to say" in tab.locator("#candidates").inner_text()
                assert tab.evaluate("document.documentElement.scrollWidth") <= size[0]
                ids = tab.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
                assert len(ids) == len(set(ids))
                assert not wrong
        browser.close()
