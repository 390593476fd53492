"""Find the page that a user asks about, in a file or in the corpus, and explain its reading."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from crawler.archive.warc import read_capture
from crawler.engine.plan import load_rules
from db.corpus.connection import evidence_folder, reading
from pipelines.classify.topic import load_topic
from pipelines.explain import explain
from pipelines.jobs import MAX_BODY
from pipelines.model.errors import ClinicwatchError, UsageError
from pipelines.model.records import Location
from pipelines.reading.inflate import InflateError, inflate
from pipelines.text.urls import canonical

if TYPE_CHECKING:
    from pipelines.model.records import Fetch

NEWEST = (
    "SELECT warc_file, warc_offset, warc_length FROM captures JOIN pages ON pages.id = captures.page"
    " WHERE pages.url = ? AND captures.status = 200 ORDER BY captures.id DESC LIMIT 1"
)


def explain_page(target: str, db: Path, url: str | None = None) -> str:
    """Explain a saved page (``url`` says where it is from) or the newest capture of a page of the corpus."""
    model = load_topic(load_rules().topic)
    if target.startswith(("http://", "https://")):
        fetch = newest_capture(target, db)
        try:
            body = inflate(fetch.body, fetch.header("content-encoding"), MAX_BODY)
        except InflateError as error:
            raise ClinicwatchError(f"{target}: {error}") from error
        return explain(body, fetch.url, fetch.header("content-type"), model)
    try:
        body = Path(target).read_bytes()
    except OSError as error:
        hint = "" if Path(target).suffix == ".html" else "; the address of a page begins with http:// or https://"
        raise UsageError(f"{target}: cannot read the file: {error.strerror}{hint}") from error
    return explain(body, url or "http://unknown.invalid/", None, model)


def newest_capture(url: str, db: Path) -> Fetch:
    """Read the newest whole answer of a page back from its WARC file."""
    with reading(db) as corpus:
        row = corpus.execute(NEWEST, (canonical(url) or url,)).fetchone()
    if row is None:
        raise ClinicwatchError(f"{url}: {db} has no capture of this page; crawl it, or save the page and name the file")
    try:
        return read_capture(evidence_folder(db), Location(*row))
    except (OSError, ValueError, StopIteration) as error:
        raise ClinicwatchError(f"{url}: its bytes cannot be read ({error}); run `clinicwatch verify`") from error
