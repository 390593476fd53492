"""Which page next: fairly, few at a time, none twice, and not before its host has rested."""

from __future__ import annotations

import asyncio
from contextlib import closing

import pytest

from crawler.engine.frontier import LONG_BACKOFF, MAX_FAILURES, Frontier
from crawler.engine.seeds import parse_seeds
from db.corpus.connection import open_corpus
from db.corpus.crawls import add_seeds, begin_crawl
from pipelines.metadata.link_depth import assess_link
from pipelines.model.outcomes import Outcome
from pipelines.model.records import Found, Page

NOW = "2026-03-01T09:00:00+00:00"


def page(url: str = "http://a.example/list/2", depth: int = 1, run: int = 0) -> Page:
    """Make a page of the frontier."""
    return Page(1, url, 1, "a.example", depth=depth, run=run)


@pytest.mark.parametrize(
    ("found", "depth", "run", "skip"),
    [
        (Found("http://a.example/faq"), 2, 0, None),
        (Found("http://a.example/list/3"), 2, 1, None),
        (Found("http://a.example/a/b/a/b/a/b/a/b"), 2, 0, Outcome.TRAP),
        (Found("http://a.example/list/3", how="sitemap"), 1, 0, None),
        (Found("http://a.example/a.pdf", skip=Outcome.NOT_A_PAGE, reason="file"), 2, 0, Outcome.NOT_A_PAGE),
    ],
)
def test_where_a_link_stands(found, depth, run, skip):
    """Depth counts on, steps along a pattern count on, a trap is known by its address, a sitemap begins anew."""
    result = assess_link(page(), found)
    assert (result.depth, result.run, result.skip) == (depth, run, skip)
    assert bool(result.reason) is bool(skip)


@pytest.fixture
def crawl(tmp_path):
    """Open a corpus of two sites with ten pages each, in a crawl."""
    seeds = "".join(f"http://{host}.example/{number}\n" for host in "ab" for number in range(10))
    with closing(open_corpus(tmp_path / "c.db")) as db:
        sites = add_seeds(db, parse_seeds(f"url\n{seeds}"), NOW)
        yield db, begin_crawl(db, NOW, everything=False, sites=sites, facts={})


def walk(crawl, handle, **options) -> tuple[Frontier, list[Page]]:
    """Take pages until the frontier ends, handing each to ``handle``."""
    db, row = crawl

    async def scenario():
        frontier, taken = Frontier(db, row, **options), []
        async for one in frontier.pages():
            taken.append(one)
            handle(frontier, one)
        return frontier, taken

    return asyncio.run(asyncio.wait_for(scenario(), 20))


def finish(crawl, frontier: Frontier, one: Page, outcome: Outcome = Outcome.NEW) -> None:
    """Commit a page's visit and give it back, as a run does."""
    db, row = crawl
    db.execute("UPDATE pages SET crawl = ? WHERE id = ?", (row.id, one.id))
    frontier.done(one, outcome)


def test_every_page_once_and_sites_in_turn(crawl):
    """All pages of both sites, none twice, one site after the other in turn."""
    frontier, taken = walk(crawl, lambda frontier, one: finish(crawl, frontier, one))
    assert sorted(one.id for one in taken) == list(range(1, 21))
    assert [one.site for one in taken[:6]] in ([1, 2, 1, 2, 1, 2], [1, 2, 2, 1, 1, 2], [1, 1, 2, 2, 1, 1])
    assert frontier.ended


@pytest.mark.parametrize(("delay", "most"), [(1.0, 1), (0.1, 2), (0.0, 4)])
def test_few_of_one_site_are_in_flight(crawl, delay, most):
    """With a delay a site has one page in flight or two, so that a kill costs little; never more than the window."""
    flying: list[Page] = []
    peak = {1: 0, 2: 0}

    def hold(frontier, one):
        flying.append(one)
        peak[one.site] = max(peak[one.site], [other.site for other in flying].count(one.site))
        if len(flying) >= min(2 * most, 6):
            finish(crawl, frontier, flying.pop(0))
        asyncio.get_running_loop().call_soon(lambda: flying and finish(crawl, frontier, flying.pop(0)))

    _, taken = walk(crawl, hold, delay=delay, window=6)
    assert len({one.id for one in taken}) == len(taken) == 20
    assert max(peak.values()) <= most


def test_what_is_found_on_the_way_is_given_out_too(crawl):
    """A page that is queued while the last one is in flight is due in the same crawl."""
    db, _ = crawl

    def discover(frontier, one):
        if one.id == 20:
            db.execute(
                "INSERT INTO pages (url, site, how, found_at, due_at) VALUES ('http://b.example/x', 2, 'link', ?, ?)",
                (NOW, NOW),
            )
        finish(crawl, frontier, one)

    assert walk(crawl, discover)[1][-1].url == "http://b.example/x"


def test_a_rest_holds_one_site(crawl):
    """While one site rests the other goes on; afterwards the page that was put back is requested again."""
    rested = []

    def rest_once(frontier, one):
        if one.site == 1 and not rested:
            rested.append(one)
            frontier.requeue(one, 0.2)
        else:
            finish(crawl, frontier, one)

    _, taken = walk(crawl, rest_once)
    order = [one.site for one in taken]
    assert order[1:11] == [2] * 10
    assert [one.id for one in taken].count(rested[0].id) == 2


def test_a_long_rest_leaves_the_site_for_the_next_crawl(crawl):
    """A host that asks for an hour is not waited for; its pages stay queued, with the reason."""

    def busy(frontier, one):
        if one.site == 1:
            frontier.requeue(one, LONG_BACKOFF + 1)
        else:
            finish(crawl, frontier, one)

    frontier, taken = walk(crawl, busy)
    assert [one.site for one in taken].count(1) == 1
    assert "rest of 301 s" in frontier.given_up[1]
    assert frontier.ended


@pytest.mark.parametrize(("outcome", "requested"), [(Outcome.TIMED_OUT, MAX_FAILURES), (Outcome.SERVER_ERROR, 10)])
def test_a_host_that_never_answers_is_left(crawl, outcome, requested):
    """After three pages without any answer the others of the host are left; an error page is an answer."""
    result = {1: outcome, 2: Outcome.NEW}
    frontier, taken = walk(crawl, lambda frontier, one: finish(crawl, frontier, one, result[one.site]))
    assert [one.site for one in taken].count(1) == requested
    assert (1 in frontier.given_up) is (requested == MAX_FAILURES)


def test_a_stopped_frontier_gives_out_nothing_more(crawl):
    """After a stop the crawl is not at its end: what is queued stays for the next run."""
    frontier, taken = walk(crawl, lambda frontier, _: frontier.stop())
    assert len(taken) == 1
    assert not frontier.ended
