"""Everything that is known of one page: its text, where it was found, its copies, its versions and captures."""

from __future__ import annotations

import sqlite3  # noqa: TC003
from typing import Any

from db.corpus.claims import cut_line, version_claims
from db.datasette.families import family_of
from db.datasette.paragraphs import blocks_of
from db.datasette.wording import parsed

CHAIN = 8  # steps back to the seed that are shown
LISTED = 100
PAGE = "SELECT * FROM pages WHERE id = ?"
VERSION = """
    SELECT versions.*, texts.text FROM versions
    JOIN texts ON texts.sha256 = coalesce(own_sha256, text_sha256) WHERE id = ?
"""
VERSIONS = f"""
    SELECT id, first_seen, last_confirmed, words, own_words, title, page_type, verdict, extractor FROM versions
    WHERE page = ? ORDER BY id DESC LIMIT {LISTED}
"""
CAPTURES = f"SELECT * FROM captures WHERE page = ? ORDER BY fetched_at DESC, id DESC LIMIT {LISTED}"
VISITS = f"SELECT * FROM visits WHERE page = ? ORDER BY crawl DESC LIMIT {LISTED}"
COPIES = f"""
    SELECT pages.id AS id, pages.url AS url, exact_copies.reason AS reason, sites.advertiser AS advertiser
    FROM exact_copies JOIN pages ON pages.id = exact_copies.page JOIN sites ON sites.id = pages.site
    WHERE exact_copies.copy_of = ?
    UNION ALL
    SELECT pages.id, pages.url, pages.reason, sites.advertiser
    FROM pages JOIN sites ON sites.id = pages.site WHERE pages.alias_of = ? LIMIT {LISTED}
"""
ORIGINAL = """
    SELECT pages.id AS id, pages.url AS url, exact_copies.reason AS reason
    FROM exact_copies JOIN pages ON pages.id = exact_copies.copy_of WHERE exact_copies.page = ?
    UNION ALL
    SELECT original.id, original.url, pages.reason
    FROM pages JOIN pages AS original ON original.id = pages.alias_of WHERE pages.id = ?
"""


def read_page(db: sqlite3.Connection, page: int, version: int | None = None) -> dict[str, Any] | None:
    """Read a page with its current version, or with the one named; ``None`` where there is no such page."""
    row = db.execute(PAGE, (page,)).fetchone()
    if row is None:
        return None
    shown = db.execute(VERSION, (version or row["version"],)).fetchone()
    return {
        "page": row,
        "version": shown,
        "site": db.execute("SELECT * FROM sites WHERE id = ?", (row["site"],)).fetchone(),
        "chain": _chain(db, row),
        "overruled": _overruled(db, shown),
        "original": db.execute(ORIGINAL, (page, page)).fetchone(),
        "copies": db.execute(COPIES, (page, page)).fetchall(),
        "family": family_of(db, page),
        "versions": db.execute(VERSIONS, (page,)).fetchall(),
        "captures": db.execute(CAPTURES, (page,)).fetchall(),
        "visits": db.execute(VISITS, (page,)).fetchall(),
    } | (_told(shown) | _proposed(db, shown["id"]) if shown else {"blocks": [], "reasons": [], "places": {}})


def _overruled(db: sqlite3.Connection, version: sqlite3.Row | None) -> sqlite3.Row | None:
    row: sqlite3.Row | None = None
    if version:
        row = db.execute("SELECT * FROM overrules WHERE text_sha256 = ?", (version["own_sha256"],)).fetchone()
    return row


def page_of_version(db: sqlite3.Connection, version: int) -> int | None:
    """Name the page that a version is of."""
    row = db.execute("SELECT page FROM versions WHERE id = ?", (version,)).fetchone()
    return row[0] if row else None


def is_document(db: sqlite3.Connection, page: int) -> bool:
    """Tell whether a page is a current document."""
    return db.execute("SELECT 1 FROM documents WHERE id = ?", (page,)).fetchone() is not None


def _removed(value: str) -> list[dict[str, str]]:
    lines = parsed(value)
    return [line for line in lines if isinstance(line, dict)] if isinstance(lines, list) else []


def _told(version: sqlite3.Row) -> dict[str, Any]:
    headings = version["headings"].split("\n")
    reasons = parsed(version["verdict_reasons"])
    return {
        "blocks": blocks_of(version["text"], headings),
        "reasons": reasons if isinstance(reasons, list) else [],
        "removed": _removed(version["removed"]) + _removed(version["leftovers"]),
        "places": {
            "Description": version["description"],
            "Headings": version["headings"],
            "Other visible text": version["other_text"],
            "Structured data": version["structured"],
            "Image descriptions": version["alternatives"],
        },
    }


def _proposed(db: sqlite3.Connection, version: int) -> dict[str, Any]:
    """Give the claim candidates of a version: by code, and as what cuts a line of the text where they stand."""
    claims = version_claims(db, version)
    by_code: dict[str, list[dict[str, Any]]] = {}
    for claim in claims:
        by_code.setdefault(claim["code"], []).append(claim)
    told: set[str] = set()

    def anchor(claim: str) -> str:
        """Give a place its name the first time that it is set: a name stands once on a page."""
        first = "" if claim in told else claim
        told.add(claim)
        return first

    cut = {"cut": lambda line: cut_line(line, claims), "anchor": anchor}
    return {"claims": claims, "claims_by_code": by_code, "cut": cut}


def _chain(db: sqlite3.Connection, page: sqlite3.Row) -> list[sqlite3.Row]:
    """Go from a page back along what it was found on, the seed last; a loop or a long way is cut."""
    chain: list[sqlite3.Row] = []
    seen = {page["id"]}
    step = page["found_on"]
    while step and step not in seen and len(chain) < CHAIN:
        seen.add(step)
        chain.append(db.execute("SELECT id, url, kind, how, found_on FROM pages WHERE id = ?", (step,)).fetchone())
        step = chain[-1]["found_on"]
    return chain
