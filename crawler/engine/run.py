"""One crawl from its first transaction to its last: the corpus, its lock, its archive and its frontier together."""

from __future__ import annotations

import contextlib
import logging
import platform
import sqlite3
import time
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Self, TypeVar

from crawler.archive.warc import Archive, mend_tail
from crawler.clock import utc_now
from crawler.engine.frontier import Frontier, settle
from crawler.engine.probing import Probing
from crawler.engine.schedule import DAY, LONGEST, back_off, bounds_of, pace, timing
from crawler.engine.summary import summary_of
from db.corpus import backoff as rests
from db.corpus import crawls, probes, queries, site_runs
from db.corpus.alerts import alerts_of
from db.corpus.batches import Batches
from db.corpus.connection import atomic, connect, crawl_lock, evidence_folder, explain, open_corpus
from db.corpus.store_visits import Run, keep_visits
from db.passes.probes import learn_from, open_probes
from db.passes.registry import run_passes
from db.passes.weights import weights
from pipelines.model.errors import ClinicwatchError, CorpusError
from pipelines.model.outcomes import Outcome
from pipelines.reading.read import READER
from pipelines.text.urls import bare_host, host_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Sequence
    from pathlib import Path

    from crawler.engine.plan import Plan
    from pipelines.model.records import Fetch, Found, Location, Page, Probe, Timing, Visit

T = TypeVar("T")

logger = logging.getLogger(__name__)

# what ends a crawl: the disk or the database file, never one page
MACHINE = (sqlite3.OperationalError, sqlite3.NotSupportedError, OSError)
QUICKLY_JUDGED = 1_000  # versions; some three seconds
TOOLS = ("clinicwatch", "scrapy", "trafilatura", "lxml", "warcio", "protego")


