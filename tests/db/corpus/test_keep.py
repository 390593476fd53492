"""One visit, one transaction: what a page's row, its versions and its links are afterwards."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import pytest

from crawler.engine.seeds import parse_seeds
from db.corpus.connection import atomic, open_corpus
from db.corpus.crawls import add_seeds, begin_crawl
from db.corpus.queries import due_pages
from db.corpus.store_visits import MAX_RUN, Run, keep_visits
from pipelines.model.outcomes import FAILED, Outcome
from pipelines.model.records import Block, Fetch, Found, Location, Page, Reading, Visit

NOW, LATER, LAST = (f"2026-03-0{day}T09:00:00+00:00" for day in (1, 2, 3))
HOME = "http://a.example/"
TEXT = "Ketamine is given slowly while a nurse watches over you."
BAD = "Ann \ud800\0"


class Keeper:
    """A corpus of one site in a crawl, and visits to its pages."""

    def __init__(self, db, **limits) -> None:
        self.db = db
        sites = add_seeds(db, parse_seeds(f"url\n{HOME}\n"), NOW)
        self.sites = sites
        crawl = begin_crawl(db, NOW, everything=True, sites=sites, facts={})
        self.run = Run(crawl.id, NOW, "extractor 1", **limits)

    def next_crawl(self) -> None:
        """Begin another crawl: a page is visited once in each."""
        self.db.execute("UPDATE crawls SET ended_at = started_at, status = 'finished'")
        self.run.crawl = begin_crawl(self.db, NOW, everything=True, sites=self.sites, facts={}).id

    def visit(self, url: str = HOME, text: str | None = TEXT, at: str = NOW, **told) -> Outcome:
        """Visit a page that is queued, which shows a text; without one it sends nothing to read."""
        page = next(page for page in self.pages() if page.url == url)
        if self.db.execute("SELECT 1 FROM pages WHERE url = ? AND crawl = ?", (url, self.run.crawl)).fetchone():
            self.next_crawl()
        fetch = Fetch(url, 200, (("ETag", f'"{at}"'), ("Content-Type", "text/html")), (text or "").encode())
        place = Location("crawl-00001-000.warc.gz", 0, 9, fetch.body_sha256)
        usual = {"fetch": fetch, "location": place, "due_at": LAST, "robots": "allowed"}
        reading = None if text is None else Reading(text, "A title", words=len(text.split()))
        visit = Visit(page, at, **(usual | {"reading": reading} | told))
        with atomic(self.db):
            return keep_visits(self.db, self.run, [visit])[0]

    def pages(self) -> list[Page]:
        """Name the pages that may be visited."""
        return due_pages(self.db, site=1, crawl=99, until="9", everything=True, limit=999)

    def page(self, columns: str, url: str = HOME) -> tuple:
        """Read columns of a page's row."""
        return self.db.execute(f"SELECT {columns} FROM pages WHERE url = ?", (url,)).fetchone()

    def count(self, table: str) -> int:
        """Count the rows of a table."""
        return self.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


@pytest.fixture
def keeper(tmp_path):
    """Open a corpus in a crawl."""
    with closing(open_corpus(tmp_path / "c.db")) as db:
        yield Keeper(db)


def test_a_new_page(keeper):
    """A first text is a version, in the search index, and the page is live and due again."""
    assert keeper.visit() is Outcome.NEW
    assert keeper.page("state, outcome, crawl, failures, due_at, etag") == ("live", "new", 1, 0, LAST, f'"{NOW}"')
    assert keeper.count("versions_fts WHERE versions_fts MATCH 'nurses'") == 1
    assert (keeper.count("captures"), keeper.count("visits")) == (1, 1)


