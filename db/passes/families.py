"""The pass ``families``: which live pages are copies of each other, and which hold a part of another one.

current pages | fingerprints | candidates | groups of near texts | families described | rows that differ are written

The middle is worked out in an index file beside the corpus (:mod:`db.passes.family_search`); what it says is compared
to the rows of the corpus at the end, so that a lost index, or a corpus put back from a backup, mends itself.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from contextlib import closing
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from db.passes import family_index, family_search
from db.passes.driver import CORPUS, Pass, Unit, digest, digest_rows
from db.passes.family_index import Link, grouped_pages, linked_pages, open_index
from db.passes.family_search import Doc
from db.passes.sync import Table, sync
from db.schema.vocabulary import CURRENT_STATES
from pipelines.dedup import candidates, family_kinds, fingerprint, masks
from pipelines.dedup import similarity as families
from pipelines.dedup.family_evidence import Member
from pipelines.dedup.similarity import Match, Overlap
from pipelines.model.page_types import LISTING_TYPES
from pipelines.text.encode import dump

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from db.passes.rules import Rules
    from pipelines.dedup.fingerprint import Fingerprint
    from pipelines.dedup.masks import Gazetteer

MEMBERS = f"""
    SELECT pages.id, pages.url, sites.host, sites.id, sites.advertiser, sites.name, sites.city, sites.state,
        sites.source_class, versions.page_type, coalesce(versions.title, ''), coalesce(versions.canonical_url, ''),
        coalesce(versions.published, ''), exact_duplicates.duplicate_of,
        coalesce((SELECT min(captures.id) FROM captures WHERE captures.page = pages.id), 0),
        (SELECT min(first_seen) FROM versions AS first WHERE first.page = pages.id),
        coalesce(versions.content_words, versions.words), versions.facts,
        coalesce(topic_overrides.verdict, versions.verdict, ''),
        coalesce(versions.content_sha256, versions.text_sha256)
    FROM pages JOIN versions ON versions.id = pages.version JOIN sites ON sites.id = pages.site
    LEFT JOIN exact_duplicates ON exact_duplicates.page = pages.id
    LEFT JOIN topic_overrides ON topic_overrides.text_sha256 = versions.content_sha256
    WHERE pages.state IN {CURRENT_STATES}
