"""The passes ``topic_scores`` and ``relevance``: how much each version is about the topic, by itself and by its site.

contents, titles, URLs | scores of versions | with types, claims and decisions on hosts: verdicts, a site at a time
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from db.passes.driver import Pass, Unit, digest
from db.passes.sync import Table, sync
from pipelines.classify import topic
from pipelines.classify.site_topic import Judged, ScoredPage, judge_pages
from pipelines.text.encode import dump

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    from db.passes.rules import Rules

__all__ = ["RELEVANCE", "TOPIC_SCORES"]

KEYS = """
    SELECT versions.id, versions.content_sha256, coalesce(versions.title, ''), versions.headings, pages.url
    FROM versions JOIN pages ON pages.id = versions.page WHERE versions.content_sha256 IS NOT NULL
    ORDER BY versions.id
"""
PAGE = """
    SELECT coalesce(versions.title, ''), texts.text, versions.headings, pages.url
    FROM versions JOIN texts ON texts.sha256 = versions.content_sha256 JOIN pages ON pages.id = versions.page
    WHERE versions.id = ?
"""
SCORES = Table("topic_scores", ("version", "score", "mentions", "verdict", "reasons"))
VERDICTS = Table("relevance", ("version", "score", "verdict", "reasons"))
# candidates of codes for claims (efficacy E, safety K, approval R); disclosures of risks are none
SCORED = """
    SELECT versions.id, topic_scores.score, topic_scores.mentions, topic_scores.verdict, topic_scores.reasons,
        versions.page_type, versions.content_words, EXISTS (
            SELECT 1 FROM version_regions JOIN claims ON claims.text_sha256 = version_regions.text_sha256
            JOIN codes ON codes.code = claims.code
            WHERE version_regions.version = versions.id AND version_regions.region != 'boilerplate'
                AND substr(claims.code, 1, 1) IN ('E', 'K', 'R')
                AND NOT codes.omission
        ), site_decisions.verdict, site_decisions.decided_by
    FROM topic_scores JOIN versions ON versions.id = topic_scores.version JOIN pages ON pages.id = versions.page
    LEFT JOIN site_decisions ON site_decisions.site = pages.site
    WHERE pages.site = ? ORDER BY versions.id
"""
SITE_OF_VERSION = "version IN (SELECT v.id FROM captured_versions AS v JOIN pages ON pages.id = v.page WHERE site = ?)"


class Scored(NamedTuple):
    """How relevant a version is: score from 0 to 1, how often it names the subject, verdict, and reasons as JSON."""

    score: float
    mentions: float
    verdict: str
    reasons: str


def version_units(db: sqlite3.Connection, _rules: Rules) -> Iterator[Unit]:
    """Name each version that has a content."""
    for version, *page in db.execute(KEYS):
        yield Unit(str(version), digest(page))


def load_version(db: sqlite3.Connection, _rules: Rules, unit: Unit) -> tuple[str, str, str, str]:
    """Read title, content, headings and URL of a version."""
    row: tuple[str, str, str, str] = db.execute(PAGE, (unit.id,)).fetchone()
    return row


def score_version(rules: Rules, page: tuple[str, str, str, str]) -> Scored:
    """Score a version by the topic file."""
    title, text, headings, url = page
    found = topic.score(_model(rules.topic), title, text, headings.splitlines(), url)
    return Scored(round(found.score, 4), found.mentions, found.verdict, dump(found.reasons))


@lru_cache(maxsize=2)
def _model(text: str) -> topic.TopicModel:
    return topic.load_topic(text)


def write_score(db: sqlite3.Connection, unit: Unit, scored: Scored) -> int:
    """Store the score of a version."""
    return sync(db, SCORES, [(int(unit.id), *scored)], "version = ?", (unit.id,))


def forget_score(db: sqlite3.Connection, unit: str) -> int:
    """Remove the score of a version that does not stand."""
    return sync(db, SCORES, [], "version = ?", (unit,))


class ScoredVersion(NamedTuple):
    """A version of a site with its score, and what people decided for the whole host: empty where they did not."""

    version: int
    page: ScoredPage
    decision: str
    decided_by: str


def site_units(db: sqlite3.Connection, _rules: Rules) -> Iterator[Unit]:
    """Name each site that has scored versions; its key holds all that their verdicts rest on."""
    for (site,) in db.execute("SELECT id FROM sites ORDER BY id").fetchall():
        if rows := db.execute(SCORED, (site,)).fetchall():
            yield Unit(str(site), digest(rows))


def load_site(db: sqlite3.Connection, _rules: Rules, unit: Unit) -> list[ScoredVersion]:
    """Read the scored versions of a site."""
    found = []
    for version, score, mentions, verdict, reasons, page_type, words, has_claim, *decision in db.execute(
        SCORED, (unit.id,)
    ):
        page = ScoredPage(score, mentions, verdict, json.loads(reasons), page_type, words or 0, bool(has_claim))
        found.append(ScoredVersion(version, page, *(each or "" for each in decision)))
    return found


def judge_site(_rules: Rules, versions: Sequence[ScoredVersion]) -> list[tuple[object, ...]]:
    """Give the verdicts on the versions of a site as rows of ``relevance``."""
    judged = judge_pages([one.page for one in versions])
    rows: list[tuple[object, ...]] = []
    for one, by_rule in zip(versions, judged, strict=True):
        of_host = Judged(one.decision, (f"decided for the whole host by {one.decided_by}", *by_rule.reasons))
        verdict = of_host if one.decision else by_rule
        rows.append((one.version, one.page.score, verdict.verdict, dump(verdict.reasons)))
    return rows


def write_verdicts(db: sqlite3.Connection, unit: Unit, rows: list[tuple[object, ...]]) -> int:
    """Bring the verdicts on the versions of a site up to date."""
    return sync(db, VERDICTS, rows, SITE_OF_VERSION, (unit.id,))


def forget_verdicts(db: sqlite3.Connection, unit: str) -> int:
    """Remove the verdicts on the versions of a site none of which is scored."""
    return sync(db, VERDICTS, [], SITE_OF_VERSION, (unit,))


TOPIC_SCORES = Pass(
    name="topic_scores",
    version=1,
    tables=("topic_scores",),
    rules=lambda rules: rules.topic,
    units=version_units,
    load=load_version,
    work=score_version,
    write=write_score,
    forget=forget_score,
    independent=True,
)
RELEVANCE = Pass(
    name="relevance",
    version=2,
    tables=("relevance",),
    units=site_units,
    load=load_site,
    work=judge_site,
    write=write_verdicts,
    forget=forget_verdicts,
)
