"""The frame of a table of advertisers: which sites count as advertisers, which of their pages are asked, as of when.

what is asked for | sites with the reason of those left out | pages and versions, in a temporary table of the connection

The connection is one of :func:`db.coding.votes_file.open_review` to which the corpus is attached as ``corpus``.
"""

from __future__ import annotations

import sqlite3  # noqa: TC003
from collections import Counter
from datetime import date, timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple

from db.schema.vocabulary import ENDED_STATES, ENDING, LISTINGS
from pipelines.coding.rollup import PageCounts
from pipelines.model.errors import UsageError
from pipelines.model.page_types import PageType
from pipelines.model.source_classes import PUBLISHERS
from pipelines.text.encode import dump

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pipelines.coding.frame_spec import FrameSpec

__all__ = ["Chosen", "Frame", "SiteRow", "build_frame", "choose_sites"]

SITES = """
    SELECT sites.id, sites.host, sites.advertiser, sites.state, sites.source_class,
        (SELECT group_concat(host, ' ') FROM corpus.hosts WHERE hosts.site = sites.id) AS hosts,
        (SELECT min(original.site) FROM corpus.documents AS one
            JOIN corpus.documents AS original ON original.id = one.duplicate_of
            WHERE one.site = sites.id AND original.site != sites.id GROUP BY one.site
            HAVING count(DISTINCT original.site) = 1
                AND count(*) = (SELECT count(*) FROM corpus.documents AS every WHERE every.site = sites.id)) AS alias_of
    FROM corpus.sites AS sites ORDER BY sites.id
"""
TABLE = """
    CREATE TEMP TABLE frame_pages (
        page INTEGER PRIMARY KEY, site INTEGER NOT NULL, advertiser TEXT NOT NULL, version INTEGER NOT NULL,
        text TEXT NOT NULL, in_frame INTEGER NOT NULL
    )
"""
# a page that is off topic, uncertain or a list of other pages is asked only where coders coded it
IN_FRAME = f"""
    (json_array_length(:page_types) = 0 OR shown.page_type IN (SELECT value FROM json_each(:page_types)))
    AND shown.page_type NOT IN (SELECT value FROM json_each(:without))
    AND (shown.verdict = 'on topic' AND shown.page_type NOT IN {LISTINGS} OR shown.text IN (
        SELECT substr(unit, 1, 64) FROM main.standing WHERE round = :round AND unit_type IN ('text', 'claim')
            AND code NOT IN ('topic', '_note', '_flag')))
"""
CURRENT = """
    SELECT documents.id AS page, documents.site AS site, documents.version AS version, documents.page_type AS page_type,
        documents.verdict AS verdict, coalesce(versions.content_sha256, versions.text_sha256) AS text
    FROM corpus.documents JOIN corpus.versions AS versions ON versions.id = documents.version
    WHERE documents.site IN (SELECT value FROM json_each(:sites))
"""
# of each page the last version that was captured in the window and seen by the end of the reference date; with a
# reference date, a page whose end was seen by then is no page any more
DATED = f"""
    SELECT page, site, version, page_type, verdict, text FROM (
        SELECT versions.page AS page, pages.site AS site, versions.id AS version, versions.page_type AS page_type,
            coalesce(topic_overrides.verdict, versions.verdict) AS verdict,
            coalesce(versions.content_sha256, versions.text_sha256) AS text,
            pages.state IN {ENDED_STATES} AND versions.id = pages.version AND EXISTS (
                SELECT 1 FROM corpus.visits AS visits WHERE visits.page = versions.page
                    AND visits.outcome IN {ENDING} AND visits.at > versions.last_confirmed AND visits.at < :on_end
            ) AS has_ended,
            row_number() OVER (PARTITION BY versions.page ORDER BY versions.first_seen DESC, versions.id DESC) AS rank
        FROM corpus.versions AS versions JOIN corpus.pages AS pages ON pages.id = versions.page
        JOIN corpus.captures AS captures ON captures.id = versions.capture
        LEFT JOIN corpus.topic_overrides AS topic_overrides ON topic_overrides.text_sha256 = versions.content_sha256
        WHERE pages.site IN (SELECT value FROM json_each(:sites)) AND pages.kind = 'page'
            AND versions.first_seen < :on_end AND captures.fetched_at >= :captured_from
            AND captures.fetched_at < :captured_end
    ) WHERE rank = 1 AND NOT (:on_end < :last_day AND has_ended)
"""
LAST_DAY = "9999-12-31"


class SiteRow(NamedTuple):
    """A site: the hosts that lead to it, and the site that it is an alias of, if any."""

    id: int
    host: str
    advertiser: str
    state: str
    source_class: str
    hosts: str
    alias_of: int | None


class Chosen(NamedTuple):
    """The sites of a frame, and how many were left out, by reason."""

    sites: list[SiteRow]
    left_out: dict[str, int]


class Frame(NamedTuple):
    """A frame: its sites, why others were left out, and how many pages each advertiser has."""

    spec: FrameSpec
    sites: list[SiteRow]
    left_out: dict[str, int]
    advertisers: dict[str, PageCounts]