@pytest.mark.parametrize(
    ("change", "outcome", "versions"),
    [
        ({}, Outcome.UNCHANGED, 1),
        ({"text": "Another text."}, Outcome.CHANGED, 2),
        ({"reading": Reading(TEXT, "Another title", words=9)}, Outcome.CHANGED, 2),
        ({"reading": Reading(TEXT, "A title", description="Cheap!", words=9)}, Outcome.CHANGED, 2),
        ({"reading": Reading(TEXT, "A title", author="Ann", words=9)}, Outcome.UNCHANGED, 1),
        ({"text": ""}, Outcome.NO_TEXT, 1),
        ({"text": None, "outcome": Outcome.NOT_MODIFIED}, Outcome.NOT_MODIFIED, 1),
        ({"text": None, "outcome": Outcome.GONE}, Outcome.GONE, 1),
    ],
)
def test_the_second_visit(keeper, change, outcome, versions):
    """What a patient sees decides whether a page changed: text, title, description."""
    keeper.visit()
    assert keeper.visit(at=LATER, **change) is outcome
    assert keeper.count("versions") == versions
    confirmed = LATER if outcome in {Outcome.UNCHANGED, Outcome.CHANGED, Outcome.NOT_MODIFIED} else NOW
    assert keeper.page("last_confirmed, version") == (confirmed, versions)


def test_an_old_text_that_comes_back_is_a_version_again(keeper):
    """A page that changes and changes back has three versions and two texts."""
    for text in ("One.", "Two.", "One."):
        keeper.visit(text=text)
    assert (keeper.count("versions"), keeper.count("texts")) == (3, 2)


@pytest.mark.parametrize("outcome", sorted(FAILED))
def test_failures_are_counted_until_an_answer(keeper, outcome):
    """Failures in a row add up, an answer ends them; a failure takes no text away."""
    keeper.visit()
    keeper.visit(text=None, outcome=outcome, fetch=None, location=None)
    keeper.visit(text=None, outcome=outcome, fetch=None, location=None)
    assert keeper.page("failures, version") == (2, 1)
    keeper.visit()
    assert keeper.page("failures, state") == (0, "live")


def test_a_failure_forgets_no_validator(keeper):
    """After an error page the next request is still conditional on the last good answer."""
    keeper.visit()
    broken = Fetch(HOME, 500, (("ETag", '"error"'),), b"broken")
    keeper.visit(text=None, outcome=Outcome.SERVER_ERROR, fetch=broken)
    assert keeper.page("etag") == (f'"{NOW}"',)


@pytest.mark.parametrize("outcome", [Outcome.NO_TEXT, Outcome.UNREADABLE, Outcome.TRUNCATED, Outcome.NOT_A_PAGE])
def test_an_answer_without_a_text_is_not_taken_for_the_last_text(keeper, outcome):
    """A page that empties is not `unchanged` a day later: what is compared is what the version was read from."""
    keeper.visit(visible_hash="of the text")
    columns = "body_sha256, visible_hash, last_confirmed"
    known = keeper.page(columns)
    keeper.visit(text="", at=LATER, outcome=outcome, visible_hash="of nothing")
    assert keeper.page(columns) == known


def test_one_forbidden_page_says_nothing_of_its_site(keeper):
    """The site's row says what robots.txt is, not what became of the page that was visited last."""
    sites = "SELECT robots, crawl_delay FROM sites"
    forbidden = {"text": None, "fetch": None, "location": None, "outcome": Outcome.ROBOTS_DISALLOWED}
    keeper.visit(robots="disallowed", **forbidden)
    assert keeper.db.execute(sites).fetchone() == ("disallowed", None)
    keeper.visit(crawl_delay=2.0)
    keeper.visit(robots="disallowed", **forbidden)
    assert keeper.db.execute(sites).fetchone() == ("allowed", 2.0)


def test_what_sqlite_cannot_hold_is_stored_without_it(keeper):
    """Lone surrogates and NULs anywhere in a reading: the page is stored, and is unchanged the next time."""
    reading = Reading(
        TEXT + BAD, BAD, author=BAD, description=BAD, site_name=BAD, canonical_url=BAD, headings=(BAD,), other_text=BAD,
        structured=BAD, language=BAD, published=BAD, modified=BAD, words=9, blocks=(Block(BAD, region=BAD),),
    )  # fmt: skip
    found = (Found("http://a.example/x", how="sitemap", lastmod=BAD),)
    assert keeper.visit(reading=reading, found=found, reason=BAD) is Outcome.NEW
    assert keeper.visit(reading=reading) is Outcome.UNCHANGED
    assert keeper.db.execute("SELECT author FROM versions").fetchone() == ("Ann ?",)


def test_links_are_queued_once(keeper):
    """A page that is linked twice, by two pages, is one row, due in this crawl."""
    link = Found("http://a.example/faq", depth=1)
    keeper.visit(found=(link, link))
    keeper.visit("http://a.example/faq", found=(Found(HOME), link))
    assert keeper.count("pages") == 2
    assert keeper.page("how, found_on, depth", "http://a.example/faq") == ("link", 1, 1)


