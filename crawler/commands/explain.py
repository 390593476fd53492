"""``clinicwatch explain``: find the page that a user names, in a file or in the corpus, and explain its reading."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.commands.options import DB
from crawler.engine.rule_files import load_rules
from db.corpus.connection import evidence_folder, reading
from pipelines.classify.topic import load_topic
from pipelines.model.errors import ClinicwatchError, UsageError
from pipelines.model.records import Location
from pipelines.reading.inflate import InflateError, inflate

if TYPE_CHECKING:
    from pipelines.model.records import Fetch

NEWEST = (
    "SELECT warc_file, warc_offset, warc_length FROM captures JOIN pages ON pages.id = captures.page"
    " WHERE pages.url = ? AND captures.status = 200 ORDER BY captures.id DESC LIMIT 1"
)


@click.command
@click.argument("target", metavar="URL|FILE")
@click.option("--url", help="Where a FILE is from.")
@DB
def explain(*, target: str, db: Path, url: str | None) -> None:
    """Say what was read from a page of the corpus or a saved FILE, and why: dates, type, topic, every line."""
    click.echo(explain_page(target, db, url))


def explain_page(target: str, db: Path, url: str | None = None) -> str:
    """Explain a saved page (``url`` says where it is from) or the newest capture of a page of the corpus."""
    content_type = None
    if target.startswith(("http://", "https://")):
        fetch = newest_capture(target, db)
        url, content_type, body = fetch.url, fetch.header("content-type"), inflated(fetch)
    else:
        try:
            body = Path(target).read_bytes()
        except OSError as error:
            hint = "" if Path(target).suffix == ".html" else "; the address of a page begins with http:// or https://"
            raise UsageError(f"{target}: cannot read the file: {error.strerror}{hint}") from error
    from pipelines.explain import explain as explain_reading  # loads the extractor: not before there is a page

    return explain_reading(body, url or "http://unknown.invalid/", content_type, load_topic(load_rules().topic))


def newest_capture(url: str, db: Path) -> Fetch:
    """Read the newest whole answer of a page back from its WARC file."""
    from crawler.archive.warc import read_capture
    from pipelines.text.urls import canonical

    with reading(db) as corpus:
        row = corpus.execute(NEWEST, (canonical(url) or url,)).fetchone()
    if row is None:
        raise ClinicwatchError(f"{url}: {db} has no capture of this page; crawl it, or save the page and name the file")
    try:
        return read_capture(evidence_folder(db), Location(*row))
    except (OSError, ValueError, StopIteration) as error:
        raise ClinicwatchError(f"{url}: its bytes cannot be read ({error}); run `clinicwatch verify`") from error


def inflated(fetch: Fetch) -> bytes:
    """Undo the Content-Encoding of a capture."""
    from pipelines.jobs import MAX_BODY

    try:
        return inflate(fetch.body, fetch.header("content-encoding"), MAX_BODY)
    except InflateError as error:
        raise ClinicwatchError(f"{fetch.url}: {error}") from error