def read_sites(review: sqlite3.Connection) -> list[SiteRow]:
    """Read the sites of the corpus."""
    return [SiteRow(*row) for row in review.execute(SITES)]


def choose_sites(sites: Sequence[SiteRow], spec: FrameSpec) -> Chosen:
    """Choose the sites of a frame; each site that is left out is counted under its first reason."""
    wanted = {name.lower() for name in spec.advertisers}
    states, classes = ({name.casefold() for name in names} for names in (spec.states, spec.classes))
    chosen, left_out = [], Counter[str]()
    for site in sites:
        if states and site.state.casefold() not in states:
            left_out["of another state"] += 1
        elif classes and site.source_class.casefold() not in classes:
            left_out["of another class"] += 1
        elif wanted and not wanted & {site.advertiser, site.host, *site.hosts.split()}:
            left_out["not in the list of advertisers"] += 1
        elif not classes and not spec.publishers and site.source_class in PUBLISHERS:
            left_out["publisher or directory"] += 1
        elif not spec.aliases and site.alias_of is not None:
            left_out["alias host: all its pages are copies of one other site's"] += 1
        else:
            chosen.append(site)
    return Chosen(chosen, dict(left_out))


def check_spec(spec: FrameSpec, sites: Sequence[SiteRow]) -> None:
    """Raise :class:`UsageError` for a name that the corpus does not have, with the nearest that it has."""
    hosts = {name for site in sites for name in (site.advertiser, site.host, *site.hosts.split())}
    known: Mapping[str, tuple[Iterable[str], Iterable[str]]] = {
        "--state": (spec.states, {site.state for site in sites if site.state}),
        "--class": (spec.classes, {site.source_class for site in sites if site.source_class}),
        "--page-type": (spec.page_types, list(PageType)),
        "--without": (spec.without, list(PageType)),
        "--advertisers": (spec.advertisers, hosts),
    }
    for option, (asked, names) in known.items():
        folded = {name.casefold() for name in names}
        for name in asked:
            if name.casefold() not in folded:
                near = get_close_matches(name.casefold(), folded, 3) or sorted(folded)[:12]
                raise UsageError(f"{option} {name}: the corpus has none; it has {', '.join(near) or 'none at all'}")
    for option, day in (
        ("--captured-from", spec.captured_from),
        ("--captured-to", spec.captured_to),
        ("--on", spec.on),
    ):
        next_day(option, day)


def next_day(option: str, day: str) -> str:
    """Give the day after, which ends a day; raises :class:`UsageError` where it is no day.

    >>> next_day("--on", "2026-02-28"), next_day("--on", "")
    ('2026-03-01', '9999-12-31')
    """
    if not day:
        return LAST_DAY
    try:
        return (date.fromisoformat(day) + timedelta(days=1)).isoformat()
    except (ValueError, OverflowError) as error:
        raise UsageError(f"{option} {day}: a day is written as 2026-11-30") from error


def build_frame(review: sqlite3.Connection, spec: FrameSpec, round_: str) -> Frame:
    """Choose the sites and lay out their pages in the temporary table ``frame_pages``; raises :class:`UsageError`."""
    sites = read_sites(review)
    check_spec(spec, sites)
    chosen = choose_sites(sites, spec)
    if sites and not chosen.sites:
        left = "; ".join(f"{count} {reason}" for reason, count in sorted(chosen.left_out.items()))
        raise UsageError(f"no site of the corpus is in this frame ({spec.words()}); left out: {left}")
    is_dated = bool(spec.on or spec.captured_from or spec.captured_to)
    values = {
        "round": round_,
        "sites": dump([site.id for site in chosen.sites]),
        "page_types": dump([str(PageType(name.casefold())) for name in spec.page_types]),
        "without": dump([str(PageType(name.casefold())) for name in spec.without]),
    }
    if is_dated:
        values |= {
            "last_day": LAST_DAY,
            "on_end": next_day("--on", spec.on),
            "captured_from": spec.captured_from,
            "captured_end": next_day("--captured-to", spec.captured_to),
        }
    review.execute("DROP TABLE IF EXISTS temp.frame_pages")
    review.execute(TABLE)
    review.execute(
        "INSERT INTO frame_pages"
        f" SELECT shown.page, shown.site, sites.advertiser, shown.version, shown.text, {IN_FRAME}"
        f" FROM ({DATED if is_dated else CURRENT}) AS shown JOIN corpus.sites AS sites ON sites.id = shown.site",
        values,
    )
    review.execute("CREATE INDEX temp.frame_pages_text ON frame_pages(text)")
    counts = dict.fromkeys((site.advertiser for site in chosen.sites), PageCounts(0, 0))
    for advertiser, in_frame, pages in review.execute(
        "SELECT advertiser, sum(in_frame), count(*) FROM frame_pages GROUP BY 1"
    ):
        counts[advertiser] = PageCounts(in_frame, pages)
    return Frame(spec, chosen.sites, chosen.left_out, counts)
