"""Misreadings of the first scan, one by one: whose drug, whose risk, which polarity, where it stands, number tiles.

Own words, each of a kind that was misread on real pages; what should be proposed stands beside what should not.
"""

from __future__ import annotations

import pytest

from pipelines.coding.claims import Scanner, find_candidates
from pipelines.coding.codebook import load_codebook
from tests.support.command import ROOT

SCANNER = Scanner(load_codebook((ROOT / "seeds" / "codebook.toml").read_text(encoding="utf-8")))


def proposed(text: str) -> dict[str, set[str]]:
    """Map the codes that are proposed for the last line of a text to their values."""
    found: dict[str, set[str]] = {}
    for one in find_candidates(text, SCANNER):
        if one.end > text.rstrip().rfind("\n"):
            found.setdefault(one.code.split("_")[0], set()).add(one.value)
    return found


@pytest.mark.parametrize(
    ("text", "code", "is_proposed"),
    [
        ("Ketamine acts on glutamate.\nIt may lessen thoughts of suicide.", "E6", True),
        ("TMS acts on nerve cells.\nIt may lessen thoughts of suicide.", "E6", False),
        ("Ketamine is a remarkable option for many.", "E5", True),
        ("Semaglutide is a remarkable option for many, our ketamine guests say.", "E5", False),
        ("Botox Specials\nThe results are amazing and last.", "E5", False),
        ("TMS brought remission to 58% of patients.", "E1", False),
        ("Ketamine brought remission to 58% of patients, TMS to fewer.", "E1", True),
        ("With TMS there are no side effects at all.", "K3", False),
        ("With ketamine there are no side effects at all.", "K3", True),
        ("TMS is FDA approved for depression, and ketamine is offered here.", "R1", False),
    ],
)
def test_whose_drug_it_is(text, code, is_proposed):
    """A claim on another drug or device is none; "It" is what the sentence before was about."""
    assert (code in proposed(text)) is is_proposed


@pytest.mark.parametrize(
    ("text", "there", "absent"),
    [
        ("The risk of addiction with ketamine is extremely low.", "K1", "K2"),
        ("In our clinic dependence on ketamine is rare.", "K1", "K2"),
        ("Some people take ketamine for a thrill and grow dependent on it.", "K2", "K1"),
        ("Dependence on ketamine can develop with heavy use.", "K2", "K1"),
        ("We use ketamine for anxiety.", "C2", "D1"),
        ("There is no clinical research on ketamine for ADHD.", "D1", "C2"),
        ("People with uncontrolled blood pressure should not receive ketamine.", "K5", "K4"),
        ("Ketamine can raise blood pressure for an hour.", "K4", "K5"),
        ("Ketamine is not FDA approved for any mental illness.", "R2", "E4"),
        ("There is still no drug that quickly relieves suicidal thoughts, doctors of the clinic said.", "", "E6"),
        ("We cannot guarantee the security of your e-mail to our ketamine clinic.", "", "D1"),
        ("We evaluate each person to see whether ketamine is safe.", "K5", "K3"),
    ],
)
def test_which_way_a_sentence_speaks(text, there, absent):
    """A denial is no disclosure, a contraindication no risk, negated evidence no promotion, a goal no claim."""
    found = proposed(text)
    assert not there or there in found
    assert absent not in found


@pytest.mark.parametrize(
    "text",
    [
        "Between 60 and 70 % of treatment-resistant patients respond to ketamine.",
        "Ketamine helps 60-70% of severely depressed, treatment-resistant adults.",
        "About two thirds of patients with refractory, long-standing depression improve with infusions.",
        "Seventy-one percent of our guests felt better after the infusions.",
    ],
)
def test_adjectives_do_not_hide_a_rate(text):
    """Words on the illness stand between the number and the people who improve; "resistant" is no failure of ours."""
    assert "E1" in proposed(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Ketamine infusions are FDA-approved for treating depression.", "false_explicit"),
        ("Ketamine lifts mood in many.\nIt has been FDA approved for depression for years.", "false_explicit"),
        ("Spravato is a nasal spray.\nIt was approved by the FDA in 2019.", "accurate"),
        ("Ketamine has been approved by the FDA as an anesthetic since 1970.", "accurate"),
        ("The FDA has not approved ketamine for depression.", "accurate"),
    ],
)
def test_the_value_of_a_statement_on_approval(text, value):
    """Ketamine itself called approved for a mental use is false; what tells the uses and drugs apart is accurate."""
    assert proposed(text)["R1"] == {value}


@pytest.mark.parametrize(
    ("text", "code", "value"),
    [
        ("Who should not have ketamine?\nUncontrolled high blood pressure\nActive psychosis", "K5", "yes"),
        ("Possible side effects of ketamine\nNausea", "K4", "nausea"),
        ("Ketamine may help with:\nMigraine", "C2", "near"),
        ("Ketamine may help with:\nBrain fog", "C2", "far"),
        ("Ketamine can help people with:\nThoughts of suicide\nSuicidal ideation", "E6", "yes"),
        ("Ketamine Treatment\nA new option for PTSD, panic attacks and pain.", "C2", "near"),
    ],
)
def test_a_bullet_counts_as_its_heading_makes_it_read(text, code, value):
    """A bare bullet is a contraindication, a risk or a use, as the line above it says."""
    assert value in proposed(text).get(code, set())


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Who should not have ketamine?\nActive psychosis", {"K4"}),
        ("Conditions we treat with TMS:\nMigraine", {"C2"}),
        ("Anxiety is common.\nIt makes days hard.", {"C2"}),
        ("References\nLee A, Roe B. Ketamine for migraine and OCD. J Ment. 2019; 12: 4-9.", {"C2", "E1", "E2"}),
    ],
)
def test_a_bullet_is_not_what_its_heading_does_not_say(text, codes):
    """A contraindication is no risk, a use of another drug no promotion of ours, a title of a study no claim."""
    assert not codes & proposed(text).keys()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Our numbers\n82%\nSuccess rate", "E1"),
        ("82%\nof our patients improve", "E1"),
        ("24hrs\nTime to relief", "E2"),
        ("50+\nYears of safe use", "K3"),
        ("One infusion\n$450\nper session", "S4"),
    ],
)
def test_number_tiles_are_claims(text, code):
    """A number beside its caption is one statement, quoted with both lines from its true place."""
    (one,) = (one for one in find_candidates(text, SCANNER) if one.code.startswith(code))
    assert one.quote == text[one.start : one.end]
    assert "\n" in one.quote


def test_a_candidate_says_why_it_counts():
    """A candidate tells what it is about, how that is known, and the context that it stands in."""
    text = "Ketamine may help with:\nMigraine"
    (one,) = (one for one in find_candidates(text, SCANNER) if one.code == "C2_unsupported")
    assert (one.subject, one.subject_by, one.context) == ("ketamine", "heading", "uses")


@pytest.mark.parametrize(
    ("text", "risk", "screening"),
    [
        ("Ketamine can raise blood pressure, so people whose pressure is uncontrolled should not have it.", True, True),
        ("Ketamine may elevate the heart rate, and we monitor your heart rate.", True, False),
        ("A nurse will monitor your blood pressure during ketamine.", False, False),
        ("Before ketamine, uncontrolled high blood pressure must be treated.", False, True),
        ("Some medical conditions may prevent you from receiving ketamine.", False, True),
    ],
)
def test_a_risk_is_told_from_monitoring_and_from_screening(text, risk, screening):
    """A risk stays a risk beside what is done about it; what is watched or screened for is none by itself."""
    found = proposed(text)
    assert ("K4" in found) is risk
    assert ("K5" in found) is screening
