"""The table of advertisers, from votes on texts and on sentences: what nobody answered for has no cell."""

from __future__ import annotations

import pytest

from crawler.commands.agreement import roll_up_round
from crawler.engine.rule_files import read_codebook
from db.coding.votes_file import claim_unit, voting
from db.coding.voting import Vote, cast_votes
from db.corpus.connection import reading
from tests.support.made_corpus import ABOUT, corpus_of

AT = "2026-03-01T09:00:00+00:00"
BOOK = read_codebook()
SENTENCES = ("It works for 70 % of patients.", "Nine in ten get better.")
ONE, OTHER = SENTENCES


@pytest.fixture
def db(tmp_path):
    """Make a corpus of two texts; in one of them two sentences are proposed for E1_rate."""
    path = tmp_path / "corpus.db"
    with corpus_of(path, {"/": ABOUT, "/claims/": f"{ABOUT}\n{' '.join(SENTENCES)}"}) as corpus:
        text = text_of(corpus, "/claims/")
        for place, quote in enumerate(SENTENCES):
            row = (quote, text, place, 0, len(quote), 0, 1, quote, quote.lower(), "E1_rate", "yes", "cue", "1")
            corpus.execute(f"INSERT INTO claims VALUES ({', '.join('?' * len(row))})", row)
        corpus.commit()
    return path


def text_of(corpus, path):
    """Name the text at a path by its hash."""
    query = "SELECT content_sha256 FROM versions JOIN pages ON pages.id = versions.page WHERE url LIKE '%' || ?"
    return corpus.execute(query, (f".example{path}",)).fetchone()[0]


def table(db, *answers, readers=("ann", "bo")):
    """Roll up what each reader answered: path of the text, code, value, and the sentence where it is of one."""
    with reading(db) as corpus, voting(db) as review:
        for path, code, value, *quote in answers:
            text = text_of(corpus, path)
            unit = ("claim", claim_unit(text, *quote)) if quote else ("text", text)
            for reader in readers:
                cast_votes(review, [Vote(AT, reader, *unit, code, value)], f"{reader}: {code} {quote} {text}")
    rolled_up = roll_up_round(db, BOOK, "1")
    return {cell.code: (cell.value, cell.texts) for cell in rolled_up.cells}, rolled_up.flow


def test_a_code_that_nobody_answered_has_no_cell(db):
    """One settled code of whole pages says nothing of the codes of sentences."""
    cells, flow = table(db, ("/", "S4_price", "yes"), ("/claims/", "S4_price", "no"))
    assert cells == {"S4_price": ("yes", 2)}
    assert (flow.agreed, flow.by_one, flow.conflict) == (2, 0, 0)


def test_a_no_needs_every_proposed_sentence_rejected(db):
    """While one of two sentences waits, the text says nothing; with both rejected it says no."""
    price = ("/", "S4_price", "yes")
    assert "E1_rate" not in table(db, price, ("/claims/", "E1_rate", "no", ONE))[0]
    both = [("/claims/", "E1_rate", "no", quote) for quote in SENTENCES]
    assert table(db, price, *both)[0]["E1_rate"] == ("no", 1)


def test_a_no_waits_for_the_second_reader(db):
    """What one reader alone rejected is not settled."""
    table(db, ("/claims/", "E1_rate", "no", ONE))
    assert "E1_rate" not in table(db, ("/claims/", "E1_rate", "no", OTHER), readers=("ann",))[0]


def test_one_accepted_sentence_is_a_yes_while_another_waits(db):
    """A claim that is made is made, whatever else the text says."""
    assert table(db, ("/claims/", "E1_rate", "yes", ONE))[0] == {"E1_rate": ("yes", 1)}


def test_a_no_to_the_whole_text_is_an_answer(db):
    """A reader who looked through the page and found no such claim answered for the code."""
    assert table(db, ("/", "E1_rate", "no"))[0] == {"E1_rate": ("no", 1)}
