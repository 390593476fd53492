"""The pass ``families``: which live pages are copies of each other, and which hold a part of another one.

current pages | fingerprints | candidates | groups of near texts | families described | rows that differ are written
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from db.records import PageType
from db.store import atomic, dump
from pipelines import families, family_kinds, fingerprint, masks
from pipelines.families import Groups, How, Member, Relation

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping

    from pipelines.fingerprint import Fingerprint
    from pipelines.masks import Places

LISTS = frozenset({PageType.ARCHIVE, PageType.FEED, PageType.SEARCH})  # excerpts of everything: no glue
MEMBERS = """
    SELECT pages.id, pages.url, sites.host, sites.id, sites.advertiser, sites.name, sites.city, sites.state,
        sites.source_class, versions.page_type, coalesce(versions.title, ''), coalesce(versions.canonical_url, ''),
        coalesce(versions.published, ''), exact_copies.copy_of,
        coalesce((SELECT min(captures.id) FROM captures WHERE captures.page = pages.id), 0),
        (SELECT min(first_seen) FROM versions AS first WHERE first.page = pages.id),
        coalesce(versions.own_words, versions.words), versions.facts, texts.sha256, texts.text
    FROM pages
    JOIN versions ON versions.id = pages.version
    JOIN sites ON sites.id = pages.site
    JOIN texts ON texts.sha256 = coalesce(versions.own_sha256, versions.text_sha256)
    LEFT JOIN exact_copies ON exact_copies.page = pages.id
    WHERE pages.state IN ('live', 'blocked')
