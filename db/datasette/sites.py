"""The page of a site: its facts, its hosts, its documents by type, its claims now and then, how its pages ended."""

from __future__ import annotations

import sqlite3  # noqa: TC003
from typing import NamedTuple

from pipelines.changes.noise_repeat_fetch import GAP

LISTED = 50
BY_TYPE = "SELECT page_type, verdict, count(*) AS n FROM documents WHERE site = ? GROUP BY page_type, verdict"
BY_OUTCOME = """
    SELECT state, coalesce(outcome, 'not visited yet') AS outcome, count(*) AS n FROM pages
    WHERE site = ? AND kind = 'page' GROUP BY 1, 2 ORDER BY n DESC
"""
DOCUMENTS = f"SELECT * FROM documents WHERE site = ? ORDER BY duplicate_of IS NOT NULL, words DESC, id LIMIT {LISTED}"
FACTS = f"SELECT * FROM site_facts WHERE site = ? ORDER BY field, pages DESC, trust DESC, value LIMIT {LISTED}"
# dynamic content, learnt from its crawls and ignored when versions are compared; patterns show more than the lines seen
DYNAMIC_CONTENT = f"""
    SELECT region, CASE WHEN instr(pattern, '{GAP}') THEN replace(pattern, char(10), ' ') ELSE example END AS example,
        why, pages
    FROM dynamic_content WHERE site = ? AND active ORDER BY instr(pattern, '{GAP}') > 0 DESC, pages DESC, id LIMIT 12
"""
# requests beside the visits: for a page that cannot exist, and for the same page twice
PROBES = "SELECT crawl, kind, url, at, outcome, status FROM probes WHERE site = ? ORDER BY id DESC LIMIT 8"
RUNS = "SELECT * FROM site_runs WHERE site = ? ORDER BY crawl DESC LIMIT 8"
SIBLINGS = f"SELECT id, host, name FROM sites WHERE advertiser = ? AND id != ? ORDER BY host LIMIT {LISTED}"
# candidates of its list of claims, by code: sentences that a page of it shows now, and that none does any more
CLAIMS = """
    SELECT claim_list.code AS code, coalesce(codes.name, claim_list.code) AS name, sum(n_pages > 0) AS now,
        sum(n_pages = 0) AS gone, min(first_seen) AS first_seen, max(last_seen) AS last_seen
    FROM claim_list LEFT JOIN codes ON codes.code = claim_list.code
    WHERE claim_list.site = ? GROUP BY claim_list.code ORDER BY codes.position
"""
VERDICTS = ("on topic", "doubtful", "off topic")


class TypeCounts(NamedTuple):
    """The documents of a page type: how many of each verdict, and in all."""

    page_type: str
    by_verdict: dict[str, int]
    total: int


class SitePage(NamedTuple):
    """What the page of a site shows."""

    site: sqlite3.Row
    hosts: list[str]
    facts: list[sqlite3.Row]
    siblings: list[sqlite3.Row]  # other sites of its advertiser
    types: list[TypeCounts]
    verdicts: tuple[str, ...]
    dynamic_content: list[sqlite3.Row]
    probes: list[sqlite3.Row]
    runs: list[sqlite3.Row]
    outcomes: list[sqlite3.Row]
    claims: list[sqlite3.Row]
    documents: list[sqlite3.Row]
    total: int  # documents, listed or not


def read_site(db: sqlite3.Connection, site: int) -> SitePage | None:
    """Read a site; ``None`` where there is no such site."""
    row = db.execute("SELECT * FROM sites WHERE id = ?", (site,)).fetchone()
    if row is None:
        return None
    return SitePage(
        site=row,
        hosts=[host for (host,) in db.execute("SELECT host FROM hosts WHERE site = ? ORDER BY host", (site,))],
        facts=db.execute(FACTS, (site,)).fetchall(),
        siblings=db.execute(SIBLINGS, (row["advertiser"], site)).fetchall(),
        types=type_counts(db.execute(BY_TYPE, (site,)).fetchall()),
        verdicts=VERDICTS,
        dynamic_content=db.execute(DYNAMIC_CONTENT, (site,)).fetchall(),
        probes=db.execute(PROBES, (site,)).fetchall(),
        runs=db.execute(RUNS, (site,)).fetchall(),
        outcomes=db.execute(BY_OUTCOME, (site,)).fetchall(),
        claims=db.execute(CLAIMS, (site,)).fetchall(),
        documents=db.execute(DOCUMENTS, (site,)).fetchall(),
        total=db.execute("SELECT count(*) FROM documents WHERE site = ?", (site,)).fetchone()[0],
    )


def type_counts(rows: list[sqlite3.Row]) -> list[TypeCounts]:
    """Turn counts of type and verdict into a line for each type, the longest first."""
    table: dict[str, dict[str, int]] = {}
    for page_type, verdict, count in rows:
        table.setdefault(page_type, {})[verdict or ""] = count
    lines = [TypeCounts(page_type, counts, sum(counts.values())) for page_type, counts in table.items()]
    return sorted(lines, key=lambda line: (-line.total, line.page_type))