def test_a_tracking_address_is_an_alias(keeper):
    """It is a row of its own that names its page and is never due; naming it again adds nothing."""
    raw = f"{HOME}faq?utm_source=x"
    for _ in range(2):
        keeper.visit(found=(Found(f"{HOME}faq", raw=raw),))
    assert keeper.page("alias_of, outcome, due_at", raw) == (2, "alias", None)
    assert keeper.count("visits WHERE outcome = 'alias'") == 1


def test_a_sitemap_s_newer_date_is_kept(keeper):
    """A known page keeps its row and takes over what the sitemap says of it now."""
    for lastmod in ("2024-01-01", "2024-02-02", None):
        keeper.visit(found=(Found(f"{HOME}faq", how="sitemap", lastmod=lastmod),))
    assert keeper.page("lastmod", f"{HOME}faq") == ("2024-02-02",)


def test_a_link_that_is_settled_is_recorded_and_not_queued(keeper):
    """A file or a trap by its address is a row with its outcome and reason."""
    keeper.visit(found=(Found(f"{HOME}a.pdf", skip=Outcome.NOT_A_PAGE, reason="a file by its name"),))
    assert keeper.page("state, outcome, reason, due_at", f"{HOME}a.pdf") == (
        "excluded",
        "not a page",
        "a file by its name",
        None,
    )


def test_the_page_limit_counts_what_may_be_visited(tmp_path):
    """What is excluded takes no room; what is over the limit says so."""
    with closing(open_corpus(tmp_path / "c.db")) as db:
        keeper = Keeper(db, max_pages=3)
        trap = Found(f"{HOME}trap", skip=Outcome.TRAP, reason="a trap")
        keeper.visit(found=(trap, *(Found(f"{HOME}{name}") for name in "abc")))
        assert [keeper.page("outcome", HOME + name)[0] for name in "abc"] == [None, None, "page limit"]


def walk(keeper, steps: int, text_of) -> str | None:
    """Walk along numbered pages as a crawl does; give the outcome that ended the walk, if any."""
    for number in range(steps):
        here, there = (HOME if n == 0 else f"{HOME}m/{n}" for n in (number, number + 1))
        run = keeper.page("run", here)[0] + 1 if number else 0
        keeper.visit(here, text_of(number), found=(Found(there, run=run),))
        if keeper.page("outcome", there)[0]:
            return keeper.page("outcome", there)[0]
    return None


def test_a_calendar_that_says_the_same_ends(keeper):
    """Numbered pages that say the same and lead to nothing else are a trap after a year of them."""
    same = "We are open this week and look forward to seeing you at the clinic for your visit, month {}."
    assert walk(keeper, MAX_RUN + 5, same.format) == "trap"


def test_a_story_in_parts_does_not_end(keeper):
    """Numbered pages that each say something else are followed as far as they go."""
    parts = [" ".join(f"word{chr(97 + number)}{chr(97 + step)}" for step in range(20)) for number in range(25)]
    assert walk(keeper, MAX_RUN + 10, parts.__getitem__) is None


def test_a_page_is_not_done_without_its_row(keeper):
    """A visit that fails in the middle leaves nothing of itself: no capture, no link, the page still due."""
    bad = Found("http://a.example/x", depth="deep" * 3)
    keeper.db.execute("CREATE TRIGGER no BEFORE INSERT ON pages BEGIN SELECT raise(ABORT, 'no'); END")
    with pytest.raises(Exception, match="no"):
        keeper.visit(found=(bad,))
    assert [keeper.count(table) for table in ("captures", "versions", "texts", "visits")] == [0] * 4
    assert keeper.page("crawl, due_at") == (0, NOW)


def test_what_a_site_asks_is_on_record(keeper):
    """The decision of robots.txt and the wishes of header and page stand with the capture and the site."""
    keeper.visit(reading=replace(Reading(TEXT), noindex=True), noarchive=True, crawl_delay=2.0)
    assert keeper.db.execute("SELECT noindex, noarchive, tdm_reserved FROM captures").fetchone() == (1, 1, 0)
    assert keeper.db.execute("SELECT robots, crawl_delay FROM sites").fetchone() == ("allowed", 2.0)
