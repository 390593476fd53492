"""What is read of families: the list, ranked by the advertisers that they span."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3

__all__ = ["list_families"]

COLUMNS = (
    "family, kind, size, sites, advertisers, advertisers_if_merged, first_seen, similarity, representative, url, title,"
    " likely_source, reasons"
)
RANKED = "ORDER BY advertisers_if_merged DESC, advertisers DESC, size DESC, family"


def list_families(db: sqlite3.Connection, kind: str = "", limit: int = -1, offset: int = 0) -> list[dict[str, Any]]:
    """List families, those that span most advertisers first; ``kind`` leaves only those of one main kind."""
    rows = db.execute(
        f"SELECT {COLUMNS} FROM family_list WHERE kind = :kind OR :kind = '' {RANKED} LIMIT :limit OFFSET :offset",
        {"kind": kind, "limit": limit, "offset": offset},
    )
    names = [name for name, *_ in rows.description]
    return [_told(dict(zip(names, row, strict=True))) for row in rows]


def _told(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"reasons": json.loads(row["reasons"] or "[]")}
