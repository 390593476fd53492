"""What depends on other pages: ordered passes after a crawl, each incremental, each giving the same rows in full.

noise | frame | topic | decisions | copies | families | sentences | claims | changes | documents
"""

from __future__ import annotations

import hashlib
import re
import sqlite3  # noqa: TC003
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from db.corpus.connection import atomic
from db.passes.changes import find_changes
from db.passes.claims import find_claims
from db.passes.families import COMPARED, group_families
from db.passes.noise import hold_noise_back
from db.passes.passages import find_passages
from db.passes.staleness import unless_same
from db.passes.topic_overrides import take_over
from db.schema.vocabulary import CURRENT_STATES
from pipelines.changes import boilerplate
from pipelines.changes.triage import load_triage
from pipelines.classify import topic
from pipelines.coding.claims import Scanner, find_candidates
from pipelines.coding.codebook import load_codebook
from pipelines.dedup.exact_duplicates import Candidate, find_copies
from pipelines.text.clean import fold
from pipelines.text.encode import dump, sha256
from pipelines.text.tokens import copy_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from db.passes.rules import Rules
    from pipelines.changes.boilerplate import SiteLine
    from pipelines.changes.triage import Triage

WORD = re.compile(r"\w+")
SAMPLE = 2_000  # pages of a site that its frame is worked out from: a line on a fifth of a site shows in them
CHUNK = 500  # versions a transaction: a pass that is cut off goes on where it was


def run_passes(db: sqlite3.Connection, rules: Rules) -> dict[str, int]:
    """Run every pass in its order; gives how many rows each of them changed."""
    return {name: run(db, rules) for name, run in PASSES.items()}


def strip_frames(db: sqlite3.Connection, _rules: Rules) -> int:
    """Take the lines of each site's frame out of its texts; a site whose texts are as they were is passed over."""
    sites = db.execute("SELECT id, frame_key FROM sites ORDER BY id").fetchall()
    return sum(_strip_site(db, site, key) for site, key in sites)


def _strip_site(db: sqlite3.Connection, site: int, known: str | None) -> int:
    rows = db.execute(
        f"SELECT versions.id, text_sha256, page, pages.version = versions.id AND pages.state IN {CURRENT_STATES}"
        " FROM versions JOIN pages ON pages.id = versions.page WHERE pages.site = ? ORDER BY versions.id",
        (site,),
    ).fetchall()
    key = hashlib.sha256(dump([boilerplate.RULES, rows]).encode()).hexdigest()[:16]
    if key == known:
        return 0
    frame = boilerplate.site_lines(_said(db, digests) for digests in _sampled(rows))
    with atomic(db):
        changed = sum(_strip(db, version, _lines(db, digest), frame) for version, digest, *_ in rows)
        db.execute("UPDATE sites SET frame_key = ? WHERE id = ?", (key, site))
    return changed


def _sampled(rows: Sequence[tuple[int, str, int, bool]]) -> list[list[str]]:
    """Give the texts of a site's pages that stand, each page's in the order of their versions.

    All versions of a page count: what a site took out of its menu last week is frame in the texts of the weeks before,
    and no line that each of its pages lost. A digest is as good as a die: the first of them in order are a sample that
    is the same at every run.
    """
    said: dict[int, list[str]] = {}
    for _, digest, page, _ in rows:
        said.setdefault(page, []).append(digest)
    standing = sorted((digest, page) for _, digest, page, current in rows if current)
    return [said[page] for _, page in standing[:SAMPLE]]


def _said(db: sqlite3.Connection, digests: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(line for digest in digests for line in _lines(db, digest)))


def _lines(db: sqlite3.Connection, digest: str) -> list[str]:
    return str(db.execute("SELECT text FROM texts WHERE sha256 = ?", (digest,)).fetchone()[0]).split("\n")


def _strip(db: sqlite3.Connection, version: int, lines: list[str], frame: Mapping[str, SiteLine]) -> bool:
    """Store a version's own text; a page that says nothing but its site's frame keeps what it says."""
    own = boilerplate.own_lines(lines, frame)
    gone = [{"line": line, "why": frame[fold(line)].reason} for line in lines if fold(line) in frame] if own else []
    text = "\n".join(own or lines)
    digest, removed = sha256(text), dump(gone)
    known = db.execute("SELECT own_sha256, removed FROM versions WHERE id = ?", (version,)).fetchone()
    if known == (digest, removed):
        return False
    words = len(WORD.findall(text))
    db.execute("INSERT OR IGNORE INTO texts (sha256, text, words) VALUES (?, ?, ?)", (digest, text, words))
    db.execute(
        "UPDATE versions SET own_sha256 = ?, own_words = ?, removed = ?, copy_key = ?, topic = NULL WHERE id = ?",
        (digest, words, removed, copy_key(text), version),
    )
    return True


def score_topic(db: sqlite3.Connection, rules: Rules) -> int:
    """Score the versions that this topic file has not scored yet."""
    model = topic.load_topic(rules.topic)
    key = hashlib.sha256(rules.topic.encode()).hexdigest()[:16]
    changed = 0
    while rows := _unscored(db, key):
        with atomic(db):
            db.executemany(
                "UPDATE versions SET topic = ?, topic_score = ?, verdict = ?, verdict_reasons = ? WHERE id = ?",
                [(key, *_scored(model, page), version) for version, *page in rows],
            )
        changed += len(rows)
    return changed


