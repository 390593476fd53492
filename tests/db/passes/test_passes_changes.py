"""An edit that several pages of a site share is one change with its pages, whatever else changed on each of them."""

from __future__ import annotations

import json
from contextlib import closing

import pytest

from crawler.engine.rule_files import load_rules
from db.corpus.connection import open_corpus
from tests.support.made_corpus import ABOUT, HOST, crawl_texts

TEA = "We serve tea of nine kinds, and ketamine patients may choose a cup to take home with them. " * 4
SENTENCE = "FDA approved for depression, 90 % get better."
ROOMS = {
    f"/{name}/": f"{title}\n{ABOUT}\n{own}"
    for name, title, own in (
        ("fees", "What it costs", "An hour in the chair costs as much as a good dinner for four."),
        ("team", "Who we are", "Two nurses and a doctor look after the five chairs by the window."),
        ("way", "How to find us", "The tram stops at the corner, and the lift is behind the bakery."),
        ("day", "Your first day", "Come without breakfast, bring a friend, and leave the car at home."),
        ("after", "After a session", "Sleep long, drink water, and write down what you want to keep."),
    )
}


def grown(text: str) -> str:
    """Give a page another title and the sentence that all get."""
    title, rest = text.split("\n", 1)
    return f"{title}, explained anew in {len(title)} words\n{rest}\n{SENTENCE}"


def changes_between(folder, first, second):
    """Crawl a site twice and read its changes, each with the paths of its pages."""
    with closing(open_corpus(folder / "c.db")) as db:
        for day, texts in ((1, first), (8, second)):
            crawl_texts(db, folder / "c.db", texts, now=f"2026-03-0{day}T09:00:00+00:00", rules=load_rules())
        rows = db.execute(
            "SELECT id, summary, score, cues, edit_pages FROM changes WHERE kind = 'edited' ORDER BY score DESC"
        )
        found = [tuple(row) for row in rows]
        pages = {
            row[0]: db.execute(
                "SELECT DISTINCT page, removed, added FROM changed_pages WHERE change = ?", row[:1]
            ).fetchall()
            for row in found
        }
        return found, pages


@pytest.mark.parametrize("mirrored", [False, True], ids=["added", "removed"])
def test_a_sentence_on_five_pages_with_five_new_titles_is_one_row_of_five_pages(tmp_path, mirrored):
    """It ranks above the titles, names its five pages, and each title is a row of its own page."""
    after = {path: grown(text) for path, text in ROOMS.items()}
    found, pages = changes_between(tmp_path, after if mirrored else ROOMS, ROOMS if mirrored else after)
    told = [row for row in found if SENTENCE in row[1]]
    assert len(told) == 1
    (change, _, score, cues, edit_pages) = told[0]
    assert (edit_pages, len({page for page, _, _ in pages[change]})) == (5, 5)
    side = 1 if mirrored else 2
    assert all(SENTENCE in " ".join(json.loads(row[side])) for row in pages[change])
    assert found[0] is told[0]
    assert score >= 0.6
    assert {"approval", "claim"} <= set(json.loads(cues))
    others = [row for row in found if row is not told[0]]
    assert len(others) == 5
    assert all(row[4] == 1 and SENTENCE not in row[1] for row in others)


def test_words_replaced_in_lines_that_differ_are_one_edit(tmp_path):
    """Another telephone number in a sentence that each page words in its own way."""
    first = {path: f"{text}\nAsk about {path[1:-1]} at 555 0101 whenever you like." for path, text in ROOMS.items()}
    second = {path: text.replace("555 0101", "555 0199") for path, text in first.items()}
    found, pages = changes_between(tmp_path, first, second)
    assert [row[4] for row in found] == [5]
    assert len(pages[found[0][0]]) == 5


def test_an_edit_of_one_page_beside_one_of_all_is_its_own(tmp_path):
    """A footer line comes everywhere, and one page has another price: two rows."""
    first = {path: f"{text}\nCall us on weekdays." for path, text in ROOMS.items()}
    second = {
        path: text.replace("Call us on weekdays.", "Write to us by day and night, or call.")
        for path, text in first.items()
    }
    second["/fees/"] = second["/fees/"].replace("a good dinner for four", "$450")
    found, _ = changes_between(tmp_path, first, second)
    assert sorted(row[4] for row in found) == [1, 5]
    assert "$450" in next(row[1] for row in found if row[4] == 1)


def kinds(folder):
    """Read what happened to pages after the first crawl: path, kind, what it points to."""
    with closing(open_corpus(folder / "c.db")) as db:
        return db.execute(
            "SELECT replace(pages.url, 'http://' || ?, ''), page_changes.kind, target.url FROM page_changes"
            " JOIN pages ON pages.id = page LEFT JOIN pages AS target ON target.id = page_changes.target"
            " WHERE page_changes.crawl > 1 ORDER BY 1",
            (HOST,),
        ).fetchall()


def test_a_text_at_another_address_is_no_new_page(tmp_path):
    """The former address still shows it, so the page did not move either."""
    changes_between(tmp_path, ROOMS, ROOMS | {"/fees.html": ROOMS["/fees/"]})
    assert kinds(tmp_path) == [("/fees.html", "second address", f"http://{HOST}/fees/")]


def test_a_text_at_another_address_moved_where_the_former_one_is_gone(tmp_path):
    """And a page with a text of its own is new."""
    later = {path: text for path, text in ROOMS.items() if path != "/fees/"}
    changes_between(tmp_path, ROOMS, later | {"/fees.html": ROOMS["/fees/"], "/new/": f"Ours\n{TEA}"})
    assert [row[:2] for row in kinds(tmp_path)] == [("/fees/", "moved"), ("/new/", "new")]


def test_a_page_that_returns_to_a_former_state_says_so(tmp_path):
    """The row names the version by its number; an edit that brings something new, and the first of all, do not."""
    first, second = ROOMS, ROOMS | {"/fees/": ROOMS["/fees/"].replace("a good dinner", "$450, or a good dinner")}
    third = ROOMS | {"/fees/": ROOMS["/fees/"].replace("a good dinner", "$500, or a good dinner")}
    with closing(open_corpus(tmp_path / "c.db")) as db:
        for day, texts in enumerate((first, second, third, first, second), 1):
            crawl_texts(db, tmp_path / "c.db", texts, now=f"2026-03-0{day}T09:00:00+00:00", rules=load_rules())
        rows = db.execute(
            "SELECT crawl, back_to_number, summary, reasons FROM changes WHERE kind = 'edited' ORDER BY crawl"
        ).fetchall()
    assert [row[:2] for row in rows] == [(2, None), (3, None), (4, 1), (5, 2)]
    assert rows[2][2].startswith("back to version 1: text: ")
    assert "back to version 1, first seen 2026-03-01" in json.loads(rows[2][3])
    assert "back" not in rows[1][2] + rows[1][3]
