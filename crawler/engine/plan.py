"""From what an operator typed to the plan of a crawl: the same for ``clinicwatch crawl`` and ``scrapy crawl sites``."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from crawler.engine.frontier import WINDOW
from crawler.engine.rule_files import SEEDS, load_rules
from crawler.engine.seeds import load_seeds
from crawler.http.guard import named_netlocs
from crawler.http.politeness import NO_CONTACT, parse_contact, user_agent
from db.corpus.connection import connect
from db.passes.rules import Rules
from pipelines.model.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrapy.settings import BaseSettings

    from db.corpus.crawls import SeedRow


@dataclass(frozen=True, slots=True)
class Plan:
    """What a crawl is to do: which corpus, which seeds, which sites, everything or what is due."""

    db: Path
    seeds: tuple[SeedRow, ...] = ()
    site: str | None = None
    everything: bool = False
    user_agent: str = "clinicwatch"
    max_pages: int = 20_000
    delay: float = 1.0
    window: int = WINDOW
    visit_every: float = 10.5
    visit_days: Mapping[str, Any] = field(default_factory=dict)
    rules: Rules = field(default_factory=lambda: Rules(topic=""))


def plan_from_settings(settings: BaseSettings, arguments: Mapping[str, Any]) -> Plan:
    """Make the plan of a crawl and set what follows from it: user agent and the addresses that were named.

    ``arguments`` may have ``seeds`` and ``db`` (paths), ``site`` (a host) and ``everything``. Raises
    :class:`UsageError` for a missing contact or a broken seeds file.
    """
    contact = settings.get("CLINICWATCH_CONTACT") or os.environ.get("CLINICWATCH_CONTACT") or ""
    if not contact:
        raise UsageError(NO_CONTACT)
    try:
        agent = user_agent(parse_contact(contact), version("clinicwatch"))
    except ValueError as error:
        raise UsageError(str(error)) from error
    db = Path(arguments.get("db") or settings["CLINICWATCH_DB"])
    named_seeds, known = arguments.get("seeds"), known_seeds(db)
    seeds = () if known and not named_seeds else tuple(load_seeds(Path(named_seeds or SEEDS / "sites.csv")))
    settings.set("USER_AGENT", agent, priority="cmdline")
    settings.set("GUARD_ALLOWED", sorted(named_netlocs([*known, *(row.url for row in seeds)])), priority="cmdline")
    try:
        max_pages, delay = settings.getint("SITE_MAX_PAGES"), settings.getfloat("DOWNLOAD_DELAY")
        visit_every, requests = settings.getfloat("VISIT_EVERY"), settings.getint("CONCURRENT_REQUESTS")
    except ValueError as error:
        names = "SITE_MAX_PAGES, DOWNLOAD_DELAY, VISIT_EVERY and CONCURRENT_REQUESTS"
        raise UsageError(f"{names} are numbers: {error}") from error
    return Plan(
        db=db,
        seeds=seeds,
        site=arguments.get("site"),
        everything=bool(arguments.get("everything")),
        user_agent=agent,
        max_pages=max_pages,
        delay=delay,
        window=max(1, min(WINDOW, requests)),
        visit_every=visit_every,
        visit_days=visit_days(settings),
        rules=load_rules(),
    )


def visit_days(settings: BaseSettings) -> dict[str, tuple[float, float, float]]:
    """Read how often pages of each type are visited; raises :class:`UsageError` for what is not three numbers."""
    try:
        table = {name: tuple(float(day) for day in days) for name, days in settings.getdict("VISIT_DAYS").items()}
        if all(len(days) == 3 and 0 < days[0] <= days[2] and days[1] > 0 for days in table.values()):
            return cast("dict[str, tuple[float, float, float]]", table)
    except (ValueError, TypeError):
        pass
    raise UsageError('VISIT_DAYS is {"type of page": [least, mean, most], ...} in days, such as {"other": [1, 60, 30]}')


def known_seeds(db: Path) -> list[str]:
    """Name the seeds that a corpus has already: the default ones are not added to them, and the operator named them."""
    if not db.exists():
        return []
    try:
        with closing(connect(db, read_only=True)) as connection:
            return [url for (url,) in connection.execute("SELECT url FROM pages WHERE how = 'seed'")]
    except sqlite3.Error:
        return []  # opening it for writing says what is wrong