def _unscored(db: sqlite3.Connection, key: str) -> list[tuple[Any, ...]]:
    return db.execute(
        "SELECT versions.id, coalesce(versions.title, ''), texts.text, versions.headings, pages.url FROM versions"
        " JOIN texts ON texts.sha256 = own_sha256 JOIN pages ON pages.id = versions.page"
        " WHERE topic IS NOT ? ORDER BY versions.id LIMIT ?",
        (key, CHUNK),
    ).fetchall()


def _scored(model: topic.TopicModel, page: Sequence[str]) -> tuple[float, str, str]:
    title, text, headings, url = page
    told = topic.score(model, title, text, headings.splitlines(), url)
    return round(told.score, 4), told.verdict, dump(told.reasons)


def name_copies(db: sqlite3.Connection, _rules: Rules) -> int:
    """Record which live pages are exact copies of which; rows that are right already are not touched."""
    known = {page: (copy_of, reason) for page, copy_of, reason in db.execute("SELECT * FROM exact_copies")}
    found = {copy.page: (copy.copy_of, copy.reason) for copy in find_copies(_candidates(db), _text_of(db))}
    gone = [(page,) for page in known.keys() - found.keys()]
    new = [(page, *found[page]) for page in sorted(found) if known.get(page) != found[page]]
    with atomic(db):
        db.executemany("DELETE FROM exact_copies WHERE page = ?", gone)
        db.executemany("INSERT OR REPLACE INTO exact_copies (page, copy_of, reason) VALUES (?, ?, ?)", new)
    return len(gone) + len(new)


def _candidates(db: sqlite3.Connection) -> Iterator[Candidate]:
    rows = db.execute(
        "SELECT pages.id, pages.url, pages.site, versions.copy_key, versions.own_words,"
        " (SELECT min(captures.crawl) FROM captures WHERE captures.page = pages.id),"
        " coalesce(versions.published, ''), pages.lastmod IS NOT NULL OR pages.how = 'sitemap',"
        " versions.canonical_url, canonical.id, sites.source_class"
        " FROM pages JOIN versions ON versions.id = pages.version JOIN sites ON sites.id = pages.site"
        " LEFT JOIN pages AS canonical ON canonical.url = versions.canonical_url"
        f" WHERE pages.state IN {CURRENT_STATES} ORDER BY pages.id"
    )
    return (Candidate(*row) for row in rows)


def _text_of(db: sqlite3.Connection) -> Callable[[int], str]:
    def text_of(page: int) -> str:
        row = db.execute(
            "SELECT text FROM texts JOIN versions ON own_sha256 = sha256 JOIN pages ON pages.version = versions.id"
            " WHERE pages.id = ?",
            (page,),
        ).fetchone()
        return str(row[0])

    return text_of


def name_families(db: sqlite3.Connection, rules: Rules) -> int:
    """Group the pages whose texts are copies of each other."""
    return group_families(db, rules.places)


COMMON = frozenset({"C1_conditions", "S1_route"})  # on every second line of a clinic; the cues of triage know them


def weights(rules: Rules) -> Triage:
    """Put together what changes are weighed by: the cues of triage, and the codes of the codebook."""
    triage = load_triage(rules.triage)
    if not rules.codebook:
        return triage
    scanner = Scanner(load_codebook(rules.codebook))
    return replace(triage, scan=lambda text: {found.code for found in find_candidates(text, scanner)} - COMMON)


DOCUMENT_COLUMNS = (
    "id, title, site, state, source_class, page_type, verdict, words, language, published, first_seen, last_confirmed,"
    " copy_of, url, version"
)
DOCUMENTS = f"""
    SELECT pages.id, coalesce(nullif(versions.title, ''), pages.url), pages.site, sites.state, sites.source_class,
        versions.page_type, coalesce(overrules.verdict, versions.verdict), versions.own_words, versions.language,
        substr(versions.published, 1, 10),
        (SELECT min(first_seen) FROM versions AS first WHERE first.page = pages.id), versions.last_confirmed,
        exact_copies.copy_of, pages.url, versions.id
    FROM pages
    JOIN versions ON versions.id = pages.version
    JOIN sites ON sites.id = pages.site
    LEFT JOIN exact_copies ON exact_copies.page = pages.id
    LEFT JOIN overrules ON overrules.text_sha256 = versions.own_sha256
    WHERE pages.state IN {CURRENT_STATES}
"""


def list_documents(db: sqlite3.Connection, _rules: Rules) -> int:
    """Bring the narrow table of current documents, the one that people browse, up to date."""
    columns = DOCUMENT_COLUMNS.replace("\n", " ")
    updates = ", ".join(f"{name.strip()} = excluded.{name.strip()}" for name in columns.split(",")[1:])
    with atomic(db):
        db.execute("PRAGMA defer_foreign_keys = on")  # a copy may stand before its original
        before = db.total_changes
        db.execute(f"DELETE FROM documents WHERE id NOT IN (SELECT id FROM ({DOCUMENTS}))")
        db.execute(
            f"INSERT INTO documents ({columns}) SELECT * FROM ({DOCUMENTS} EXCEPT SELECT {columns} FROM documents)"
            f" WHERE true ON CONFLICT (id) DO UPDATE SET {updates}"
        )
        return db.total_changes - before


PASSES: dict[str, Callable[[sqlite3.Connection, Rules], int]] = {
    "noise": lambda db, rules: hold_noise_back(db, weights(rules)),
    "frame": strip_frames,
    "topic": score_topic,
    "decisions": lambda db, _: take_over(db),
    "copies": name_copies,
    "families": unless_same("families", COMPARED, name_families),
    "sentences": lambda db, _: find_passages(db),
    "claims": lambda db, rules: find_claims(db, rules.codebook, rules.references),
    "changes": lambda db, rules: find_changes(db, weights(rules)),
    "documents": list_documents,
}
