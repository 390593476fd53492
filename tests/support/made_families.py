"""A corpus of families for tests of their pages: forty doorways, a template of five clinics, reprints, one sentence."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.archive.warc import Archive
from db.corpus import queries
from db.corpus.connection import atomic, evidence_folder, open_corpus
from db.corpus.crawls import SeedRow, add_seeds, begin_crawl, end_crawl
from db.corpus.store_visits import Run, keep_visits
from db.passes.registry import run_passes
from demo.bank import load_bank
from pipelines.model.records import Fetch, Page, Reading, Seed, Visit
from tests.support.browser import RULES

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

NOW = "2026-03-01T09:00:00+00:00"
CLINICS = {
    "cedar": ("Cedar Ketamine House", "OR"),
    "juniper": ("Juniper Mind Center", "CO"),
    "magnolia": ("Magnolia Neuro Group", "GA"),
    "granite": ("Granite Peak Infusions", "UT"),
    "harbor": ("Harborlight Infusions", "MD"),
    "ledger": ("The Business Ledger", "MD"),
}
HARMFUL = "<script>document.title='owned'</script>"
SENTENCE = (
    "Ketamine was used in wars long before any clinic offered it to people who could not find their way out of grief."
)
DOORWAY = [
    "Ketamine in {0} is given at our clinic by a nurse who stays with the patient for the whole session.",
    "People from {0} and the {0} area come to us when tablets have done nothing for them.",
    "A series has six visits in three weeks, and each of them takes about two hours with the rest afterwards.",
    "Around {0}, we ask about heart, bladder and sleep before anything is booked, and we say no where we must.",
    f"{SENTENCE} {HARMFUL}",
    "Blood pressure is read every five minutes, and you leave with a friend who drives you home to {0}.",
]
TEMPLATE = [
    "At {0} we treat post-traumatic stress with a low dose of ketamine and a therapist in the room.",
    "The first evening is for questions only, and nobody is asked to decide anything on that day.",
    "Call {0} at {1} to learn whether you may come, what it costs and who may not be treated.",
    "Sleep often changes first, then the mornings, and some people notice nothing until the third week.",
    "We keep your own doctor informed with a letter after every second visit, unless you ask us not to.",
]
STORY = [
    "A nurse of Harborlight Infusions explains how the first evening with ketamine goes, step by step.",
    "She begins with shoes, since cold feet have spoiled more sessions than any song on the list.",
    "Then she reads the pressure, the pulse and the list of tablets that the patient has brought along.",
    SENTENCE,
    "After an hour the colors are the old ones again, and there is tea, salt biscuits and a long silence.",
]


def towns(number: int) -> list[str]:
    """Name so many towns."""
    names = load_bank().lines("places", "town")
    return [names[n] if n < len(names) else f"New {names[n - len(names)]}" for n in range(number)]


def pages() -> dict[str, Reading]:
    """Say what every address of the made web says."""
    found = {}
    for number, town in enumerate(towns(40)):
        path = "ketamine-near-" + town.lower().replace(" ", "-")
        day = f"{2022 + number % 4}-0{1 + number % 9}-10"
        found[f"http://cedar.example/{path}"] = _reading(f"Ketamine near {town}", DOORWAY, day, town)
    for number, host in enumerate(("cedar", "juniper", "magnolia", "granite", "harbor")):
        phone = f"({310 + number}) 555-010{number}"
        found[f"http://{host}.example/ptsd"] = _reading("Treating PTSD", TEMPLATE, "", CLINICS[host][0], phone)
    found["http://harbor.example/first-evening"] = _reading("The first evening", STORY, "2025-02-01")
    reprint = _reading("The first evening", [*STORY, "This text first appeared on a clinic's site."], "2025-02-09")
    found["http://ledger.example/partners/first-evening"] = reprint
    return found


def _reading(title: str, lines: list[str], day: str, *words: str) -> Reading:
    text = "\n".join(line.format(*words) if words else line for line in lines)
    return Reading(text, title, published=day or None, published_source="meta", words=len(text.split()))


def made_families(path: Path) -> dict[str, int]:
    """Make the corpus; gives the numbers of its pages by URL."""
    with contextlib.closing(open_corpus(path)) as db:
        _crawl(db, path, pages())
        run_passes(db, RULES)
        return dict(db.execute("SELECT url, id FROM pages"))


def _crawl(db: sqlite3.Connection, path: Path, web: dict[str, Reading]) -> None:
    seeds = [_seed(host, *told) for host, told in CLINICS.items()]
    sites = dict(zip(CLINICS, add_seeds(db, seeds, NOW), strict=True))
    crawl = begin_crawl(db, NOW, everything=True, sites=tuple(sites.values()), facts={"settings": {}, "tools": {}})
    folder = evidence_folder(path)
    folder.mkdir(exist_ok=True)
    with contextlib.closing(Archive(folder, crawl.id, "clinicwatch/0")) as archive, atomic(db):
        run = Run(crawl.id, NOW, "extractor 1")
        for url, reading in web.items():
            keep_visits(db, run, [_visit(db, archive, url, sites[urlsplit(url).netloc.split(".")[0]], reading)])
    end_crawl(db, crawl.id, NOW, {}, queries.funnel(db, crawl.id, tuple(sites.values()), NOW))


def _seed(host: str, name: str, state: str) -> SeedRow:
    kind = "guest-post-host" if host == "ledger" else "clinic"
    return SeedRow(
        Seed(f"http://{host}.example/", name, "", state, kind),
        f"http://{host}.example/",
        f"{host}.example",
        f"{host}.example",
    )


def _visit(db: sqlite3.Connection, archive: Archive, url: str, site: int, reading: Reading) -> Visit:
    db.execute(
        "INSERT INTO pages (url, site, how, found_at, due_at) VALUES (?, ?, 'link', ?, ?)", (url, site, NOW, NOW)
    )
    number = db.execute("SELECT id FROM pages WHERE url = ?", (url,)).fetchone()[0]
    fetch = Fetch(url, 200, (("Content-Type", "text/html"),), reading.text.encode())
    (place,) = archive.append([(fetch, NOW)])
    return Visit(
        Page(number, url, site, urlsplit(url).netloc), NOW, fetch, place, reading=replace(reading), robots="allowed"
    )
