"""A crawl of the demo web is scored against its truth."""

from __future__ import annotations

import pytest

from demo.score import Tally, tallies, text_quality, word_f1
from demo.truth import PageTruth
from tests.support.made_corpus import ABOUT, HOST, corpus_of

BASE = f"http://{HOST}"


def test_a_tally_names_its_mistakes():
    """True, found, missed and extra, with one example of each; what is left open is no mistake."""
    tally = Tally("pages", frozenset("abc"), frozenset("bxyz"), frozenset("z"))
    assert (tally.missed, tally.extra) == (["a", "c"], ["x", "y"])
    assert tally.line().split() == ["pages", "3", "1", "2", "2", "missed", "a", "extra", "x"]


@pytest.mark.parametrize(
    ("true", "found", "f1"),
    [("a b c d", "d c b a", 1.0), ("a b", "c d", 0.0), ("a b c d", "a b", 2 / 3), ("", "", 0.0), ("A a", "a", 2 / 3)],
)
def test_the_share_of_words(true, found, f1):
    """Words count as often as they stand there, in any order and case."""
    assert word_f1(true, found) == pytest.approx(f1)


def truth(path: str, **told) -> PageTruth:
    """Tell the truth about a page of the made corpus."""
    return PageTruth(BASE + path, HOST, HOST, "service", "page", 200, topic="on topic", **told)


def test_a_corpus_is_scored(tmp_path):
    """What the truth has and the corpus has not is missed, what it has beyond is extra; texts are compared."""
    pages = [
        truth("/a/", lines=(ABOUT,), distinct=True),
        truth("/unseen/", lines=("x",)),
        truth("/a/copy/", copy_of=f"{BASE}/a/"),
    ]
    with corpus_of(tmp_path / "c.db", {"/a/": ABOUT, "/a/copy/": ABOUT, "/more/": ABOUT + " More."}) as db:
        found = {tally.name: tally for tally in tallies(db, {page.url: page for page in pages}, 1)}
        quality = text_quality(db, {page.url: page for page in pages})
    assert found["pages read"].missed == [f"{BASE}/unseen/"]
    assert found["documents on topic"].extra == [f"{BASE}/more/"]
    assert (found["exact copies"].missed, found["exact copies"].extra) == ([], [])
    assert quality == (1, 1.0)
