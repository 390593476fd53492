"""Pages that were stored under another spelling of their address are found under the one that is used now."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from db.corpus.connection import open_corpus
from tests.support.made_corpus import ABOUT, HOST, corpus_of


def test_no_page_is_gone_and_none_is_new(tmp_path):
    """One takes the new spelling; the other, whose page is known, becomes its alias with all that it has."""
    path = tmp_path / "c.db"
    with corpus_of(path, {"/": f"Clinic\n{ABOUT}", "/fees/": "Fees\nA ketamine infusion costs 400 dollars a visit."}):
        pass
    with closing(sqlite3.connect(path)) as db:
        site = db.execute("SELECT site FROM pages LIMIT 1").fetchone()[0]
        for place in ("/a/../pain/", "/./fees/", "/x/../pain/"):
            db.execute(
                "INSERT INTO pages (url, site, state, how, found_at) VALUES (?, ?, 'live', 'link', '2026')",
                (f"http://{HOST}{place}", site),
            )
        db.execute("DELETE FROM _sqlite_migrations WHERE name = 'canonical_urls'")
        before = db.execute("SELECT count(*) FROM pages").fetchone()
        db.commit()
    with closing(open_corpus(path)) as db:
        assert db.execute("SELECT count(*) FROM pages").fetchone() == before
        rows = db.execute(
            "SELECT pages.url, own.url, pages.outcome FROM pages LEFT JOIN pages AS own ON own.id = pages.alias_of"
            " WHERE pages.url LIKE '%pain%' OR pages.url LIKE '%.example/./%' ORDER BY pages.id"
        ).fetchall()
    assert [tuple(row) for row in rows] == [
        (f"http://{HOST}/pain/", None, None),
        (f"http://{HOST}/./fees/", f"http://{HOST}/fees/", "alias"),
        (f"http://{HOST}/x/../pain/", f"http://{HOST}/pain/", "alias"),
    ]
