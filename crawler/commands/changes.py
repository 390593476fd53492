"""``clinicwatch changes`` and ``clinicwatch digest``: what changed, for a terminal, a program or a letter."""

from __future__ import annotations

import os
import re
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from crawler.clock import utc_now
from crawler.notify.digest import TOLD, Digest
from crawler.notify.notify import DESK, addresses, send
from crawler.watch.next_run import parse_every
from db.corpus.changes import Asked, alerts_since, count_changes, ranked
from db.corpus.connection import crawl_lock, reading, writing
from db.corpus.digests import end_mark, keep_mark, last_mark
from pipelines.model.errors import UsageError

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

    from db.corpus.changes import Change
    from db.corpus.digests import Mark


def parse_since(text: str, now: datetime) -> str:
    """Read since when: a date, a time in ISO 8601, or a length of time; raises ValueError with a line.

    >>> parse_since("2d", datetime(2026, 3, 9, tzinfo=UTC)), parse_since("2026-03-01", datetime(2026, 3, 9, tzinfo=UTC))
    ('2026-03-07T00:00:00+00:00', '2026-03-01')
    """
    told = text.strip()
    if re.fullmatch(r"\d+[smhdw]", told):
        return (now - parse_every(told)).isoformat()
    try:
        moment = datetime.fromisoformat(told)
    except ValueError:
        raise ValueError(f"{text!r}: expected a date such as 2026-11-01, or a length of time such as 7d") from None
    if len(told) == len("2026-11-01"):
        return told
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat()


def asked_of(since: str | None, site: str | None, kind: str | None) -> Asked:
    """Make what a person typed into what is asked for; raises :class:`UsageError` for a date that is none."""
    try:
        start = parse_since(since, datetime.now(UTC)) if since else ""
    except ValueError as error:
        raise UsageError(f"--since {error}") from error
    return Asked(since=start, site=(site or "").removeprefix("www."), kind=kind or "")


def list_changes(db: Path, asked: Asked, limit: int) -> tuple[list[Change], int]:
    """Give the changes that matter most, and how many there are; without a time, those of the last crawl."""
    with reading(db) as corpus:
        wanted = asked if asked.since else replace(asked, crawl=last_crawl(corpus))
        return ranked(corpus, wanted, limit), count_changes(corpus, wanted)


def last_crawl(corpus: sqlite3.Connection) -> int:
    """Name the last crawl that finished; -1 for none, which no change is of."""
    row = corpus.execute("SELECT max(id) FROM crawls WHERE status = 'finished'").fetchone()
    return int(row[0] or -1)


def change_text(change: Change) -> str:
    """Say a change in some lines of a terminal."""
    pages = f", the same edit on {change.pages} pages" if change.pages > 1 else ""
    words = (
        f"  +{change.words_added} -{change.words_removed} words" if change.words_added or change.words_removed else ""
    )
    lines = [f"{change.score:4.2f}  {change.kind:<15} {change.url}{pages}"]
    lines += [f"      {change.summary}"] if change.summary else []
    lines += [f"      {'; '.join(change.reasons)}"] if change.reasons else []
    return "\n".join([*lines, f"      seen {change.at[:16].replace('T', ' ')} UTC{words}"])


def change_json(change: Change) -> dict[str, Any]:
    """Say a change to a program: its fields by their names."""
    return asdict(change)


def make_digest(corpus: sqlite3.Connection, name: str, asked: Asked, crawl: int, span: str) -> Digest:
    """Gather what a digest tells: changes that are asked for, alerts of the crawls after the one named."""
    return Digest(
        corpus=name,
        span=span,
        changes=tuple(ranked(corpus, asked, TOLD)),
        count=count_changes(corpus, asked),
        alerts=tuple((host, alert) for _, host, alert in alerts_since(corpus, crawl + 1)),
        desk=os.environ.get(DESK, ""),
    )


def digest_since(db: Path, since: str | None) -> Digest:
    """Make the digest since a time or, without one, since the last digest that was sent."""
    with reading(db) as corpus:
        if since is None:
            return unsent(corpus, db, last_mark(corpus))
        asked = asked_of(since, None, None)
        before = corpus.execute("SELECT coalesce(max(id), 0) FROM crawls WHERE ended_at < ?", (asked.since,)).fetchone()
        return make_digest(corpus, db.stem, asked, before[0], f"since {asked.since[:10]}")


def unsent(corpus: sqlite3.Connection, db: Path, mark: Mark) -> Digest:
    """Make the digest of what no digest told yet; the first one tells of the last crawl, not of all the years."""
    if not mark.sent_at:
        crawl = last_crawl(corpus)
        return make_digest(corpus, db.stem, Asked(crawl=crawl), crawl - 1, "in the last crawl")
    return make_digest(corpus, db.stem, Asked(after=mark.change), mark.crawl, f"since {mark.sent_at[:10]}")


def send_digest(db: Path) -> str:
    """Send what no digest told yet, remember that it was, and say so; a digest without anything in it is not sent.

    Raises :class:`crawler.notify.notify.NotSentError` where somebody did not get it; then nothing is remembered.
    """
    if not addresses():
        raise UsageError("CLINICWATCH_NOTIFY is not set: it says where digests go, see docs/watching.md")
    with crawl_lock(db), writing(db) as corpus:
        digest = unsent(corpus, db, last_mark(corpus))
        if digest.is_empty:
            return "digest: nothing to tell, nothing sent"
        count = send(digest)
        keep_mark(corpus, end_mark(corpus, utc_now()), digest.count, len(digest.alerts))
    return f"digest: {digest.count} changes and {len(digest.alerts)} alerts sent to {count} address{'es' * (count > 1)}"