"""
PAIRS = Table("text_pairs", ("page", "other", "relation", "share", "similarity", "shared"), key=2)


class Pair(NamedTuple):
    """Two pages of which the shorter one stands in the longer one, whole or in part; the columns of ``text_pairs``."""

    page: int
    other: int
    relation: str
    share: float
    similarity: float
    shared: int


class Found(NamedTuple):
    """What the index has: families by their number, pairs, and the gazetteer that members are compared with."""

    wanted: dict[int, Wanted]
    pairs: tuple[Pair, ...]
    places: Gazetteer


class Wanted(NamedTuple):
    """A family as the index has it: its key and its pages."""

    key: str
    pages: tuple[int, ...]


def corpus_unit(db: sqlite3.Connection, rules: Rules) -> Iterator[Unit]:
    """Name the corpus, with a key of all that families are worked out from."""
    members = digest_rows(db.execute(f"{MEMBERS} ORDER BY pages.id"))
    yield Unit(CORPUS, digest(members, index_rules(rules.places)))


def search(db: sqlite3.Connection, rules: Rules, _unit: Unit) -> Found:
    """Bring the index file up to date and read families and pairs out of it."""
    gazetteer = masks.load_gazetteer(rules.places)
    with closing(open_index(index_path(db), index_rules(rules.places))) as index:
        family_search.update(index, current_keys(db), lambda pages: read_docs(db, pages, gazetteer))
        family_search.group(index)
        return Found(dict(_families(grouped_pages(index))), tuple(_pairs(linked_pages(index))), gazetteer)


def write_families(db: sqlite3.Connection, _unit: Unit, found: Found) -> int:
    """Bring families, their members and the pairs that share passages up to date; gives how many rows changed."""
    changed = _write_families(db, found.wanted, found.places)
    return changed + sync(db, PAIRS, found.pairs)


def index_path(db: sqlite3.Connection) -> Path | None:
    """Name the index file of a corpus: beside it, ``corpus.families.idx``; that of a corpus in memory is there too."""
    path = next(file for _, name, file in db.execute("PRAGMA database_list") if name == "main")
    return Path(path).with_suffix(".families.idx") if path else None


def index_rules(places: str) -> str:
    """Digest what an index was made by; one that other rules made is thrown away."""
    told = [family_index.RULES, fingerprint.RULES, masks.RULES, families.RULES, candidates.RULES, places]
    return hashlib.sha256(dump(told).encode()).hexdigest()[:16]


def current_keys(db: sqlite3.Connection) -> dict[int, str]:
    """Digest for each current page all that its family is worked out from."""
    return {row[0]: hashlib.blake2b(repr(row).encode(), digest_size=12).hexdigest() for row in db.execute(MEMBERS)}


def _members(db: sqlite3.Connection, pages: Sequence[int]) -> Iterator[Member]:
    """Read pages with their texts, in their order."""
    for page in pages:
        row = db.execute(f"{MEMBERS} AND pages.id = ?", (page,)).fetchone()
        (text,) = db.execute("SELECT text FROM texts WHERE sha256 = ?", (row[-1],)).fetchone()
        yield Member(*(*row, text))


def read_docs(db: sqlite3.Connection, pages: Sequence[int], places: Gazetteer) -> Iterator[Doc]:
    """Read pages with what their texts are known by."""
    for one in _members(db, pages):
        yield Doc(one.page, one.first_capture, one.page_type in LISTING_TYPES, _fingerprint(one, places))


def _fingerprint(one: Member, places: Gazetteer) -> Fingerprint:
    return fingerprint.fingerprint(one.text, masks_of(one, places))


def masks_of(one: Member, places: Gazetteer) -> masks.Masks:
    """Name what is masked on a page: what its site and the page itself say of its advertiser."""
    said: dict[str, set[str]] = defaultdict(set)
    for field, value, *_ in json.loads(one.facts):
        said[field].add(value)
    own = {one.city, *one.state.split("|"), *said["city"], *said["state"]} - {""}
    return masks.page_masks(places, frozenset(own), frozenset({one.name, *said["name"]} - {""}), one.host)


def _families(rows: Iterable[tuple[int, int, str, int]]) -> Iterator[tuple[int, Wanted]]:
    """Name each family by the smallest first capture of its pages, with the key of what it is worked out from."""
    for _, group in groupby(rows, key=lambda row: row[0]):
        pages = list(group)
        told = [family_kinds.RULES, families.RULES, *((page, key) for _, page, key, _ in pages)]
        key = hashlib.sha256(dump(told).encode()).hexdigest()[:16]
        yield min(first for _, _, _, first in pages), Wanted(key, tuple(page for _, page, _, _ in pages))


def _pairs(rows: Iterable[Link]) -> Iterator[Pair]:
    """Keep for two families, or pages without one, the pair that shares most; those of two families come together."""
    for _, links in groupby(rows, key=lambda row: {row.family, row.other_family}):
        yield min(map(_pair, links), key=lambda one: (-one.share, -one.shared, one.page, one.other))


def _pair(row: Link) -> Pair:
    told = Overlap(row.shared, row.smaller, row.larger)
    short, long = sorted(((row.size, row.page), (row.other_size, row.other)))
    return Pair(short[1], long[1], row.relation, round(told.containment, 4), round(told.jaccard, 4), told.shared)


def _write_families(db: sqlite3.Connection, wanted: Mapping[int, Wanted], places: Gazetteer) -> int:
    known = dict(db.execute("SELECT id, key FROM families"))
    fresh = [family for family, one in wanted.items() if known.get(family) != one.key]
    stale = [family for family in known if family not in wanted or wanted[family].key != known[family]]
    before = dict(db.execute("SELECT page, family FROM family_members"))
    for family in stale:
        db.execute("DELETE FROM family_members WHERE family = ?", (family,))
        db.execute("DELETE FROM families WHERE id = ?", (family,))
    for family in fresh:
        _insert_family(db, family, wanted[family], places)
    _write_aliases(db, before, known.keys() - wanted.keys())
    return len(fresh) + len(known.keys() - wanted.keys())


def _insert_family(db: sqlite3.Connection, family: int, wanted: Wanted, places: Gazetteer) -> None:
    members = list(_members(db, wanted.pages))
    chosen = family_kinds.representative(members)
    told = family_kinds.describe(members, chosen)
    rows = [(one.page, family, *seen, one.first_capture) for one, seen in _seen(chosen, members, places)]
    row = {
        "id": family,
        "key": wanted.key,
        "representative": chosen.page,
        "size": len(members),
        "sites": len({one.site for one in members}),
        "advertisers": len({one.advertiser for one in members}),
        "first_seen": min(one.first_seen for one in members),
        "similarity": min(max(similarity, masked) for _, _, _, similarity, masked, _ in rows),
        "kind": told.kind,
        "template": dump(told.template),
        "evidence": dump(told.evidence),
    }
    columns, marks = ", ".join(row), ", ".join(f":{column}" for column in row)
    db.execute(f"INSERT INTO families ({columns}) VALUES ({marks})", row)
    db.executemany("INSERT INTO family_members VALUES (?, ?, ?, ?, ?, ?)", rows)


def _seen(
    chosen: Member, members: Iterable[Member], places: Gazetteer
) -> Iterator[tuple[Member, tuple[Match, float, float]]]:
    """Compare each member to the one that stands for the family."""
    known = _fingerprint(chosen, places)
    for one in members:
        how, similarity, masked = _compare(known, _fingerprint(one, places))
        yield one, (Match.REPRESENTATIVE if one is chosen else how, similarity, masked)


def _compare(one: Fingerprint, other: Fingerprint) -> tuple[Match, float, float]:
    raw, masked = families.overlap(one.raw, other.raw), families.overlap(one.masked, other.masked)
    ways = {
        Match.EXACT: one.exact == other.exact,
        Match.NEAR: families.is_near(raw),
        Match.MASKED: families.is_near(masked),
        Match.CHAIN: True,
    }
    how = next(way for way, is_so in ways.items() if is_so)
    return how, round(raw.jaccard, 4), round(masked.jaccard, 4)


def _write_aliases(db: sqlite3.Connection, before: Mapping[int, int], gone: Iterable[int]) -> None:
    """Note where the members of a family that is no more have gone, so that what a person said of it is found."""
    after = dict(db.execute("SELECT page, family FROM family_members"))
    heirs: dict[int, set[int]] = defaultdict(set)
    for page, family in before.items():
        if page in after:
            heirs[family].add(after[page])
    at = db.execute("SELECT coalesce(max(started_at), '') FROM crawls").fetchone()[0]
    for family in sorted(gone):
        why = {0: "dissolved", 1: "merged"}.get(len(heirs[family]), "split")
        new: list[int | None] = [*sorted(heirs[family])]
        rows = [(family, heir, at, why) for heir in new or [None]]
        db.executemany("INSERT INTO family_aliases VALUES (?, ?, ?, ?)", rows)
    db.execute("DELETE FROM family_aliases WHERE old IN (SELECT id FROM families)")


FAMILIES = Pass(
    name="families",
    version=1,
    tables=("families", "family_members", "family_aliases", "text_pairs"),
    units=corpus_unit,
    load=search,
    work=lambda _rules, found: found,
    write=write_families,
)
