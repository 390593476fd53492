"""What a text is found to say: no is what coders answered, never what nobody looked at."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from pipelines.coding.findings import Answer, CodedClaim, CodedText, Question, Reason, Says, combine, find


@dataclass(frozen=True)
class Code:
    """A code as far as a finding needs it."""

    id: str
    level: str = "sentence"
    type: str = "boolean"
    omission: bool = False
    values: tuple[str, ...] = ("yes", "no", "unclear")


RATE, PRICE, RAPID = Code("E1_rate"), Code("S4_price", "page"), Code("E2_rapid", type="category")
ROLES = {"oak": "adjudicator"}


def question(**values):
    """Make a question that these coders answered, with the status that the desk gives it."""
    answers = tuple(Answer(coder, ROLES.get(coder, "reader"), value, "2026-03-01") for coder, value in values.items())
    given = {one.value for one in answers if one.role == "reader"}
    decided = [one.value for one in answers if one.role == "adjudicator"]
    if decided:
        return Question("adjudicated", decided[0], answers)
    if len(answers) < 2:
        return Question("one", None, answers)
    return Question("agreed", given.pop(), answers) if len(given) == 1 else Question("conflict", None, answers)


def claim(number=0, code="E1_rate", **values):
    """Make a sentence with these coders' decisions, or a candidate that nobody decided on."""
    return CodedClaim(code, "ab12", f"ab12/{number}", f"Sentence {number}.", question(**values) if values else None)


def read(**values):
    """Say who has read the text, and how much of it."""
    return tuple(Answer(coder, ROLES.get(coder, "reader"), value, "2026-03-01") for coder, value in values.items())


BOTH = read(anna="whole page", ben="main text")
TEXTS = [
    # nobody looked for it
    ((), {"S4_price": question(anna="no", ben="no")}, (), Reason.NOT_READ),
    ((claim(),), {"S4_price": question(anna="no", ben="no")}, (), Reason.WAITING),
    # read whole
    ((), {}, BOTH, "no"),
    ((), {}, read(anna="whole page"), Reason.ONE),
    ((), {}, read(oak="whole page"), "no"),
    ((claim(anna="no", ben="no"),), {}, BOTH, "no"),
    ((claim(anna="no", ben="no"),), {}, (), Reason.NOT_READ),
    ((claim(anna="no", ben="no"), claim(1)), {}, BOTH, Reason.WAITING),
    ((claim(anna="no"),), {}, (), Reason.ONE),
    ((claim(anna="no"),), {}, BOTH, "no"),  # ben read it whole and did not accept the sentence
    # answered for the whole text
    ((claim(),), {"E1_rate": question(anna="no", ben="no")}, (), "no"),
    ((), {"E1_rate": question(anna="no")}, (), Reason.ONE),
    ((), {"E1_rate": question(anna="no")}, read(ben="whole page"), "no"),
    ((), {"E1_rate": question(anna="yes")}, read(ben="whole page"), Reason.CONFLICT),
    ((), {"E1_rate": question(anna="no", ben="yes")}, (), Reason.CONFLICT),
    ((claim(anna="yes"),), {"E1_rate": question(anna="no", ben="no")}, (), Reason.ONE),
    # said
    ((claim(anna="yes", ben="yes"), claim(1)), {}, (), "yes"),
    ((claim(anna="yes", ben="yes"), claim(1, anna="no", ben="yes")), {}, (), "yes"),
    ((claim(anna="yes", ben="no", oak="yes"),), {}, (), "yes"),
    ((claim(anna="yes", ben="no", oak="no"),), {}, BOTH, "no"),
    ((claim(anna="unclear", ben="unclear"),), {}, BOTH, "unclear"),
    # open
    ((claim(anna="yes", ben="no"),), {}, BOTH, Reason.CONFLICT),
    ((claim(anna="yes"),), {}, read(anna="whole page"), Reason.ONE),
    ((claim(anna="yes"),), {}, BOTH, Reason.CONFLICT),  # anna's own mark, and ben read the text whole without it
    ((claim(anna="unclear", ben="unclear"), claim(1, anna="yes", ben="no")), {}, BOTH, Reason.CONFLICT),
    ((claim(anna="yes"), claim(1, ben="yes")), {}, BOTH, Reason.ONE),  # each has found another one
]


@pytest.mark.parametrize(("claims", "questions", "reads", "expected"), TEXTS)
def test_a_code_of_sentences(claims, questions, reads, expected):
    """A text says no where it was read or answered for, and everything proposed in it was rejected."""
    found = find(CodedText("ab12", questions, claims, reads), RATE)
    assert (found.reason or found.says.value) == expected


def test_one_coder_alone_counts_only_when_asked():
    """For a round that nobody else is to code."""
    text = CodedText("ab12", {}, (claim(anna="no"),), read(anna="whole page"))
    assert (find(text, RATE).reason, find(text, RATE, single=True).says) == (Reason.ONE, Says.NO)
    waiting = CodedText("ab12", {}, (claim(anna="no"), claim(1)), read(anna="whole page"))
    assert find(waiting, RATE, single=True).reason is Reason.WAITING


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (question(anna="no", ben="no"), "no"),
        (question(anna="yes", ben="yes"), "yes"),
        (question(anna="no", ben="yes"), Reason.CONFLICT),
        (question(anna="no"), Reason.ONE),
        (None, Reason.NOT_CODED),
    ],
)
def test_a_code_of_whole_pages(given, expected):
    """What was answered for the text; that somebody read it whole answers no code of whole pages."""
    text = CodedText("ab12", {"S4_price": given} if given else {}, (), BOTH)
    found = find(text, PRICE)
    assert (found.reason or found.says.value) == expected


def test_a_mark_counts_for_a_code_of_whole_pages():
    """A coder may mark the sentence instead of answering for the page."""
    text = CodedText("ab12", {}, (claim(code="S4_price", anna="yes", ben="yes"),))
    found = find(text, PRICE)
    assert (found.says, [one.quote for one in found.claims]) == (Says.YES, ["Sentence 0."])


def test_the_values_of_sentences_are_joined():
    """Two sentences of a category give both values."""
    claims = (claim(code="E2_rapid", anna="hours", ben="hours"), claim(1, "E2_rapid", anna="days", ben="days"))
    assert find(CodedText("ab12", {}, claims), RAPID).value == "days|hours"


def test_a_no_says_how_it_was_looked_at():
    """Rejected candidates are counted, and who read how much."""
    found = find(CodedText("ab12", {}, (claim(anna="no", ben="no"),), BOTH), RATE)
    assert found.how == "1 candidate rejected; main text read by 1 coder; whole page read by 1 coder"
    assert {one.coder for one in found.answers} == {"anna", "ben"}


def test_what_one_coder_decided_is_in_no_finding():
    """The second coder might read it before voting."""
    for found in (
        find(CodedText("ab12", {"E1_rate": question(anna="yes")}, (claim(anna="yes"),)), RATE),
        find(CodedText("ab12", {}, (claim(anna="yes"),), BOTH), RATE),
    ):
        assert (found.claims, found.answers) == ((), ())


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
        ([], "category", ""),
    ],
)
def test_values_are_combined(values, kind, combined):
    """What is said anywhere is said."""
    assert combine(values, kind) == combined
