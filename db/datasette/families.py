"""What the pages of families show: the list, one family read as one text, two of its pages side by side."""

from __future__ import annotations

import json
import sqlite3  # noqa: TC003
from collections import defaultdict
from typing import Any

from db.corpus.families import list_families
from pipelines.changes.diff import diff_texts

LISTED = 50
SHOWN = 400  # pages of one family that are listed
KINDS = "SELECT kind, count(*) AS n FROM families GROUP BY kind ORDER BY n DESC, kind"
TOTALS = """
    SELECT count(*) AS families, coalesce(sum(size), 0) AS pages,
        coalesce(sum(coalesce(evidence ->> 'advertisers', advertisers) > 1), 0) AS several
    FROM families
"""
FAMILY = "SELECT * FROM families WHERE id = ?"
HEIRS = "SELECT new FROM family_aliases WHERE old = ? AND new IS NOT NULL ORDER BY new LIMIT 1"
MEMBERS = f"""
    SELECT family_pages.*, documents.id IS NOT NULL AS listed, sites.id AS site_id, sites.name AS name
    FROM family_pages
    JOIN pages ON pages.id = family_pages.page
    JOIN sites ON sites.id = pages.site
    LEFT JOIN documents ON documents.id = family_pages.page
    WHERE family = ? ORDER BY family_pages.advertiser, family_pages.url LIMIT {SHOWN}
"""
OF_PAGE = """
    SELECT families.id AS id, kind, size, advertisers, evidence ->> 'advertisers' AS merged, how, representative
    FROM family_members JOIN families ON families.id = family_members.family WHERE family_members.page = ?
"""
TEXT = """
    SELECT pages.id AS id, pages.url AS url, coalesce(versions.title, pages.url) AS title, sites.host AS host,
        sites.name AS name, versions.published AS published, texts.text AS text
    FROM pages
    JOIN versions ON versions.id = pages.version
    JOIN sites ON sites.id = pages.site
    JOIN texts ON texts.sha256 = coalesce(own_sha256, text_sha256)
    WHERE pages.id = ?
"""


def read_families(db: sqlite3.Connection, kind: str, page: int) -> dict[str, Any]:
    """Read one screen of the list of families, those that span most advertisers first."""
    kinds = db.execute(KINDS).fetchall()
    found = list_families(db, kind, LISTED, LISTED * (page - 1))
    total = sum(row["n"] for row in kinds if kind in {"", row["kind"]})
    facts = {"families": found, "kinds": kinds, "kind": kind, "total": total, "page": page}
    return facts | {"totals": db.execute(TOTALS).fetchone(), "more": total > LISTED * page}


def heir_of(db: sqlite3.Connection, family: int) -> int | None:
    """Name the family that has taken up one that is no more."""
    row = db.execute(HEIRS, (family,)).fetchone()
    return row[0] if row else None


def family_of(db: sqlite3.Connection, page: int) -> sqlite3.Row | None:
    """Read the family that a page belongs to."""
    row: sqlite3.Row | None = db.execute(OF_PAGE, (page,)).fetchone()
    return row


def read_family(db: sqlite3.Connection, family: int) -> dict[str, Any] | None:
    """Read a family as one text with slots, and its pages by advertiser; ``None`` where there is no such family."""
    row = db.execute(FAMILY, (family,)).fetchone()
    if row is None:
        return None
    template, evidence = json.loads(row["slots"]), json.loads(row["evidence"])
    members = [_member(one) for one in db.execute(MEMBERS, (family,))]
    slots = [_slot(slot) for slot in template["slots"]]
    telling = _telling(slots, len(members))
    for one in members:
        one["label"] = (one["words"].get(telling["name"]) if telling else "") or ""
    return {
        "family": row,
        "evidence": evidence,
        "lines": [_line(line, slots) for line in template["lines"]],
        "slots": sorted(slots, key=lambda slot: -slot["times"]),
        "laid": template["members"],
        "members": members,
        "telling": telling,
        "advertisers": _by_advertiser(members),
        "states": sorted({one["state"] for one in members if one["state"]}),
        "spread": (steps := spread([one["published"] or one["first_seen"][:10] for one in members])),
        "most": max((count for _, count in steps), default=1),
        "title": db.execute(TEXT, (row["representative"],)).fetchone()["title"],
    }


def _member(row: sqlite3.Row) -> dict[str, Any]:
    return dict(row) | {"words": json.loads(row["words"] or "{}")}


def _telling(slots: list[dict[str, Any]], members: int) -> dict[str, Any] | None:
    """Find the slot that tells the pages apart best: most values, then most places."""
    said = [(len({*slot["values"].values()} - {""}), slot["times"], -number) for number, slot in enumerate(slots)]
    best = max(said, default=(0, 0, 0))
    return slots[-best[2]] if best[0] * 2 > members or best[0] > 1 else None


def _line(line: dict[str, Any], slots: list[dict[str, Any]]) -> dict[str, Any]:
    """Put the names of slots into a line, and say how many of the pages that were laid side by side lack it."""
    parts = [(part, None) if isinstance(part, str) else ("", slots[part]) for part in line["parts"]]
    return {"parts": parts, "lacking": len(line.get("lacking", ())), "extra": line.get("extra", False)}


def _slot(slot: dict[str, Any]) -> dict[str, Any]:
    values = list(dict.fromkeys(value for value in slot["values"].values() if value))
    return slot | {"distinct": values}


def _by_advertiser(members: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for one in members:
        found[one["advertiser"]].append(one)
    return dict(sorted(found.items(), key=lambda each: (-len(each[1]), each[0])))


def spread(days: list[str]) -> list[tuple[str, int]]:
    """Count days by year, or by month where they are of one or two years.

    >>> spread(["2024-03-01", "2024-05-02", "2024-05-09"])
    [('2024-03', 1), ('2024-04', 0), ('2024-05', 2)]
    """
    known = sorted(day for day in days if day)
    if not known:
        return []
    length = 7 if int(known[-1][:4]) - int(known[0][:4]) < 2 and all(len(day) >= 7 for day in known) else 4
    counts: dict[str, int] = defaultdict(int)
    for day in known:
        counts[day[:length]] += 1
    return [(step, counts[step]) for step in _steps(known[0][:length], known[-1][:length])]


def _steps(first: str, last: str) -> list[str]:
    """List all years, or all months, from the first to the last."""
    years = range(int(first[:4]), int(last[:4]) + 1)
    if len(first) == 4:
        return [str(year) for year in years]
    return [step for year in years for month in range(1, 13) if first <= (step := f"{year}-{month:02}") <= last]


def read_pair(db: sqlite3.Connection, family: int, one: int, other: int) -> dict[str, Any] | None:
    """Read two pages side by side, with the words that differ; ``None`` where they are no pages of the family."""
    row = db.execute(FAMILY, (family,)).fetchone()
    members = [_member(member) for member in db.execute(MEMBERS, (family,))]
    pages = {member["page"] for member in members}
    if row is None or not {one, other} <= pages:
        return None
    left, right = (db.execute(TEXT, (page,)).fetchone() for page in (one, other))
    diff = diff_texts(left["text"], right["text"])
    return {"family": row, "left": left, "right": right, "members": members, "parts": diff.parts, "diff": diff}
