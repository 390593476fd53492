"""The pages in a real browser, on a desk and on a phone: no error, nothing missing, nothing too wide."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.browser import CHROMIUM, FLAGS, made, served

if TYPE_CHECKING:
    from pathlib import Path

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="no /usr/bin/chromium here; .ci/run installs it")
SIZES = {"desk": (1400, 900), "phone": (390, 844)}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Serve a corpus that tries to harm its readers; gives the address and the numbers of its pages."""
    path = tmp_path_factory.mktemp("browser") / "corpus.db"
    rows = made(path)
    with served(path) as address:
        yield address, rows


@pytest.fixture(scope="module")
def chromium():
    """Start one browser for all tests of this file."""
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


def paths(rows) -> dict[str, str]:
    """Name the pages that a reader goes through."""
    return {
        "home": "/",
        "documents": "/corpus/documents",
        "search": "/-/search?q=ketamine",
        "no-search": "/-/search",
        "document": f"/corpus/documents/{rows['/harm']}",
        "gone": f"/corpus/pages/{rows['/gone']}",
        "site": "/corpus/sites/1",
        "crawl": "/corpus/crawls/2",
        "sites": "/corpus/sites",
        "pages": "/corpus/pages",
        "captures": "/corpus/captures",
        "sql": "/corpus?sql=select+id,url,title+from+documents",
    }


def look(browser, address: str, path: str, size: tuple[int, int], picture: Path) -> tuple[list[str], int, str]:
    """Open a page; gives what went wrong, how wide it is, and its title."""
    wrong: list[str] = []
    with browser.new_context(viewport={"width": size[0], "height": size[1]}) as context:
        tab = context.new_page()
        tab.on("console", lambda message: wrong.append(f"{message.type}: {message.text}"))
        tab.on("pageerror", lambda error: wrong.append(str(error)))
        tab.on("requestfailed", lambda request: wrong.append(f"failed: {request.url}"))
        tab.on(
            "response", lambda answer: wrong.append(f"{answer.status}: {answer.url}") if answer.status >= 400 else None
        )
        tab.goto(address + path, wait_until="load")
        tab.screenshot(path=picture, full_page=True)
        return wrong, tab.evaluate("document.documentElement.scrollWidth"), tab.title()


@pytest.mark.parametrize("size", SIZES)
def test_pages_open_without_an_error_and_fit(corpus, chromium, tmp_path, size):
    """No page logs an error, misses a file, runs a site's script, or is wider than the screen."""
    address, rows = corpus
    for name, path in paths(rows).items():
        wrong, width, title = look(chromium, address, path, SIZES[size], tmp_path / f"{name}-{size}.png")
        assert wrong == [], name
        assert width <= SIZES[size][0], name
        assert title.endswith("clinicwatch"), name


def test_reading_works_without_javascript(corpus, chromium):
    """A search typed and sent leads to a document, with scripts off."""
    address, _ = corpus
    with chromium.new_context(java_script_enabled=False) as context:
        tab = context.new_page()
        tab.goto(address)
        tab.fill("input[type=search]", "bladder")
        tab.press("input[type=search]", "Enter")
        tab.click("ol.results a")
        assert tab.locator("article .text").inner_text().count("bladder") or tab.locator("article h1").is_visible()


def test_text_column_is_about_seventy_characters(corpus, chromium):
    """A line of a document is long enough to read and no longer."""
    address, rows = corpus
    with chromium.new_context(viewport={"width": 1400, "height": 900}) as context:
        tab = context.new_page()
        tab.goto(f"{address}/corpus/documents/{rows['/faq']}")
        letters = tab.evaluate(
            "(() => { const p = document.querySelector('.text p');"
            " const one = p.cloneNode(); one.style.display = 'inline';"
            " one.textContent = 'the quick brown fox jumps over the lazy dog'; p.parentNode.append(one);"
            " const width = one.getBoundingClientRect().width / one.textContent.length; one.remove();"
            " return p.getBoundingClientRect().width / width; })()"
        )
        assert 60 <= letters <= 85


def test_a_phone_shows_facets_one_below_the_other(corpus, chromium):
    """Opened on a phone, no facet stands beside another one or is cut off, and no heading of a table is broken."""
    address, rows = corpus
    with chromium.new_context(viewport={"width": 390, "height": 844}) as context:
        tab = context.new_page()
        tab.goto(f"{address}/corpus/documents")
        tab.click("label.toggle-label")
        boxes = tab.evaluate("[...document.querySelectorAll('.facet')].map(e => e.getBoundingClientRect().toJSON())")
        assert len({round(box["left"]) for box in boxes}) == 1
        assert all(box["right"] <= 390 for box in boxes)
        tab.goto(f"{address}/corpus/documents/{rows['/faq']}")
        heights = tab.evaluate("[...document.querySelectorAll('.evidence th')].map(e => e.offsetHeight)")
        assert max(heights) < 45


def test_a_filter_is_sent_when_chosen(corpus, chromium):
    """With scripts on, choosing a filter searches again at once and keeps it in the address."""
    address, _ = corpus
    with chromium.new_context() as context:
        tab = context.new_page()
        tab.goto(f"{address}/-/search?q=ketamine")
        with tab.expect_navigation():
            tab.select_option("select[name=page_type]", "faq")
        assert "page_type=faq" in tab.url
