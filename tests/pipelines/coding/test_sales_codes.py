"""How it is sold: codes on sameness, own brands, seals, prices, typical results, pictures and endorsements."""

from __future__ import annotations

import pytest

from pipelines.coding.claims import Scanner, find_candidates
from pipelines.coding.codebook import load_codebook
from tests.support.command import ROOT

BOOK = load_codebook((ROOT / "seeds" / "codebook.toml").read_text(encoding="utf-8"))
SCANNER = Scanner(BOOK)
SOLD = [code for code in BOOK.codes if code.id.startswith("M")]


def proposed(text: str) -> dict[str, str]:
    """Map the codes that are proposed for a text to their values."""
    return {one.code: one.value for one in find_candidates(text, SCANNER)}


@pytest.mark.parametrize("code", SOLD, ids=lambda code: code.id)
def test_the_examples_of_a_code_are_told_apart(code):
    """A code is proposed for its own example and not for the one that it does not hold for."""
    assert code.id in proposed(code.positive)
    assert code.id not in proposed(code.negative)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Our lozenge works just as well: it is as effective as Spravato.", "M1_sameness"),
        ("Ask for generic Spravato at half of the price.", "M1_sameness"),
        ("You get the same molecule that hospitals use.", "M1_sameness"),
        ("Our signature ketamine lozenge comes in two flavors.", "M2_own_brand"),
        ("SerenaMelt™ is a ketamine tablet for use at home.", "M2_own_brand"),
        ("Our clinic is fully accredited by the Joint Commission.", "M3_certification"),
        ("The lozenges come from an FDA-registered facility.", "M3_certification"),
        ("Sessions start at $199, and labs are billed separately.", "M4_price_excludes"),
        ("The price of the infusion does not include the consultation fee.", "M4_price_excludes"),
        ("You can expect real relief from depression with ketamine.", "M5_typical"),
        ("The vast majority of our patients feel better after ketamine.", "M5_typical"),
        ("Look at our before-and-after gallery.", "M6_before_after"),
        ("Brain images taken before and after show the change.", "M6_before_after"),
        ("Our ketamine program was featured in Forbes.", "M7_endorsement"),
        ("Movie stars turn to ketamine for their depression.", "M7_endorsement"),
    ],
)
def test_ways_of_selling_are_proposed(text, code):
    """Other wordings of the same kind are proposed as well."""
    assert code in proposed(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("You go home on the same day as with Spravato.", "M1_sameness"),
        ("Compounded ketamine is not equivalent to Spravato.", "M1_sameness"),
        ("We make our own coffee for your visit.", "M2_own_brand"),
        ("Our own ketamine lozenges are made by Birch Lane Pharmacy.", "M2_own_brand"),
        ("Our nurses are certified in life support.", "M3_certification"),
        ("There is no additional fee for the consultation.", "M4_price_excludes"),
        ("Side effects include nausea, and symptoms may not be included here.", "M4_price_excludes"),
        ("Most people find our ketamine clinic by the blue door.", "M5_typical"),
        ("Not all patients improve with ketamine.", "M5_typical"),
        ("We check your blood pressure before and after the infusion.", "M6_before_after"),
        ("As seen in the trial, ketamine works for a while.", "M7_endorsement"),
    ],
)
def test_what_only_looks_like_it_is_not(text, code):
    """The same words on another matter, or denied, are not proposed."""
    assert code not in proposed(text)


def test_each_code_has_a_key_of_its_own_with_sources():
    """Seven codes with a definition and a source each; letters had run out, so three have a mark for a key."""
    assert [code.key for code in SOLD] == ["6", "7", "9", "0", "-", "=", ";"]
    assert all("2025" in code.source or "FTC" in code.source for code in SOLD)
    assert all(len(code.definition) > 60 for code in SOLD)
