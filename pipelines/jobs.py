"""One job of a worker process: a body as it was transferred in, a reading and the URLs that it leads to out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date  # noqa: TC003
from urllib.parse import urljoin

from pipelines.changes.region_hashes import region_hashes
from pipelines.classify.error_pages import judge
from pipelines.classify.truncated import is_broken_off, is_closed
from pipelines.model.outcomes import Outcome
from pipelines.model.page_types import PageType
from pipelines.model.records import Doubt, Found, Reading
from pipelines.reading.feeds import feed_entries, feed_links
from pipelines.reading.inflate import InflateError, TooLarge, Truncated, inflate
from pipelines.reading.read import read, visible_hash
from pipelines.reading.sitemap import next_place, parse_sitemap
from pipelines.text import urls

__all__ = ["MAX_BODY", "ReadJob", "ReadResult", "inflate_outcome", "links_on_site", "run", "run_batch"]

BROKEN_OFF = "the answer ended early: its length was not told, and it breaks off in the middle"
NOT_CLOSED = "the end of the page is missing, and the end of what it showed before"
REGIONS = frozenset({"main", "other", "chrome"})  # any other names the rule that took a line out
GZIP = b"\x1f\x8b"
MAX_BODY = 10_000_000  # bytes after inflation; the largest clinic page seen was 2.4 MB


@dataclass(frozen=True, slots=True)
class ReadJob:
    """A body to read: as transferred, with what its headers say of it and what we know of the page.

    ``hosts`` are those of the site, ``known_hash`` is the visible hash of the page's last reading, ``today`` the day
    where the site is. With ``follow_feeds`` the page leads to the feeds that its head declares, too. ``partial``: the
    end of the connection alone said where the body ends.
    """

    url: str
    body: bytes
    content_type: str | None = None
    content_encoding: str | None = None
    kind: str = "page"
    hosts: frozenset[str] = frozenset()
    known_hash: str | None = None
    today: date | None = None
    follow_feeds: bool = False
    partial: bool = False


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What a job came to; ``outcome`` is set where there is nothing to read, or nothing new.

    ``doubts`` are what the answer may be instead of the page, for the page's own past to decide.
    """

    reading: Reading | None = None
    found: tuple[Found, ...] = ()
    visible_hash: str | None = None
    outcome: Outcome | None = None
    reason: str = ""
    doubts: tuple[Doubt, ...] = ()


def run_batch(jobs: list[ReadJob]) -> list[ReadResult]:
    """Run jobs one after the other: a batch costs one trip between processes."""
    return [run(job) for job in jobs]


def run(job: ReadJob) -> ReadResult:
    """Inflate, then read a sitemap or a page; a body that cannot be inflated is a failed visit with its reason."""
    try:
        body = inflate(job.body, job.content_encoding, MAX_BODY)
        if job.kind == "sitemap" and body.startswith(GZIP):  # a file /sitemap.xml.gz, sent as it is
            body = inflate(body, "gzip", MAX_BODY)
    except InflateError as error:
        return ReadResult(outcome=inflate_outcome(error), reason=str(error))
    if job.kind == "sitemap":
        sitemap = parse_sitemap(body, job.url)
        found = [Found(entry.url, how="sitemap", lastmod=entry.lastmod) for entry in sitemap.pages]
        found += [Found(url, how="sitemap", kind="sitemap") for url in sitemap.sitemaps]
        if not found and (place := next_place(job.url)):
            found = [Found(place, how="sitemap", kind="sitemap")]
        return ReadResult(Reading(text=""), tuple(links_on_site(found, job.hosts)))
    return _read_page(job, body)


def inflate_outcome(error: InflateError) -> Outcome:
    """Name the outcome of a body that cannot be inflated: cut short, too large, or not what it says it is."""
    if isinstance(error, Truncated):
        return Outcome.TRUNCATED
    return Outcome.TOO_LARGE if isinstance(error, TooLarge) else Outcome.UNREADABLE


def _read_page(job: ReadJob, body: bytes) -> ReadResult:
    page_hash = visible_hash(body, job.content_type)
    if page_hash == job.known_hash:
        reason = "the same visible text and links"
        return ReadResult(visible_hash=page_hash, outcome=Outcome.UNCHANGED, reason=reason)
    reading = read(body, job.url, job.content_type, job.today)
    if job.partial and is_broken_off(body):
        return ReadResult(visible_hash=page_hash, outcome=Outcome.TRUNCATED, reason=BROKEN_OFF)
    error_page, doubt = judge(reading, body)
    if error_page:
        found = [Found(link) for link in reading.links] if error_page.outcome is Outcome.NO_TEXT else []
        leads = tuple(links_on_site(found, job.hosts))
        return ReadResult(None, leads, page_hash, error_page.outcome, error_page.reason)
    doubts = ((Doubt(*doubt),) if doubt else ()) + (() if is_closed(body) else (Doubt(Outcome.TRUNCATED, NOT_CLOSED),))
    if reading.page_type == PageType.FEED and (entries := feed_entries(body, job.url)):
        found = [Found(entry.url, how="feed", lastmod=entry.date) for entry in entries]
    else:
        found = [] if reading.nofollow else [Found(link) for link in reading.links]
        found += [Found(urljoin(job.url, url)) for url in feed_links(body)] if job.follow_feeds else []
    # only what is stored travels between processes
    left_out = tuple(block for block in reading.blocks if block.region not in REGIONS)
    reading = replace(
        reading, region_hashes=region_hashes(reading, job.today), day=str(job.today or ""), blocks=left_out
    )
    return ReadResult(reading, tuple(links_on_site(found, job.hosts)), page_hash, doubts=doubts)


def links_on_site(found: list[Found], hosts: frozenset[str]) -> list[Found]:
    """Give what lies on the site, each canonical URL once, with the reason where it is settled without a fetch."""
    on_site: dict[tuple[str, str | None], Found] = {}
    for one in found:
        url = urls.canonical(one.url)
        if url is None or urls.host_of(url) not in hosts:
            continue
        raw = one.url if urls.is_alias(one.url, url) else None
        skip = Outcome.NOT_A_PAGE if one.kind == "page" and urls.NOT_A_PAGE.search(url.partition("?")[0]) else None
        reason = "a file by its name, not a page" if skip else one.reason
        on_site.setdefault((url, raw), one._replace(url=url, raw=raw, skip=skip, reason=reason))
    return list(on_site.values())
