"""Which questions a crawl leaves open, read out of the corpus, and what their answers teach.

A host is asked for an address that nobody can know where pages of it look like its way to say "not found": a page that
says something else altogether, or several pages that say the very same. Pages are looked at a second time where they
tell something new that no rule explains; a few of each site, chosen by dice that fall the same way at every run.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from db.corpus.probes import asked_again, columns_of, has_probe, is_in_trouble, visited
from db.passes.noise import SiteCrawl, is_another_page, unjudged_versions, weigh_site
from db.passes.versions import Compared, page_at
from pipelines.changes.noise_model import Reason
from pipelines.changes.noise_repeat_fetch import learn_patterns
from pipelines.changes.region_diff import regions_of_row
from pipelines.model.records import Probe, ProbeKind

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from pipelines.changes.region_diff import PageRegions
    from pipelines.changes.triage import TriageRules
    from pipelines.model.records import Reading

__all__ = ["learn_from", "missing_url", "open_probes"]

A_ROUND = 3  # repeat fetches at pages of a site
A_CRAWL = 8
SHARE = 10  # of the pages that were visited, one in so many at most, and two in any case
LEAST = 2
SEVERAL = 3  # addresses that say the very same
MOMENTS = timedelta(hours=6)  # between a visit and a repeat fetch: later, it may have been edited
SHORT = 150  # words of an answer that may stand for "not found" in words of its own for each address
SITES = """
    SELECT pages.site FROM versions JOIN captures ON captures.id = versions.capture
    JOIN pages ON pages.id = versions.page WHERE suppressed IS NULL AND captures.crawl = :crawl
    UNION SELECT pages.site FROM collapses JOIN pages ON pages.id = page WHERE collapses.crawl = :crawl ORDER BY 1
"""
COLLAPSED = """
    SELECT pages.id, pages.url, pages.last_fetched FROM collapses JOIN pages ON pages.id = page
    WHERE collapses.crawl = :crawl AND site = :site AND depth > 0 ORDER BY pages.id LIMIT 1
"""
# addresses, no entries of their site, that say what two others do; or as few words under the same title
TWINS = f"""
    SELECT pages.id, pages.url, pages.last_fetched FROM versions
    JOIN captures ON captures.id = versions.capture JOIN pages ON pages.id = versions.page
    WHERE suppressed IS NULL AND captures.crawl = :crawl AND pages.site = :site AND depth > 0 AND words < {{}}
    GROUP BY {{}} HAVING count(*) >= {SEVERAL} ORDER BY pages.id LIMIT 1
"""
SIGNS = COLLAPSED, TWINS.format(10**9, "duplicate_key"), TWINS.format(SHORT, "coalesce(title, '')")
VISIT = """
    SELECT pages.id, pages.url, captures.fetched_at FROM versions
    JOIN captures ON captures.id = versions.capture JOIN pages ON pages.id = versions.page WHERE versions.id = ?
