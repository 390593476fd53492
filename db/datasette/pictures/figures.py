"""The numbers behind the pictures, read from the corpus; counting over time is pure."""

from __future__ import annotations

import bisect
import sqlite3  # noqa: TC003
from typing import TYPE_CHECKING, NamedTuple

from db.schema.vocabulary import LISTINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MAX_ADVERTISERS = 40  # rows of the heat map; all are in claims.csv
# codes of single sentences, in their order
SENTENCE_CODES = ("E1", "E2", "E3", "E4", "E5", "E6", "E7", "K1", "K3", "R1")
CRAWLS = "SELECT coalesce(ended_at, started_at) FROM crawls ORDER BY id"
FOUND = "SELECT found_at FROM pages WHERE kind = 'page'"
READ = "SELECT min(first_seen) FROM versions GROUP BY page"
VERSIONS = "SELECT first_seen FROM versions"
LIVES = "SELECT first_seen, vanished_at FROM claim_ledger"
LIVES_BY_CODE = """
    SELECT claims.code, first_seen, vanished_at
    FROM (SELECT DISTINCT code, quote_key FROM claims) AS claims JOIN claim_ledger USING (quote_key)
"""
PAGES_BY_CODE = f"""
    SELECT sites.advertiser AS advertiser, claims.code AS code, count(DISTINCT documents.id) AS pages
    FROM documents JOIN sites ON sites.id = documents.site
    JOIN version_regions ON version_regions.version = documents.version
    JOIN claims ON claims.text_sha256 = version_regions.text_sha256
    WHERE documents.verdict IS NOT 'off topic' AND documents.page_type NOT IN {LISTINGS}
    GROUP BY 1, 2
"""
STATES = f"""
    SELECT sites.state AS state, count(DISTINCT sites.advertiser) AS advertisers, count(DISTINCT sites.id) AS sites,
        count(documents.id) AS documents
    FROM sites LEFT JOIN documents ON documents.site = sites.id AND documents.verdict = 'on topic'
        AND documents.duplicate_of IS NULL AND documents.page_type NOT IN {LISTINGS}
    GROUP BY sites.state ORDER BY 2 DESC, 1
"""


class Point(NamedTuple):
    """A count at a time (ISO 8601)."""

    at: str
    number: int


class Series(NamedTuple):
    """One line of a picture: its name, and its points, the earliest first."""

    name: str
    points: tuple[Point, ...]


class Life(NamedTuple):
    """When a sentence was first seen on some page, and when its last page was first seen without it."""

    first_seen: str
    vanished_at: str | None


class Standing(NamedTuple):
    """At the end of a crawl: sentences that stood on a page, those that appeared in it, those that it found gone."""

    at: str
    standing: int
    appeared: int
    vanished: int


class AdvertiserCodes(NamedTuple):
    """On how many of its pages an advertiser has a candidate, by the short name of the code."""

    advertiser: str
    pages: dict[str, int]


class Figures(NamedTuple):
    """All numbers of the pictures."""

    growth: list[Series]
    standing: list[Standing]
    by_code: dict[str, list[Standing]]
    names: dict[str, str]  # of the codes, by their short names
    codes: dict[str, str]  # their ids, by their short names
    heat: list[AdvertiserCodes]  # those with most candidates first
    advertisers: int  # that have a candidate
    states: list[sqlite3.Row]


def read_figures(db: sqlite3.Connection) -> Figures:
    """Read all numbers of the pictures."""
    ends = sorted(end for (end,) in db.execute(CRAWLS))
    by_code: dict[str, list[Life]] = {code: [] for code in SENTENCE_CODES}
    for row in db.execute(LIVES_BY_CODE):
        if short_name(row["code"]) in by_code:
            by_code[short_name(row["code"])].append(Life(row["first_seen"], row["vanished_at"]))
    pages: dict[str, dict[str, int]] = {}
    for row in db.execute(PAGES_BY_CODE):
        pages.setdefault(row["advertiser"], {})[short_name(row["code"])] = row["pages"]
    heat = [AdvertiserCodes(*each) for each in pages.items()]
    heat.sort(key=lambda one: (-sum(one.pages.values()), one.advertiser))
    codes = db.execute("SELECT code, name FROM codes ORDER BY position").fetchall()
    return Figures(
        growth=[
            Series(name, running((at for (at,) in db.execute(sql)), ends))
            for name, sql in (("found", FOUND), ("texts", VERSIONS), ("read", READ))
        ],
        standing=standing((Life(*row) for row in db.execute(LIVES)), ends),
        by_code={code: standing(lives, ends) for code, lives in by_code.items() if lives},
        names={short_name(row["code"]): row["name"] for row in codes},
        codes={short_name(row["code"]): row["code"] for row in codes},
        heat=heat[:MAX_ADVERTISERS],
        advertisers=len(heat),
        states=db.execute(STATES).fetchall(),
    )


def short_name(code: str) -> str:
    """Give the part of a code that stands in pictures.

    >>> short_name("K1_not_addictive")
    'K1'
    """
    return code.split("_", maxsplit=1)[0]


def running(times: Iterable[str], ends: Sequence[str]) -> tuple[Point, ...]:
    """Count what had happened by each of ``ends``; the last one counts all that did.

    >>> [point.number for point in running(["2026-01-01", "2026-01-03"], ["2026-01-02", "2026-01-03"])]
    [1, 2]
    """
    happened = sorted(times)
    counts = [bisect.bisect_right(happened, end) for end in ends[:-1]] + [len(happened)]
    return tuple(Point(end, count) for end, count in zip(ends, counts, strict=False))


def standing(lives: Iterable[Life], ends: Sequence[str]) -> list[Standing]:
    """Count at each end of a crawl the sentences that stand, given when each was first seen and when it vanished.

    >>> standing([Life("2026-01-01", None), Life("2026-01-01", "2026-01-03")], ["2026-01-02", "2026-01-04"])[1]
    Standing(at='2026-01-04', standing=1, appeared=0, vanished=1)
    """
    lives = list(lives)
    came = running((life.first_seen for life in lives), ends)
    went = running((life.vanished_at for life in lives if life.vanished_at), ends)
    found = []
    came_before = went_before = 0
    for (at, so_far), (_, gone) in zip(came, went, strict=True):
        found.append(Standing(at, so_far - gone, so_far - came_before, gone - went_before))
        came_before, went_before = so_far, gone
    return found
