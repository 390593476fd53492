"""Sentences that coders marked and no cue proposed, as rows like those of the claim list: one a site, sentence, code.

What coders mark is in the file of votes, which no pass reads: so these rows are made when the page is asked for, of
what its visitor may know.
"""

from __future__ import annotations

import json
import sqlite3  # noqa: TC003
from typing import TYPE_CHECKING

from db.datasette.claim_text import matching_sentences
from db.datasette.claims import CLINICS, CONTEXT, MAX_CLINICS, ClaimQuery, ListedClaim, sentence_of
from pipelines.text.encode import dump

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from db.coding.claim_status import Decided

__all__ = ["listed_marks"]

MARKS = f"""
    WITH marks AS (
        SELECT key AS number, json_extract(value, '$[0]') AS text_sha256, json_extract(value, '$[1]') AS quote_key,
            json_extract(value, '$[2]') AS code, json_extract(value, '$[3]') AS quote,
            json_extract(value, '$[4]') AS "start", json_extract(value, '$[5]') AS "end" FROM json_each(?)),
    shown AS (
        SELECT min(marks.number) AS number, marks.quote_key AS quote_key, marks.code AS code, pages.site AS site,
            json_group_array(DISTINCT regions.region) AS regions, json_group_array(DISTINCT v.page_type) AS page_types,
            min(v.first_seen) AS first_seen, max(v.last_confirmed) AS last_seen,
            count(DISTINCT CASE WHEN pages.version = v.id AND pages.state = 'live' THEN pages.id END) AS n_pages,
            count(DISTINCT pages.id) AS n_pages_ever,
            CAST(substr(max((pages.version = v.id) || printf('%015d', v.id)), 2) AS INTEGER) AS version
        FROM marks JOIN version_regions AS regions ON regions.text_sha256 = marks.text_sha256
        JOIN versions AS v ON v.id = regions.version JOIN pages ON pages.id = v.page
        GROUP BY marks.quote_key, marks.code, pages.site)
    SELECT shown.*, '' AS claim, NULL AS vanished_at, coalesce(codes.name, shown.code) AS code_name,
        sites.host AS host, sites.advertiser AS advertiser, sites.name AS site_name, sites.city AS city,
        sites.state AS state, sites.source_class AS source_class, marks.quote AS quote, marks."start" AS "start",
        marks."start" AS mark_start, marks."end" AS mark_end,
        (SELECT sum(every.n_pages) FROM shown AS every
            WHERE every.quote_key = shown.quote_key AND every.code = shown.code) AS all_pages,
        (SELECT count(DISTINCT s.advertiser) FROM shown AS every JOIN sites AS s ON s.id = every.site
            WHERE every.quote_key = shown.quote_key AND every.code = shown.code AND every.n_pages) AS n_advertisers,
        substr(texts.text, max(1, marks."start" + 1 - {CONTEXT}), min(marks."start", {CONTEXT})) AS before,
        substr(texts.text, marks."end" + 1, {CONTEXT}) AS after, pages.id AS page,
        pages.version = shown.version AS is_current, pages.url AS url, coalesce(v.title, '') AS title,
        captures.id AS capture, captures.fetched_at AS fetched_at, captures.warc_file AS warc_file,
        captures.warc_offset AS warc_offset
    FROM shown JOIN marks ON marks.number = shown.number JOIN sites ON sites.id = shown.site
    JOIN versions AS v ON v.id = shown.version JOIN pages ON pages.id = v.page
    JOIN captures ON captures.id = v.capture JOIN texts ON texts.sha256 = marks.text_sha256
    LEFT JOIN codes ON codes.code = shown.code
    ORDER BY shown.first_seen DESC, sites.host, shown.code, shown.quote_key
"""
OF_ROW = {"code": "code", "state": "state", "class": "source_class", "site": "host"}  # filters on a column


def listed_marks(db: sqlite3.Connection, query: ClaimQuery, marks: Sequence[Decided]) -> list[ListedClaim]:
    """Give the marked sentences that a query asks for, the newest first, like rows of the list.

    Their value is the one that coders gave. A percentage is asked of candidates only.
    """
    if not marks or query.percent:
        return []
    found = list(_fitting(db, query, marks))
    if query.typed:
        fits = matching_sentences([one.sentence.quote for one in found], query.typed)
        found = [one for place, one in enumerate(found) if place in fits]
    return found


def _fitting(db: sqlite3.Connection, query: ClaimQuery, marks: Sequence[Decided]) -> Iterator[ListedClaim]:
    clinics = {name for (name,) in db.execute(CLINICS, {"name": query.clinic}).fetchall()[:MAX_CLINICS]}
    sent = dump([[*one.sentence, one.quote, one.start, one.end] for one in marks])
    for row in db.execute(MARKS, (sent,)).fetchall():
        mark = marks[row["number"]]
        regions, page_types = sorted(json.loads(row["regions"])), sorted(json.loads(row["page_types"]))
        asked = query.filters
        is_asked = (
            all(asked.get(name) in {None, row[column]} for name, column in OF_ROW.items())
            and asked.get("value") in {None, *mark.value.split("|")}
            and asked.get("region") in {None, *regions}
            and asked.get("page_type") in {None, *page_types}
            and asked.get("seen") in {None, "now" if row["n_pages"] else "gone"}
            and query.status in {"", mark.status}
            and (not query.clinic or row["advertiser"] in clinics)
        )
        if is_asked:
            yield ListedClaim(row, sentence_of(row), mark.value.split("|"), regions, page_types, mark.status)
