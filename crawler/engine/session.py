"""An open crawl: the lock, the corpus, the archive, the frontier and the writer together.

lock | corpus | begin or go on | frontier -> download -> writer | probes | finish
"""

from __future__ import annotations

import contextlib
import platform
import sqlite3
import time
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from importlib.metadata import version
from typing import TYPE_CHECKING, Self

from crawler.archive.warc import Archive, mend_tail
from crawler.clock import utc_now
from crawler.engine.finish import CrawlResult, finish_crawl, run_passes_if_quick
from crawler.engine.frontier import Frontier
from crawler.engine.probe_rounds import ProbeRounds
from crawler.engine.schedule import DAY, LONGEST, VisitSchedule
from crawler.engine.writer import CrawlWriter
from db.corpus import backoff, crawls, queries
from db.corpus.connection import connect, crawl_lock, evidence_folder, explain, open_corpus
from db.corpus.store_visits import Run
from db.passes.probes import open_probes
from db.passes.weights import weights
from pipelines.model.errors import ClinicwatchError, CorpusError
from pipelines.reading.read import READER
from pipelines.text.urls import bare_host, host_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from crawler.engine.plan import Plan
    from pipelines.model.outcomes import Outcome
    from pipelines.model.records import Probe, Visit

TOOLS = ("clinicwatch", "scrapy", "trafilatura", "lxml", "warcio", "protego")  # whose versions a crawl records


class CrawlSession:
    """An open crawl. Entering takes the lock and begins, leaving closes in any case.

    ``result`` is there when the crawl came to its end, ``error`` where something else than a page ended it: the disk,
    the database, the worker processes, a mistake of ours.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.began = time.monotonic()
        self.result: CrawlResult | None = None
        self.error: ClinicwatchError | None = None
        self.exits = contextlib.ExitStack()

    def __enter__(self) -> Self:
        """Take the lock, bring the corpus up to date, mend a torn archive, begin or go on with the crawl."""
        plan = self.plan
        with contextlib.ExitStack() as exits:
            exits.enter_context(crawl_lock(plan.db))
            self.db = exits.enter_context(contextlib.closing(open_corpus(plan.db)))
            self.crawl = begin_crawl(self.db, plan)
            folder = evidence_folder(plan.db)
            mend_archive(self.db, folder)
            archive = exits.enter_context(contextlib.closing(Archive(folder, self.crawl.id, plan.user_agent)))
            self.reader = exits.enter_context(contextlib.closing(connect(plan.db, read_only=True)))
            self.hosts = queries.site_hosts(self.db)
            self.frontier = Frontier(self.reader, self.crawl, plan.delay, plan.window)
            self.frontier.given_up |= sites_in_backoff(self.db, plan)
            schedule = VisitSchedule(plan.visit_days, plan.visit_every, queries.visits_a_day(self.db))
            run = Run(self.crawl.id, self.crawl.started_at, READER, plan.max_pages, schedule.next_visit)
            writer = CrawlWriter(self.db, archive, run, self.hosts, on_failure=self.fail)
            self.writer = exits.enter_context(contextlib.closing(writer))
            self.probe_rounds = ProbeRounds(self._find_probes)
            self.exits = exits.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        """Close the crawl; one that did not finish is left for the next run to go on with."""
        if self.result is None:
            with contextlib.suppress(sqlite3.Error):
                crawls.interrupt_crawl(self.db, self.crawl.id)
        self.exits.close()

    async def store_visit(self, visit: Visit) -> Outcome:
        """Commit a visit with everything that it led to, and take its page back from the frontier."""
        outcome = await self.writer.store_visit(visit)
        self.frontier.done(visit.page, outcome)
        return outcome

    async def store_probe(self, probe: Probe) -> None:
        """Commit a probe with what it teaches, and make room for the next one of its site."""
        await self.writer.store_probe(probe)
        self.probe_rounds.done(probe)

    async def probes(self) -> AsyncIterator[Probe]:
        """Yield what is requested beside the visits, when these are over; a crawl that is stopped requests no more."""
        if self.frontier.ended:
            async for probe in self.probe_rounds.probes():
                yield probe

    async def _find_probes(self) -> list[Probe]:
        rules, crawl = self.plan.rules, self.crawl.id
        found = await self.writer.call(lambda: open_probes(self.db, weights(rules), crawl, utc_now()))
        return [probe for probe in found if probe.site not in self.frontier.given_up]

    async def finish(self) -> None:
        """Run the passes and close the crawl, if its queue came to its end; else it stays open for the next run."""
        if not self.error:
            await self.writer.call(self._finish)

    def _finish(self) -> None:
        if not self.frontier.ended:
            run_passes_if_quick(self.db, self.plan.rules)
            return
        try:
            self.result = finish_crawl(self.db, self.frontier, self.plan.rules, self.hosts, self.began)
        except sqlite3.Error as error:
            self.error = CorpusError(explain(error, self.plan.db))

    def fail(self, error: BaseException) -> None:
        """End the crawl for a reason that is not a page's."""
        known = error if isinstance(error, ClinicwatchError) else CorpusError(explain(error, self.plan.db))
        self.error = self.error or known
        self.frontier.stop()
        self.probe_rounds.stop()


def begin_crawl(db: sqlite3.Connection, plan: Plan) -> crawls.Crawl:
    """Add the seeds, and begin a crawl of the sites that were named or go on with one that was cut off."""
    now = utc_now()
    sites = crawls.add_seeds(db, plan.seeds, now) if plan.seeds else queries.all_sites(db)
    if plan.site:
        host = named_host(plan.site)
        site = queries.site_of_host(db, host)
        if site is None or site not in sites:
            near = get_close_matches(host, [known for (known,) in db.execute("SELECT host FROM hosts")], n=1)
            hint = f"is it {near[0]}? Else add it to a seeds file" if near else "add it to a seeds file"
            raise CorpusError(f"{host}: no such site in {plan.db}; {hint}")
        sites = (site,)
    facts: dict[str, object] = {
        "settings": {"user_agent": plan.user_agent, "max_pages": plan.max_pages, "reader": READER},
        "tools": {"python": platform.python_version()} | {name: version(name) for name in TOOLS},
    }
    crawl = crawls.begin_crawl(db, now, everything=plan.everything, sites=sites, facts=facts)
    crawls.reopen_limited(db, plan.max_pages, crawl.started_at)
    return crawl


def sites_in_backoff(db: sqlite3.Connection, plan: Plan) -> dict[int, str]:
    """Name the sites that are left alone as they did not answer; whoever names one or wants all gets them.

    Pages that are due later than any schedule sets were visited while a clock was wrong, and are brought back first.
    """
    now = datetime.now(UTC)
    of_sites = float(db.execute("SELECT max(max_days) FROM sites").fetchone()[0] or 0)
    longest = max(of_sites, LONGEST / DAY, *(days[2] for days in plan.visit_days.values()), 0)
    backoff.mend_due_times(db, now.isoformat(), (now + timedelta(days=longest + 1)).isoformat())
    if plan.everything or plan.site:
        return {}
    resting = backoff.resting_sites(db, now.isoformat())
    return {site: f"did not answer, and rests until {until}" for site, until in resting.items()}


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


def named_host(site: str) -> str:
    """Give the host of a site that was named as a host or as an address.

    >>> named_host("www.Cedar.example/"), named_host("https://cedar.example/faq")
    ('cedar.example', 'cedar.example')
    """
    return host_of(site) if "://" in site else bare_host(site.rstrip("/"))
