"""The pass ``relevance``: how much the content of each version is about the topic."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from db.passes.driver import Pass, Unit, digest
from db.passes.sync import Table, sync
from pipelines.classify import topic
from pipelines.text.encode import dump

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from db.passes.rules import Rules

__all__ = ["RELEVANCE"]

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
TABLE = Table("relevance", ("version", "score", "verdict", "reasons"))


class Scored(NamedTuple):
    """How relevant a version is: score from 0 to 1, verdict, and reasons as JSON."""

    score: float
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
    return Scored(round(found.score, 4), found.verdict, dump(found.reasons))


@lru_cache(maxsize=2)
def _model(text: str) -> topic.TopicModel:
    return topic.load_topic(text)


def write_score(db: sqlite3.Connection, unit: Unit, scored: Scored) -> int:
    """Store the score of a version."""
    return sync(db, TABLE, [(int(unit.id), *scored)], "version = ?", (unit.id,))


def forget_score(db: sqlite3.Connection, unit: str) -> int:
    """Remove the score of a version that does not stand."""
    return sync(db, TABLE, [], "version = ?", (unit,))


RELEVANCE = Pass(
    name="relevance",
    version=1,
    tables=("relevance",),
    rules=lambda rules: rules.topic,
    units=version_units,
    load=load_version,
    work=score_version,
    write=write_score,
    forget=forget_score,
    independent=True,
)
