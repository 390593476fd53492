"""The pass of regions: every region of a version is a text that is scanned, what a site repeats is scanned once."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from dataclasses import replace

import pytest

from crawler.engine.rule_files import load_rules
from db.corpus.claims import version_claims
from db.corpus.connection import open_corpus
from db.corpus.derived import forget_unused_texts
from db.passes.registry import run_passes
from pipelines.model.records import Block, Reading
from tests.support.made_corpus import ABOUT, RULES, crawl_texts

SEEDED = load_rules()
CODED = replace(RULES, codebook=SEEDED.codebook, references=SEEDED.references)
DAYS = [f"2026-0{month}-01T09:00:00+00:00" for month in range(3, 8)]
CURED = "Eight of ten patients on our ketamine infusions get better."
SAFE = "A ketamine infusion has no side effects at all."
OFF_LABEL = "Ketamine is not FDA-approved for depression; we prescribe it off-label."
WHERE = """
    SELECT pages.url, version_regions.region FROM claims
    JOIN version_regions ON version_regions.text_sha256 = claims.text_sha256
    JOIN pages ON pages.version = version_regions.version WHERE claims.quote = ? AND claims.code = ? ORDER BY 1, 2
"""


def reading(name: str, text: str = "", **regions: object) -> Reading:
    """Make a reading of a page, whose text begins with its name and is no other page's."""
    text = f"{name}\n{ABOUT} Ask for room {name}.\n{text}".strip()
    return Reading(text, f"{name} of the clinic", words=len(text.split()), **regions)


@pytest.fixture
def db(tmp_path):
    """Open an empty corpus."""
    with closing(open_corpus(tmp_path / "c.db")) as corpus:
        yield corpus


@pytest.fixture
def visit(db, tmp_path):
    """Crawl the site on a day, when it shows these pages."""

    def run(day: int, *pages: Reading) -> None:
        shown = {f"/{page.text.split()[0]}/": page for page in pages}
        crawl_texts(db, tmp_path / "c.db", shown, now=DAYS[day], rules=CODED)

    return run


def places(db, quote: str, code: str) -> list[tuple[str, str]]:
    """Name the pages that show a candidate now, each with the region."""
    found = db.execute(WHERE, (quote, code)).fetchall()
    return [(url.rstrip("/").rsplit("/", 1)[-1], region) for url, region in found]


def rows(db) -> list[list[tuple]]:
    """Read all that depends on regions."""
    return [
        db.execute("SELECT * FROM version_regions ORDER BY 1, 2, 3").fetchall(),
        db.execute("SELECT * FROM claims ORDER BY id").fetchall(),
        db.execute("SELECT quote_key, regions, n_pages, n_pages_ever FROM claim_ledger ORDER BY 1").fetchall(),
    ]


def test_a_footer_is_one_text_and_counts_for_each_page(db, visit):
    """A disclosure in the footer of three pages: one candidate, which three pages show, in the region of footers."""
    visit(0, *(reading(name, boilerplate=f"Call us.\n{OFF_LABEL}", menu="Home\nFees") for name in "abc"))
    assert db.execute(
        "SELECT count(*) FROM claims WHERE quote = ? AND code = 'R2_offlabel'", (OFF_LABEL,)
    ).fetchone() == (1,)
    assert places(db, OFF_LABEL, "R2_offlabel") == [(name, "boilerplate") for name in "abc"]
    ledger = "SELECT n_pages, n_advertisers, regions FROM claim_ledger WHERE quote = ?"
    assert db.execute(ledger, (OFF_LABEL,)).fetchone() == (3, 1, '["boilerplate"]')


def test_a_footer_counts_only_where_it_stands(db, visit):
    """Pages with another footer do not show the disclosure, though most of their footer is the same line by line."""
    common = "Call our team in Tustin.\nOpen on all days of the week."
    with_it = [reading(name, boilerplate=f"{common}\n{OFF_LABEL}") for name in "abc"]
    visit(0, *with_it, *(reading(name, boilerplate=common) for name in "de"))
    assert [page for page, _ in places(db, OFF_LABEL, "R2_offlabel")] == ["a", "b", "c"]
    texts = db.execute(
        "SELECT texts.text, count(DISTINCT version) FROM version_regions JOIN texts ON sha256 = text_sha256"
        " WHERE region = 'boilerplate' GROUP BY 1 ORDER BY 2"
    ).fetchall()
    assert texts == [(OFF_LABEL, 3), (common, 5)]


def test_a_site_of_one_page_has_a_footer_too(db, visit):
    """The footer of a single page is read."""
    visit(0, reading("a", boilerplate=OFF_LABEL))
    assert places(db, OFF_LABEL, "R2_offlabel") == [("a", "boilerplate")]


def test_lines_that_main_texts_repeat_are_read_once(db, visit):
    """A line on each of six main texts is no content of theirs, but it is read as what the site repeats."""
    visit(0, *(reading(name, SAFE) for name in "abcdef"))
    assert places(db, SAFE, "K3_safe") == [(name, "boilerplate") for name in "abcdef"]
    assert db.execute("SELECT count(*) FROM claims WHERE quote = ?", (SAFE,)).fetchone() == (1,)


