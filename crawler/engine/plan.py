"""From what an operator typed to the plan of a crawl: the same for ``clinicwatch crawl`` and ``scrapy crawl sites``."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from crawler.engine.frontier import WINDOW
from crawler.engine.run import Plan
from crawler.engine.seeds import load_seeds
from crawler.http.guard import named_netlocs
from crawler.http.politeness import parse_contact, user_agent
from db.corpus.connection import connect
from db.passes.rules import Rules
from pipelines.changes.triage import load_triage
from pipelines.classify.topic import load_topic
from pipelines.coding.codebook import load_codebook
from pipelines.coding.references import check_editions, load_reference
from pipelines.model.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrapy.settings import BaseSettings

    from pipelines.coding.references import ReferenceSet

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
NO_CONTACT = (
    "no contact: say who answers for this crawl with --contact you@example.org or CLINICWATCH_CONTACT"
    " (an e-mail address or a web page); sites see it in the user agent"
)


def plan_from_settings(settings: BaseSettings, arguments: Mapping[str, Any]) -> Plan:
    """Make the plan of a crawl and set what follows from it: user agent and the addresses that were named.

    ``arguments`` may have ``seeds`` and ``db`` (paths), ``site`` (a host) and ``everything``. Raises
    :class:`UsageError` for a missing contact or a broken seeds file.
    """
    contact = settings.get("CLINICWATCH_CONTACT") or os.environ.get("CLINICWATCH_CONTACT") or ""
    agent = _user_agent(contact)
    db = Path(arguments.get("db") or settings["CLINICWATCH_DB"])
    given, known = arguments.get("seeds"), known_seeds(db)
    seeds = () if known and not given else tuple(load_seeds(Path(given or SEEDS / "sites.csv")))
    max_pages, delay, visit_every, requests = _numbers(settings)
    settings.set("USER_AGENT", agent, priority="cmdline")
    settings.set("GUARD_ALLOWED", sorted(named_netlocs([*known, *(row.url for row in seeds)])), priority="cmdline")
    return Plan(
        db=db,
        seeds=seeds,
        site=arguments.get("site"),
        everything=bool(arguments.get("everything")),
        user_agent=agent,
        max_pages=max_pages,
        delay=delay,
        window=max(1, min(WINDOW, requests)),
        visit_days=visit_days(settings),
        visit_every=visit_every,
        rules=load_rules(),
    )


def _numbers(settings: BaseSettings) -> tuple[int, float, float, int]:
    try:
        every, requests = settings.getfloat("VISIT_EVERY"), settings.getint("CONCURRENT_REQUESTS")
        return settings.getint("SITE_MAX_PAGES"), settings.getfloat("DOWNLOAD_DELAY"), every, requests
    except ValueError as error:
        names = "SITE_MAX_PAGES, DOWNLOAD_DELAY, VISIT_EVERY and CONCURRENT_REQUESTS"
        raise UsageError(f"{names} are numbers: {error}") from error


def visit_days(settings: BaseSettings) -> dict[str, tuple[float, float, float]]:
    """Read how often pages of each type are visited; raises :class:`UsageError` for what is not three numbers."""
    try:
        told = {name: tuple(float(day) for day in days) for name, days in settings.getdict("VISIT_DAYS").items()}
        if all(len(days) == 3 and 0 < days[0] <= days[2] and days[1] > 0 for days in told.values()):
            return cast("dict[str, tuple[float, float, float]]", told)
    except (ValueError, TypeError):
        pass
    raise UsageError('VISIT_DAYS is {"type of page": [least, mean, most], ...} in days, such as {"other": [1, 60, 30]}')


def load_rules(topic: Path = SEEDS / "topic.toml", codebook: Path = SEEDS / "codebook.toml") -> Rules:
    """Read the files that the passes work by; raises :class:`UsageError` for one that is broken."""
    try:
        text = topic.read_text(encoding="utf-8")
        load_topic(text, str(topic))
    except OSError as error:
        raise UsageError(f"{topic}: cannot read the topic file: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{topic}: is not in UTF-8: {error.reason} at byte {error.start}") from error
    return Rules(
        topic=text, places=_read_places(), triage=_read_triage(), **_read_codebook(codebook, SEEDS / "references")
    )


def _read_triage(path: Path = SEEDS / "triage.toml") -> str:
    """Read what changes are weighed by, and refuse it here, before anything starts."""
    try:
        text = path.read_text(encoding="utf-8")
        load_triage(text, str(path))
    except OSError as error:
        raise UsageError(f"{path}: cannot read it: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: is not in UTF-8: {error.reason} at byte {error.start}") from error
    return text


def _read_codebook(codebook: Path, folder: Path) -> dict[str, Any]:
    """Read the codebook and its reference sets, and refuse them here, before anything starts."""
    try:
        text = codebook.read_text(encoding="utf-8")
        references = _read_references(folder)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{codebook} or {folder}: cannot be read: {error}") from error
    book = load_codebook(text, str(codebook))
    sets = [load_reference(told, file) for file, told in references]
    check_editions(sets, [code.reference for code in book.codes], str(folder))
    return {"codebook": text, "references": references}


def load_references(folder: Path = SEEDS / "references") -> tuple[ReferenceSet, ...]:
    """Read the editions of the reference sets; raises :class:`UsageError` for one that cannot be read or is broken."""
    try:
        return tuple(load_reference(told, file) for file, told in _read_references(folder))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{folder}: cannot be read: {error}") from error


def _read_references(folder: Path) -> tuple[tuple[str, str], ...]:
    return tuple((str(path), path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.toml")))


def _read_places() -> str:
    """Read the gazetteer: every list of names in ``seeds/places``."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((SEEDS / "places").glob("*.txt")))


def _user_agent(contact: str) -> str:
    if not contact:
        raise UsageError(NO_CONTACT)
    try:
        return user_agent(parse_contact(contact), version("clinicwatch"))
    except ValueError as error:
        raise UsageError(str(error)) from error


def known_seeds(db: Path) -> list[str]:
    """Name the seeds that a corpus has already: the default ones are not added to them, and the operator named them."""
    if not db.exists():
        return []
    try:
        with closing(connect(db, read_only=True)) as connection:
            return [url for (url,) in connection.execute("SELECT url FROM pages WHERE how = 'seed'")]
    except sqlite3.Error:
        return []  # opening it for writing says what is wrong
