"""``clinicwatch changes`` and ``clinicwatch digest``: what changed, for a terminal, a program or an e-mail."""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from crawler.clock import utc_now
from crawler.commands.options import DB
from crawler.engine.summary import SiteAlert
from crawler.notify.digest import MAX_CHANGES, Digest, html, markdown
from crawler.notify.notify import SERVER, addresses, send
from crawler.watch.next_run import parse_every
from db.corpus.changes import Asked, alerts_since, count_changes, ranked
from db.corpus.connection import crawl_lock, reading, writing
from db.corpus.digests import end_mark, keep_mark, last_mark
from pipelines.model.errors import UsageError
from pipelines.model.outcomes import ChangeKind

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

    from db.corpus.changes import Change
    from db.corpus.digests import Mark


@dataclass(frozen=True, slots=True)
class ChangeList:
    """The changes that matter most, and how many there are in all."""

    changes: list[Change]
    count: int


@click.command
@click.option("--since", metavar="WHEN", help="A date (2026-11-01) or a length of time (7d). Default: the last crawl.")
@click.option("--site", metavar="HOST", help="Only changes of this site.")
@click.option("--kind", type=click.Choice([kind.value for kind in ChangeKind]), help="Only changes of this kind.")
@click.option("--limit", type=click.IntRange(min=1), default=25, show_default=True, help="At most so many.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
@DB
def changes(*, db: Path, since: str | None, site: str | None, kind: str | None, limit: int, as_json: bool) -> None:
    """List what changed, what matters most first; the same edit on many pages is one line."""
    found = list_changes(db, change_filter(since, site, kind), limit)
    if as_json:
        # `places` is the name of release 0.1 for `regions`
        listed = [asdict(change) | {"places": change.regions} for change in found.changes]
        click.echo(json.dumps({"count": found.count, "changes": listed}))
        return
    for change in found.changes:
        click.echo(change_text(change))
    click.echo(f"{len(found.changes)} of {found.count} changes" if found.count else "nothing changed")


@click.command
@click.option("--since", metavar="WHEN", help="A date or a length of time. Default: since the last digest.")
@click.option("--html", "as_html", is_flag=True, help="Print HTML instead of Markdown.")
@click.option("--send", "to_send", is_flag=True, help="Send what no digest held yet to CLINICWATCH_NOTIFY.")
@DB
def digest(*, db: Path, since: str | None, as_html: bool, to_send: bool) -> None:
    """Write what changed as Markdown or HTML, or send it by mail, chat or webhook."""
    if to_send and (since or as_html):
        raise click.UsageError("--send sends what no digest held yet; it goes with neither --since nor --html")
    if to_send:
        click.echo(send_digest(db))
    else:
        click.echo((html if as_html else markdown)(digest_since(db, since)), nl=False)


def parse_since(text: str, now: datetime) -> str:
    """Read since when: a date, a time in ISO 8601, or a length of time; raises ValueError with a line.

    >>> parse_since("2d", datetime(2026, 3, 9, tzinfo=UTC)), parse_since("2026-03-01", datetime(2026, 3, 9, tzinfo=UTC))
    ('2026-03-07T00:00:00+00:00', '2026-03-01')
    """
    text = text.strip()
    if re.fullmatch(r"\d+[smhdw]", text):
        return (now - parse_every(text)).isoformat()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r}: expected a date such as 2026-11-01, or a length of time such as 7d") from None
    if len(text) == len("2026-11-01"):
        return text
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat()


def change_filter(since: str | None, site: str | None, kind: str | None) -> Asked:
    """Make a filter of what a person typed; raises :class:`UsageError` for a date that is none."""
    try:
        start = parse_since(since, datetime.now(UTC)) if since else ""
    except ValueError as error:
        raise UsageError(f"--since {error}") from error
    return Asked(since=start, site=(site or "").removeprefix("www."), kind=kind or "")


def list_changes(db: Path, wanted: Asked, limit: int) -> ChangeList:
    """Give the changes that matter most, and how many there are; without a time, those of the last crawl."""
    with reading(db) as corpus:
        if not wanted.since:
            wanted = replace(wanted, crawl=last_crawl(corpus))
        return ChangeList(ranked(corpus, wanted, limit), count_changes(corpus, wanted))


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
    lines += [f"      {change.folded}"] if change.folded else []
    lines += [f"      {'; '.join(change.reasons)}"] if change.reasons else []
    return "\n".join([*lines, f"      seen {change.at[:16].replace('T', ' ')} UTC{words}"])


def make_digest(corpus: sqlite3.Connection, name: str, wanted: Asked, crawl: int, span: str) -> Digest:
    """Gather a digest: the changes that are wanted, the alerts of the crawls after the one named."""
    return Digest(
        corpus=name,
        span=span,
        changes=tuple(ranked(corpus, wanted, MAX_CHANGES)),
        count=count_changes(corpus, wanted),
        alerts=tuple(SiteAlert(host, alert) for _, host, alert in alerts_since(corpus, crawl + 1)),
        server=os.environ.get(SERVER, ""),
    )


def digest_since(db: Path, since: str | None) -> Digest:
    """Make the digest since a time or, without one, since the last digest that was sent."""
    with reading(db) as corpus:
        if since is None:
            return unsent(corpus, db, last_mark(corpus))
        wanted = change_filter(since, None, None)
        before = corpus.execute("SELECT coalesce(max(id), 0) FROM crawls WHERE ended_at < ?", (wanted.since,))
        return make_digest(corpus, db.stem, wanted, before.fetchone()[0], f"since {wanted.since[:10]}")


def unsent(corpus: sqlite3.Connection, db: Path, mark: Mark) -> Digest:
    """Make the digest of what no digest held yet; the first one is of the last crawl, not of all the years."""
    if not mark.sent_at:
        crawl = last_crawl(corpus)
        return make_digest(corpus, db.stem, Asked(crawl=crawl), crawl - 1, "in the last crawl")
    return make_digest(corpus, db.stem, Asked(after=mark.change), mark.crawl, f"since {mark.sent_at[:10]}")


def send_digest(db: Path) -> str:
    """Send what no digest held yet, record that it was sent, and say so; a digest without anything in it is not sent.

    Raises :class:`crawler.notify.notify.NotSentError` where somebody did not get it; then nothing is recorded.
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
