"""A sheet goes out, is filled in, and comes back whole or not at all."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

import pytest

from pipelines.coding.labels import SheetText, parse_sheet, read_value, sheet_codes, write_sheet, write_texts


@dataclass(frozen=True)
class Code:
    """A code as far as a sheet needs it."""

    id: str
    type: str = "boolean"
    values: tuple[str, ...] = ("yes", "no", "unclear")
    level: str = "page"


CODES = [
    Code("S4_price"),
    Code("S1_route", "set", ("im", "iv", "nasal")),
    Code("S5_insurance", "category", ("covered", "none")),
    Code("E9_rate", "number", ()),
]
TEXT = 'We charge 400 dollars.\nIt is given by drip, and "nobody" is hurried.'
TEXTS = {"a" * 64: TEXT, "b" * 64: "Another page."}
HEADER = "text_sha256,url,S4_price,S4_price quote,S1_route,S5_insurance,E9_rate,note"


def sheet(*rows):
    """Write a filled-in sheet."""
    return "\r\n".join([HEADER, *rows]) + "\r\n"


def problems(*rows, header=HEADER):
    """Say what is wrong with a sheet."""
    return parse_sheet("\r\n".join([header, *rows]) + "\r\n", CODES, TEXTS).problems


def test_values_come_back_with_their_line():
    """Each filled cell is a label, each empty one is none."""
    labels, wrong = parse_sheet(sheet(f"{'a' * 64},u,Yes,,iv | im,,12.5,see the footer"), CODES, TEXTS)
    assert wrong == []
    assert [(one.line, one.code, one.value) for one in labels] == [
        (2, "S4_price", "yes"),
        (2, "S1_route", "im|iv"),
        (2, "E9_rate", "12.5"),
        (2, "_note", "see the footer"),
    ]


def test_none_of_a_set_is_a_value():
    """A page that names no route was coded; an empty cell was not."""
    labels = parse_sheet(sheet(f"{'a' * 64},u,,,None,,,"), CODES, TEXTS).labels
    assert [(one.code, one.value) for one in labels] == [("S1_route", "none")]


def test_a_quote_is_found_in_the_text():
    """A quote keeps its place, so that it can be shown in the page."""
    labels = parse_sheet(sheet(f"{'a' * 64},u,yes,400 dollars,,,,"), CODES, TEXTS).labels
    assert (labels[0].quote, labels[0].start) == ("400 dollars", TEXT.index("400 dollars"))


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (f"{'a' * 64},u,maybe,,,,,", "line 3: S4_price cannot be 'maybe'; it is one of yes, no, unclear"),
        (f"{'a' * 64},u,,,iv|swallowed,,,", "line 3: S1_route cannot be"),
        (f"{'a' * 64},u,,,,,many,", "line 3: E9_rate cannot be 'many'; it is a number"),
        (f"{'c' * 64},u,yes,,,,,", "line 3: the text of u is not the one of this line any more"),
        (f"{'a' * 64},u,yes,500 dollars,,,,", "line 3: the text has no '500 dollars'"),
        (f"{'b' * 64},u,no,,,,,", "line 3: S4_price of this text stands in line 2 already"),
        ("only,three,cells", "line 3: it has not as many cells as the header"),
    ],
)
def test_a_bad_line_is_named(row, says):
    """Number, what is wrong, what would be right."""
    (problem,) = problems(f"{'b' * 64},u,yes,,,,,", row)
    assert problem.startswith(says)


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("url,S4_price", "line 1: no column text_sha256"),
        ("text_sha256,S99_other", "line 1: 'S99_other' is no code"),
        ("text_sha256,S4_price,S4_price", "line 1: the column 'S4_price' stands there twice"),
    ],
)
def test_a_bad_header_is_named(header, says):
    """A sheet of another codebook is told before its lines."""
    assert problems(header=header)[0].startswith(says)


def test_a_line_without_labels_is_passed_over():
    """A stale text does no harm where nobody coded it."""
    assert problems(f"{'c' * 64},u,,,,,,") == []


def test_every_problem_is_told():
    """A coder mends a sheet once."""
    assert len(problems(f"{'a' * 64},u,maybe,,,,,", f"{'b' * 64},u,,,,free,,")) == 2


def test_a_sheet_that_is_cut_off_is_told():
    """A quote that is never closed is no crash."""
    assert "not CSV" in problems(f'{"a" * 64},u,"yes')[0]


def test_a_sheet_has_a_line_a_text_and_a_column_a_code():
    """What goes out can be read by any CSV reader, whatever stands in a title."""
    text = SheetText("a" * 64, "http://a.example/", "a.example", 'A "quoted"\n title, long', "faq", "", TEXT)
    rows = list(csv.reader(io.StringIO("".join(write_sheet([text], CODES)))))
    assert rows[0][-5:] == ["S4_price", "S1_route", "S5_insurance", "E9_rate", "note"]
    assert rows[1][3] == 'A "quoted" title, long'
    assert list(csv.reader(io.StringIO("".join(write_texts([text])))))[1][2] == TEXT


def test_an_untouched_sheet_is_no_error():
    """Exporting and importing at once labels nothing."""
    text = SheetText("a" * 64, "http://a.example/", "a.example", "=1+1", "faq", "", TEXT)
    assert parse_sheet("".join(write_sheet([text], CODES)), CODES, TEXTS) == ([], [])


def test_sentences_are_not_on_a_sheet():
    """Their codes are coded where they are marked in the text."""
    assert [code.id for code in sheet_codes([*CODES, Code("E1", level="sentence")])] == [code.id for code in CODES]


@pytest.mark.parametrize("written", ["", "iv|", "|", "iv||im", "1e5", "-", "--1", ".5", "yes"])
def test_what_is_no_number_is_none(written):
    """Only plain decimal numbers are numbers."""
    assert read_value(Code("n", "number", ()), written) is None
