"""One job of a worker process: a body as it was transferred in, a reading and the URLs that it leads to out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date  # noqa: TC003
from urllib.parse import urljoin

from pipelines.changes.region_hashes import region_hashes
from pipelines.classify.error_pages import stand_in_of
from pipelines.model.outcomes import Outcome
from pipelines.model.page_types import PageType
from pipelines.model.records import Found, Reading
from pipelines.reading.feeds import feed_entries, feed_links
from pipelines.reading.inflate import InflateError, TooLarge, Truncated, inflate
from pipelines.reading.read import read, visible_hash
from pipelines.reading.sitemap import parse_sitemap
from pipelines.text import urls

REGIONS = frozenset({"main", "other", "chrome"})  # any other names the rule that took a line out
GZIP = b"\x1f\x8b"
MAX_BODY = 10_000_000  # bytes after inflation; the largest clinic page seen was 2.4 MB


@dataclass(frozen=True, slots=True)
class Job:
    """A body to read: as transferred, with what its headers say of it and the digest of the page as we know it."""

    url: str
    body: bytes
    content_type: str | None = None
    content_encoding: str | None = None
    kind: str = "page"
    hosts: frozenset[str] = frozenset()
    known_digest: str | None = None
    today: date | None = None
    feeds: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What a job came to; ``outcome`` is set where there is nothing to read, or nothing new."""

    reading: Reading | None = None
    found: tuple[Found, ...] = ()
    digest: str | None = None
    outcome: Outcome | None = None
    reason: str = ""


def work(jobs: list[Job]) -> list[Answer]:
    """Do a batch of jobs, one after the other: a batch costs one trip between processes."""
    return [do(job) for job in jobs]


def do(job: Job) -> Answer:
    """Inflate, then read a sitemap or a page; a body that cannot be inflated is a failed visit with its reason."""
    try:
        body = inflate(job.body, job.content_encoding, MAX_BODY)
        if job.kind == "sitemap" and body.startswith(GZIP):  # a file /sitemap.xml.gz, sent as it is
            body = inflate(body, "gzip", MAX_BODY)
    except InflateError as error:
        return Answer(outcome=inflate_outcome(error), reason=str(error))
    return _sitemap(job, body) if job.kind == "sitemap" else _page(job, body)


def inflate_outcome(error: InflateError) -> Outcome:
    """Name the outcome of a body that cannot be inflated: cut short, too large, or not what it says it is."""
    if isinstance(error, Truncated):
        return Outcome.TRUNCATED
    return Outcome.TOO_LARGE if isinstance(error, TooLarge) else Outcome.UNREADABLE


def _sitemap(job: Job, body: bytes) -> Answer:
    pages, sitemaps = parse_sitemap(body)
    found = [Found(url, how="sitemap", lastmod=lastmod) for url, lastmod in pages]
    found += [Found(url, how="sitemap", kind="sitemap") for url in sitemaps]
    return Answer(Reading(text=""), tuple(on_site(found, job.hosts)))


def _page(job: Job, body: bytes) -> Answer:
    digest = visible_hash(body)
    if digest == job.known_digest:
        return Answer(digest=digest, outcome=Outcome.UNCHANGED, reason="the same visible text and links")
    reading = read(body, job.url, job.content_type)
    stand_in = stand_in_of(reading, body)
    if stand_in:
        return Answer(digest=digest, outcome=stand_in[0], reason=stand_in[1])
    found = on_site(_led_to(job, body, reading), job.hosts)
    left_out = tuple(block for block in reading.blocks if block.region not in REGIONS)
    reading = replace(
        reading, region_hashes=region_hashes(reading, job.today), day=str(job.today or ""), blocks=left_out
    )
    return Answer(reading, tuple(found), digest)  # only what is stored travels


def _led_to(job: Job, body: bytes, reading: Reading) -> list[Found]:
    """Name what a page leads to: its links, a feed's entries with their dates, the feeds of a site's entry page."""
    if reading.page_type == PageType.FEED and (entries := feed_entries(body)):
        return [Found(urljoin(job.url, url), how="feed", lastmod=date) for url, date in entries]
    links = [] if reading.nofollow else list(reading.links)
    feeds = [urljoin(job.url, url) for url in feed_links(body)] if job.feeds else []
    return [Found(link) for link in (*links, *feeds)]


def on_site(found: list[Found], hosts: frozenset[str]) -> list[Found]:
    """Keep what lies on the site, each canonical URL once, with the reason where it is settled without a fetch."""
    kept: dict[tuple[str, str | None], Found] = {}
    for one in found:
        url = urls.canonical(one.url)
        if url is None or urls.host_of(url) not in hosts:
            continue
        raw = one.url if urls.is_alias(one.url, url) else None
        skip = Outcome.NOT_A_PAGE if one.kind == "page" and urls.NOT_A_PAGE.search(url.partition("?")[0]) else None
        reason = "a file by its name, not a page" if skip else one.reason
        kept.setdefault((url, raw), one._replace(url=url, raw=raw, skip=skip, reason=reason))
    return list(kept.values())
