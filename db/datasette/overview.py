"""The home page: what the corpus holds, how fresh it is, what is new in it."""

from __future__ import annotations

import sqlite3  # noqa: TC003
from typing import TYPE_CHECKING, NamedTuple

from db.corpus.changes import Asked, alerts_since, ranked
from db.datasette.crawls import FunnelBox, funnel_boxes, read_funnel
from db.schema.vocabulary import CURRENT_STATES, LISTINGS
from pipelines.model.page_types import LISTING_TYPES

if TYPE_CHECKING:
    from db.corpus.changes import Change

LISTED = 8
# the rows of the view `corpus`, without its joins: the view reads the texts too
DATASET = f"documents.verdict = 'on topic' AND documents.duplicate_of IS NULL AND documents.page_type NOT IN {LISTINGS}"
DATASET_FILTER = f"verdict=on+topic&duplicate_of__isnull=1&page_type__notin={','.join(sorted(LISTING_TYPES))}"
NEWEST = f"""
    SELECT documents.*, sites.host AS host FROM documents JOIN sites ON sites.id = documents.site
    WHERE {DATASET}
    ORDER BY documents.first_seen DESC, documents.id LIMIT {LISTED}
"""
# sites that the dataset draws on: one look in an index for each site, not one for each document
DRAWN_ON = f"""
    FROM sites WHERE EXISTS (
        SELECT 1 FROM documents
        WHERE documents.site = sites.id AND +documents.verdict = 'on topic' AND +documents.duplicate_of IS NULL
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


class Overview(NamedTuple):
    """What the home page shows."""

    counts: dict[str, int]  # by the names of COUNTS
    verdicts: list[sqlite3.Row]
    types: list[sqlite3.Row]
    newest: list[sqlite3.Row]
    changed: list[Change]
    alerts: list[tuple[int, str, str]]
    crawl: sqlite3.Row | None
    funnel: dict[str, int]
    boxes: list[FunnelBox]


def read_overview(db: sqlite3.Connection) -> Overview:
    """Read what the home page shows; an empty corpus gives zeros and empty lists."""
    crawl = db.execute("SELECT * FROM crawls ORDER BY id DESC LIMIT 1").fetchone()
    funnel = read_funnel(db, crawl) if crawl else {}
    news = newest_crawl_with_news(db)
    verdicts = db.execute("SELECT verdict AS name, count(*) AS n FROM documents GROUP BY verdict ORDER BY n DESC")
    types = db.execute("SELECT page_type AS name, count(*) AS n FROM documents GROUP BY page_type ORDER BY n DESC")
    return Overview(
        counts={name: db.execute(sql).fetchone()[0] for name, sql in COUNTS.items()},
        verdicts=verdicts.fetchall(),
        types=types.fetchall(),
        newest=db.execute(NEWEST).fetchall(),
        changed=ranked(db, Asked(crawl=news), LISTED) if news else [],
        alerts=alerts_since(db, news) if news else [],
        crawl=crawl,
        funnel=funnel,
        boxes=funnel_boxes(funnel),
    )


def newest_crawl_with_news(db: sqlite3.Connection) -> int:
    """Name the newest crawl that found a change or raised an alert; 0 for none."""
    row = db.execute(
        "SELECT max(coalesce((SELECT max(crawl) FROM changes), 0),"
        " coalesce((SELECT max(crawl) FROM site_runs WHERE alerts != '[]'), 0))"
    ).fetchone()
    return int(row[0])
