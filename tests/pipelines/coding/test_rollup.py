"""What an advertiser says is what any of its pages says; what it leaves out is what coders looked for."""

from __future__ import annotations

from pipelines.coding.findings import Reason, Says
from pipelines.coding.rollup import PageCounts, ShownText, cell_counts, roll_up, value_counts
from tests.pipelines.coding.test_findings import BOTH, Code, CodedText, claim, question

ROUTE = Code("S1_route", "advertiser", "set", values=("im", "iv", "nasal", "none"))
RISK = Code("K2_abuse_risk", "page", omission=True)
RATE = Code("E1_rate")
CODES = [ROUTE, RISK, RATE]


def agreed(value):
    """Make a question on which two coders agree."""
    return question(anna=value, ben=value)


def shown(name, *pages, in_frame=None, claims=(), reads=(), **values):
    """Make a text that these pages show, with what two coders answered alike."""
    text = CodedText(name, {code: agreed(value) for code, value in values.items()}, claims, reads)
    return ShownText(text, pages, pages if in_frame is None else in_frame)


ADVERTISERS = {"cedar.example": PageCounts(40, 60), "birch.example": PageCounts(3, 3), "dune.example": PageCounts(0, 0)}
TEXTS = {
    "cedar.example": [
        shown("home", 1, K2_abuse_risk="no", S1_route="iv"),
        shown("consent", 2, in_frame=(), K2_abuse_risk="yes", S1_route="nasal"),
        shown("price", 3, 4, S1_route="im|iv"),
    ],
    "birch.example": [shown("front", 5, K2_abuse_risk="no", S1_route="none")],
}


def cells(texts=TEXTS, codes=CODES):
    """Roll coded texts up."""
    return {(cell.advertiser, cell.code): cell for cell in roll_up(ADVERTISERS, texts, codes)}


def test_a_risk_on_a_page_that_the_frame_leaves_out_counts():
    """A code of omission is answered by all pages; any other only by those of the frame."""
    cell = cells()["cedar.example", "K2_abuse_risk"]
    assert (cell.value, cell.looked, cell.of, cell.saying, cell.pages) == ("yes", 2, 60, 1, (2,))
    assert cells()["cedar.example", "S1_route"].value == "im|iv"


def test_a_no_says_on_how_many_pages_coders_looked():
    """One of three."""
    cell = cells()["birch.example", "K2_abuse_risk"]
    assert (cell.says, cell.value, cell.looked, cell.of, cell.pages) == (Says.NO, "no", 1, 3, ())


def test_one_settled_code_of_whole_pages_leaves_the_others_empty():
    """Seventeen coded texts with one code each gave seventeen times no to codes that nobody had looked for."""
    texts = {"cedar.example": [shown(f"text {n}", n, S4_price="yes", claims=(claim(n),)) for n in range(17)]}
    found = cells(texts, [Code("S4_price", "page"), RATE, RISK])
    assert found["cedar.example", "S4_price"].says is Says.YES
    for code, reason in (("E1_rate", Reason.WAITING), ("K2_abuse_risk", Reason.NOT_CODED)):
        cell = found["cedar.example", code]
        assert (cell.says, cell.value, cell.reason, cell.looked) == (Says.EMPTY, "", reason, 0)


def test_a_text_that_was_begun_and_not_finished_keeps_the_cell_empty():
    """A sentence on which coders differ, or that waits beside others that were decided, may be the claim."""
    looked_at = shown("home", 1, reads=BOTH)
    open_texts = {
        Reason.CONFLICT: shown("blog", 2, claims=(claim(anna="yes", ben="no"),)),
        Reason.ONE: shown("blog", 2, claims=(claim(anna="yes"),)),
        Reason.WAITING: shown("blog", 2, claims=(claim(anna="no", ben="no"), claim(1))),
        Reason.NOT_READ: shown("blog", 2, claims=(claim(anna="no", ben="no"),)),
    }
    for reason, text in open_texts.items():
        assert cells({"cedar.example": [looked_at, text]})["cedar.example", "E1_rate"].reason is reason
    not_begun = shown("blog", 2, claims=(claim(),), S4_price="yes")
    cell = cells({"cedar.example": [looked_at, not_begun]})["cedar.example", "E1_rate"]
    assert (cell.says, cell.looked, cell.of) == (Says.NO, 1, 40)


def test_an_advertiser_without_a_page_in_the_frame_has_empty_cells():
    """Nothing was looked at, and the cell says why."""
    assert {cell.reason for key, cell in cells().items() if key[0] == "dune.example"} == {Reason.NO_PAGE}


def test_every_cell_is_counted_once():
    """Yes, no, unclear and each reason add up to the table."""
    counts = cell_counts(cells().values())
    assert sum(one.cells for one in counts) == len(ADVERTISERS) * len(CODES)
    assert {(one.says.value, one.reason): one.cells for one in counts if one.cells} == {
        ("yes", None): 2,
        ("no", None): 2,
        ("", Reason.NOT_READ): 2,
        ("", Reason.NO_PAGE): 3,
    }


def test_the_printed_table_counts_advertisers_with_an_answer():
    """Each value of the codebook has its count, also where nobody has it; empty cells are in none."""
    counts = {(one.code, one.value): (one.advertisers, one.coded) for one in value_counts(cells().values(), CODES)}
    assert counts["S1_route", "iv"] == (1, 2)
    assert counts["S1_route", "nasal"] == (0, 2)
    assert counts["K2_abuse_risk", "yes"] == (1, 2)
    assert not [key for key in counts if key[0] == "E1_rate"]
