"""Sixty days of a watched web: our schedule against a full crawl every day and every week.

python -m tests.bench.simulate [--seeds 11 12 13] [--tune]

The schedule is the real one (``crawler.engine.schedule``, ``db.corpus.recrawl_hints``); the web is drawn from what
was published of page
changes. Two mixes, because studies count different things:

- *busy*: any change of the bytes. Cho and Garcia-Molina 2000 (VLDB; 720,000 pages of 270 sites, daily for 4 months),
  rounded from their chart of average change intervals: up to a day 23 %, to a week 15 %, to a month 16 %, to four
  months 16 %, longer 30 %.
- *calm*: changes of what a page says. Ntoulas, Cho and Olston 2004 (WWW; 154 sites, weekly for a year): of the pages
  that stay, about half do not change at all within a year. For the other half Brewington and Cybenko 2000 (WWW9; 2
  million pages): mean lifetimes follow a Weibull distribution of shape 1.4 and scale 152 days.

Changes of a page are a Poisson process, as both found, and three in ten are followed by a second one within three days:
whoever edits a page edits it again. Of the sites, half say in their sitemap when a page changed (nine times in ten),
a fifth say "now" of every page at every request, the others say nothing. Every crawl asks each site that it visits for
its robots.txt; we also pay for the sitemaps.
"""

from __future__ import annotations

import argparse
import random
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from statistics import mean, quantiles

from crawler import settings
from crawler.engine.schedule import bounds_of, pace, timing
from db.corpus.recrawl_hints import allowance, is_lively, is_news
from pipelines.model.outcomes import Outcome
from pipelines.model.records import Page

DAYS, SITES = 60, 20
START = datetime(2026, 3, 1, 6, tzinfo=UTC)
DAY = timedelta(days=1)
CHO = ((0.23, 0.25, 1), (0.38, 1, 7), (0.54, 7, 30), (0.70, 30, 120), (1.00, 120, 1000))  # share up to, days from, to
TYPES = {
    "home": 1,
    "price": 2,
    "archive": 6,
    "service": 20,
    "faq": 3,
    "blog": 45,
    "news": 5,
    "policy": 3,
    "about": 15,
}
TUNED_ON, PRINTED = (1, 2, 3), (11, 12, 13, 14, 15)


@dataclass
class Watched:
    """A page of the simulated web: its row, what it is, and the days on which it changes."""

    row: Page
    kind: str
    changes: list[float]
    due: str = ""
    said: str | None = None  # the last date that the sitemap gave and we know
    brought: bool = False
    seen: float = 0.0  # the day of the last visit


@dataclass
class Tally:
    """What a way of crawling came to."""

    requests: int = 0
    delays: list[float] = field(default_factory=list)
    overtaken: int = 0  # changes that a later one hid before anybody came

    def visit(self, page: Watched, day: float) -> bool:
        """Visit a page; tells whether it had changed since the last visit."""
        self.requests += 1
        fresh = [day - change for change in page.changes if page.seen < change <= day]
        self.delays += fresh
        self.overtaken += max(len(fresh) - 1, 0)
        page.seen = day
        return bool(fresh)


def mean_days(rng: random.Random, mix: str) -> float:
    """Draw the mean days between two changes of a page."""
    if mix == "calm":
        return 3000.0 if rng.random() < 0.5 else max(rng.weibullvariate(152, 1.4), 1.0)
    draw = rng.random()
    least, most = next((least, most) for upto, least, most in CHO if draw < upto)
    return least * (most / least) ** rng.random()


def change_days(rng: random.Random, average: float) -> list[float]:
    """Draw the days on which a page changes."""
    days, day = [], rng.expovariate(1 / average)
    while day < DAYS:
        days.append(day)
        if rng.random() < 0.3:
            days.append(day + rng.uniform(0.05, 3))
        day += rng.expovariate(1 / average)
    return sorted(one for one in days if one < DAYS)


def make_web(seed: int, mix: str) -> list[tuple[str, list[Watched]]]:
    """Draw the sites: each a kind of sitemap and its pages; lists and home pages are the livelier half."""
    rng = random.Random(f"{seed} {mix}")
    web = []
    for site in range(SITES):
        pages = []
        for kind in (kind for kind, count in TYPES.items() for _ in range(count)):
            draws = [mean_days(rng, mix) for _ in range(2)]
            average = min(draws) if kind in {"home", "archive"} else draws[0]
            url = f"http://{site}.example/{kind}/{len(pages)}"
            row = Page(len(pages), url, site, "", page_type=kind)
            pages.append(Watched(row, kind, change_days(rng, average)))
        web.append((rng.choices(("honest", "lying", "none"), (50, 20, 30))[0], pages))
    return web


def fixed(web: list[tuple[str, list[Watched]]], every: int) -> Tally:
    """Crawl everything every so many days."""
    tally = Tally()
    for _, pages in web:
        for page in pages:
            page.seen = 0.0
        for day in range(0, DAYS + 1, every):
            tally.requests += 1
            for page in pages:
                tally.visit(page, day)
    return tally


