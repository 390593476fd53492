"""The page of a document: its text, where it was found, its duplicates, its versions and captures."""

from __future__ import annotations

import sqlite3  # noqa: TC003
from typing import TYPE_CHECKING, Any, NamedTuple

from db.corpus.claims import cut_line, version_claims
from db.datasette.families import family_of
from db.datasette.formatting import parsed_list, region_name
from db.datasette.text_layout import blocks_of
from pipelines.changes.version_regions import MAIN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from db.corpus.claims import Piece
    from db.datasette.text_layout import Block

MAX_CHAIN = 8  # steps back to the seed that are shown
LISTED = 100
PAGE = "SELECT * FROM pages WHERE id = ?"
VERSION = """
    SELECT versions.*, texts.text FROM versions
    JOIN texts ON texts.sha256 = coalesce(content_sha256, text_sha256) WHERE id = ?
"""
VERSIONS = f"""
    SELECT id, first_seen, last_confirmed, words, content_words, title, page_type, verdict, extractor FROM versions
    WHERE page = ? ORDER BY id DESC LIMIT {LISTED}
"""
CAPTURES = f"SELECT * FROM captures WHERE page = ? ORDER BY fetched_at DESC, id DESC LIMIT {LISTED}"
VISITS = f"SELECT * FROM visits WHERE page = ? ORDER BY crawl DESC LIMIT {LISTED}"
DUPLICATES = f"""
    SELECT pages.id AS id, pages.url AS url, exact_duplicates.reason AS reason, sites.advertiser AS advertiser
    FROM exact_duplicates JOIN pages ON pages.id = exact_duplicates.page JOIN sites ON sites.id = pages.site
    WHERE exact_duplicates.duplicate_of = ?
    UNION ALL
    SELECT pages.id, pages.url, pages.reason, sites.advertiser
    FROM pages JOIN sites ON sites.id = pages.site WHERE pages.alias_of = ? LIMIT {LISTED}
"""
ORIGINAL = """
    SELECT pages.id AS id, pages.url AS url, exact_duplicates.reason AS reason
    FROM exact_duplicates JOIN pages ON pages.id = exact_duplicates.duplicate_of WHERE exact_duplicates.page = ?
    UNION ALL
    SELECT original.id, original.url, pages.reason
    FROM pages JOIN pages AS original ON original.id = pages.alias_of WHERE pages.id = ?
"""


QUOTED = "quote"  # the id of the words that a link quotes, in the page and after the # of the link


class Quoted(NamedTuple):
    """Words that a link quotes: where on the page they stand ("" for nowhere), and whether they are marked there."""

    words: str
    region: str
    is_marked: bool


class CandidateMarks:
    """Where the claim candidates of a text, and the words that a link quotes, stand in its lines.

    A candidate is quoted by every line that has its words, but an id may stand only once on a page: ``anchors`` gives
    it the first time that it is asked for, and not from then on; ``anchored`` is what marks of one page share.
    """

    def __init__(self, claims: Sequence[Mapping[str, Any]], anchored: set[str], quote: str = "") -> None:
        self._claims = [*claims, {"id": QUOTED, "quote": quote}] if quote else claims
        self._anchored = anchored

    def quoting(self, quote: str) -> CandidateMarks:
        """Give the marks with those of the words that a link quotes."""
        return CandidateMarks(self._claims, self._anchored, quote)

    def pieces(self, line: str) -> list[Piece]:
        """Cut a line of the text where candidates begin and end."""
        return cut_line(line, self._claims)

    def anchors(self, piece: Piece) -> list[str]:
        """Name the candidates of a piece that have not been named yet."""
        found = [claim["id"] for claim in piece.claims if claim["id"] not in self._anchored]
        self._anchored.update(found)
        return found


class DocumentPage(NamedTuple):
    """What the page of a document shows; what is of its text is empty where none was read."""

    page: sqlite3.Row
    version: sqlite3.Row | None
    site: sqlite3.Row
    chain: list[sqlite3.Row]  # the pages that it was found on, the seed last
    override: sqlite3.Row | None  # what people decided about its topic
    original: sqlite3.Row | None
    copies: list[sqlite3.Row]
    family: sqlite3.Row | None
    versions: list[sqlite3.Row]
    captures: list[sqlite3.Row]
    visits: list[sqlite3.Row]
    blocks: Sequence[Block] = ()
    reasons: Sequence[str] = ()  # for its topic
    removed: Sequence[Mapping[str, str]] = ()  # lines left out of the text, each with the reason
    regions: Mapping[str, Sequence[str]] = {}  # the lines of regions beside the main text, by their name for people
    marks: CandidateMarks | None = None
    region_marks: CandidateMarks | None = None  # in those regions
    claims: Sequence[Mapping[str, Any]] = ()
    claims_by_code: Mapping[str, Sequence[Mapping[str, Any]]] = {}
    quoted: Quoted | None = None


