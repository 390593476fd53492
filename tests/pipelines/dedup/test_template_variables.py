"""One text with variables instead of forty pages: what differs is cut out, named, and counted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.dedup.align import align_lines, differing_words, words_of
from pipelines.dedup.template_variables import as_data, make_template
from pipelines.dedup.variable_kinds import PageIdentity, kind_of
from pipelines.model.records import VariableKind

ODD_TEXTS = ["", "word " * 3000, "12 34\n" * 50, "😀😀\n😀", "مرحبا بكم\nفي العيادة", "氯胺酮治疗抑郁症。"]
TOWNS = ("Alder Falls", "Millrace", "Fernbrook Hills")


def identity(brand: str = "", place: str = "", label: str = "") -> PageIdentity:
    """Tell what a page says of itself."""
    return PageIdentity(frozenset({brand} - {""}), frozenset({place} - {""}), label)


def shown(template) -> list[str]:
    """Write a template as a reader sees it."""
    return [
        "".join(part if isinstance(part, str) else f"{{{template.variables[part].name}}}" for part in line.parts)
        for line in template.lines
    ]


def doorways(text: str) -> tuple[dict[int, str], dict[int, PageIdentity]]:
    """Make a page for each town out of one text."""
    texts = {number: text.replace("TOWN", town) for number, town in enumerate(TOWNS, 1)}
    return texts, {number: identity(label=f"Ketamine near {town}") for number, town in enumerate(TOWNS, 1)}


def test_a_swapped_town_is_one_variable():
    """However often the town stands there, and with however many words, it is one variable with a value a page."""
    texts, facts = doorways("Ketamine in TOWN\nAs TOWN patients tell us, it helps in TOWN and beyond.\nCall us.")
    template = make_template(1, texts, facts)
    assert shown(template) == [
        "Ketamine in {city}",
        "As {city} patients tell us, it helps in {city} and beyond.",
        "Call us.",
    ]
    assert [(variable.kind, variable.times, list(variable.values.values())) for variable in template.variables] == [
        (VariableKind.CITY, 3, list(TOWNS))
    ]


def test_variables_of_two_clinics_are_named():
    """Brand, phone, price, state and doctor are told apart."""
    texts = {
        1: "At Cedar Ketamine in Ohio, Dr. Ann Lee charges $450. Call (512) 555-0100.",
        2: "At Juniper Mind in Utah, Dr. Bo Roy charges $1,200. Call (212) 555-0199.",
    }
    template = make_template(1, texts, {1: identity("cedarketamine"), 2: identity("junipermind")})
    assert shown(template) == ["At {brand} in {state}, {person} charges {price}. Call {phone}."]


def test_lines_that_only_some_pages_have():
    """A line that a page lacks says so; what a page adds stands where it is added."""
    texts = {1: "One here\nTwo is the middle\nThree ends it", 2: "One here\nThree ends it\nAdded below by the second"}
    template = make_template(1, texts, {1: identity(), 2: identity()})
    assert [(line.lacking, line.extra) for line in template.lines] == [
        ((), False),
        ((2,), False),
        ((), False),
        ((1,), True),
    ]
    assert template.variables[0].values == {2: "Added below by the second"}


def test_exact_duplicates_have_no_variable():
    """Pages with the same words give the text itself."""
    template = make_template(2, {1: "The same\nwords", 2: "The same\nwords"}, {1: identity(), 2: identity()})
    assert (shown(template), template.variables) == (["The same", "words"], ())


def test_an_article_is_no_difference():
    """`an Ashgrove` and `a Fernbrook` differ in the town alone."""
    texts = {1: "Find an Ashgrove clinic", 2: "Find a Fernbrook clinic"}
    template = make_template(1, texts, {1: identity(label="Ashgrove"), 2: identity(label="Fernbrook")})
    assert shown(template) == ["Find an {city} clinic"]


@pytest.mark.parametrize(
    "text", ["", "word " * 3000, "12 34\n" * 50, "😀😀\n😀", "مرحبا بكم\nفي العيادة", "氯胺酮治疗抑郁症。"]
)
def test_any_text_gives_a_template(text):
    """Empty, repeated, numbers, emoji, right to left, without spaces: no error, and the text is still there."""
    template = make_template(1, {1: text, 2: text[::-1]}, {1: identity(), 2: identity()})
    assert template.members == 2


WORDS = st.lists(
    st.sampled_from(["ketamine", "clinic", "calm", "Reno", "$450", "555", "(512)555-0100", "a", "an", "the", "near\n"]),
    max_size=30,
)


@given(WORDS, WORDS, WORDS)
def test_each_page_can_be_read_back(one, two, three):
    """Putting a page's values into the template gives all the words of the page, in their order."""
    texts = {number: " ".join(words) for number, words in enumerate((one, two, three), 1)}
    template = make_template(1, texts, {number: identity() for number in texts})
    for page, text in texts.items():
        said = [_said(template, line, page) for line in template.lines if page not in line.lacking]
        assert [word.key for word in words_of(" ".join(said))] == [word.key for word in words_of(text)]


def _said(template, line, page: int) -> str:
    """Fill a line with a page's own words."""
    return " ".join(part if isinstance(part, str) else template.variables[part].values[page] for part in line.parts)


def test_lines_are_paired_in_order():
    """An inserted line has no partner; a line that was edited keeps its own."""
    one = ["We open at nine", "A nurse stays with you", "Parking is free"]
    two = ["We open at nine", "New this year: a garden", "A doctor stays with you", "Parking is free"]
    assert align_lines(one, two) == [(0, 0), (1, 2), (2, 3)]


def test_differing_words_are_named_with_their_places():
    """Only the words that differ are named, with their places on both sides."""
    one, two = words_of("six visits in Reno today"), words_of("six visits in Salt Lake City today")
    assert [tuple(span) for span in differing_words(one, two)] == [(3, 4, 3, 6)]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (("(512) 555-0100", "212.555.0199"), VariableKind.PHONE),
        (("$450", "$1,200.50"), VariableKind.PRICE),
        (("forty", "45"), VariableKind.NUMBER),
        (("Texas", "OR"), VariableKind.STATE),
        (("in Reno", "Elko,"), VariableKind.CITY),
        (("Cedar Ketamine", "the Cedar Ketamine team"), VariableKind.BRAND),
        (("Dr. Lee", "Bo Roy, MD"), VariableKind.PERSON),
        (("anxiety", "PTSD"), VariableKind.TEXT),
        (("", "in"), VariableKind.TEXT),
    ],
)
def test_the_kind_of_a_variable(values, kind):
    """What most values look like tells the kind; small words around them do not count."""
    facts = {1: identity("cedarketamine", "reno", "PTSD"), 2: identity("cedarketamine", "elko", "PTSD and anxiety")}
    assert kind_of(dict(enumerate(values, 1)), facts) is kind


def test_a_template_is_json():
    """Parts are texts and numbers of variables; values are by page."""
    texts, facts = doorways("In TOWN")
    data = as_data(make_template(1, texts, facts))
    assert data["lines"] == [{"parts": ["In ", 0]}]
    assert data["slots"][0]["values"] == {"1": "Alder Falls", "2": "Millrace", "3": "Fernbrook Hills"}