def ours(web: list[tuple[str, list[Watched]]]) -> Tally:
    """Start a crawl every day, and visit what is due."""
    tally = Tally()
    for sitemap, pages in web:
        _watch_site(tally, sitemap, pages)
    return tally


def _watch_site(tally: Tally, sitemap: str, pages: list[Watched]) -> None:
    rng = random.Random(pages[0].row.url)
    listing = Watched(replace(pages[0].row, url=f"{pages[0].row.url}/sitemap", kind="sitemap"), "sitemap", [])
    hints = [0, 0]
    for page in (*pages, listing):
        page.seen, page.due, page.said = 0.0, "", None
    for day in range(DAYS + 1):
        now = START + day * DAY
        if sitemap != "none" and listing.due <= now.isoformat():
            tally.requests += 1
            _come_back(listing, now, changed=day > 0)
            _read_sitemap(sitemap, pages, day, hints, rng)
        asked = [24 / page.row.interval_hours for page in pages if page.row.interval_hours]
        speed = pace(mean(asked) if asked else None, settings.VISIT_EVERY)
        due = [page for page in pages if page.due <= now.isoformat()]
        tally.requests += bool(due)
        for page in due:
            changed = tally.visit(page, day)
            if page.brought:
                hints[0], hints[1], page.brought = hints[0] + 1, hints[1] + changed, False
            _come_back(page, now, changed=changed, speed=speed)


def _come_back(page: Watched, now: datetime, *, changed: bool, speed: float = 1.0) -> None:
    outcome = Outcome.CHANGED if changed else Outcome.UNCHANGED
    bounds = bounds_of(settings.VISIT_DAYS, page.kind, page.row)
    told = timing(page.row, outcome, now, bounds, changed=changed, pace=speed)
    page.due = told.due_at
    page.row = replace(
        page.row,
        last_fetched=now.isoformat(),
        last_confirmed=now.isoformat(),
        interval_hours=told.interval_hours,
        changes_seen=told.changes_seen,
        watched_days=told.watched_days,
    )


def _read_sitemap(sitemap: str, pages: list[Watched], day: int, hints: list[int], rng: random.Random) -> None:
    now, left = (START + day * DAY).isoformat(), allowance(*hints)
    for page in pages:
        told = _lastmod(sitemap, page, day, rng)
        if told == page.said:
            continue
        lively = is_lively(page.row.changes_seen, page.row.interval_hours)
        if left and not lively and is_news(told, page.said, page.row.last_fetched, now):
            page.due, page.brought, left = "", True, left - 1
        page.said = told


def _lastmod(sitemap: str, page: Watched, day: int, rng: random.Random) -> str | None:
    """Give the date that a sitemap shows on a day."""
    if sitemap == "lying":
        return (START + day * DAY - timedelta(minutes=1)).isoformat()
    last = max((change for change in page.changes if change <= day), default=None)
    if last is None or random.Random(f"{page.row.url} {last}").random() < 0.1:
        return page.said
    return (START + last * DAY).isoformat()


def compare(seed: int, mix: str) -> dict[str, Tally]:
    """Run all three ways over one web."""
    return {"daily, everything": fixed(make_web(seed, mix), 1), "weekly, everything": fixed(make_web(seed, mix), 7),
            "ours": ours(make_web(seed, mix))}  # fmt: skip


HEADER = f"{'':<24}{'requests':>9}{'of weekly':>10}{'mean delay':>12}{'median':>8}{'90 in 100':>10}{'overtaken':>10}"


def table(mix: str, runs: list[dict[str, Tally]]) -> str:
    """Print the means over some seeds; delays in days from a change to the visit that found it."""
    lines = [f"{mix:<6} {HEADER[7:]}"]
    weekly = mean(run["weekly, everything"].requests for run in runs)
    for way in runs[0]:
        tallies = [run[way] for run in runs]
        requests = mean(one.requests for one in tallies)
        delays = [delay for one in tallies for delay in one.delays]
        cuts = quantiles(delays, n=10)
        lines.append(
            f"{way:<24}{requests:>9.0f}{requests / weekly:>9.0%} {mean(delays):>11.2f}{cuts[4]:>8.2f}{cuts[8]:>10.2f}"
            f"{sum(one.overtaken for one in tallies) / len(delays):>10.1%}"
        )
    return "\n".join(lines)


def report(seeds: tuple[int, ...]) -> str:
    """Print the tables of both mixes."""
    return "\n\n".join(table(mix, [compare(seed, mix) for seed in seeds]) for mix in ("busy", "calm"))


def main() -> None:
    """Simulate and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="*", default=PRINTED)
    parser.add_argument("--tune", action="store_true", help="the seeds that the rule was tuned on")
    options = parser.parse_args()
    print(report(TUNED_ON if options.tune else tuple(options.seeds)))


if __name__ == "__main__":
    main()