def read_document(db: sqlite3.Connection, page: int, version: int | None = None) -> DocumentPage | None:
    """Read a page with its current version, or with the one named; ``None`` where there is no such page."""
    row = db.execute(PAGE, (page,)).fetchone()
    if row is None:
        return None
    shown = db.execute(VERSION, (version or row["version"],)).fetchone()
    override = None
    if shown:
        override = db.execute(
            "SELECT * FROM topic_overrides WHERE text_sha256 = ?", (shown["content_sha256"],)
        ).fetchone()
    facts = DocumentPage(
        page=row,
        version=shown,
        site=db.execute("SELECT * FROM sites WHERE id = ?", (row["site"],)).fetchone(),
        chain=_read_chain(db, row),
        override=override,
        original=db.execute(ORIGINAL, (page, page)).fetchone(),
        copies=db.execute(DUPLICATES, (page, page)).fetchall(),
        family=family_of(db, page),
        versions=db.execute(VERSIONS, (page,)).fetchall(),
        captures=db.execute(CAPTURES, (page,)).fetchall(),
        visits=db.execute(VISITS, (page,)).fetchall(),
    )
    if shown is None:
        return facts
    claims = version_claims(db, shown["id"])
    anchored: set[str] = set()
    by_code: dict[str, list[Mapping[str, Any]]] = {}
    for claim in claims:
        by_code.setdefault(claim["code"], []).append(claim)
    return facts._replace(
        blocks=blocks_of(shown["text"], shown["headings"].split("\n")),
        reasons=parsed_list(shown["verdict_reasons"]),
        removed=[
            line for column in ("removed", "leftovers") for line in parsed_list(shown[column]) if isinstance(line, dict)
        ],
        regions=_other_regions(shown),
        marks=CandidateMarks([claim for claim in claims if claim["region"] == MAIN], anchored),
        region_marks=CandidateMarks([claim for claim in claims if claim["region"] != MAIN], anchored),
        claims=claims,
        claims_by_code=by_code,
    )


def _other_regions(shown: sqlite3.Row) -> dict[str, list[str]]:
    """Give the lines of a version's regions beside its main text, as they were read; regions without a line are out."""
    columns = {
        "title": ("titles",),
        "description": ("description",),
        "headings": ("headings",),
        "other_text": ("other_text",),
        "structured": ("structured",),
        "alternatives": ("alternatives",),
        "boilerplate": ("boilerplate", "menu"),
        "hidden": ("hidden",),
    }
    lines = {
        region_name(region): [line for name in names for line in (shown[name] or "").split("\n") if line]
        for region, names in columns.items()
    }
    return {name: found for name, found in lines.items() if found}


def read_version(db: sqlite3.Connection, version: int, quote: str = "") -> DocumentPage | None:
    """Read the page that a version is of, with that version; ``None`` where there is no such version.

    ``quote`` are words to be marked on it, where they stand.
    """
    row = db.execute("SELECT page FROM versions WHERE id = ?", (version,)).fetchone()
    found = read_document(db, row["page"], version) if row else None
    if not found or not found.version or not quote.strip():
        return found
    parts = [part for block in found.blocks for line in block.lines for part in line.split("|")]
    is_marked = any(piece.strip() and piece.strip() in part for piece in quote.split("\n") for part in parts)
    regions = {"Text": str(found.version["text"])} | {name: "\n".join(lines) for name, lines in found.regions.items()}
    regions |= _region_texts(db, version)
    region = next((name for name, text in regions.items() if quote in text), "")
    is_marked = is_marked and region == "Text"  # elsewhere the page says above its text where the words stand
    marks = found.marks.quoting(quote) if found.marks and is_marked else found.marks
    return found._replace(marks=marks, quoted=Quoted(quote, region, is_marked))


def _region_texts(db: sqlite3.Connection, version: int) -> dict[str, str]:
    """Read the texts of all regions of a version, by their names; none where the corpus does not know regions."""
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'version_regions'").fetchone():
        return {}
    rows = db.execute(
        "SELECT region, text FROM version_regions JOIN texts ON texts.sha256 = text_sha256 WHERE version = ?",
        (version,),
    )
    return {f"region {name.replace('_', ' ')}": text for name, text in rows}


def is_document(db: sqlite3.Connection, page: int) -> bool:
    """Tell whether a page is a current document."""
    return db.execute("SELECT 1 FROM documents WHERE id = ?", (page,)).fetchone() is not None


def _read_chain(db: sqlite3.Connection, page: sqlite3.Row) -> list[sqlite3.Row]:
    """Go from a page back along what it was found on, the seed last; a loop or a long way is cut."""
    chain: list[sqlite3.Row] = []
    seen = {page["id"]}
    step = page["found_on"]
    while step and step not in seen and len(chain) < MAX_CHAIN:
        seen.add(step)
        chain.append(db.execute("SELECT id, url, kind, how, found_on FROM pages WHERE id = ?", (step,)).fetchone())
        step = chain[-1]["found_on"]
    return chain
