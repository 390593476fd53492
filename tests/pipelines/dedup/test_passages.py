"""Sentences that travel, and texts that are told again in other words."""

from __future__ import annotations

import shutil
from contextlib import closing
from itertools import combinations

import pytest

from db.corpus.connection import open_corpus
from db.passes.registry import run_passes
from demo.families import spin
from demo.world import make_world
from pipelines.dedup.passages import compare_paraphrase, travelling_sentences, word_runs
from tests.support.made_corpus import ABOUT, HOST, RULES, corpus_of, crawl_texts

CLAIM = "Ketamine has been used safely by doctors for more than fifty years."
TEXTS = {
    "/a/": f"{ABOUT}\n{CLAIM} Call us.",
    "/b/": f"Prices of our clinic for ketamine\nWe bill by the hour and in person.\n{CLAIM.upper()}",
    "/c/": "Parking behind the house is free for patients of the clinic on every day of the week.",
}
SHARED = "SELECT text, n_pages, n_advertisers FROM shared_sentences"


def texts_of(seed: int) -> list[str]:
    """Give the texts of the demo web that were written apart from each other, long ones only."""
    pages = make_world(seed).truth(0).values()
    found = ["\n".join(page.lines) for page in pages if page.distinct and not page.family]
    return [text for text in found if len(text.split()) > 300]


def test_a_sentence_is_known_by_its_words():
    """Case and marks do not count, numbers do; short lines are no sentences that travel."""
    one, other = travelling_sentences(CLAIM), travelling_sentences(f"Hello there. {CLAIM.upper()} Call us.")
    assert [sentence.key for sentence in one] == [said.key for said in other]
    assert [sentence.key for sentence in one] != [
        sentence.key for sentence in travelling_sentences(CLAIM.replace("fifty", "60"))
    ]
    assert travelling_sentences("Call us today") == []


def test_a_sentence_has_its_place():
    """Where it starts and how long it is lead back to the very words."""
    text = f"Ours.\n{CLAIM} And more."
    (said,) = travelling_sentences(text)
    assert text[said.start : said.start + said.length] == CLAIM


@pytest.mark.parametrize("seed", [5, 6])
def test_a_spun_text_is_a_candidate_and_no_other_pair_is(seed):
    """Texts that a synonym program went over are told; texts written apart are not, nor is one the other's copy."""
    texts = texts_of(seed)[:20]
    spun = [compare_paraphrase(word_runs(text), word_runs(spin(text))) for text in texts]
    assert sum(told is not None for told in spun) >= 0.9 * len(texts)
    assert not any(compare_paraphrase(word_runs(one), word_runs(other)) for one, other in combinations(texts, 2))
    assert not any(compare_paraphrase(word_runs(text), word_runs(f"{text}\n{CLAIM}")) for text in texts)


@pytest.mark.parametrize(
    "text", ["", "the " * 5000, "12 34 56", "😀 😀", "مرحبا بكم في العيادة", "氯胺酮治疗抑郁症。" * 50]
)
def test_odd_texts_are_no_candidates(text):
    """Nothing, one word, numbers, emoji, right to left, no spaces: no error and no candidate."""
    assert compare_paraphrase(word_runs(text), word_runs(CLAIM)) is None
    assert len(word_runs(text).function_words) <= 1


def test_shared_sentences_of_a_corpus(tmp_path):
    """A sentence on two pages is counted with its first wording; one that only one page says is not there."""
    with corpus_of(tmp_path / "c.db", TEXTS) as db:
        assert db.execute(SHARED).fetchall() == [(CLAIM, 2, 1)]


def test_a_changed_page_takes_its_sentences_along(tmp_path):
    """A page that no longer says it leaves the count; the sentence goes with the last pair."""
    path = tmp_path / "c.db"
    with corpus_of(path, TEXTS) as db:
        crawl_texts(db, path, TEXTS | {"/b/": f"Other words stand at {HOST} about ketamine and the clinic now."})
        assert db.execute(SHARED).fetchall() == []
        crawl_texts(db, path, TEXTS | {"/c/": CLAIM})
        assert db.execute(SHARED).fetchall() == [(CLAIM, 3, 1)]


def test_an_index_of_another_corpus_is_thrown_away(tmp_path):
    """A new corpus beside the index of an old one has its own sentences, all of them."""
    with corpus_of(tmp_path / "old.db", TEXTS):
        pass
    with corpus_of(tmp_path / "new.db", TEXTS) as db:
        db.execute("DELETE FROM sentence_pages")
        db.execute("DELETE FROM sentences")
    (tmp_path / "new.db.passages").unlink()
    shutil.copy(tmp_path / "old.db.passages", tmp_path / "new.db.passages")
    with closing(open_corpus(tmp_path / "new.db")) as db:
        run_passes(db, RULES)
        assert db.execute(SHARED).fetchall() == [(CLAIM, 2, 1)]


def test_a_damaged_index_is_made_anew(tmp_path):
    """What stands in the file beside the corpus is no evidence: garbage there changes nothing."""
    with corpus_of(tmp_path / "c.db", TEXTS) as db:
        rows = db.execute("SELECT * FROM sentence_pages").fetchall()
        (tmp_path / "c.db.passages").write_bytes(b"garbage" * 1000)
        for suffix in ("-wal", "-shm"):
            (tmp_path / f"c.db.passages{suffix}").unlink(missing_ok=True)
        run_passes(db, RULES)
        assert db.execute("SELECT * FROM sentence_pages").fetchall() == rows
