"""What the passes work out in full is what they worked out crawl by crawl: the exports of both are the same.

The demo web is crawled at three ticks, its rows are worked out again in each way that there is, and the CSV files are
compared: byte for byte where the same captures are read again, by what they say where pages arrived in another order.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from crawler.archive.rebuild import rebuild
from crawler.engine.plan import load_rules
from db.corpus.connection import atomic, open_corpus
from db.passes.registry import forget_derived
from demo.report import seeds_csv
from demo.watched.noise import noise_of
from demo.watched.plan import make_plan
from demo.watched.world import answer
from demo.world import make_world
from tests.compare_corpora import ONE_BY_ONE, make, run
from tests.support.web import Answer, serving
from tests.system.exports import byte_differences, told_differences

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.timeout(900)
TICKS = range(3)
PAGES = 200
PLAN = make_plan(5, sites=1, pages=50, ticks=5)


class ExportsDifferError(AssertionError):
    """Raised where two exports that have to be the same are not: each file with how many rows only one of them has."""


def assert_same(found: dict) -> None:
    """Fail where something differs."""
    if found:
        raise ExportsDifferError("; ".join(f"{name}: {only.first} and {only.second}" for name, only in found.items()))


def export(corpus: Path) -> Path:
    """Export a corpus beside itself."""
    run("export", corpus.parent / "again", "--db", corpus)
    return corpus.parent / "again"


def copied(folder: Path, target: Path) -> Path:
    """Copy a crawled corpus with its archive; gives the copy."""
    shutil.copytree(folder, target)
    return target / "corpus.db"


def derive_anew(corpus: Path, processes: int) -> None:
    """Drop everything that was derived, read all captures again in so many processes, and run all passes.

    What stays is what a crawl captured and people decided: sites, crawls, pages, visits, captures, probes, versions
    with their readings, what each crawl measured of its sites, and votes. Every table that a pass owns is empty before
    the passes run, and the index files beside the corpus are gone.
    """
    with closing(open_corpus(corpus)) as db:
        with atomic(db):
            forget_derived(db)
        for index in (*corpus.parent.glob("*.idx"), *corpus.parent.glob("*.passages")):
            index.unlink()
        rebuild(db, corpus, load_rules(), everything=True, processes=processes)


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    """Crawl the demo web at three ticks and export it; gives the folder."""
    return make(tmp_path_factory.mktemp("demo") / "crawled", TICKS, PAGES).parent


@pytest.fixture(scope="module")
def derived(crawled, tmp_path_factory):
    """Derive everything anew in one and in two processes; gives the exports."""
    exports = {}
    for processes in (1, 2):
        corpus = copied(crawled, tmp_path_factory.mktemp("derived") / str(processes))
        derive_anew(corpus, processes)
        exports[processes] = export(corpus)
    return exports


def test_rebuild_gives_the_same_export(crawled, tmp_path):
    """Every capture is read again by ``rebuild --all``, and each CSV file has the same bytes as before."""
    corpus = copied(crawled, tmp_path / "rebuilt")
    run("rebuild", "--all", "--db", corpus)
    assert_same(byte_differences(crawled / "exports", export(corpus)))


@pytest.mark.parametrize("processes", [1, 2])
def test_passes_from_captures_alone_give_the_same_export(crawled, derived, processes):
    """All that passes wrote is dropped and worked out from captures: each CSV file has the same bytes as before."""
    assert_same(byte_differences(crawled / "exports", derived[processes]))


def test_the_number_of_processes_changes_nothing(derived):
    """One worker process and two give the same bytes."""
    assert_same(byte_differences(derived[1], derived[2]))


def test_another_order_of_sites_gives_the_same_export(crawled, tmp_path):
    """Seeds in the opposite order: every row says the same, but for its numbers."""
    head, *rows = seeds_csv(make_world(pages=PAGES)).splitlines()
    seeds = "".join(f"{line}\n" for line in (head, *reversed(rows)))
    make(tmp_path, TICKS, PAGES, seeds)
    assert_same(told_differences(crawled / "exports", tmp_path / "exports"))


def test_another_order_of_pages_gives_the_same_export(tmp_path):
    """A sitemap that lists the pages of a noisy site backwards: every row says the same, but for its numbers."""
    exports = [crawl_watched(tmp_path / name, backwards=name == "backwards") for name in ("forwards", "backwards")]
    assert_same(told_differences(*exports, sitemaps=False))


def crawl_watched(folder: Path, *, backwards: bool) -> Path:
    """Crawl a noisy site at three ticks, its sitemap in the one order or the other; gives the export."""
    noise, now, asked = noise_of("second"), [0], Counter()

    def reply(url: str) -> Answer | None:
        asked[url] += 1
        found = answer(PLAN, noise, url, now[0], asked[url])
        if found is None:
            return None
        status, headers, body = found
        if url.endswith("/sitemap.xml"):
            entries = sorted(re.findall(r"<url>.*?</url>", body), reverse=backwards)
            body = re.sub(r"<url>.*</url>", lambda _: "".join(entries), body)
        return Answer(body.encode(), status, headers)

    folder.mkdir()
    seeds, corpus = folder / "seeds.csv", folder / "corpus.db"
    seeds.write_text("url\n" + "".join(f"{site.home}\n" for site in PLAN.sites))
    with serving(reply) as web:
        for now[0] in TICKS:
            run("crawl", "--all", "--seeds", seeds, "--db", corpus, *ONE_BY_ONE, proxy=web.proxy)
    return export(corpus)
