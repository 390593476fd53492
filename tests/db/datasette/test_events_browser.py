"""Events in a real browser, on a desk and on a phone: two people enter them at once, and each page fits."""

from __future__ import annotations

import pytest

from tests.db.datasette.test_review_browser import DESK, PHONE, serving, tab_of
from tests.support.browser import CHROMIUM, FLAGS
from tests.support.claim_corpus import HIGH, claim_corpus
from tests.support.desk import team_file
from tests.support.made_corpus import HOST

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="no /usr/bin/chromium here; .ci/run installs it")


@pytest.fixture(scope="module")
def chromium():
    """Start one browser for all tests of this file."""
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


def enter(tab, day: str, title: str, advertiser: str = "") -> None:
    """Fill in the form, as it stands on the screen, and send it."""
    if not tab.locator("details.enter[open]").count():
        tab.click("text=Enter an event")
    tab.fill("input[name=date]", day)
    tab.fill("input[name=title]", title)
    tab.fill("input[name=advertiser]", advertiser)
    tab.click("details.enter button")


def fits(tab, shape, picture) -> bool:
    """Take a picture, and tell whether nothing is wider than the screen."""
    tab.screenshot(path=picture, full_page=True)
    return tab.evaluate("document.documentElement.scrollWidth") <= shape["viewport"]["width"]


@pytest.mark.parametrize("shape", [DESK, PHONE], ids=["desk", "phone"])
def test_two_people_enter_events_at_once(chromium, tmp_path, shape):
    """Both have the empty form open; both events are there afterwards, with what became of claims; one goes."""
    claim_corpus(tmp_path / "corpus.db")
    with (
        serving(tmp_path / "corpus.db", "--team", team_file(tmp_path)) as address,
        tab_of(chromium, address, shape, "anna") as anna,
        tab_of(chromium, address, shape, "ben") as ben,
    ):
        for tab in (anna, ben):
            tab.goto(f"{address}/-/events")
            assert "0 events" in tab.inner_text("h1")
            assert fits(tab, shape, tmp_path / "empty.png")
        enter(anna, "2026-03-15", "A letter", HOST)
        enter(ben, "2026-03-20", "A rule for all")
        assert "2 events" in ben.inner_text("h1")
        anna.reload()
        assert "2 events" in anna.inner_text("h1")
        assert anna.locator(".event svg").count() == 2
        letter = anna.locator(".event", has_text="A letter")
        assert "entered by anna" in letter.inner_text()
        letter.locator("summary", has_text="sentence").click()
        gone = letter.locator("tr", has_text=HIGH).inner_text()
        assert "at most 17 days after" in gone
        assert "last seen 1 Mar 2026, first visit without it 1 Apr 2026" in gone
        assert fits(anna, shape, tmp_path / "events.png")
        narrow = "[...document.querySelectorAll('.corrections td')].filter(cell => cell.offsetHeight > 400).length"
        assert anna.evaluate(narrow) == 0, "no cell is so narrow that its words stand on end"
        enter(ben, "2026-03-21", "Wrong", "nobody.example")
        assert "is no advertiser of this corpus" in ben.inner_text("[role=alert]")
        assert ben.input_value("input[name=title]") == "Wrong"
        assert fits(ben, shape, tmp_path / "wrong.png")
        ben.goto(f"{address}/-/events")
        rule = ben.locator(".event", has_text="A rule for all")
        rule.locator("summary", has_text="Retract").click()
        rule.locator("button", has_text="Retract this event").click()
        assert "1 event" in ben.inner_text("h1")
        assert anna.wrong == []
        assert [line for line in ben.wrong if "400" not in line] == [], "but for the form that was refused"
