"""A site where nobody answers is left alone for a while; a clock that was wrong once holds no page for ever."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

from db.corpus.backoff import mend_due_times
from db.corpus.connection import open_corpus
from tests.support.command import clinicwatch, crawl, seeds_file
from tests.support.web import linked_site, serving

DAY = timedelta(days=1)


def ask(db, sql: str) -> list[tuple]:
    """Ask a corpus."""
    with closing(sqlite3.connect(db)) as corpus, corpus:
        return corpus.execute(sql).fetchall()


def test_a_silent_site_rests_and_wakes(tmp_path):
    """After pages without an answer the next crawl does not ask; who names the site is served, and it is awake."""
    seeds, db = seeds_file(tmp_path, "http://big.example/"), tmp_path / "c.db"
    with serving(linked_site(12)) as web:
        crawl(db, seeds, web.proxy)
    ask(db, "UPDATE pages SET due_at = '2026-01-01'")
    dead = "http://127.0.0.1:9"
    crawl(db, seeds, dead)
    (rest,) = ask(db, "SELECT failures, backoff_until FROM sites")
    assert rest[0] == 1
    assert rest[1] > datetime.now(UTC).isoformat()
    asked = "SELECT count(*) FROM visits WHERE crawl = (SELECT max(id) FROM crawls)"
    ask(db, "UPDATE pages SET due_at = '2026-01-01'")
    done = crawl(db, seeds, dead)
    assert "rests until" in done.stdout
    assert ask(db, asked) == [(0,)]
    with serving(linked_site(12)) as web:
        named = clinicwatch("crawl", "--db", db, "--site", "big.example", "-s", "DOWNLOAD_DELAY=0", proxy=web.proxy)
    assert named.returncode == 0, named.stderr
    assert ask(db, "SELECT failures, backoff_until FROM sites") == [(0, None)]


def test_due_times_of_a_wrong_clock(tmp_path):
    """Pages that are due in years come back, spread over a week; those that are due in a month stay."""
    now = datetime(2026, 3, 1, tzinfo=UTC)
    with closing(open_corpus(tmp_path / "c.db")) as db:
        db.execute("INSERT INTO sites (id, host, advertiser, added_at) VALUES (1, 'a.example', 'a.example', '2026')")
        for number in range(100):
            due = now + (2000 if number else 30) * DAY
            row = (f"http://a.example/{number}", due.isoformat())
            db.execute("INSERT INTO pages (url, site, how, found_at, due_at) VALUES (?, 1, 'link', '2026', ?)", row)
        assert mend_due_times(db, now.isoformat(), (now + 60 * DAY).isoformat()) == 99
        due = [datetime.fromisoformat(told) for (told,) in db.execute("SELECT due_at FROM pages ORDER BY id")]
    assert due[0] == now + 30 * DAY
    days = [(one - now) / DAY for one in due[1:]]
    assert min(days) >= 0
    assert max(days) <= 7
    assert max(sum(day <= one < day + 1 for one in days) for day in range(7)) < 30
