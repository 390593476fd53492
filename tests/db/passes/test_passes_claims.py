"""The pass of claim candidates and its ledger, over crawls of real texts."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace

import pytest

from crawler.engine.rule_files import load_rules
from db.corpus.connection import open_corpus
from db.passes.claims import CLAIM_LEDGER, CLAIMS
from db.passes.driver import run_pass
from db.passes.registry import run_passes
from pipelines.model.outcomes import OUTCOMES, PAGE_STATES, Outcome
from tests.support.made_corpus import ABOUT, HOST, RULES, crawl_texts

CURED = "Eight of ten patients on our ketamine infusions get better."
SAFE = "A ketamine infusion has no side effects at all."
DAYS = [f"2026-0{month}-01T09:00:00+00:00" for month in range(3, 8)]
SEEDED = load_rules()
CODED = replace(RULES, codebook=SEEDED.codebook, references=SEEDED.references)
TABLES = {
    "claims": "SELECT * FROM claims ORDER BY id",
    "scans": "SELECT * FROM pass_units WHERE pass = 'claims' ORDER BY unit",
    "regions": "SELECT * FROM version_regions ORDER BY 1, 2, 3",
    "ledger": (
        "SELECT quote_key, quote, codes, regions, percent, first_seen, last_seen, vanished_at, n_pages, n_advertisers,"
        " n_pages_ever, n_advertisers_ever FROM claim_ledger ORDER BY 1"
    ),
    "codes": "SELECT * FROM codes ORDER BY 1",
    "references": "SELECT * FROM reference_items ORDER BY 1, 2, 3",
}


def rows(db) -> dict[str, list[tuple]]:
    """Read all that the pass writes."""
    return {name: db.execute(sql).fetchall() for name, sql in TABLES.items()}


def ledger(db, words: str) -> dict[str, object]:
    """Read the ledger's row of a sentence."""
    cursor = db.execute("SELECT * FROM claim_ledger WHERE quote LIKE ?", (f"%{words}%",))
    (row,) = cursor.fetchall()
    return dict(zip([column[0] for column in cursor.description], row, strict=True))


@pytest.fixture
def db(tmp_path):
    """Open an empty corpus."""
    with closing(open_corpus(tmp_path / "c.db")) as corpus:
        yield corpus


@pytest.fixture
def visit(db, tmp_path):
    """Crawl the site on a day, when it shows these texts."""

    def run(day: int, missing: Outcome = Outcome.GONE, **texts: str) -> None:
        shown = {f"/{name}/": text for name, text in texts.items()}
        crawl_texts(db, tmp_path / "c.db", shown, now=DAYS[day], rules=CODED, missing=missing)

    return run


def test_a_candidate_has_its_place(db, visit):
    """The quote of a candidate stands in the text of its version, at the place that is told."""
    visit(0, a=f"{ABOUT}\n{CURED} {SAFE}")
    found = db.execute(
        'SELECT code, quote, substr(text, "start" + 1, "end" - "start"), sentence_no, id FROM claims'
        " JOIN texts ON sha256 = text_sha256 ORDER BY start"
    ).fetchall()
    assert all(quote == there for _, quote, there, _, _ in found)
    codes = {(code, quote) for code, quote, _, _, _ in found}
    assert {("E1_rate", CURED), ("K3_safe", SAFE)} <= codes
    assert all(len(one[4]) == 16 for one in found)


def test_a_second_run_changes_nothing(db, visit):
    """Where nothing is new, the pass writes no row."""
    visit(0, a=f"{ABOUT}\n{CURED}")
    before = rows(db)
    assert run_passes(db, CODED)["claims"] == 0
    assert rows(db) == before


