"""What an advertiser says is what any of its pages says; what it leaves out is what none of them says."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from pipelines.coding.rollup import Coded, combine, roll_up, value_counts


@dataclass(frozen=True)
class Code:
    """A code as far as a roll-up needs it."""

    id: str
    type: str = "boolean"
    values: tuple[str, ...] = ("yes", "no", "unclear")


ROUTE, RISK = Code("S1_route", "set", ("im", "iv", "nasal", "none")), Code("K2_abuse_risk")
CODED = [
    Coded("cedar.example", "K2_abuse_risk", "no", "home", 1),
    Coded("cedar.example", "K2_abuse_risk", "yes", "consent", 2),
    Coded("cedar.example", "S1_route", "iv", "home", 1),
    Coded("cedar.example", "S1_route", "im|iv", "price", 3),
    Coded("birch.example", "K2_abuse_risk", "no", "front", 4),
    Coded("birch.example", "S1_route", "none", "front", 4),
]


def cells():
    """Roll the coded texts up."""
    return {(cell.advertiser, cell.code): cell for cell in roll_up(CODED, [ROUTE, RISK])}


def test_a_risk_on_the_consent_page_counts_for_the_advertiser():
    """It is named, and the consent page is the evidence."""
    cell = cells()["cedar.example", "K2_abuse_risk"]
    assert (cell.value, cell.texts, cell.evidence, cell.pages) == ("yes", 2, ("consent",), (2,))


def test_an_omission_rests_on_every_text_that_was_coded():
    """No is said of all coded texts, so none of them is its evidence."""
    cell = cells()["birch.example", "K2_abuse_risk"]
    assert (cell.value, cell.texts, cell.evidence) == ("no", 1, ())


def test_sets_are_joined():
    """Routes of all pages are the routes of the advertiser."""
    assert cells()["cedar.example", "S1_route"].value == "im|iv"


def test_the_printed_table_counts_advertisers():
    """Each value of the codebook has its count, also where nobody has it."""
    counts = {
        (one.code, one.value): (one.advertisers, one.coded) for one in value_counts(cells().values(), [ROUTE, RISK])
    }
    assert counts["S1_route", "iv"] == (1, 2)
    assert counts["S1_route", "nasal"] == (0, 2)
    assert counts["K2_abuse_risk", "yes"] == (1, 2)


def test_a_code_that_is_not_in_the_codebook_is_left_out():
    """A vote on the topic is no column of the table."""
    assert roll_up([Coded("cedar.example", "topic", "on topic", "home")], [ROUTE]) == []


@pytest.mark.parametrize(
    ("values", "kind", "combined"),
    [
        (["no", "unclear"], "boolean", "unclear"),
        (["no", "no"], "boolean", "no"),
        (["none", "weeks"], "category", "weeks"),
        (["unclear", "both"], "category", "both"),
        (["none"], "category", "none"),
        (["days", "hours"], "category", "days|hours"),
        (["no", "cure"], "category", "cure"),
        (["no"], "category", "none"),
    ],
)
def test_values_are_combined(values, kind, combined):
    """What is said anywhere is said."""
    assert combine(values, kind) == combined