class CrawlRun:
    """An open crawl. Use as a context manager: entering takes the lock and begins, leaving closes in any case."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.exits = contextlib.ExitStack()
        self.error: ClinicwatchError | None = None
        self.finished = False
        self.began = time.monotonic()
        self.seconds = 0.0
        self.kept = 0
        self.passes: dict[str, int] = {}
        self.funnel: dict[str, int] = {}
        self.silent: list[tuple[str, str]] = []
        self.alerts: list[tuple[str, str]] = []
        self.summary: dict[str, int] = {}
        self.asked_beside: dict[str, int] = {}

    def __enter__(self) -> Self:
        """Take the lock, bring the corpus up to date, mend a torn archive, begin or go on with the crawl."""
        with contextlib.ExitStack() as exits:
            exits.enter_context(crawl_lock(self.plan.db))
            self.db = exits.enter_context(contextlib.closing(open_corpus(self.plan.db)))
            self.crawl = self._begin()
            folder = evidence_folder(self.plan.db)
            mend_archive(self.db, folder)
            self.archive = Archive(folder, self.crawl.id, self.plan.user_agent)
            exits.callback(self.archive.close)
            self.reader = exits.enter_context(contextlib.closing(connect(self.plan.db, read_only=True)))
            self.hosts = queries.site_hosts(self.db)
            self.asked = queries.visits_a_day(self.db)
            self.frontier = Frontier(self.reader, self.crawl, self.plan.delay, self.plan.window)
            self.frontier.given_up |= self._resting()
            self.probing = Probing(self._open_probes)
            self.rows = Run(self.crawl.id, self.crawl.started_at, READER, self.plan.max_pages, self._when)
            self.captures: Batches[tuple[Fetch, str], Location] = Batches(self._append, "archive")
            self.visits: Batches[Visit, Outcome] = Batches(self._commit, "corpus")
            exits.callback(self.visits.close)
            exits.callback(self.captures.close)
            self.exits = exits.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        """Close the crawl; one that did not finish is left for the next run to go on with."""
        if not self.finished:
            with contextlib.suppress(sqlite3.Error):
                crawls.interrupt_crawl(self.db, self.crawl.id)
        self.exits.close()

    def _begin(self) -> crawls.Crawl:
        now = utc_now()
        named = crawls.add_seeds(self.db, self.plan.seeds, now) if self.plan.seeds else queries.all_sites(self.db)
        sites = self._only(named) if self.plan.site else named
        facts: dict[str, object] = {
            "settings": {"user_agent": self.plan.user_agent, "max_pages": self.plan.max_pages, "reader": READER},
            "tools": {"python": platform.python_version()} | {name: version(name) for name in TOOLS},
        }
        crawl = crawls.begin_crawl(self.db, now, everything=self.plan.everything, sites=sites, facts=facts)
        crawls.reopen_limited(self.db, self.plan.max_pages, crawl.started_at)
        return crawl

    def _resting(self) -> dict[int, str]:
        """Name the sites that are left alone for they did not answer; whoever names one or asks for all is served."""
        now = datetime.now(UTC)
        rests.mend_due_times(self.db, now.isoformat(), self._latest(now))
        if self.plan.everything or self.plan.site:
            return {}
        resting = rests.resting_sites(self.db, now.isoformat())
        return {site: f"did not answer, and rests until {until}" for site, until in resting.items()}

    def _latest(self, now: datetime) -> str:
        own = float(self.db.execute("SELECT max(max_days) FROM sites").fetchone()[0] or 0)
        most = max(own, LONGEST / DAY, *(days[2] for days in self.plan.visit_days.values()), 0)
        far: datetime = now + (most + 1) * DAY
        return far.isoformat()

    def _rest_sites(self) -> None:
        now = datetime.now(UTC)
        until = {
            site: back_off(trouble, now, rests.site_failures(self.db, site))
            for site, trouble in self.frontier.troubled.items()
        }
        rests.settle_rests(self.db, self.crawl.id, until)

    def _only(self, sites: tuple[int, ...]) -> tuple[int, ...]:
        host = named_host(self.plan.site or "")
        row = self.db.execute("SELECT site FROM hosts WHERE host = ?", (host,)).fetchone()
        if row is None or row[0] not in sites:
            raise CorpusError(f"{host}: no such site in {self.plan.db}; add it to a seeds file")
        return (int(row[0]),)

    async def capture(self, fetch: Fetch, at: str) -> Location:
        """Put a response on the disk and say where it lies; bytes first, then rows."""
        return await self._guarded(self.captures.put((fetch, at)))

    async def keep(self, visit: Visit) -> Outcome:
        """Commit a visit with everything that it led to, and take its page back from the frontier."""
        outcome = await self._guarded(self.visits.put(visit))
        self.kept += 1
        self.frontier.done(visit.page, outcome)
        return outcome

    async def probes(self) -> AsyncIterator[Probe]:
        """Yield what is asked beside the visits, when these are over; a crawl that is stopped asks nothing more."""
        if self.frontier.ended:
            async for probe in self.probing.probes():
                yield probe

    async def keep_probe(self, probe: Probe) -> None:
        """Commit a probe with what it teaches."""
        await self._guarded(self.visits.call(lambda: self._write_probe(probe)))
        self.probing.done(probe)

    def settle(self, page: Page, found: Found) -> Found:
        """Place a found URL: its depth, and whether it is to be asked for at all."""
        return settle(page, found)

    async def finish(self) -> None:
        """Run the passes and close the crawl, if its queue came to its end; else it stays open for the next run.

        A crawl that was stopped judges what it read, unless that would keep whoever stopped it waiting.
        """
        if not self.error:
            await self.visits.call(self._finish if self.frontier.ended else self._judge)

    def _judge(self) -> None:
        if queries.count_unjudged(self.db) <= QUICKLY_JUDGED:
            with contextlib.suppress(sqlite3.Error):  # the next run does it again
                run_passes(self.db, self.plan.rules)

    def _finish(self) -> None:
        try:
            self.passes = run_passes(self.db, self.plan.rules)
            self.silent = queries.silent_sites(self.db, self.crawl.id)
            self.funnel = queries.funnel(self.db, self.crawl.id, self.crawl.sites, self.crawl.started_at)
            self._rest_sites()
            self.alerts = self._watch_sites()
            edits = queries.count_edits(self.db, self.crawl.id)
            self.summary = summary_of(self.funnel, edits, len(self.alerts))
            self.asked_beside = probes.count_probes(self.db, self.crawl.id)
            totals: dict[str, object] = {"passes": self.passes, "left": self.left(), "summary": self.summary}
            totals |= {"probes": self.asked_beside}
            crawls.end_crawl(self.db, self.crawl.id, utc_now(), totals, self.funnel)
            self.seconds = time.monotonic() - self.began
            self.finished = True
        except sqlite3.Error as error:
            self.error = CorpusError(explain(error, self.plan.db))

    def _watch_sites(self) -> list[tuple[str, str]]:
        """Store what this crawl came to on each site; gives the alerts, each with its host."""
        runs = site_runs.measure_sites(self.db, self.crawl.id)
        told = [
            (run, alerts_of(run, site_runs.past_runs(self.db, run), site_runs.lost_to(self.db, run))) for run in runs
        ]
        site_runs.keep_site_runs(self.db, told)
        return [(self.site_host(run.site), alert) for run, alerts in told for alert in alerts]

    def left(self) -> dict[str, str]:
        """Name the sites that were left for the next crawl, with the reason."""
        return {self.site_host(site): reason for site, reason in self.frontier.given_up.items()}

    def site_host(self, site: int) -> str:
        """Name a site by its shortest host."""
        return min(self.hosts[site], key=len)

    async def _guarded(self, written: Awaitable[T]) -> T:
        try:
            return await written
        except Exception as error:
            self.fail(error)
            raise

    def fail(self, error: BaseException) -> None:
        """End the crawl for a reason that is not a page's: the disk, the database, the workers, a mistake of ours."""
        known = error if isinstance(error, ClinicwatchError) else CorpusError(explain(error, self.plan.db))
        self.error = self.error or known
        self.frontier.stop()
        self.probing.stop()

    def _when(self, visit: Visit, outcome: Outcome) -> Timing:
        page, reading = visit.page, visit.reading
        kind = "sitemap" if page.kind == "sitemap" else reading.page_type if reading else page.page_type
        bounds = bounds_of(self.plan.visit_days, kind, page)
        changed = outcome is Outcome.CHANGED or (page.kind == "sitemap" and reading is not None)
        speed = 1.0 if page.kind == "sitemap" else pace(self.asked.get(page.site), self.plan.visit_every)
        return timing(page, outcome, datetime.fromisoformat(visit.at), bounds, changed=changed, pace=speed)

    def _append(self, batch: Sequence[tuple[Fetch, str]]) -> list[Location]:
        return self.archive.append(batch)

    def _commit(self, batch: Sequence[Visit]) -> list[Outcome]:
        try:
            return self._write(batch)
        except MACHINE:
            raise
        except Exception:  # noqa: BLE001 - a visit that cannot be stored must not take its batch along
            return [self._write_alone(visit) for visit in batch]

    def _write_alone(self, visit: Visit) -> Outcome:
        try:
            return self._write([visit])[0]
        except MACHINE:
            raise
        except Exception as error:
            logger.exception("cannot store %s", visit.page.url)
            reason = f"could not be stored: {type(error).__name__}: {error}"
            bare = replace(visit, reading=None, found=(), outcome=Outcome.UNREADABLE, reason=reason)
            return self._write([bare])[0]

    def _write(self, batch: Sequence[Visit]) -> list[Outcome]:
        with atomic(self.db):
            settled = [self._settle_move(visit) for visit in batch]
            return keep_visits(self.db, self.rows, settled)

    async def _open_probes(self) -> list[Probe]:
        found = await self._guarded(self.visits.call(self._find_probes))
        return [probe for probe in found if probe.site not in self.frontier.given_up]

    def _find_probes(self) -> list[Probe]:
        return open_probes(self.db, weights(self.plan.rules), self.crawl.id, utc_now())

    def _write_probe(self, probe: Probe) -> None:
        with atomic(self.db):
            probes.insert_probe(self.db, self.crawl.id, probe)
            learn_from(self.db, self.crawl.id, probe)

    def _settle_move(self, visit: Visit) -> Visit:
        """Let a seed's redirect to a sister host of the same advertiser widen its site, where no other site has it."""
        target = visit.moved_to
        led = [one for one in visit.found if one.url == target]
        if not target or not led or host_of(target) in self.hosts[visit.page.site]:
            return visit
        if crawls.adopt_host(self.db, visit.page.site, host_of(target)):
            self.hosts[visit.page.site] |= {host_of(target)}
            return visit
        return replace(visit, found=tuple(one for one in visit.found if one.url != target))


def named_host(site: str) -> str:
    """Give the host of a site that was named as a host or as an address.

    >>> named_host("www.Cedar.example/"), named_host("https://cedar.example/faq")
    ('cedar.example', 'cedar.example')
    """
    return host_of(site) if "://" in site else bare_host(site.rstrip("/"))


def mend_archive(db: sqlite3.Connection, folder: Path) -> None:
    """Cut torn records off the archive's files; a crash can only have torn the newest."""
    newest = max(folder.glob("crawl-*.warc.gz"), default=None)
    if newest is None:
        return
    ends = (
        db.execute(f"SELECT max(warc_offset + warc_length) FROM {table} WHERE warc_file = ?", (newest.name,)).fetchone()
        for table in ("captures", "probes")
    )
    mend_tail(newest, max(end or 0 for (end,) in ends))