def test_the_whole_gives_what_the_parts_gave(db, visit):
    """After several crawls, candidates and ledger worked out anew are the same rows, with the same ids."""
    visit(0, a=f"{ABOUT}\n{CURED}", b=f"{ABOUT}\n{SAFE} {CURED}")
    visit(1, a=f"{ABOUT}\n{SAFE}", b=f"{ABOUT}\n{SAFE}")
    visit(2, a=f"{ABOUT}\n{SAFE}", c=f"{ABOUT}\n{CURED}")
    before = rows(db)
    assert before["claims"]
    for table in ("claims", "claim_ledger", "codes", "reference_items", "version_regions", "pass_units"):
        db.execute(f"DELETE FROM {table}")
    run_passes(db, CODED)
    assert rows(db) == before


def test_the_ledger_follows_a_sentence(db, visit):
    """First and last seen are when it was first found and last confirmed; it vanished when its page came without it."""
    visit(0, a=f"{ABOUT}\n{CURED}")
    visit(1, a=f"{ABOUT}\n{CURED}")
    told = ledger(db, "Eight of ten")
    assert (told["first_seen"], told["last_seen"], told["vanished_at"]) == (DAYS[0], DAYS[1], None)
    visit(2, a=f"{ABOUT}\n{SAFE}")
    visit(3, a=f"{ABOUT}\n{SAFE}")
    told = ledger(db, "Eight of ten")
    assert (told["first_seen"], told["last_seen"], told["vanished_at"]) == (DAYS[0], DAYS[1], DAYS[2])
    assert (told["n_pages"], told["n_pages_ever"]) == (0, 1)
    assert ledger(db, "no side effects")["last_seen"] == DAYS[3]


def test_a_sentence_that_comes_back_has_not_vanished(db, visit):
    """A page that takes a claim out and puts it back shows it again."""
    for day, said in enumerate((CURED, SAFE, CURED)):
        visit(day, a=f"{ABOUT}\n{said}")
    told = ledger(db, "Eight of ten")
    assert (told["first_seen"], told["last_seen"], told["vanished_at"]) == (DAYS[0], DAYS[2], None)
    assert (told["n_pages"], told["n_pages_ever"]) == (1, 1)


def test_a_sentence_goes_with_the_last_page_that_has_it(db, visit):
    """It has vanished when no page has it any more: when the last one changed or was gone."""
    visit(0, a=f"{ABOUT}\n{CURED}", b=f"{ABOUT} We are open.\n{CURED}")
    assert ledger(db, "Eight of ten")["n_pages"] == 2
    visit(1, b=f"{ABOUT} We are open.\n{CURED}")
    told = ledger(db, "Eight of ten")
    assert (told["n_pages"], told["vanished_at"], told["last_seen"]) == (1, None, DAYS[1])
    visit(2, c=f"{ABOUT}\n{SAFE}")
    told = ledger(db, "Eight of ten")
    assert (told["n_pages"], told["n_advertisers"], told["vanished_at"]) == (0, 0, DAYS[2])
    assert (told["n_pages_ever"], told["n_advertisers_ever"]) == (2, 1)


ENDINGS = sorted(outcome for outcome, row in OUTCOMES.items() if row.state and PAGE_STATES[row.state].has_ended)


@pytest.mark.parametrize("missing", ENDINGS)
def test_a_sentence_vanishes_however_its_page_went(db, visit, missing):
    """Gone, moved, parked, or "not found" with status 200: the visit that says so is when the sentence vanished."""
    visit(0, a=f"{ABOUT}\n{CURED}")
    visit(1, missing, c=f"{ABOUT}\n{SAFE}")
    told = ledger(db, "Eight of ten")
    assert (told["n_pages"], told["last_seen"], told["vanished_at"]) == (0, DAYS[0], DAYS[1])


def test_the_same_words_are_one_row(db, visit):
    """Case, spaces and punctuation make no other sentence; the row names every code that quotes it."""
    visit(0, a=f"{ABOUT}\n{CURED}", b=f"{ABOUT} We are open.\n{CURED.upper()}")
    told = ledger(db, "ten")
    assert told["n_pages"] == 2
    assert "E1_rate" in json.loads(told["codes"])


