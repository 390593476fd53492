"""What the home page says: what the corpus holds, how fresh it is, what is new in it."""

from __future__ import annotations

import sqlite3  # noqa: TC003
from typing import Any

from db.corpus.changes import Asked, alerts_since, ranked
from db.datasette.funnels import boxes_of, funnel_of
from db.schema.vocabulary import CURRENT_STATES, LISTINGS
from pipelines.model.page_types import LISTING_TYPES

LISTED = 8
# the rows of the view `corpus`, without its joins: the view reads the texts too
DATASET = f"documents.verdict = 'on topic' AND documents.copy_of IS NULL AND documents.page_type NOT IN {LISTINGS}"
DATASET_FILTER = f"verdict=on+topic&copy_of__isnull=1&page_type__notin={','.join(sorted(LISTING_TYPES))}"  # for a list
NEWEST = f"""
    SELECT documents.*, sites.host AS host FROM documents JOIN sites ON sites.id = documents.site
    WHERE {DATASET}
    ORDER BY documents.first_seen DESC, documents.id LIMIT {LISTED}
"""
# sites that the dataset draws on: one look in an index for each site, not one for each document
DRAWN_ON = f"""
    FROM sites WHERE EXISTS (
        SELECT 1 FROM documents
        WHERE documents.site = sites.id AND +documents.verdict = 'on topic' AND +documents.copy_of IS NULL
            AND +documents.page_type NOT IN {LISTINGS}
    )
"""
COUNTS = {
    "documents": f"SELECT count(*) FROM documents WHERE {DATASET}",
    "from_sites": f"SELECT count(*) {DRAWN_ON}",
    "advertisers": f"SELECT count(DISTINCT advertiser) {DRAWN_ON}",
    "states": f"SELECT count(DISTINCT nullif(state, '')) {DRAWN_ON}",
    "all_documents": "SELECT count(*) FROM documents",
    "copies": "SELECT count(*) FROM copies",
    "families": "SELECT count(*) FROM families",
    # the passes that list documents run when a crawl ends; until then, and after one that was cut off, pages wait
    "unjudged": f"""
        SELECT count(*) FROM pages LEFT JOIN documents ON documents.id = pages.id
        WHERE pages.state IN {CURRENT_STATES} AND pages.version IS NOT NULL
            AND documents.version IS NOT pages.version
    """,
    "pages": "SELECT count(*) FROM pages",
    "captures": "SELECT count(*) FROM captures",
    "crawls": "SELECT count(*) FROM crawls",
    "sites": "SELECT count(*) FROM sites",
}


def read_overview(db: sqlite3.Connection) -> dict[str, Any]:
    """Read what the home page shows; an empty corpus gives zeros and empty lists."""
    crawl = last_crawl(db)
    told = newest_told(db)
    funnel = funnel_of(db, crawl) if crawl else {}
    return {
        "counts": {name: db.execute(sql).fetchone()[0] for name, sql in COUNTS.items()},
        "verdicts": db.execute(
            "SELECT verdict, count(*) AS n FROM documents GROUP BY verdict ORDER BY n DESC"
        ).fetchall(),
        "types": db.execute(
            "SELECT page_type, count(*) AS n FROM documents GROUP BY page_type ORDER BY n DESC"
        ).fetchall(),
        "newest": db.execute(NEWEST).fetchall(),
        "changed": ranked(db, Asked(crawl=told), LISTED) if told else [],
        "alerts": alerts_since(db, told) if told else [],
        "crawl": crawl,
        "funnel": funnel,
        "boxes": boxes_of(funnel),
    }


def last_crawl(db: sqlite3.Connection) -> sqlite3.Row | None:
    """Give the newest crawl, ended or not."""
    row: sqlite3.Row | None = db.execute("SELECT * FROM crawls ORDER BY id DESC LIMIT 1").fetchone()
    return row


def newest_told(db: sqlite3.Connection) -> int:
    """Name the newest crawl that found a change or raised an alert; 0 for none."""
    row = db.execute(
        "SELECT max(coalesce((SELECT max(crawl) FROM changes), 0),"
        " coalesce((SELECT max(crawl) FROM site_runs WHERE alerts != '[]'), 0))"
    ).fetchone()
    return int(row[0])
