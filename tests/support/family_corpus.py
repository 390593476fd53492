"""Corpora for tests of families: pages put in by hand, fast, and texts of made words that can be edited."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from db.corpus.connection import atomic
from db.passes.driver import run_pass
from db.passes.families import FAMILIES
from db.passes.rules import Rules
from pipelines.text.encode import dump, sha256
from tests.support.rows_by_hand import put_version

if TYPE_CHECKING:
    import sqlite3

NOW = "2026-03-01T09:00:00+00:00"
SYLLABLES = [
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "la",
    "me",
    "ni",
    "po",
    "ru",
    "sa",
    "te",
    "vi",
    "wo",
    "zu",
    "han",
    "kel",
    "mor",
]
ROWS = {
    "families": "SELECT * FROM families ORDER BY id",
    "family_members": "SELECT * FROM family_members ORDER BY page",
    "text_pairs": "SELECT * FROM text_pairs ORDER BY page, other",
}


@dataclass(frozen=True)
class Put:
    """A page to be put in: its text, the site that shows it, its kind."""

    text: str
    site: int = 1
    page_type: str = "service"
    facts: tuple[tuple[str, str, str, float], ...] = ()


def lay_sites(db: sqlite3.Connection, sites: int = 5) -> None:
    """Lay a crawl and some clinics."""
    with atomic(db):
        db.execute("INSERT INTO crawls (started_at, scope, settings, tools) VALUES (?, '{}', '{}', '{}')", (NOW,))
        for site in range(1, sites + 1):
            host, name = f"clinic{site}-ketamine.example", f"Clinic{site} Ketamine"
            row = (site, host, host, name, "Tustin", "CA", NOW)
            db.execute(
                "INSERT INTO sites (id, host, advertiser, name, city, state, added_at) VALUES (?,?,?,?,?,?,?)", row
            )


def put(db: sqlite3.Connection, page: int, what: Put) -> None:
    """Put a page in with a capture of the same number, or give it a new version."""
    digest = sha256(what.text)
    words = len(what.text.split())
    db.execute("INSERT OR IGNORE INTO texts VALUES (?, ?, ?)", (digest, what.text, words))
    db.execute(
        "INSERT INTO pages (id, url, site, how, found_at, state) VALUES (?, ?, ?, 'seed', ?, 'live')"
        " ON CONFLICT (id) DO UPDATE SET state = 'live', site = excluded.site",
        (page, f"http://clinic.example/{page}", what.site, NOW),
    )
    db.execute(
        "INSERT OR IGNORE INTO captures (id, page, crawl, url, fetched_at, status, outcome, body_sha256, body_bytes,"
        " warc_file, warc_offset, warc_length) VALUES (?, ?, 1, '', ?, 200, 'new', '', 0, '', 0, 0)",
        (page, page, NOW),
    )
    version = put_version(db, page, page, NOW, digest, words, page_type=what.page_type, facts=dump(what.facts))
    db.execute("UPDATE pages SET version = ? WHERE id = ?", (version, page))


def group(db: sqlite3.Connection, places: str = "") -> int:
    """Run the pass of families with a gazetteer; gives how many rows changed."""
    return run_pass(db, FAMILIES, Rules(topic="", places=places))


def forget_families(db: sqlite3.Connection) -> None:
    """Throw away what the pass wrote and that it has written it."""
    with atomic(db):
        for table in ("family_members", "families", "text_pairs"):
            db.execute(f"DELETE FROM {table}")
        db.execute("DELETE FROM pass_units WHERE pass = 'families'")


def take_away(db: sqlite3.Connection, page: int) -> None:
    """Let a page be gone."""
    db.execute("UPDATE pages SET state = 'gone' WHERE id = ?", (page,))


def rows(db: sqlite3.Connection) -> dict[str, list[tuple]]:
    """Read what the pass writes, aliases left out: they are history."""
    return {name: db.execute(sql).fetchall() for name, sql in ROWS.items()}


def partition(db: sqlite3.Connection) -> set[frozenset[int]]:
    """Read which pages are together."""
    found = db.execute("SELECT group_concat(page) FROM family_members GROUP BY family")
    return {frozenset(map(int, pages.split(","))) for (pages,) in found}


def vocabulary(size: int = 600) -> list[str]:
    """Make words."""
    rng = random.Random(7)
    return sorted({"".join(rng.choices(SYLLABLES, k=rng.randint(2, 4))) for _ in range(size)})


VOCABULARY = vocabulary()


def write(rng: random.Random, sentences: int) -> list[str]:
    """Write sentences of made words."""
    return [" ".join(rng.choices(VOCABULARY, k=rng.randint(6, 16))).capitalize() + "." for _ in range(sentences)]


def edit(rng: random.Random, text: list[str]) -> list[str]:
    """Edit a text as copyists do: leave sentences out, add some, move some, change words, take an excerpt."""
    how = rng.randrange(6)
    if how == 0:
        return text[: max(3, len(text) * 2 // 3)]
    if how == 1:
        return text + write(rng, rng.randint(1, len(text)))
    if how == 2:
        return rng.sample(text, len(text))
    if how == 3:
        start = rng.randrange(len(text))
        return text[start : start + max(3, len(text) // 3)]
    if how == 4:
        return [" ".join(w if rng.random() > 0.06 else rng.choice(VOCABULARY) for w in one.split()) for one in text]
    return list(text)
