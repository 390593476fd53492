"""The numbers behind the pictures, read from the corpus; counting over time is pure."""

from __future__ import annotations

import bisect
import sqlite3  # noqa: TC003
from typing import TYPE_CHECKING, Any, NamedTuple

from db.datasette.pictures.charts import TILES, Series
from db.schema.vocabulary import LISTINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

ADVERTISERS = 40  # rows of the heat map; all are in claims.csv
SMALL = ("E1", "E2", "E3", "E4", "E5", "E6", "E7", "K1", "K3", "R1")  # codes of single sentences, in their order
CRAWLS = "SELECT coalesce(ended_at, started_at) FROM crawls ORDER BY id"
FOUND = "SELECT found_at FROM pages WHERE kind = 'page'"
READ = "SELECT min(first_seen) FROM versions GROUP BY page"
VERSIONS = "SELECT first_seen FROM versions"
LIVES = "SELECT first_seen, vanished_at FROM claim_ledger"
BY_CODE = """
    SELECT claims.code, first_seen, vanished_at
    FROM (SELECT DISTINCT code, quote_key FROM claims) AS claims JOIN claim_ledger USING (quote_key)
"""
CODES = f"""
    SELECT sites.advertiser, claims.code, count(DISTINCT documents.id)
    FROM documents JOIN versions ON versions.id = documents.version JOIN sites ON sites.id = documents.site
    JOIN claims ON claims.text_sha256 = versions.own_sha256
    WHERE documents.verdict IS NOT 'off topic' AND documents.page_type NOT IN {LISTINGS}
    GROUP BY 1, 2
"""
STATES = f"""
    SELECT sites.state, count(DISTINCT sites.advertiser), count(DISTINCT sites.id), count(documents.id)
    FROM sites LEFT JOIN documents ON documents.site = sites.id AND documents.verdict = 'on topic'
        AND documents.copy_of IS NULL AND documents.page_type NOT IN {LISTINGS}
    GROUP BY sites.state ORDER BY 2 DESC, 1
"""


class Standing(NamedTuple):
    """At the end of a crawl: sentences that stood on a page, those that appeared in it, those that it found gone."""

    at: str
    standing: int
    appeared: int
    vanished: int


def read_figures(db: sqlite3.Connection) -> dict[str, Any]:
    """Read all numbers of the pictures."""
    ends = sorted(end for (end,) in db.execute(CRAWLS))
    names = {code.split("_")[0]: name for code, name in db.execute("SELECT code, name FROM codes ORDER BY place")}
    heat = _heat(db.execute(CODES))
    return {
        "growth": [
            Series(name, running((at for (at,) in db.execute(sql)), ends))
            for name, sql in (("found", FOUND), ("texts", VERSIONS), ("read", READ))
        ],
        "standing": standing([(row[0], row[1]) for row in db.execute(LIVES)], ends),
        "by_code": _by_code(db, ends),
        "names": names,
        "heat": heat[:ADVERTISERS],
        "advertisers": len(heat),
        "states": [tuple(row) for row in db.execute(STATES)],
    }


def running(times: Iterable[str], ends: Sequence[str]) -> tuple[tuple[str, int], ...]:
    """Count what had happened by each of ``ends``; the last one counts all that did.

    >>> running(["2026-01-01", "2026-01-03"], ["2026-01-02", "2026-01-03"])
    (('2026-01-02', 1), ('2026-01-03', 2))
    """
    happened = sorted(times)
    counts = [bisect.bisect_right(happened, end) for end in ends[:-1]] + [len(happened)]
    return tuple(zip(ends, counts, strict=False))


def standing(lives: Iterable[tuple[str, str | None]], ends: Sequence[str]) -> list[Standing]:
    """Count at each end of a crawl the sentences that stand, given when each was first seen and when it vanished.

    >>> standing([("2026-01-01", None), ("2026-01-01", "2026-01-03")], ["2026-01-02", "2026-01-04"])[1]
    Standing(at='2026-01-04', standing=1, appeared=0, vanished=1)
    """
    told = list(lives)
    came = [count for _, count in running((first for first, _ in told), ends)]
    went = [count for _, count in running((last for _, last in told if last), ends)]
    return [
        Standing(at, came[place] - went[place], came[place] - before[0], went[place] - before[1])
        for place, at in enumerate(ends)
        for before in [(came[place - 1], went[place - 1]) if place else (0, 0)]
    ]


def _by_code(db: sqlite3.Connection, ends: Sequence[str]) -> dict[str, list[Standing]]:
    lives: dict[str, list[tuple[str, str | None]]] = {code: [] for code in SMALL}
    for code, first, last in db.execute(BY_CODE):
        short = code.split("_")[0]
        if short in lives:
            lives[short].append((first, last))
    return {code: standing(told, ends) for code, told in lives.items() if told}


def _heat(rows: Iterable[Sequence[Any]]) -> list[tuple[str, Mapping[str, int]]]:
    """Order advertisers by how many candidates their pages have, the most first."""
    counts: dict[str, dict[str, int]] = {}
    for advertiser, code, pages in rows:
        counts.setdefault(advertiser, {})[code.split("_")[0]] = pages
    return sorted(counts.items(), key=lambda one: (-sum(one[1].values()), one[0]))


def on_map(states: Iterable[Sequence[Any]]) -> dict[str, int]:
    """Give the advertisers of each state that is on the map."""
    return {state: advertisers for state, advertisers, *_ in states if state in TILES}
