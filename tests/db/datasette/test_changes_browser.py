"""The pages of changes in a real browser: they fit a screen and a phone, work without scripts, remember a visitor."""

from __future__ import annotations

import sqlite3

import pytest

from tests.db.datasette.test_browser import SIZES, look
from tests.support.browser import CHROMIUM, FLAGS, served
from tests.support.changed import changed

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="no /usr/bin/chromium here; .ci/run installs it")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Serve a corpus that changed; gives the address, its pages and the number of a change."""
    path = tmp_path_factory.mktemp("changes") / "corpus.db"
    rows = changed(path)
    with sqlite3.connect(path) as db:
        (number,) = db.execute("SELECT id FROM page_changes AS changes WHERE page = ?", (rows["/prices"],)).fetchone()
        db.execute(
            "INSERT OR REPLACE INTO site_runs (crawl, site, visits, fetched, failed, new, changed, kept, lost, words,"
            " words_before, live, alerts) VALUES (4, 1, 9, 3, 6, 0, 0, 3, 6, 9, 9, 3, ?)",
            ('["3 live pages, where there were 9"]',),
        )
    db.close()
    with served(path) as address:
        yield address, rows, number


@pytest.fixture(scope="module")
def chromium():
    """Start one browser for all tests of this file."""
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.mark.parametrize("size", SIZES)
def test_pages_open_without_an_error_and_fit(corpus, chromium, tmp_path, size):
    """List, comparison, whole text, history and the pages that lead there: no error, nothing wider than the screen."""
    address, rows, number = corpus
    paths = {
        "list": "/-/changes?since=all",
        "nothing": "/-/changes?since=1",
        "change": f"/corpus/changes/{number}",
        "whole": f"/corpus/changes/{number}?whole=1",
        "history": f"/corpus/pages/{rows['/prices']}/history",
        "home": "/",
        "crawl": "/corpus/crawls/4",
        "table": "/corpus/changes",
        "site-runs": "/corpus/site_runs",
    }
    for name, path in paths.items():
        wrong, width, title = look(chromium, address, path, SIZES[size], tmp_path / f"{name}-{size}.png")
        assert wrong == [], name
        assert width <= SIZES[size][0], name
        assert title.endswith("clinicwatch"), name


def test_a_monday_morning(corpus, chromium):
    """Without scripts: read the list, open what matters, see its words marked, mark all as seen, find nothing new."""
    address, _, number = corpus
    with chromium.new_context(java_script_enabled=False) as context:
        tab = context.new_page()
        tab.goto(f"{address}/-/changes?since=all")
        assert "3 live pages, where there were 9" in tab.locator(".alerts").inner_text()
        tab.click(f'a[href="/corpus/changes/{number}"]')
        assert tab.locator(".diff ins").first.inner_text() == "395"
        assert tab.locator("#whole").count() == 0
        tab.click("text=The whole text, compared")
        assert "Insurance does not pay" in tab.locator("#whole").inner_text()
        tab.click("text=History")
        assert "First read" in tab.locator(".timeline").inner_text()
        tab.goto(f"{address}/-/changes?since=all")
        tab.click("text=Mark all as seen")
        assert "0 changes since you last looked" in tab.locator("h1").inner_text()
        assert tab.locator("text=Mark all as seen").count() == 0


def test_marks_show_without_colour(corpus, chromium):
    """What went is struck through and what came is underlined, whatever the colours."""
    address, _, number = corpus
    with chromium.new_context() as context:
        tab = context.new_page()
        tab.goto(f"{address}/corpus/changes/{number}")
        line = "getComputedStyle(document.querySelector('.diff {}')).textDecorationLine"
        assert tab.evaluate(line.format("del")) == "line-through"
        assert tab.evaluate(line.format("ins")) == "underline"
        lines = "[...document.querySelectorAll('.diff .line')]"
        signs = tab.evaluate(f"{lines}.map(line => getComputedStyle(line, '::before').content)")
        assert {'"+"', '"−"', '"±"'} <= set(signs)


def test_a_filter_is_sent_when_chosen(corpus, chromium):
    """Choosing a kind lists at once what is of that kind."""
    address, _, _ = corpus
    with chromium.new_context() as context:
        tab = context.new_page()
        tab.goto(f"{address}/-/changes?since=all")
        with tab.expect_navigation():
            tab.select_option("select[name=kind]", "edited")
        assert "kind=edited" in tab.url
        assert tab.locator(".edits > li").count()
