"""Run one crawl in this process: Scrapy around an open corpus, a summary at the end."""

from __future__ import annotations

import gc
import sqlite3
from typing import TYPE_CHECKING, Any

import click
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from crawler.archive.rebuild import rebuild
from crawler.engine.plan import plan_from_settings
from crawler.engine.session import CrawlSession
from db.corpus.connection import explain
from db.corpus.derived import has_captures_to_read
from pipelines.model.errors import ClinicwatchError, CorpusError, UsageError
from pipelines.reading.read import READER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from crawler.engine.finish import CrawlResult


class InterruptedCrawlError(ClinicwatchError):
    """Raised when a crawl was stopped by a signal; what was fetched is stored, the next crawl goes on."""

    exit_code = 130


def crawl_settings(overrides: Iterable[str] = (), contact: str | None = None) -> Settings:
    """Load the project's settings, with ``NAME=VALUE`` overrides and the contact of this run."""
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    for override in overrides:
        name, equals, value = override.partition("=")
        if not equals or not name.strip():
            raise UsageError(f"-s {override}: expected NAME=VALUE")
        if name.strip() not in settings:
            click.echo(f"clinicwatch: -s {name}: no setting of Scrapy or of ours has this name", err=True)
        settings.set(name.strip(), value, priority="cmdline")
    if contact:
        settings.set("CLINICWATCH_CONTACT", contact, priority="cmdline")
    return settings


def run_crawl(settings: Settings, arguments: Mapping[str, Any]) -> CrawlResult:
    """Crawl until nothing is due; gives what the crawl came to.

    Where another extractor read the corpus, or an older release took texts back, it is read again first, so that an
    upgrade looks like no change.

    Raises :class:`ClinicwatchError` for whatever stopped it: the corpus then holds all that was committed, and the
    same command goes on where it was.
    """
    plan = plan_from_settings(settings, arguments)
    with CrawlSession(plan) as session:
        if has_captures_to_read(session.db, READER):
            try:
                rebuild(session.db, plan.db, plan.rules)
            except (sqlite3.Error, OSError) as error:
                raise CorpusError(explain(error, plan.db)) from error
        process = AsyncCrawlerProcess(settings)
        crawl = process.crawl("sites", session=session)
        gc.freeze()  # what is loaded by now stays: the collector took 0.2 s to look through it in a crawl of 300 pages
        process.start()
        if session.error:
            raise session.error
        if crawl.done() and not crawl.cancelled() and crawl.exception():
            raise ClinicwatchError(f"the crawl ended early: {crawl.exception()}")
        if session.result is None:
            raise InterruptedCrawlError("stopped before the queue was empty; run the same command to go on")
        return session.result
