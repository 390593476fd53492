"""Crawls and seeds: what a run may visit, and how one that was cut off goes on."""

from __future__ import annotations

from contextlib import closing

import pytest

from crawler.engine.seeds import parse_seeds
from db.corpus.connection import open_corpus
from db.corpus.crawls import add_seeds, adopt_host, begin_crawl, end_crawl, interrupt_crawl
from db.corpus.queries import all_sites, site_hosts

NOW, LATER = "2026-03-01T09:00:00+00:00", "2026-03-02T09:00:00+00:00"


@pytest.fixture
def db(tmp_path):
    """Open an empty corpus."""
    with closing(open_corpus(tmp_path / "c.db")) as connection:
        yield connection


def seed(db, text: str, now: str = NOW) -> tuple[int, ...]:
    """Add the seeds of a text."""
    return add_seeds(db, parse_seeds("url,name,city,state,class\n" + text), now)


def begin(db, sites, now: str = NOW, *, everything: bool = False):
    """Begin a crawl."""
    return begin_crawl(db, now, everything=everything, sites=sites, facts={"settings": {"a": 1}, "tools": {}})


def test_a_host_is_one_site(db):
    """Two addresses of one host, with and without www, are one site with two entry pages that are due."""
    assert seed(db, "http://a.example/\nhttp://www.a.example/start\nhttp://b.example/\n") == (1, 2)
    assert db.execute("SELECT count(*), min(due_at), max(state) FROM pages").fetchone() == (3, NOW, "queued")
    assert site_hosts(db) == {1: frozenset({"a.example"}), 2: frozenset({"b.example"})}


def test_a_seeds_file_fills_what_is_empty(db):
    """What a person put there stays; what was empty is filled; no page is added twice."""
    seed(db, "http://a.example/,,Salem\n")
    db.execute("UPDATE sites SET city = 'Bend'")
    seed(db, "http://a.example/,Cedar,Salem,OR\n", LATER)
    assert db.execute("SELECT name, city, state, added_at FROM sites").fetchall() == [("Cedar", "Bend", "OR", NOW)]
    assert db.execute("SELECT due_at FROM pages").fetchall() == [(NOW,)]


def test_sites_that_are_out_are_not_crawled_by_themselves(db):
    """A site that a person took out is no longer among all sites."""
    seed(db, "http://a.example/\nhttp://b.example/\n")
    db.execute("UPDATE sites SET status = 'out' WHERE host = 'a.example'")
    assert all_sites(db) == (2,)


def test_a_crawl_that_was_cut_off_goes_on(db):
    """The same scope, in whatever order: the same crawl, with the time at which it began."""
    sites = seed(db, "http://a.example/\nhttp://b.example/\n")
    first = begin(db, sites)
    interrupt_crawl(db, first.id)
    again = begin(db, sites[::-1], LATER)
    assert (again.id, again.started_at, again.resumed) == (first.id, NOW, True)
    assert db.execute("SELECT status FROM crawls").fetchall() == [("running",)]


@pytest.mark.parametrize("change", ["everything", "sites"])
def test_another_scope_is_another_crawl(db, change):
    """A crawl of other sites, or of everything, begins anew; the one that was cut off is closed as such."""
    sites = seed(db, "http://a.example/\nhttp://b.example/\n")
    first = begin(db, sites)
    again = begin(db, sites[:1] if change == "sites" else sites, LATER, everything=change == "everything")
    assert (again.id, again.resumed) == (first.id + 1, False)
    assert db.execute("SELECT status, ended_at FROM crawls ORDER BY id").fetchall() == [
        ("cut off", LATER),
        ("running", None),
    ]


def test_a_finished_crawl_is_not_gone_on_with(db):
    """The next crawl after one that finished is a new one, and the old one keeps its funnel."""
    sites = seed(db, "http://a.example/\n")
    first = begin(db, sites)
    end_crawl(db, first.id, LATER, {"left": {}}, {"discovered": 1})
    assert not begin(db, sites, LATER).resumed
    assert db.execute("SELECT status, funnel FROM crawls WHERE id = ?", (first.id,)).fetchone() == (
        "finished",
        '{"discovered":1}',
    )


def test_a_host_belongs_to_the_site_that_had_it_first(db):
    """A seed's redirect may widen its site by a host that nobody has, and takes none from another."""
    one, two = seed(db, "http://a.example/\nhttp://b.example/\n")
    assert adopt_host(db, one, "book.a.example")
    assert adopt_host(db, one, "book.a.example")
    assert not adopt_host(db, one, "b.example")
    assert site_hosts(db)[two] == {"b.example"}
