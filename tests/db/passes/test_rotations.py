"""Sayings that turn on the whole site: folded at first, decided by a repeat fetch or a later visit, also backwards."""

from __future__ import annotations

import csv
from contextlib import closing
from dataclasses import replace

import pytest

from crawler.engine.rule_files import load_rules
from db.corpus.changes import Asked, newest, ranked
from db.corpus.connection import open_corpus
from db.export.export import export
from db.passes.registry import forget_derived, run_passes
from pipelines.changes.region_hashes import region_hashes
from pipelines.model.records import Reading
from tests.support.made_corpus import ABOUT, crawl_texts

DAYS = [f"2026-03-{day:02}T09:00:00+00:00" for day in (1, 8, 15, 22)]
PATHS = ("/", "/a", "/b", "/c", "/d")
SAYINGS = (
    "The river finds its way around the stone.",
    "Patience opens each door that there is.",
    "Small steps carry you over big mountains.",
    "Birds sing before they see any sun.",
)


def page(path: str, saying: str, price: str = "") -> Reading:
    """Make a page with a saying beside its text."""
    text = f"The page {path}\n{ABOUT} {price}".strip()
    made = Reading(text, path, words=len(text.split()), other_text=f"A thought\n{saying}\nOpen on weekdays")
    return replace(made, region_hashes=region_hashes(made))


def crawl(folder, *sayings: str, price: str = "") -> None:
    """Visit the site as often, a week apart, with these sayings on all pages; the last visit may show another price."""
    with closing(open_corpus(folder / "c.db")) as db:
        for number, (day, saying) in enumerate(zip(DAYS, sayings, strict=False), 1):
            own = price if number == len(sayings) else ""
            texts = {path: page(path, saying, own) for path in PATHS}
            crawl_texts(db, folder / "c.db", texts, now=day, rules=load_rules())


def states(folder) -> list[tuple[int, str]]:
    """Read the edits that stand for all pages: crawl, and what is known of their rotation."""
    with closing(open_corpus(folder / "c.db")) as db:
        return db.execute("SELECT crawl, rotation FROM changes WHERE kind = 'edited' ORDER BY crawl").fetchall()


def test_what_turned_once_is_suspected(tmp_path):
    """One row for all pages, and it is folded."""
    crawl(tmp_path, *SAYINGS[:2])
    assert states(tmp_path) == [(2, "suspected")]


def test_a_visit_that_keeps_the_line_confirms_the_edit(tmp_path):
    """It is an edit then, and no longer folded, also where another part of the pages changed meanwhile."""
    crawl(tmp_path, SAYINGS[0], SAYINGS[1], SAYINGS[1], price="An infusion costs $400.")
    assert states(tmp_path) == [(2, "confirmed"), (3, "")]


def test_a_visit_that_turns_again_proves_it_of_the_earlier_row(tmp_path):
    """The third saying is not reported, and the row of the second is folded for good."""
    crawl(tmp_path, *SAYINGS[:3])
    assert states(tmp_path) == [(2, "proven")]


def test_a_later_proof_takes_a_confirmation_back(tmp_path):
    """A saying of two weeks: the third visit has it, the fourth has another one, and the first is known by then."""
    crawl(tmp_path, SAYINGS[0], SAYINGS[1], SAYINGS[1])
    assert states(tmp_path) == [(2, "confirmed")]
    with closing(open_corpus(tmp_path / "c.db")) as db:
        db.execute(
            "INSERT INTO dynamic_content (site, pattern, region, example, why, crawl, observed)"
            " VALUES (1, ?1, 'other_text', ?1, 'was another at a repeat fetch, 9 s later', 3, 1)",
            (SAYINGS[1],),
        )
        db.commit()
        run_passes(db, load_rules())
    assert states(tmp_path) == [(2, "proven")]


@pytest.mark.parametrize("visits", [2, 3])
def test_all_passes_anew_give_the_same_verdicts(tmp_path, visits):
    """As crawl by crawl."""
    crawl(tmp_path, *SAYINGS[:visits])
    before = states(tmp_path)
    with closing(open_corpus(tmp_path / "c.db")) as db:
        db.execute("BEGIN")
        forget_derived(db)
        db.commit()
        run_passes(db, load_rules())
    assert states(tmp_path) == before


def test_list_feed_and_export_say_the_same(tmp_path):
    """One column for all that show changes."""
    crawl(tmp_path, *SAYINGS[:2])
    with closing(open_corpus(tmp_path / "c.db")) as db:
        for read in (ranked(db, Asked()), newest(db, Asked(), 9)):
            assert [change.folded for change in read if change.kind == "edited"] == ["may be rotating content"]
        export(db, tmp_path / "out", now=DAYS[3])
    with (tmp_path / "out" / "changes.csv").open(newline="") as file:
        assert [row["rotation"] for row in csv.DictReader(file)] == ["suspected"]
