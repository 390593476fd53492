"""The watched demo web, crawled tick by tick as a user does: what is told is what was planted, and nothing else."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest

from demo.watched.noise import noise_of
from demo.watched.plan import make_plan
from tests.bench.watch import crawl_world, due, is_true

PLAN = make_plan(5, sites=1, pages=50, ticks=5)


@pytest.fixture(scope="module")
def watched(tmp_path_factory):
    """Crawl one noisy site of fifty pages at five ticks."""
    db = tmp_path_factory.mktemp("watched") / "corpus.db"
    told = crawl_world(PLAN, noise_of("first"), db)
    with closing(sqlite3.connect(db)) as corpus:
        yield corpus, told


def test_every_planted_change_is_told_with_its_kind(watched):
    """Each edit, in whichever place, and each fate of a page is a row of the right kind at the right tick."""
    told = {(row.url, row.kind, row.tick) for row in watched[1]}
    missed = [(url, kind, tick) for (url, kind), tick in due(PLAN).items() if kind != "footer"]
    assert [one for one in missed if one not in told] == []


def test_nothing_else_is_told(watched):
    """Counters, dates, testimonials, related posts, nonces and cookie banners make no row."""
    footer = [row for row in watched[1] if "Open on weekdays" in row.summary]
    assert [row for row in watched[1] if row not in footer and not is_true(row, due(PLAN))] == []


def test_a_footer_edit_on_forty_pages_is_one_row(watched):
    """All pages of the site share one edit, and one of them stands for it, far below what matters."""
    corpus, told = watched
    edits = {row.edit for row in told if row.regions == '["boilerplate"]' and "Open on weekdays" in row.summary}
    assert len(edits) == 1
    rows = corpus.execute(
        "SELECT lead, edit_pages, score FROM page_changes AS changes WHERE edit = ?", tuple(edits)
    ).fetchall()
    assert len(rows) >= 25
    assert sum(lead for lead, _, _ in rows) == 1
    assert {pages for _, pages, _ in rows} == {len(rows)}
    assert max(score for _, _, score in rows) < 0.1


def test_what_matters_ranks_above_what_does_not(watched):
    """Planted claims, prices, approvals and areas stand above planted commas, typos and greetings."""
    scores: dict[str, float] = {}  # of each page the edit that matters most: what else changed on it is another row
    for row in watched[1]:
        event = PLAN.events.get(row.url)
        if event and event.material is not None and row.tick == event.tick and row.kind == event.kind:
            scores[row.url] = max(scores.get(row.url, 0.0), row.score)
    material = [score for url, score in scores.items() if PLAN.events[url].material]
    cosmetic = [score for url, score in scores.items() if not PLAN.events[url].material]
    assert min(material) > 2 * max(cosmetic)


def test_masks_can_be_seen(watched):
    """What was learnt to change by itself is a row with an example and the reason."""
    rows = watched[0].execute("SELECT example, why, pages FROM dynamic_content").fetchall()
    assert rows
    assert all(example and why and pages for example, why, pages in rows)


def test_noise_leaves_no_version(watched):
    """A page without an event keeps its one version, however often it was fetched; its visits say why."""
    corpus, _ = watched
    quiet = (
        "SELECT pages.url, count(*) FROM versions JOIN pages ON pages.id = versions.page GROUP BY 1 HAVING count(*) > 2"
    )
    assert [url for url, _ in corpus.execute(quiet) if url not in PLAN.events] == []


def test_noise_does_not_hurry_the_next_visit(watched):
    """A page that is noisy at each visit is scheduled as one that never changed, but for the edit of the footer."""
    seen = watched[0].execute("SELECT url, changes_seen FROM pages WHERE kind = 'page' AND state = 'live'").fetchall()
    assert [url for url, changes in seen if url not in PLAN.events and changes > 1] == []


def test_a_second_run_of_the_pass_changes_nothing(watched):
    """A full re-run over the whole history gives the same rows with the same ids."""
    from crawler.engine.plan import load_rules
    from db.passes.changes import CHANGES
    from db.passes.driver import run_pass

    corpus, _ = watched
    before = corpus.execute("SELECT * FROM page_changes AS changes ORDER BY id").fetchall()
    corpus.isolation_level = None
    corpus.execute("DELETE FROM pass_units WHERE pass = 'changes'")
    assert run_pass(corpus, CHANGES, load_rules()) == 0
    assert corpus.execute("SELECT * FROM page_changes AS changes ORDER BY id").fetchall() == before
    assert all(json.loads(row[0]) for row in corpus.execute("SELECT reasons FROM page_changes AS changes"))
