"""The page of claims in a real browser: it fits desk and phone, filters are sent, a row opens its marked sentence."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.db.datasette.test_browser import SIZES, look
from tests.support.browser import CHROMIUM, FLAGS, served
from tests.support.claim_corpus import HIGH, LOW, OFF_LABEL, claim_corpus

if TYPE_CHECKING:
    from pathlib import Path

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="no /usr/bin/chromium here; .ci/run installs it")


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Serve the corpus of claims."""
    path = tmp_path_factory.mktemp("claims") / "corpus.db"
    claim_corpus(path)
    with served(path) as where:
        yield where


@pytest.fixture(scope="module")
def chromium():
    """Start one browser for all tests of this file."""
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.mark.parametrize("size", SIZES)
def test_pages_open_without_an_error_and_fit(address, chromium, tmp_path, size):
    """The list, filtered and empty, and the pages that lead there: no error, nothing wider than the screen."""
    paths = {
        "all": "/-/claims",
        "code": "/-/claims?code=S1_route",
        "gone": "/-/claims?seen=gone",
        "none": "/-/claims?q=nothing+of+the+kind",
        "every filter": "/-/claims?q=ketamine&code=E1_rate&state=MD&class=clinic&region=text&seen=now&percent=5"
        "&clinic=cedar&site=cedar-ketamine.example&status=candidate",
        "site": "/corpus/sites/1",
        "pictures": "/-/pictures",
    }
    for name, path in paths.items():
        wrong, width, title = look(chromium, address, path, SIZES[size], tmp_path / f"{name}-{size}.png")
        assert wrong == [], name
        assert width <= SIZES[size][0], name
        assert title.endswith("clinicwatch"), name


@pytest.mark.parametrize("size", SIZES)
def test_filters_narrow_the_list_and_the_file_is_the_page(address, chromium, tmp_path, size):
    """Choosing a code sends it at once; words and a percentage by the button; the file has the rows that are shown."""
    with chromium.new_context(viewport=dict(zip(("width", "height"), SIZES[size], strict=True))) as context:
        tab = context.new_page()
        tab.goto(f"{address}/-/claims")
        whole = tab.locator(".claim-list > li").count()
        with tab.expect_navigation():
            tab.select_option("select[name=code]", "E1_rate")
        assert tab.locator(".claim-list > li").count() == 3 < whole
        tab.fill("input[name=q]", "patients improved")
        tab.fill("input[name=percent]", "50")
        tab.click("form.choices button")
        shown = tab.locator(".claim-list .quote a").all_inner_texts()
        assert sorted(shown) == sorted([HIGH, LOW])
        with tab.expect_download() as download:
            tab.click("text=CSV of these")
        download.value.save_as(tmp_path / "claims.csv")
        assert [row["quote"] for row in read(tmp_path / "claims.csv")] == shown
        tab.click("text=Clear filters")
        assert tab.locator(".claim-list > li").count() == whole


def read(path: Path) -> list[dict[str, str]]:
    """Read a file of claims."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("size", SIZES)
def test_a_row_opens_its_marked_sentence(address, chromium, size):
    """In two clicks from the menu: a footer's sentence is unfolded and in sight; the archived bytes are one more."""
    with chromium.new_context(viewport=dict(zip(("width", "height"), SIZES[size], strict=True))) as context:
        tab = context.new_page()
        tab.goto(address)
        tab.click("nav >> text=Claims")
        tab.goto(f"{address}/-/claims?code=R2_offlabel&region=boilerplate")
        source = tab.locator(".evidence-links a").nth(1).get_attribute("href")
        tab.locator(".claim-list .quote a").click()
        anchor = urlsplit(tab.url).fragment
        place = tab.locator(f'[id="{anchor}"]')
        tab.wait_for_function("id => document.getElementById(id)?.closest('mark').innerText", arg=anchor)  # unfolded
        assert OFF_LABEL in place.evaluate("element => element.closest('mark').innerText")
        box = place.evaluate("element => element.closest('mark').getBoundingClientRect().top")
        assert 0 <= box < SIZES[size][1]
        assert context.request.get(address + source).status == 200


def test_the_list_works_without_scripts(address, chromium):
    """Without scripts the button sends the filters, and pages are links."""
    with chromium.new_context(java_script_enabled=False) as context:
        tab = context.new_page()
        tab.goto(f"{address}/-/claims")
        tab.select_option("select[name=seen]", "gone")
        tab.click("form.choices button")
        assert "seen=gone" in tab.url
        assert tab.locator(".claim-list > li.is-gone").count() == tab.locator(".claim-list > li").count() > 0
