"""Reads of claim candidates: those of a text with their ledger, the codes, and a line cut where candidates stand.

For the review desk, the page of a document and the export. What is read here is a candidate for review, never a
finding.
"""

from __future__ import annotations

import itertools
import json
import sqlite3  # noqa: TC003
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.changes.version_regions import REGIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

__all__ = ["Piece", "codes", "cut_line", "text_claims", "version_claims"]

COLUMNS = """
    SELECT claims.id, claims.text_sha256, sentence_no, "start", "end", mark_start, mark_end, claims.quote,
        claims.quote_key, claims.code, codes.name AS code_name, codes.level AS level, codes.key AS key, value, cue,
        claims.cue_version, ledger.first_seen AS first_seen, ledger.last_seen AS last_seen,
        ledger.vanished_at AS vanished_at, coalesce(ledger.n_pages, 0) AS n_pages,
        coalesce(ledger.n_advertisers, 0) AS n_advertisers
"""
WITH_CODES = """
    LEFT JOIN codes ON codes.code = claims.code
    LEFT JOIN claim_ledger AS ledger ON ledger.quote_key = claims.quote_key
"""
TEXT_CLAIMS = f"""
    {COLUMNS} FROM claims {WITH_CODES} WHERE claims.text_sha256 = ? ORDER BY "start", codes.position, value
"""
VERSION_CLAIMS = f"""
    {COLUMNS}, version_regions.region AS region FROM version_regions
    CROSS JOIN claims ON claims.text_sha256 = version_regions.text_sha256 {WITH_CODES}
    WHERE version_regions.version = ? ORDER BY claims.text_sha256, "start", codes.position, value
"""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a line: what stands there, and the candidates that quote it (none: nobody proposed it)."""

    text: str
    claims: tuple[Mapping[str, Any], ...] = ()


def _rows(cursor: sqlite3.Cursor) -> list[dict[str, Any]]:
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def text_claims(db: sqlite3.Connection, digest: str) -> list[dict[str, Any]]:
    """Give the candidates of a text (its SHA-256) in the order of the text, each with its code and its ledger.

    Keys: id, text_sha256, sentence_no, start, end, mark_start, mark_end, quote, quote_key, code, code_name, level,
    key, value (what the cue suggests), cue, cue_version, first_seen, last_seen, vanished_at, n_pages, n_advertisers.
    """
    return _rows(db.execute(TEXT_CLAIMS, (digest,)))


def version_claims(db: sqlite3.Connection, version: int) -> list[dict[str, Any]]:
    """Give the candidates of all regions of a version, the main text's first, as :func:`text_claims` does.

    Each has its ``region``. A sentence that stands in several regions is given once for a code and a value, where it
    stands first (:data:`pipelines.changes.version_regions.REGIONS`), and ``regions`` lists them all.
    """
    found: list[dict[str, Any]] = []
    first: dict[tuple[str, str, str], dict[str, Any]] = {}
    for claim in sorted(_rows(db.execute(VERSION_CLAIMS, (version,))), key=lambda one: REGIONS.index(one["region"])):
        said = (claim["quote_key"], claim["code"], claim["value"])
        known = first.setdefault(said, claim | {"regions": []})
        if claim["region"] not in known["regions"]:
            known["regions"].append(claim["region"])
        if known["region"] == claim["region"]:  # a region may say the same twice
            found.append(known if known["id"] == claim["id"] else claim | {"regions": known["regions"]})
    return found


def codes(db: sqlite3.Connection) -> list[dict[str, Any]]:
    """Give the codes of the codebook that the candidates were found with, in its order; ``allowed`` is a list."""
    found = _rows(db.execute("SELECT * FROM codes ORDER BY position"))
    return [code | {"allowed": json.loads(code["allowed"])} for code in found]


def cut_line(line: str, claims: Sequence[Mapping[str, Any]]) -> list[Piece]:
    """Cut a line of a text where its candidates begin and end; together the pieces are the line.

    >>> [(piece.text, len(piece.claims)) for piece in cut_line("Safe. Call us.", [{"quote": "Safe."}])]
    [('Safe.', 1), (' Call us.', 0)]
    """
    places = [(start, end, claim) for claim in claims for start, end in _places(line, claim["quote"])]
    edges = sorted({0, len(line), *(start for start, _, _ in places), *(end for _, end, _ in places)})
    return [
        Piece(line[start:end], tuple(claim for begin, stop, claim in places if begin <= start and end <= stop))
        for start, end in itertools.pairwise(edges)
    ]


def _places(line: str, quote: str) -> Iterable[tuple[int, int]]:
    """Find where a line has a quote, or that part of a quote of two lines (a question and its answer)."""
    return ((start, start + len(part)) for part in quote.split("\n") for start in _starts(line, part))


def _starts(line: str, part: str) -> Iterator[int]:
    start = line.find(part) if part.strip() else -1
    while start >= 0:
        yield start
        start = line.find(part, start + len(part))
