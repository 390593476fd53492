"""The names that checks from outside call, whatever our modules are named: when one moves, only this file changes.

Scripts load this file by its path, with the checkout on ``sys.path`` and in the project's own Python. Corpora are
opened read-only.
"""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime
from gzip import decompress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from crawler.engine import seeds
from crawler.http import robots
from pipelines.classify.topic import load_topic, score
from pipelines.coding.claims import Scanner, find_candidates
from pipelines.coding.codebook import load_codebook
from pipelines.jobs import ReadJob, run
from pipelines.metadata.links import web_url
from pipelines.reading.read import read as read_page
from pipelines.text.urls import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crawler.http.robots import RobotsFile
    from pipelines.model.outcomes import Outcome
    from pipelines.model.records import Reading


class CrawlFact(NamedTuple):
    """What a crawl came to for one URL: its outcome, whether the page has a text, whether an edit is reported."""

    outcome: str
    has_text: bool
    edited: bool


def read(body: bytes, url: str, content_type: str | None) -> Reading:
    """Read the bytes of a page: text, title, author, published, language and more."""
    return read_page(body, url, content_type, datetime.now(UTC).date())


def all_text(reading: Reading) -> str:
    """Join everything that a reading holds of a page, region after region."""
    return "\n".join(
        [
            reading.text,
            reading.other_text,
            reading.boilerplate,
            reading.menu,
            reading.structured,
            reading.hidden,
            *reading.alternatives,
            *reading.titles,
            *reading.descriptions,
            *reading.headings,
        ]
    )


def visible_text(reading: Reading) -> str:
    """Join the main text and the other visible text."""
    return f"{reading.text}\n{reading.other_text}"


def read_job(
    url: str, body: bytes, content_type: str | None, kind: str = "page", hosts: str | Iterable[str] = ()
) -> tuple[Outcome | None, Reading | None, list[str]]:
    """Read a page, feed or sitemap of a site with these hosts: outcome, reading and the URLs that it leads to."""
    of_site = frozenset({hosts} if isinstance(hosts, str) else hosts)
    answer = run(ReadJob(url, body, content_type, None, kind=kind, hosts=of_site))
    return answer.outcome, answer.reading, [found.url for found in answer.found]


def parse_robots(status: int | bytes | None, body: bytes = b"") -> RobotsFile:
    """Parse an answer to /robots.txt, by status and body or by its body alone: ``allows(url)`` and ``crawl_delay``."""
    if isinstance(status, bytes):
        return robots.parse_robots(200, status)
    return robots.parse_robots(status, body)


def known_url(base: str, href: str) -> str | None:
    """Give the URL under which the target of a link on the page ``base`` is known, or None where it is no web page."""
    url = web_url(base, href)
    return canonical(url) if url else None


def load_seeds(path: Path) -> list[str]:
    """List the URLs of a seeds file, in order."""
    return [row.url for row in seeds.load_seeds(path)]


def command() -> list[str]:
    """Give the words that start the command line of this checkout."""
    return [sys.executable, "-c", "from crawler.commands.cli import main; main()"]


def crawl_argv() -> list[str]:
    """Give the words that start a crawl; its options (``--seeds``, ``--db``, ``--all``, ``-s``) follow them."""
    return [*command(), "crawl"]


def crawl_facts(path: Path, crawl: int) -> dict[str, CrawlFact]:
    """Map each URL that a crawl (1, 2, ...) settled to what came of it."""
    with_text, changed = pages_with_text(path), edited(path, crawl)
    sql = "SELECT pages.url, visits.outcome FROM visits JOIN pages ON pages.id = visits.page WHERE visits.crawl = ?"
    return {url: CrawlFact(came_to, url in with_text, url in changed) for url, came_to in _rows(path, sql, crawl)}


def edited(path: Path, crawl: int) -> set[str]:
    """Name the pages that a crawl reports as edited."""
    sql = "SELECT url FROM page_changes AS own JOIN pages ON pages.id = page WHERE own.crawl = ? AND own.kind = ?"
    return {url for (url,) in _rows(path, sql, crawl, "edited")}


def pages_with_text(path: Path, like: str = "%") -> set[str]:
    """Name the pages that have a text, of those whose URL is LIKE a pattern."""
    return {url for (url,) in _rows(path, "SELECT url FROM pages WHERE version IS NOT NULL AND url LIKE ?", like)}


def outcome(path: Path, url: str, crawl: int) -> str | None:
    """Say what the visit of a page came to in a crawl, or None where it was not visited."""
    sql = "SELECT visits.outcome FROM visits JOIN pages ON pages.id = page WHERE url = ? AND visits.crawl = ?"
    return next((came_to for (came_to,) in _rows(path, sql, url, crawl)), None)


def archived_record(path: Path, url: str) -> bytes:
    """Give the inflated WARC record of a URL's first capture."""
    sql = "SELECT warc_file, warc_offset, warc_length FROM captures WHERE url = ? ORDER BY id LIMIT 1"
    file, offset, length = _rows(path, sql, url)[0]
    with next(path.parent.rglob(file)).open("rb") as warc:
        warc.seek(offset)
        return decompress(warc.read(length))


def _rows(path: Path, sql: str, *values: object) -> list[Any]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        return db.execute(sql, values).fetchall()


class Product:
    """What is scored on labelled pages of real clinics: claim candidates, readings, changes."""

    def __init__(self, checkout: str | Path) -> None:
        """Load the codebook and the topic of a checkout."""
        root = Path(checkout)
        self._scanner = Scanner(load_codebook((root / "seeds/codebook.toml").read_text(encoding="utf-8")))
        self._topic = load_topic((root / "seeds/topic.toml").read_text(encoding="utf-8"))

    def candidates(self, text: str) -> list[tuple[str, str, int, int]]:
        """List the claim candidates of a text: code as ``E1``, value, start and end in characters."""
        found = find_candidates(text, self._scanner)
        return [(one.code.split("_")[0], one.value, one.start, one.end) for one in found]

    def read(self, body: bytes, url: str) -> dict[str, Any]:
        """Read a page into main text, everything kept of it, title, type, verdict, published and facts."""
        reading = read_page(body, url)
        topic = score(self._topic, reading.title or "", reading.text, reading.headings, url)
        kept = [reading.text, reading.other_text, reading.boilerplate, reading.menu, *reading.headings]
        return {
            "text": reading.text,
            "everything": "\n".join(kept),
            "title": reading.title,
            "type": str(reading.page_type),
            "verdict": str(topic.verdict),
            "published": reading.published,
            "facts": [(field, value, trust) for field, value, _, trust in reading.facts],
        }

    @staticmethod
    def told(db: str | Path) -> tuple[list[dict[str, Any]], set[str]]:
        """List all changes of a corpus, a row for each page that changed, and all URLs that it knows."""
        names = ("crawl", "url", "kind", "places", "summary", "score", "edit", "lead")
        sql = (
            "SELECT changed.crawl, pages.url, changed.kind, regions, summary, score, edit, lead"
            " FROM page_changes AS changed JOIN pages ON pages.id = changed.page ORDER BY changed.id"
        )
        rows = [dict(zip(names, row, strict=True)) for row in _rows(Path(db), sql)]
        return rows, {url for (url,) in _rows(Path(db), "SELECT url FROM pages")}