def test_other_text_that_a_site_repeats_is_read_once(db, visit):
    """A banner on each of six pages is one text; on four of them it is other text of each."""
    visit(0, *(reading(name, other_text=f"{SAFE}\nAsk {name} about it.") for name in "abcdef"))
    assert places(db, SAFE, "K3_safe") == [(name, "boilerplate") for name in "abcdef"]
    assert db.execute("SELECT count(*) FROM claims WHERE quote = ?", (SAFE,)).fetchone() == (1,)
    visit(1, *(reading(name, other_text=f"{SAFE}\nAsk {name} about it.") for name in "ab"))
    visit(2, *(reading(name, other_text=f"{CURED}\nAsk {name} about it.") for name in "gh"))
    assert places(db, CURED, "E1_rate") == [("g", "other_text"), ("h", "other_text")]


def test_each_region_is_read(db, visit):
    """Title, description, JSON-LD, descriptions of images, headings and other text are scanned under their names."""
    said = {
        "title": "Nine of ten patients on ketamine get better here.",
        "description": "Eight of ten patients on ketamine get better here.",
        "structured": "Seven of ten patients on ketamine get better here.",
        "alternatives": "Six of ten patients on ketamine get better here.",
        "headings": "Five of ten patients on ketamine get better here.",
        "other_text": "Four of ten patients on ketamine get better here.",
    }
    page = reading(
        "a",
        titles=(said["title"],),
        description=said["description"],
        structured=said["structured"],
        alternatives=(said["alternatives"],),
        headings=(said["headings"],),
        other_text=said["other_text"],
    )
    visit(0, page)
    for region, quote in said.items():
        assert places(db, quote, "E1_rate") == [("a", region)], region


def test_what_stands_twice_is_given_once(db, visit):
    """A heading that the main text has is no text of its own; a title that repeats a sentence is named beside it."""
    page = reading("a", CURED, headings=(CURED,), titles=(CURED,), description=f"Hello. {CURED}")
    visit(0, page)
    assert places(db, CURED, "E1_rate") == [("a", "description"), ("a", "text"), ("a", "title")]
    (version,) = db.execute("SELECT id FROM versions").fetchone()
    (claim,) = (one for one in version_claims(db, version) if one["code"] == "E1_rate")
    assert (claim["region"], claim["regions"]) == ("text", ["text", "title", "description"])


def test_lines_that_rules_took_out_are_read(db, visit):
    """A line that a rule takes out of the main text is other text; what says that reading failed is no text."""
    blocks = (Block(SAFE, region="a short line at the end"), Block(CURED, "note", "reading failed, so bare text"))
    visit(0, reading("a", blocks=blocks))
    assert places(db, SAFE, "K3_safe") == [("a", "other_text")]
    assert places(db, CURED, "E1_rate") == []


def test_a_second_run_changes_nothing(db, visit):
    """Where nothing is new, no row is written."""
    visit(0, *(reading(name, boilerplate=OFF_LABEL, other_text=SAFE) for name in "abc"))
    before = rows(db)
    changed = run_passes(db, CODED)
    assert (changed["regions"], changed["claims"], changed["claim_ledger"]) == (0, 0, 0)
    assert rows(db) == before


def test_the_whole_gives_what_the_parts_gave(db, visit):
    """After crawls in which footers came, changed and went, all worked out anew is the same rows."""
    visit(0, *(reading(name, boilerplate=OFF_LABEL) for name in "ab"))
    visit(1, *(reading(name, boilerplate=f"{OFF_LABEL}\n{SAFE}", other_text=CURED) for name in "abcdefg"))
    visit(2, *(reading(name, boilerplate=SAFE, description=CURED) for name in "abc"))
    before = rows(db)
    assert len({region for _, region, _ in before[0]}) > 3
    for table in ("claims", "claim_ledger", "version_regions", "pass_units"):
        db.execute(f"DELETE FROM {table}")
    run_passes(db, CODED)
    assert rows(db) == before


def test_pages_in_another_order_give_the_same_texts(tmp_path):
    """Which page comes first decides neither which lines are one text nor in which order they stand in it."""
    one, other = "Ask us first of all.", "We are open on Mondays."
    pages = [reading("a", boilerplate=f"{one}\n{other}"), reading("b", boilerplate=f"{other}\n{one}"), reading("c")]
    found = []
    for name, order in (("one", pages), ("two", pages[::-1])):
        with closing(open_corpus(tmp_path / f"{name}.db")) as db:
            shown = {f"/{page.text.split()[0]}/": page for page in order}
            crawl_texts(db, tmp_path / f"{name}.db", shown, rules=CODED)
            texts = db.execute(
                "SELECT url, region, text FROM version_regions JOIN versions ON versions.id = version_regions.version"
                " JOIN pages ON pages.id = page JOIN texts ON sha256 = version_regions.text_sha256"
            )
            found.append(Counter(texts.fetchall()))
    assert found[0] == found[1]
    assert found[0]["http://cedar-ketamine.example/b/", "boilerplate", f"{one}\n{other}"] == 1


def test_what_no_region_has_any_more_goes(db, visit):
    """A footer that went stays with the versions that had it; its text goes with the last of them."""
    visit(0, reading("a", boilerplate=OFF_LABEL))
    forget_unused_texts(db)
    assert db.execute("SELECT count(*) FROM texts WHERE text = ?", (OFF_LABEL,)).fetchone() == (1,)
    db.execute("UPDATE readings SET boilerplate = '', extractor = 'another'")
    run_passes(db, CODED)
    assert places(db, OFF_LABEL, "R2_offlabel") == []
    assert db.execute("SELECT count(*) FROM claims WHERE quote = ?", (OFF_LABEL,)).fetchone() == (0,)
    assert forget_unused_texts(db) == 1