"""


def open_probes(db: sqlite3.Connection, rules: TriageRules, crawl: int, now: str) -> list[Probe]:
    """Name what is to be asked at the end of a crawl; ``now`` is UTC in ISO 8601. Reads only."""
    sites = [site for (site,) in db.execute(SITES, {"crawl": crawl}).fetchall()]
    well = [site for site in sites if not is_in_trouble(db, crawl, site)]
    return [probe for site in well for probe in _of_site(db, rules, SiteCrawl(crawl, site), now)]


def _of_site(db: sqlite3.Connection, rules: TriageRules, of: SiteCrawl, now: str) -> Iterator[Probe]:
    rows = [row for row in unjudged_versions(db, of) if row[2]]
    others = [row for row in rows if is_another_page(db, row)]
    if not has_probe(db, *of, ProbeKind.MISSING):
        yield from _missing(db, of, others)
    left = _left(db, of)
    if left and len(rows) > len(others):
        yield from _again(db, of, _unclear(db, rules, of, (rows, others)), (left, now))


def _unclear(
    db: sqlite3.Connection, rules: TriageRules, of: SiteCrawl, found: tuple[list[Compared], list[Compared]]
) -> list[int]:
    """Name the versions that tell something new which no rule explains, on pages that were not looked at again yet."""
    rows, others = found
    passed_over = asked_again(db, *of) | {page for page, _, _ in others}
    weighed = weigh_site(db, rules, of, rows)
    return [one.version for page, one in weighed.items() if page not in passed_over and one.tells_more]


def _again(db: sqlite3.Connection, of: SiteCrawl, unclear: list[int], limits: tuple[int, str]) -> Iterator[Probe]:
    """Choose pages to look at again; a page whose visit is too long ago may have been edited since."""
    most, now = limits
    visits = [db.execute(VISIT, (version,)).fetchone() for version in unclear]
    # a digest of crawl and URL is as good as a die, and falls the same way whatever came first
    for page, url, at in sorted(visits, key=lambda visit: _die(of.crawl, visit[1]))[:most]:
        if datetime.fromisoformat(now) - datetime.fromisoformat(at) < MOMENTS:
            yield Probe(ProbeKind.AGAIN, of[1], page, url, since=at)


def _left(db: sqlite3.Connection, of: SiteCrawl) -> int:
    """Say how many repeat fetches a site can bear in this round."""
    most = min(A_CRAWL, max(LEAST, visited(db, *of) // SHARE))
    return min(A_ROUND, most - len(asked_again(db, *of)))


def _missing(db: sqlite3.Connection, of: SiteCrawl, others: list[Compared]) -> Iterator[Probe]:
    signs = (db.execute(sql, {"crawl": of[0], "site": of[1]}).fetchone() for sql in SIGNS)
    cause = db.execute(VISIT, others[0][1:2]).fetchone() if others else next(filter(None, signs), None)
    if cause:
        page, url, at = cause
        yield Probe(ProbeKind.MISSING, of[1], page, missing_url(url, of[0]), since=at)


def missing_url(url: str, crawl: int) -> str:
    """Make an address beside a page that nobody can know: its folder and its ending, with letters of a die between.

    Beside the page, for a site may say "not found" otherwise in another folder (Bar-Yossef et al., WWW 2004).

    >>> missing_url("http://a.example/blog/rest.html", 4)
    'http://a.example/blog/mhwyzaothpwpjvznkjblhmnjm.html'
    """
    digest = hashlib.sha256(f"{crawl} {url}".encode()).digest()[:25]
    letters = "".join(chr(ord("a") + byte % 26) for byte in digest)
    path = urlsplit(url).path
    dot = path.rpartition("/")[2].rfind(".")
    ending = path.rpartition("/")[2][dot:] if dot > 0 else "/" if path.endswith("/") else ""
    folder = path.rstrip("/").rpartition("/")[0]
    return urljoin(url, f"{folder}/{letters}{ending}")


def _die(*of: object) -> bytes:
    return hashlib.sha256(repr(of).encode()).digest()


def learn_from(db: sqlite3.Connection, crawl: int, probe: Probe) -> int:
    """Store what a repeat fetch teaches as masks of the site, each once; gives how many are new.

    The caller holds the transaction. A look that was answered by a stand-in, or in no words, teaches nothing.
    """
    first = _first_look(db, crawl, probe.page)
    if probe.kind is not ProbeKind.AGAIN or first is None or probe.reading is None or not probe.reading.text:
        return 0
    seconds = (datetime.fromisoformat(probe.at) - datetime.fromisoformat(probe.since)).total_seconds()
    before = db.total_changes
    why = f"{Reason.REPEAT_FETCH}, {seconds:.0f} s later"
    for one in learn_patterns(first, _page_of(probe.reading)):
        db.execute(
            "INSERT INTO dynamic_content (site, pattern, region, example, why, crawl, observed)"
            " SELECT ?1, ?2, ?3, ?4, ?5, ?6, 1 WHERE NOT EXISTS (SELECT 1 FROM dynamic_content"
            " WHERE site = ?1 AND pattern = ?2 AND (observed OR NOT active))",
            (probe.site, one.pattern, one.region, one.example, why, crawl),
        )
    return db.total_changes - before


def _page_of(reading: Reading) -> PageRegions:
    columns = {name: str(value or "") for name, value in columns_of(reading).items()}
    return regions_of_row(columns, json.loads(columns["leftovers"]))


def _first_look(db: sqlite3.Connection, crawl: int, page: int) -> PageRegions | None:
    """Load what a page told at its visit in this crawl."""
    row = db.execute(
        "SELECT versions.id FROM pages JOIN versions ON versions.id = pages.version"
        " JOIN captures ON captures.id = versions.capture WHERE pages.id = ? AND captures.crawl = ?",
        (page, crawl),
    ).fetchone()
    return page_at(db, row[0]) if row else None
