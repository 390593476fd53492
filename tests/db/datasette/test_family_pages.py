"""The pages of families in a real browser: forty pages are read in one screen, who shares with whom in one picture."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing

import pytest

from tests.support.browser import CHROMIUM, FLAGS, served
from tests.support.made_families import made_families, towns

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="no /usr/bin/chromium here; .ci/run installs it")
SIZES = {"desk": (1400, 900), "phone": (390, 844)}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Serve a corpus of families; gives its address, the numbers of its pages and of its families by kind."""
    path = tmp_path_factory.mktemp("families") / "corpus.db"
    pages = made_families(path)
    with closing(sqlite3.connect(path)) as db:
        kinds = dict(db.execute("SELECT kind, id FROM families"))
        db.execute("INSERT INTO family_aliases VALUES (9001, ?, '2026-03-01', 'merged')", (kinds["doorway"],))
        db.commit()
    with served(path) as address:
        yield address, pages, kinds


@pytest.fixture(scope="module")
def chromium():
    """Start one browser for all tests of this file."""
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, corpus):
    """Open a page of the corpus in a window of a size."""
    tabs = []

    def opened(path: str, size: str = "desk"):
        width, height = SIZES[size]
        tabs.append(chromium.new_page(viewport={"width": width, "height": height}))
        tabs[-1].goto(corpus[0] + path)
        return tabs[-1]

    yield opened
    for tab in tabs:
        tab.close()


def paths(corpus) -> dict[str, str]:
    """Name the pages of families that a reader goes through."""
    _, pages, kinds = corpus
    pair = [pages[f"http://{host}.example/ptsd"] for host in ("cedar", "juniper")]
    return {
        "list": "/-/families",
        "kind": "/-/families?kind=doorway",
        "doorways": f"/corpus/families/{kinds['doorway']}",
        "template": f"/corpus/families/{kinds['cross-advertiser template']}",
        "compare": f"/corpus/families/{kinds['cross-advertiser template']}/compare?a={pair[0]}&b={pair[1]}",
        "sharing": "/-/sharing",
        "sentences": "/-/sentences",
    }


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["list", "kind", "doorways", "template", "compare", "sharing", "sentences"])
def test_a_page_is_whole(corpus, chromium, name, size):
    """Nothing is wider than the window, no script of a site runs, the browser has no complaint."""
    wrong: list[str] = []
    width, height = SIZES[size]
    tab = chromium.new_page(viewport={"width": width, "height": height})
    tab.on("console", lambda message: wrong.append(message.text))
    assert tab.goto(corpus[0] + paths(corpus)[name]).status == 200
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert "owned" not in tab.title()
    tab.close()
    assert wrong == []


def test_forty_doorways_are_read_in_one_screen(corpus, open_page):
    """The text with its variables, the reason and all forty places stand above the fold of a 1400x900 window."""
    tab = open_page(paths(corpus)["doorways"])
    links = tab.locator(".kin-pages a")
    assert sorted(links.all_inner_texts()) == sorted(towns(40))
    assert tab.locator(".template .variable").count() == 5
    for part in (".template", ".why", ".kin-pages", ".variables"):
        box = tab.locator(part).first.bounding_box()
        assert box["y"] + box["height"] <= 900, part
    assert "one text for 40 places" in tab.locator(".why").inner_text()


def test_pages_stand_by_advertiser(corpus, open_page):
    """A template of five advertisers names each, and the words that each puts in."""
    tab = open_page(paths(corpus)["template"])
    assert tab.locator(".kin-side h3").count() == 5
    assert {"brand", "phone"} <= set(tab.locator(".variables .variable").all_inner_texts())


def test_two_pages_are_compared(corpus, open_page):
    """The form leads to two columns in which only the words that differ are marked."""
    tab = open_page(paths(corpus)["template"])
    tab.get_by_role("button", name="Compare").click()
    marked = tab.locator("table.two mark").all_inner_texts()
    assert any("Cedar" in words for words in marked)
    assert not any("therapist" in words for words in marked)


def test_the_picture_of_sharing_reads_without_color(corpus, open_page):
    """Each cell has its number and says which two it is about; five clinics share one text pair by pair."""
    tab = open_page("/-/sharing")
    titles = tab.locator("svg.matrix title").all_text_contents()
    assert "cedar.example and juniper.example: 1 families in common" in titles
    assert len([title for title in titles if "families" in title]) == 10 + 1
    assert set(tab.locator("svg.matrix .num").all_text_contents()) <= {str(number) for number in range(100)}
    assert tab.locator("svg.matrix [fill]:not([fill='#123'])").count() == 0


def test_a_shared_sentence_leads_to_its_pages(corpus, open_page):
    """The most widely shared sentence stands first, with how many say it, and opens to where it stands."""
    tab = open_page("/-/sentences")
    first = tab.locator(".sentence-list li").first
    assert first.locator(".count b").inner_text() == "5"
    travelled = tab.locator(".sentence-list > li", has_text="long before any clinic")
    travelled.locator("summary").click()
    assert travelled.locator("ul a", has_text="ledger.example").is_visible()


def test_a_document_leads_to_its_family(corpus, open_page):
    """Home leads to the list, a document says of how many it is one."""
    address, pages, kinds = corpus
    tab = open_page("/")
    tab.get_by_role("link", name=re.compile("families of near copies")).click()
    assert tab.url == f"{address}/-/families"
    tab = open_page(f"/corpus/documents/{pages['http://harbor.example/ptsd']}")
    tab.get_by_role("link", name="5 pages that say nearly the same").click()
    assert tab.url.endswith(f"/corpus/families/{kinds['cross-advertiser template']}")


def test_a_family_that_was_merged_leads_on(corpus, open_page):
    """An old number leads to the family that took it up; one that never was is not here."""
    assert open_page("/corpus/families/9001").url.endswith(f"/corpus/families/{corpus[2]['doorway']}")
    assert "no such family" in open_page("/corpus/families/777777").inner_text("main")


@pytest.mark.parametrize("path", ["/-/families?page=x&kind=nonsense", "/-/families?page=99999999999999999999"])
def test_a_strange_address_is_no_error(open_page, path):
    """What makes no sense in an address is passed over."""
    assert "several pages" in open_page(path).inner_text("h1")
