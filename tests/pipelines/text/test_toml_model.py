"""TOML files of people: read into models, or refused in one line with the place."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

import pytest
from pydantic import Field, field_validator, model_validator

from pipelines.model.errors import UsageError
from pipelines.text.toml_model import Listed, ProblemAt, Text, TomlModel, load_toml_model


class Cue(TomlModel):
    """What the codes of the test file hold."""

    name: Text
    words: Listed[Text]
    within: int = Field(80, ge=1, le=300)


class Code(TomlModel):
    """A table of an array, with one more array in it."""

    id: Text
    level: Literal["page", "sentence"]
    omission: bool = False
    cues: Listed[Cue] = ()

    @field_validator("id")
    @classmethod
    def _is_an_id(cls, value: str) -> str:
        if not value[0].isupper():
            raise ValueError("id must begin with a capital")
        return value


class Author(TomlModel):
    """A table that must be there."""

    name: Text


class Book(TomlModel):
    """The whole file."""

    name: Text
    since: dt.date
    weights: dict[str, Annotated[float, Field(gt=0, le=10)]] = Field(default_factory=dict)
    kinds: dict[str, dict[str, float]] = Field(default_factory=dict)
    codes: Listed[Code]
    author: Author

    @model_validator(mode="after")
    def _ids_differ(self) -> Book:
        ids = [code.id for code in self.codes]
        for number, one in enumerate(ids):
            if one in ids[:number]:
                raise ProblemAt(f"id {one!r} is taken", "codes", number, "id")
        return self


TEXT = '''name = "test"
since = 2025-01-21
[weights]
"much used" = 3
[kinds.news]
police = 0.5
[author]
name = "Ash"
[[codes]]
id = "K1"
level = "page"
  [[codes.cues]]
  name = "one"
  words = ["hook",
    "within = 1"]
[[codes]]
id = "K2"
level = """sentence"""
  [[codes.cues]]
  name = "two"
  words = []
  within = 3
'''


def test_a_file_is_read_into_frozen_values():
    """Lists are tuples, whole numbers are numbers, and tables of tables are models."""
    book = load_toml_model(TEXT, Book, "book.toml")
    assert book.weights == {"much used": 3.0}
    assert book.codes[0].cues[0].words == ("hook", "within = 1")
    assert book.codes[1].cues[0].within == 3


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('name = "test"', 'name = "', "1: this is not TOML: Illegal character"),
        ('name = "test"', "", "1: has no name; add a line name = ..."),
        ('name = "test"', 'name = ""', "1: name must not be empty, not ''"),
        ('name = "test"', "name = 3", "1: name must be text in quotes, not 3"),
        ("2025-01-21", '"2025-01-21"', "2: since must be a day such as 2025-01-21, without quotes, not '2025-01-21'"),
        ("= 3\n[kinds", "= 0\n[kinds", "4: weights: much used must be above 0, not 0"),
        ("= 3\n[kinds", "= 11\n[kinds", "4: weights: much used must be at most 10, not 11"),
        ("= 3\n[kinds", "= true\n[kinds", "4: weights: much used must be a number, not True"),
        ("police = 0.5", 'police = "x"', "6: kinds, news: police must be a number, not 'x'"),
        ("[kinds.news]", "[kinds]", "6: kinds: police must be a table, not 0.5"),
        ('level = "page"', 'level = "book"', "11: code K1: level must be one of 'page' or 'sentence', not 'book'"),
        ('[author]\nname = "Ash"\n', "", "1: has no author; add a table [author]"),
        (
            '[[codes]]\nid = "K2"',
            '[[code]]\nid = "K2"',
            "16: unknown field 'code'; known are name, since, weights, kinds, codes, author",
        ),
        ('level = "page"\n', "", "9: code K1: has no level; add a line level = ..."),
        ('id = "K1"', 'id = "k1"', "10: code k1: id must begin with a capital"),
        ('id = "K2"', 'id = "K1"', "17: code K1: id 'K1' is taken"),
        ('name = "two"', 'nmae = "two"', "20: code K2, cue 1: unknown field 'nmae'; known are name, words, within"),
        ("within = 3", "withn = 3", "22: code K2, cue two: unknown field 'withn'; known are name, words, within"),
        ("within = 3", "within = 3.5", "22: code K2, cue two: within must be a whole number, not 3.5"),
        ("within = 3", "within = 0", "22: code K2, cue two: within must be 1 or more, not 0"),
        ("words = []", 'words = "x"', "21: code K2, cue two: words must be a list in [ ], not 'x'"),
        ("words = []", 'words = ["x", 3]', "21: code K2, cue two, words: number 2 must be text in quotes, not 3"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_with_its_place(old, new, line):
    """File, line, table, problem: what a person needs to mend the file."""
    assert old in TEXT
    with pytest.raises(UsageError) as error:
        load_toml_model(TEXT.replace(old, new), Book, "book.toml")
    assert str(error.value).startswith(f"book.toml:{line}")
    assert "\n" not in str(error.value)


def test_a_missing_array_of_tables_is_asked_for_as_one():
    """Each code is a table of its own."""
    with pytest.raises(UsageError, match=r"^book\.toml:1: has no codes; add a table \[\[codes\]\] for each"):
        load_toml_model(TEXT[: TEXT.index("[[codes]]")], Book, "book.toml")


def test_the_first_problem_of_a_file_is_told():
    """A person mends a file from its top."""
    text = TEXT.replace("within = 3", "within = 0").replace("= 3\n", "= 0\n").replace("2025-01-21", "1")
    with pytest.raises(UsageError, match=r"^book\.toml:2: since must be a day"):
        load_toml_model(text, Book, "book.toml")
