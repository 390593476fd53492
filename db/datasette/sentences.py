"""The page of sentences that several pages say: the most widely shared first, and where each stands."""

from __future__ import annotations

import sqlite3  # noqa: TC003
from typing import Any

LISTED = 30
SHOWN = 60  # pages of one sentence
WHO = f"""
    SELECT pages.id AS id, pages.url AS url, sites.advertiser AS advertiser, sites.state AS state,
        (SELECT min(first_seen) FROM versions WHERE versions.page = pages.id) AS first_seen
    FROM sentence_pages JOIN pages ON pages.id = sentence_pages.page JOIN sites ON sites.id = pages.site
    WHERE sentence_pages.sentence = ? ORDER BY first_seen, sites.advertiser, pages.url LIMIT {SHOWN}
"""
LIST = f"""
    SELECT * FROM shared_sentences WHERE n_advertisers >= :least
    ORDER BY n_advertisers DESC, n_pages DESC, sentence LIMIT {LISTED} OFFSET :offset
"""
SPUN = """
    SELECT spun_candidates.*, mine.title AS title, theirs.title AS other_title FROM spun_candidates
    JOIN pages AS one ON one.id = spun_candidates.page JOIN versions AS mine ON mine.id = one.version
    JOIN pages AS two ON two.id = spun_candidates.other JOIN versions AS theirs ON theirs.id = two.version
    ORDER BY skeleton - spun_candidates.words DESC, spun_candidates.page, spun_candidates.other LIMIT 100
"""


def read_sentences(db: sqlite3.Connection, page: int, least: int = 2) -> dict[str, Any]:
    """Read one screen of shared sentences, each with the pages that say it, the first to be seen first."""
    rows = db.execute(LIST, {"least": least, "offset": LISTED * (page - 1)}).fetchall()
    total = db.execute("SELECT count(*) FROM sentences WHERE n_advertisers >= ?", (least,)).fetchone()[0]
    found = [dict(row) | {"who": db.execute(WHO, (row["sentence"],)).fetchall()} for row in rows]
    spun = db.execute(SPUN).fetchall() if page == 1 else []
    return {"sentences": found, "total": total, "page": page, "more": total > LISTED * page, "spun": spun}
