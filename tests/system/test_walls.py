"""A page that answers with an error page, a wall or half a body at its second visit keeps its text: real crawls."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import NamedTuple

import pytest

from tests.support.command import crawl, seeds_file
from tests.support.walls import KINDS, PARAGRAPHS, site_page
from tests.support.web import Answer, serving

SITE = "http://cedar.example"
CUT = ("cut in a sentence, no length told", "cut in a sentence, length told", "cut between blocks, no length told")
LOST = "most of the text lost"  # and the same at the third visit
CASES = [*KINDS, *CUT, LOST]
NO_PAGES = [*KINDS, *CUT]


def whole(number: int) -> bytes:
    """Write a page in the frame of its site."""
    return site_page(f"Page {number}", [f"{one} Page {number} says so." for one in PARAGRAPHS])


def second(number: int) -> Answer:
    """Answer the second visit of a page."""
    name, page = CASES[number], whole(number)
    if name == LOST:
        return Answer(site_page(f"Page {number}", [f"{PARAGRAPHS[0]} Page {number} says so."]))
    if name not in CUT:
        return Answer(KINDS[name].body)
    end = page.index(b"<p>We give ketamine for grief") + (30 if "sentence" in name else 0)
    return Answer(page[:end], with_length="length told" in name and "no length" not in name)


class Row(NamedTuple):
    """What the second visit of a page came to, how many versions it has in the end, and what was told of it, in all."""

    outcome: str
    reason: str
    versions: int
    kinds: tuple[str, ...]


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """Crawl a site of a page a kind three times: whole, with what is no page, and whole again."""
    folder, visit = tmp_path_factory.mktemp("walls"), [1]
    home = site_page(
        "Home", [f"<a href='/p/{number}/'>{name}</a> {PARAGRAPHS[0]}" for number, name in enumerate(CASES)]
    )

    def answer(url: str) -> Answer | None:
        path = url.removeprefix(SITE)
        if path == "/":
            return Answer(home)
        if not path.startswith("/p/") or not path.split("/")[2].isdigit():
            return None
        number = int(path.split("/")[2])
        is_second = visit[0] == 2 or (visit[0] == 3 and CASES[number] == LOST)
        return second(number) if is_second else Answer(whole(number))

    with serving(answer) as web:
        for visit[0] in (1, 2, 3):
            crawl(folder / "c.db", seeds_file(folder, f"{SITE}/"), web.proxy, "--all")
    with closing(sqlite3.connect(folder / "c.db")) as db:
        yield {name: row(db, f"{SITE}/p/{number}/") for number, name in enumerate(CASES)}


def row(db: sqlite3.Connection, url: str) -> Row:
    """Read what became of a page."""
    of_page = "JOIN pages ON pages.id = page WHERE url = ?"
    outcome, reason = db.execute(
        f"SELECT visits.outcome, visits.reason FROM visits {of_page} AND visits.crawl = 2", (url,)
    ).fetchone()
    (versions,) = db.execute(f"SELECT count(*) FROM versions {of_page}", (url,)).fetchone()
    kinds = db.execute(f"SELECT changes.kind FROM changes {of_page} ORDER BY changes.crawl", (url,))
    return Row(outcome, reason, versions, tuple(kind for (kind,) in kinds))


@pytest.mark.parametrize("name", NO_PAGES)
def test_the_former_version_stands(told, name):
    """No edit is told, the outcome says what came, and the page has the version that it had."""
    seen = told[name]
    assert seen.outcome not in {"new", "changed", "unchanged", "not modified"}, seen
    assert "edited" not in seen.kinds, seen
    assert seen.versions == 1, seen


@pytest.mark.parametrize("name", CUT)
def test_a_body_cut_short_is_truncated(told, name):
    """It has an outcome of its own, whether its length was told or not, and is no event of the page."""
    assert told[name].outcome == "truncated", told[name]
    assert told[name].kinds == ()


def test_a_loss_of_most_of_the_text_is_confirmed_by_the_next_visit(told):
    """It is held at first, and an edit when the next visit shows the same."""
    seen = told[LOST]
    assert seen.outcome == "collapsed"
    assert "held until the next visit" in seen.reason
    assert seen.versions == 2
    assert "edited" in seen.kinds
