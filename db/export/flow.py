"""The flow of records, as in a PRISMA diagram: every URL of the corpus in exactly one innermost box."""

from __future__ import annotations

import json
import sqlite3  # noqa: TC003
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from db.schema.vocabulary import LISTING_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# shown also where they are empty, in this order; each is counted by what is in it
CORPUS_BOXES = (
    "corpus",
    "corpus/sitemaps",
    "corpus/pages",
    "corpus/pages/without text",
    "corpus/pages/with text",
    "corpus/pages/with text/copies",
    "corpus/pages/with text/originals",
    "corpus/pages/with text/originals/off topic",
    "corpus/pages/with text/originals/doubtful",
    "corpus/pages/with text/originals/lists",
    "corpus/pages/with text/originals/on topic",
    "sites",
    "sites/with documents",
    "sites/without documents",
)
LABELS = {
    "corpus": "URLs discovered",
    "corpus/pages": "pages (pages.csv)",
    "corpus/pages/without text": "without a text now, or new in a crawl that has not ended; by state and outcome",
    "corpus/pages/with text/copies": "copies of another page's text",
    "corpus/pages/with text/originals/lists": f"on the topic, but lists of other pages ({LISTING_NAMES})",
    "corpus/pages/with text/originals/on topic": "documents on the topic (documents.csv)",
    "sites": "sites watched (sites.csv)",
}
LEAVES = """
    SELECT CASE WHEN pages.kind != 'page' THEN 'corpus/sitemaps'
        WHEN documents.id IS NULL THEN 'corpus/pages/without text/' || pages.state || '/'
            || coalesce(pages.outcome, 'not visited yet')
        WHEN documents.copy_of IS NOT NULL THEN 'corpus/pages/with text/copies'
        WHEN documents.verdict = 'on topic' AND documents.id NOT IN (SELECT page FROM corpus)
            THEN 'corpus/pages/with text/originals/lists'
        ELSE 'corpus/pages/with text/originals/' || coalesce(documents.verdict, 'not scored yet') END AS leaf, count(*)
    FROM pages LEFT JOIN documents ON documents.id = pages.id
    GROUP BY leaf
    UNION ALL
    SELECT CASE WHEN sites.host IN (SELECT site FROM corpus)
        THEN 'sites/with documents' ELSE 'sites/without documents' END AS leaf, count(*)
    FROM sites
    GROUP BY leaf
    ORDER BY leaf
"""
LAST_FUNNEL = "SELECT id, funnel FROM crawls WHERE status = 'finished' ORDER BY id DESC LIMIT 1"


class FlowRow(NamedTuple):
    """A box: its path, the box that it is a part of, what is counted, how many, and in which crawl (else: now)."""

    box: str
    part_of: str | None
    label: str
    total: int
    crawl: int | None


class Leaf(NamedTuple):
    """An innermost box of the corpus, and how many are in it."""

    box: str
    total: int


def flow_rows(db: sqlite3.Connection) -> Iterator[FlowRow]:
    """Give the boxes of the last finished crawl, then those of the corpus as it is now."""
    last = db.execute(LAST_FUNNEL).fetchone()
    if last:
        yield from crawl_boxes(last[0], json.loads(last[1]))
    yield from corpus_boxes(Leaf(*row) for row in db.execute(LEAVES))


def crawl_boxes(crawl: int, funnel: dict[str, int]) -> Iterator[FlowRow]:
    """Write a funnel as boxes.

    >>> tuple(list(crawl_boxes(1, {"discovered": 2, "fetched": 2, "fetched: new": 2}))[2])
    ('crawl/fetched/new', 'crawl/fetched', 'new', 2, 1)
    """
    yield FlowRow("crawl", None, f"URLs discovered on the sites of crawl {crawl}", funnel["discovered"], crawl)
    for name, count in funnel.items():
        if name != "discovered":
            yield _row("crawl/" + name.replace(": ", "/"), count, crawl)


def corpus_boxes(leaves: Iterable[Leaf]) -> Iterator[FlowRow]:
    """Add leaves up to the boxes that hold them; a box that is not in ``CORPUS_BOXES`` stands behind the one around it.

    >>> [row.total for row in corpus_boxes([Leaf("corpus/sitemaps", 1), Leaf("corpus/pages/with text/copies", 2)])][:3]
    [3, 1, 2]
    """
    counts: Counter[str] = Counter(dict.fromkeys(CORPUS_BOXES, 0))
    for leaf in leaves:
        for box in _with_parents(leaf.box):
            counts[box] += leaf.total

    def rank(box: str) -> tuple[int, str]:
        around = next(name for name in reversed(_with_parents(box)) if name in CORPUS_BOXES)
        return CORPUS_BOXES.index(around), box

    for box in sorted(counts, key=rank):
        yield _row(box, counts[box])


def _with_parents(box: str) -> list[str]:
    parts = box.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]


def _row(box: str, count: int, crawl: int | None = None) -> FlowRow:
    parent, _, name = box.rpartition("/")
    return FlowRow(box, parent or None, LABELS.get(box, name), count, crawl)
