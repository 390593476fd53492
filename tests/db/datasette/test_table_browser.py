"""The table of advertisers in a real browser, on a desk and on a phone: what a cell is, is told without colour."""

from __future__ import annotations

import pytest

from db.coding.votes_file import voting
from db.coding.voting import Vote, cast_votes
from db.corpus.connection import reading
from tests.db.datasette.test_review_browser import DESK, PHONE, chromium, serving, tab_of  # noqa: F401 - a fixture
from tests.support.desk import many_pages

SENTENCE = "Nine in ten of our patients get better."


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Serve a corpus in which one person coded a page: a yes, an unclear, and a page that was read whole."""
    path = tmp_path_factory.mktemp("table") / "corpus.db"
    many_pages(path, 2, claims=f"Ketamine infusions at our clinic.\n{SENTENCE}")
    with reading(path) as corpus, voting(path) as review:
        text, page = corpus.execute(
            "SELECT content_sha256, page FROM versions JOIN pages ON pages.id = page WHERE url LIKE '%/claims/'"
        ).fetchone()
        answers = {"E1_rate": "yes", "S4_price": "no", "D3_testimonial": "unclear", "_read": "main text"}
        for code, value in answers.items():
            quote = SENTENCE if value == "yes" else ""
            vote = Vote("2026-03-01T09:00:00+00:00", "reader", "text", text, code, value, quote=quote, page=page)
            cast_votes(review, [vote], code)
    with serving(path) as served:
        yield served


@pytest.mark.parametrize("shape", [DESK, PHONE], ids=["desk", "phone"])
def test_cells_are_told_apart_without_colour(chromium, address, shape):  # noqa: F811
    """Each kind has its sign and its words, as the legend explains; the page does not scroll sideways."""
    with tab_of(chromium, address, shape) as tab:
        tab.goto(f"{address}/-/review/table?codes=all")
        assert tab.evaluate("document.documentElement.scrollWidth") <= shape["viewport"]["width"]
        words = {kind: tab.inner_text(f"tbody td.cell-{kind} >> nth=0") for kind in ("yes", "no", "unclear", "empty")}
        assert {kind: text[0] for kind, text in words.items()} == {"yes": "✓", "no": "✗", "unclear": "?", "empty": "–"}
        assert words["no"].split("\n")[1] == "on 1 of 4 pages looked at"
        assert words["empty"] == "– nobody coded it"
        assert [text[0] for text in tab.locator(".legend li").all_inner_texts()] == ["✓", "✗", "?", "–"]
        signs = tab.eval_on_selector_all("table.cells tbody td", "all => all.map((one) => one.innerText.trim()[0])")
        assert set(signs) == {"✓", "✗", "?", "–"}
        assert tab.wrong == []


@pytest.mark.parametrize("shape", [DESK, PHONE], ids=["desk", "phone"])
def test_a_cell_leads_to_its_sentence_in_two_clicks(chromium, address, shape):  # noqa: F811
    """From the number of pages to the evidence, from there to the words, marked and in sight."""
    with tab_of(chromium, address, shape) as tab:
        tab.goto(f"{address}/-/review/table")
        tab.click("td.cell-yes a.under")
        assert SENTENCE in tab.inner_text(".evidence-list blockquote")
        tab.click(".evidence-list h2 a")
        tab.wait_for_load_state("load")
        mark = tab.locator("#quote")
        assert SENTENCE.split(maxsplit=1)[0] in mark.inner_text()
        assert 0 <= mark.bounding_box()["y"] <= shape["viewport"]["height"]
        assert tab.evaluate("document.documentElement.scrollWidth") <= shape["viewport"]["width"]
        assert tab.wrong == []


def test_the_frame_is_chosen_on_the_page(chromium, address):  # noqa: F811
    """Boxes that are ticked stay ticked, and stand in the address."""
    with tab_of(chromium, address, DESK) as tab:
        tab.goto(f"{address}/-/review/table")
        tab.click("text=Without page types")
        tab.check('input[name="without"][value="blog"]')
        tab.click(".frame-form button")
        tab.wait_for_url("**without=blog**")
        assert tab.is_checked('input[name="without"][value="blog"]')
        assert tab.wrong == []