def test_another_codebook_scans_anew(db, visit):
    """A codebook with other cues proposes other sentences; a vote's claim keeps its id where the place is the same."""
    visit(0, a=f"{ABOUT}\n{CURED} {SAFE}")
    before = dict(db.execute("SELECT id, code FROM claims"))
    other = replace(CODED, codebook=CODED.codebook.replace('id = "K3_safe"', 'id = "K3_other"'))
    assert run_passes(db, other)["claims"] > 0
    after = dict(db.execute("SELECT id, code FROM claims"))
    assert {claim for claim, code in before.items() if code != "K3_safe"} <= after.keys()
    assert "K3_safe" not in after.values()
    assert "K3_other" in after.values()


def test_a_name_is_no_claim(db, visit):
    """A site that is called what a cue looks for does not fire it with its name: the site's host is its name too."""
    visit(0, a=f"{ABOUT}\nCedar Ketamine cures nothing by its name. Read on.")
    db.execute("UPDATE sites SET name = 'Brain Rewired Ketamine Clinic'")
    visit(1, a=f"{ABOUT}\nWelcome to Brain Rewired Ketamine Clinic, where you rest.")
    assert db.execute("SELECT count(*) FROM claims WHERE code = 'E7_brain'").fetchone() == (0,)
    visit(2, a=f"{ABOUT}\nWelcome to Brain Rewired, where ketamine rewired many brains.")
    assert db.execute("SELECT count(*) FROM claims WHERE code = 'E7_brain'").fetchone() == (1,)


def test_pages_off_topic_are_scanned_too(db, visit):
    """A page that makes a claim about the subject is looked at by somebody, whatever else it speaks of."""
    words = "Park behind us, on the second level, where the lift is. " * 12
    visit(0, a=f"{ABOUT}\n{CURED}", parking=words, bays=f"{words}Nine of ten patients on ketamine get better.")
    assert db.execute("SELECT count(*) FROM claims WHERE quote LIKE 'Nine of ten%'").fetchone()[0] > 0
    found = dict(db.execute("SELECT url, verdict FROM versions JOIN pages ON pages.version = versions.id"))
    reasons = dict(db.execute("SELECT url, verdict_reasons FROM versions JOIN pages ON pages.version = versions.id"))
    assert found[f"http://{HOST}/parking/"] == "off topic"
    assert found[f"http://{HOST}/bays/"] == "doubtful"
    assert "has a claim candidate" in reasons[f"http://{HOST}/bays/"]


def test_what_people_decide_on_the_topic_holds_for_claims_too(db, visit):
    """A text that people take off the topic counts no more in the ledger, and one that they put on it does."""
    visit(0, a=f"{ABOUT}\n{CURED}", b="Park behind us. Nine of ten patients on ketamine get better.")
    texts = dict(db.execute("SELECT url, content_sha256 FROM versions JOIN pages ON pages.version = versions.id"))
    here, there = (texts[f"http://{HOST}/{name}/"] for name in "ab")
    decided = [(here, "off topic", "two readers", DAYS[0]), (there, "on topic", "two readers", DAYS[0])]
    db.executemany("INSERT INTO topic_overrides (text_sha256, verdict, decided_by, at) VALUES (?, ?, ?, ?)", decided)
    for one in (CLAIMS, CLAIM_LEDGER):
        run_pass(db, one, CODED)
    assert {here, there} <= {text for (text,) in db.execute("SELECT text_sha256 FROM claims")}
    assert not db.execute("SELECT * FROM claim_ledger WHERE quote = ?", (CURED,)).fetchall()
    assert ledger(db, "Nine of ten")["n_pages"] == 1


def test_without_a_codebook_nothing_is_touched(db, visit):
    """A pass without a codebook leaves the candidates that are there."""
    visit(0, a=f"{ABOUT}\n{CURED}")
    before = rows(db)
    assert run_passes(db, RULES)["claims"] == 0
    assert rows(db) == before
