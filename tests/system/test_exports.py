"""Two exports that say the same are equal whatever their numbers; what one of them says otherwise is named."""

from __future__ import annotations

from contextlib import closing

import pytest

from db.corpus.connection import open_corpus
from db.export.export import export
from tests.support.made_corpus import ABOUT, crawl_texts
from tests.support.rows_by_hand import unlocked
from tests.system.exports import byte_differences, told_differences

PRICE = "A ketamine infusion costs 400 dollars a visit, and six of them cost 2,100 dollars together."
TEXTS = {
    "/": f"Ketamine clinic\n{ABOUT}",
    "/fees/": f"Fees\n{PRICE} We take cards, cheques and cash, and send a bill within a week of the last visit.",
    "/copy/": f"Ketamine clinic\n{ABOUT}",
}


def exported(corpus):
    """Export a corpus beside itself."""
    return export(corpus, corpus.with_suffix(".csv"), now="2026-12-01T09:00:00+00:00", force=True).folder


@pytest.fixture
def corpora(tmp_path):
    """Crawl three pages twice, found in the one order and in the other, on two days."""
    paths = []
    for day, order in (("2026-03-01", TEXTS), ("2026-07-09", reversed(TEXTS))):
        paths.append(tmp_path / f"{day}.db")
        texts = {page: TEXTS[page] for page in order}
        with closing(open_corpus(paths[-1])) as db:
            crawl_texts(db, paths[-1], texts, now=f"{day}T09:00:00+00:00")
            dearer = texts | {"/fees/": texts["/fees/"].replace("400", "500")}
            crawl_texts(db, paths[-1], dearer, now=f"{day}T21:00:00+00:00")
    return paths


def test_numbers_and_times_say_nothing(corpora):
    """Pages with other numbers, seen at other times: the bytes differ, what is told does not."""
    exports = [exported(corpus) for corpus in corpora]
    assert {"pages.csv", "documents.csv", "changes.csv", "families.csv"} <= byte_differences(*exports).keys()
    assert told_differences(*exports) == {}


@pytest.mark.parametrize(
    ("change", "file"),
    [
        ("UPDATE readings SET author = 'Ada Moss'", "documents.csv"),
        ("UPDATE page_changes SET score = 0.99", "changes.csv"),
        ("UPDATE page_changes SET at = '2026-03-01T09:00:00+00:00'", "changes.csv"),
        ("UPDATE pages SET found_on = NULL", "pages.csv"),
        ("UPDATE families SET evidence = json_set(evidence, '$.reasons[0].pages[0]', 2)", "families.csv"),
        ("UPDATE captures SET body_sha256 = 'another'", "captures.csv"),
    ],
)
def test_what_is_told_otherwise_is_named(corpora, change, file):
    """A value, a time in another crawl, where a page was found, a page in JSON: the file is named."""
    with closing(open_corpus(corpora[0])) as db, db, unlocked(db):
        assert db.execute(change).rowcount
    found = told_differences(*map(exported, corpora))
    assert file in found
    assert found[file].first == found[file].second > 0


def test_the_same_bytes_are_no_difference(corpora):
    """An export made twice is the same, byte for byte; a row that is missing is counted."""
    first = exported(corpora[0])
    second = export(corpora[0], corpora[0].with_suffix(".again"), now="2026-12-02T09:00:00+00:00").folder
    assert byte_differences(first, second) == {}
    lines = (second / "changes.csv").read_bytes().splitlines(keepends=True)
    (second / "changes.csv").write_bytes(b"".join(lines[:-1]))
    assert byte_differences(first, second) == {"changes.csv": (1, 0)}