"""


class Pair(NamedTuple):
    """Two pages of which the shorter one stands in the longer one, whole or in part; the columns of ``text_pairs``."""

    page: int
    other: int
    relation: str
    share: float
    similarity: float
    shared: int


def group_families(db: sqlite3.Connection, places: Places) -> int:
    """Bring families, their members and the pairs that share passages up to date; gives how many rows changed."""
    pages = {one.page: one for one in _members(db)}
    prints = {page: _fingerprint(one, places) for page, one in pages.items()}
    groups, pairs = _find(pages, prints)
    with atomic(db):
        return _write_families(db, pages, prints, groups) + _write_pairs(db, pairs)


def _members(db: sqlite3.Connection) -> Iterator[Member]:
    return (Member(*row) for row in db.execute(MEMBERS))


def _fingerprint(one: Member, places: Places) -> Fingerprint:
    return fingerprint.fingerprint(one.text, masks_of(one, places))


def masks_of(one: Member, places: Places) -> masks.Masks:
    """Name what is masked on a page: what its site and the page itself say of its advertiser."""
    said: dict[str, set[str]] = defaultdict(set)
    for field, value, *_ in json.loads(one.facts):
        said[field].add(value)
    own = {one.city, *one.state.split("|"), *said["city"], *said["state"]} - {""}
    return masks.page_masks(places, frozenset(own), frozenset({one.name, *said["name"]} - {""}), one.host)


def _find(pages: Mapping[int, Member], prints: Mapping[int, Fingerprint]) -> tuple[Groups, list[Pair]]:
    groups, found = Groups(), []
    for one, other in _candidates(prints):
        a, b = prints[one], prints[other]
        raw, masked = families.figures(a.raw, b.raw), families.figures(a.masked, b.masked)
        lists = (pages[one].page_type in LISTS) + (pages[other].page_type in LISTS)
        told = families.relation(raw, masked)
        if a.exact == b.exact or (told is Relation.NEAR and lists != 1):
            groups.join(one, other)
        elif told and not lists:
            best = max(raw, masked, key=lambda each: each.share)
            short, long = sorted((one, other), key=lambda page: (len(prints[page].raw), page))
            found.append(Pair(short, long, told, round(best.share, 4), round(best.similarity, 4), best.shared))
    return groups, [pair for pair in found if groups.root(pair.page) != groups.root(pair.other)]


def _candidates(prints: Mapping[int, Fingerprint]) -> Iterator[tuple[int, int]]:
    posting: dict[int, list[int]] = defaultdict(list)
    for page in sorted(prints):
        hashes = {*prints[page].raw.tolist(), *prints[page].masked.tolist()}
        shared = Counter(other for one in hashes for other in posting[one])
        yield from ((other, page) for other, count in sorted(shared.items()) if count * 5 >= len(hashes) or count > 20)
        for one in hashes:
            posting[one].append(page)


def _write_families(
    db: sqlite3.Connection, pages: Mapping[int, Member], prints: Mapping[int, Fingerprint], groups: Groups
) -> int:
    wanted = _families(pages, groups)
    keys = {family: _key(members) for family, members in wanted.items()}
    known = dict(db.execute("SELECT id, key FROM families"))
    stale = [family for family in known if keys.get(family) != known[family]]
    before = dict(db.execute("SELECT page, family FROM family_members"))
    for family in stale:
        db.execute("DELETE FROM family_members WHERE family = ?", (family,))
        db.execute("DELETE FROM families WHERE id = ?", (family,))
    fresh = [family for family in wanted if known.get(family) != keys[family]]
    for family in fresh:
        _insert_family(db, family, keys[family], wanted[family], prints)
    _write_aliases(db, before, known.keys() - wanted.keys())
    return len(fresh) + len(known.keys() - wanted.keys())


def _families(pages: Mapping[int, Member], groups: Groups) -> dict[int, list[Member]]:
    members: dict[object, list[Member]] = defaultdict(list)
    for page in sorted(pages):
        members[groups.root(page)].append(pages[page])
    return {min(one.first_capture for one in group): group for group in members.values() if len(group) > 1}


def _key(members: Iterable[Member]) -> str:
    rules = [fingerprint.RULES, masks.RULES, families.RULES, family_kinds.RULES]
    told = [[getattr(one, name) for name in Member.__slots__ if name != "text"] for one in members]
    return hashlib.sha256(dump([rules, told]).encode()).hexdigest()[:16]


def _insert_family(
    db: sqlite3.Connection, family: int, key: str, members: list[Member], prints: Mapping[int, Fingerprint]
) -> None:
    chosen = family_kinds.representative(members)
    told = family_kinds.describe(members, chosen)
    rows = [(one.page, family, *_seen_from(chosen, one, prints), one.first_capture) for one in members]
    row = {
        "id": family,
        "key": key,
        "representative": chosen.page,
        "size": len(members),
        "sites": len({one.site for one in members}),
        "advertisers": len({one.advertiser for one in members}),
        "first_seen": min(one.first_seen for one in members),
        "similarity": min(max(similarity, masked) for _, _, _, similarity, masked, _ in rows),
        "kind": told.kind,
        "slots": dump(told.slots),
        "evidence": dump(dict(told.evidence)),
    }
    columns, marks = ", ".join(row), ", ".join(f":{column}" for column in row)
    db.execute(f"INSERT INTO families ({columns}) VALUES ({marks})", row)
    db.executemany("INSERT INTO family_members VALUES (?, ?, ?, ?, ?, ?)", rows)


def _seen_from(chosen: Member, one: Member, prints: Mapping[int, Fingerprint]) -> tuple[str, float, float]:
    a, b = prints[chosen.page], prints[one.page]
    raw, masked = families.figures(a.raw, b.raw), families.figures(a.masked, b.masked)
    how = How.CHAIN
    if one is chosen:
        how = How.REPRESENTATIVE
    elif a.exact == b.exact:
        how = How.EXACT
    elif families.is_near(raw):
        how = How.NEAR
    elif families.is_near(masked):
        how = How.MASKED
    return how, round(raw.similarity, 4), round(masked.similarity, 4)


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


def _write_pairs(db: sqlite3.Connection, pairs: Iterable[Pair]) -> int:
    known = {Pair(*row) for row in db.execute("SELECT * FROM text_pairs")}
    wanted = set(pairs)
    db.executemany("DELETE FROM text_pairs WHERE page = ? AND other = ?", [pair[:2] for pair in known - wanted])
    db.executemany("INSERT INTO text_pairs VALUES (?, ?, ?, ?, ?, ?)", sorted(wanted - known))
    return len(known ^ wanted)
