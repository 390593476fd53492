"""``clinicwatch demo``: crawl the demo web at two ticks of its clock, show what was found, export it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

from crawler.clock import utc_now
from crawler.engine.rule_files import SEEDS, read_codebook
from db.corpus.connection import connect, evidence_folder
from demo.readers import SIZE, code_demo
from demo.score import HEADER, tallies, text_quality
from demo.score_families import HEADER as FAMILIES
from demo.score_families import score_families
from demo.server import DemoServer, running
from demo.world import make_world
from pipelines.model.errors import ClinicwatchError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

CONTACT = "demo@clinicwatch.example"
FAST = ("-s", "DOWNLOAD_DELAY=0", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=4")  # the demo web is ours


def tour(db: Path, ticks: Iterable[int], say: Callable[[str], None]) -> Path:
    """Make the demo corpus anew, a crawl a tick, and give the folder of its CSV files."""
    clear(db)
    world = make_world()
    with running() as server:
        for tick in ticks:
            server.set_tick(tick)
            say(f"== the demo web at tick {tick}: {len(world.sites)} fictional sites, read over HTTP by a proxy ==")
            say(crawl(db, server))
            truth = world.truth(tick)
            with closing(connect(db, read_only=True)) as corpus:
                last = corpus.execute("SELECT max(id) FROM crawls").fetchone()[0]
                say("\n".join([HEADER, *(tally.line() for tally in tallies(corpus, truth, last) if tally.true)]))
                families = score_families(corpus, world, tick)
                say("\n".join([FAMILIES, *(told.line() for told in families if told.true)]))
                pages, f1 = text_quality(corpus, truth)
            say(f"main text of {pages} pages against the text that was put in: mean word F1 {f1:.3f}\n")
    folder = db.parent / "export"
    say(command("export", folder, "--db", db, "--force"))
    return folder


def code(db: Path, say: Callable[[str], None]) -> Path:
    """Have a sample of the demo corpus coded by its readers, and give the folder of the table of advertisers."""
    book = read_codebook()
    votes = code_demo(db, book, utc_now())
    say(f"\n== {votes} votes of two readers and an adjudicator on a sample of {SIZE} texts ==")
    say(command("agreement", "--db", db))
    folder = db.parent / "table"
    say(command("rollup", folder, "--db", db, "--force"))
    return folder


def clear(db: Path) -> None:
    """Remove the demo corpus; only ever called for the corpus that the demo made itself."""
    for suffix in ("", "-wal", "-shm"):
        db.with_name(db.name + suffix).unlink(missing_ok=True)
    shutil.rmtree(evidence_folder(db), ignore_errors=True)


def crawl(db: Path, server: DemoServer) -> str:
    """Crawl everything through the demo's proxy, in a process of its own: Scrapy's reactor runs once a process."""
    return command("crawl", "--all", "--seeds", SEEDS / "demo" / "sites.csv", "--db", db, *FAST, proxy=server.proxy)


def command(*arguments: object, proxy: str = "") -> str:
    """Run one of our commands as a user would, and give what it printed."""
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    environment = kept | {"http_proxy": proxy, "CLINICWATCH_CONTACT": CONTACT}
    line = [sys.executable, "-m", "crawler.commands.cli", *map(str, arguments)]
    done = subprocess.run(line, env=environment, text=True, capture_output=True, check=False)  # noqa: S603 - our own
    if done.returncode:
        raise ClinicwatchError((done.stderr or done.stdout).strip().removeprefix("clinicwatch: "))
    return done.stdout.strip()
