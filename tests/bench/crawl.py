"""Ours against plain Scrapy and against what a user would write in an hour, on one machine, in one run.

python -m tests.bench.crawl [PAGES] [--memory PAGES]
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from db.corpus.connection import connect
from demo.report import seeds_csv
from demo.server import running
from demo.world import World, make_world
from tests.bench.measure import Cost, children, measure
from tests.support.command import ROOT, environment

NAMES = {
    "download": "plain Scrapy, download only",
    "listed": "naive, given all URLs",
    "follow": "naive, following links",
    "ours": "clinicwatch",
}
UNREAD = frozenset({"robots disallowed", "wall", "trap"})
OURS = ["-s", "DOWNLOAD_DELAY=0", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=8", "-s", "SITE_MAX_PAGES=1000000"]


READ = "SELECT count(*) FROM captures JOIN pages ON pages.id = captures.page WHERE status = 200 AND kind = 'page'"


def ours(folder: Path, proxy: str, seeds: Path, keep: frozenset[int], *more: str) -> tuple[int, Cost]:
    """Crawl with everything on: links, WARC with fsync, transactions, versions, search index, passes."""
    db = folder / "ours.db"
    command = [
        sys.executable,
        "-m",
        "crawler.commands.cli",
        "crawl",
        "--seeds",
        str(seeds),
        "--db",
        str(db),
        *OURS,
        *more,
    ]
    cost = measure(command, environment(proxy), ROOT, keep)
    with closing(connect(db, read_only=True)) as corpus:
        return corpus.execute(READ).fetchone()[0], cost


def rival(kind: str, folder: Path, proxy: str, urls: Path, keep: frozenset[int]) -> tuple[int, Cost]:
    """Run a rival over a list of all URLs, or from the home pages of all sites."""
    command = [sys.executable, "-m", "tests.bench.rivals", kind, str(urls), str(folder / f"{kind}.db")]
    cost = measure(command, environment(proxy), ROOT, keep)
    return int(cost.said), cost


def compare(pages: int) -> list[tuple[str, int, Cost]]:
    """Run all on one demo web of so many pages: the standard sites and clinics of all platforms."""
    with tempfile.TemporaryDirectory() as name, running(pages=pages, prerender=True) as server:
        folder, keep = Path(name), frozenset(children(os.getpid()))
        world = make_world(pages=pages)
        urls, homes, seeds = (folder / part for part in ("urls.txt", "homes.txt", "seeds.csv"))
        urls.write_text("\n".join(listed(world)))
        homes.write_text("\n".join(site.home for site in world.sites))
        seeds.write_text(seeds_csv(world))
        lists = {"download": urls, "listed": urls, "follow": homes}
        rows = [(kind, *rival(kind, folder, server.proxy, given, keep)) for kind, given in lists.items()]
        return [*rows, ("ours", *ours(folder, server.proxy, seeds, keep))]


def listed(world: World) -> list[str]:
    """List the pages that a crawl finds and reads."""
    told = world.iter_truth(0)
    return [page.url for page in told if page.status == 200 and page.found_by != "nowhere" and page.fate not in UNREAD]


def memory_curve(sizes: tuple[int, ...]) -> list[str]:
    """Crawl demo webs of several sizes and print the peak memory of each, and its ratio to the first."""
    peaks = [one_size(pages) for pages in sizes]
    return [f"{pages:>7} pages{peak:>8.0f} MB{peak / peaks[0][1]:>7.2f}x" for pages, peak in peaks]


def one_size(pages: int) -> tuple[int, float]:
    """Crawl one demo web; gives how many pages were fetched and the peak memory in MB."""
    with tempfile.TemporaryDirectory() as name, running(pages=pages, single=True) as server:
        folder = Path(name)
        seeds = folder / "seeds.csv"
        seeds.write_text(f"url\n{make_world(pages=pages, single=True).sites[0].home}\n")
        fetched, cost = ours(folder, server.proxy, seeds, frozenset(children(os.getpid())))
        return fetched, cost.memory


def table(rows: list[tuple[str, int, Cost]]) -> str:
    """Print pages a second, CPU a page and memory, and what ours is as a ratio to each rival."""
    ours = rows[-1]
    lines = [f"{'':<28}{'pages':>7}{'pages/s':>9}{'CPU ms/page':>13}{'peak MB':>9}{'ours: speed':>13}{'CPU':>7}"]
    for name, pages, cost in rows:
        speed, work = ratios(ours, (name, pages, cost))
        lines.append(
            f"{NAMES[name]:<28}{pages:>7}{pages / cost.wall:>9.1f}{cost.cpu / pages * 1000:>13.1f}{cost.memory:>9.0f}"
            f"{speed:>12.2f}x{work:>6.2f}x"
        )
    return "\n".join(lines)


def ratios(row: tuple[str, int, Cost], base: tuple[str, int, Cost]) -> tuple[float, float]:
    """Give pages a second and CPU a page of one row as multiples of another's."""
    (_, pages, cost), (_, base_pages, base_cost) = row, base
    return (pages / cost.wall) / (base_pages / base_cost.wall), (cost.cpu / pages) / (base_cost.cpu / base_pages)


def main() -> None:
    """Compare, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", type=int, nargs="?", default=2000)
    print(table(compare(parser.parse_args().pages)))


if __name__ == "__main__":
    main()
