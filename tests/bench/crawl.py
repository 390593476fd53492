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

from crawler.demo.server import running
from crawler.demo.world import make_world
from db.store import connect
from tests.bench.measure import Cost, children, measure
from tests.command import ROOT, environment

OURS = ["-s", "DOWNLOAD_DELAY=0", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=8", "-s", "SITE_MAX_PAGES=1000000"]


def ours(folder: Path, proxy: str, seeds: Path, keep: frozenset[int], *more: str) -> tuple[int, Cost]:
    """Crawl with everything on: links, WARC with fsync, transactions, versions, search index, passes."""
    db = folder / "ours.db"
    command = [sys.executable, "-m", "crawler.cli", "crawl", "--seeds", str(seeds), "--db", str(db), *OURS, *more]
    cost = measure(command, environment(proxy), ROOT, keep)
    with closing(connect(db, read_only=True)) as corpus:
        return corpus.execute("SELECT count(*) FROM visits WHERE capture IS NOT NULL").fetchone()[0], cost


def rival(kind: str, folder: Path, proxy: str, urls: Path, keep: frozenset[int]) -> Cost:
    """Run a rival over the list of all URLs; it need not find them."""
    command = [sys.executable, "-m", "tests.bench.rivals", kind, str(urls), str(folder / f"{kind}.db")]
    return measure(command, environment(proxy), ROOT, keep)


def compare(pages: int) -> list[tuple[str, int, Cost]]:
    """Run all three on one demo web of so many pages."""
    with tempfile.TemporaryDirectory() as name, running(pages=pages, single=True, prerender=True) as server:
        folder, keep = Path(name), frozenset(children(os.getpid()))
        world = make_world(pages=pages, single=True)
        listed = [page.url for page in world.iter_truth(0) if page.status == 200 and page.found_by != "nowhere"]
        urls, seeds = folder / "urls.txt", folder / "seeds.csv"
        urls.write_text("\n".join(listed))
        seeds.write_text(f"url\n{world.sites[0].home}\n")
        rows = [(kind, len(listed), rival(kind, folder, server.proxy, urls, keep)) for kind in ("download", "naive")]
        return [*rows, ("ours", *ours(folder, server.proxy, seeds, keep))]


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
    """Print pages a second, CPU a page and memory, each as it is and as a ratio to the naive crawl."""
    base = next((pages, cost) for name, pages, cost in rows if name == "naive")
    lines = [f"{'':<10}{'pages':>7}{'pages/s':>9}{'CPU ms/page':>13}{'peak MB':>9}{'speed':>8}{'CPU':>7}"]
    for name, pages, cost in rows:
        speed = (pages / cost.wall) / (base[0] / base[1].wall)
        work = (cost.cpu / pages) / (base[1].cpu / base[0])
        lines.append(
            f"{name:<10}{pages:>7}{pages / cost.wall:>9.1f}{cost.cpu / pages * 1000:>13.1f}{cost.memory:>9.0f}"
            f"{speed:>7.2f}x{work:>6.2f}x"
        )
    return "\n".join(lines)


def main() -> None:
    """Compare, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", type=int, nargs="?", default=2000)
    print(table(compare(parser.parse_args().pages)))


if __name__ == "__main__":
    main()
