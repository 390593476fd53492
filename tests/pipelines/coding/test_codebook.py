"""The codebook: read, checked, refused with the line of what is wrong."""

from __future__ import annotations

import re

import pytest

from pipelines.coding.codebook import CodebookError, load_codebook
from tests.support.command import ROOT

TEXT = (ROOT / "seeds" / "codebook.toml").read_text(encoding="utf-8")
SMALL = '''
name = "test"
version = "1"

[vocabulary]
people = """(?:patients|
people)"""

[[codes]]
id = "K1_flat"
name = "Flat"
level = "sentence"
type = "category"
values = ["flat", "hedged"]
key = "a"
definition = "Is denied."
positive = "You cannot get hooked."
negative = "It can be misused."
source = "us"

[[codes.cues]]
name = "one"
value = "flat"
words = ["hook"]
pattern = "{people} (?:cannot|can't) get hooked"

[[codes]]
id = "K2_risk"
name = "Risk"
level = "page"
type = "boolean"
key = "b"
definition = "Is told."
positive = "It can be misused."
negative = "It is old."
source = "us"
'''


def test_our_codebook_is_whole():
    """Our own codebook has 32 codes, each with both examples, a key of its own and cues."""
    book = load_codebook(TEXT)
    assert len(book.codes) == 32
    assert all(code.cues and code.positive and code.negative and code.source for code in book.codes)
    assert len({code.key for code in book.codes}) == 32
    assert {"sentence", "page", "advertiser"} == {code.level for code in book.codes}


def test_codes_are_read_into_values():
    """A code has its fields, its cues compiled, and a boolean has the values yes, no, unclear."""
    book = load_codebook(SMALL)
    flat, risk = book.codes
    assert flat.values == ("flat", "hedged")
    assert flat.cues[0].pattern.search("so Patients can't get hooked")
    assert risk.values == ("yes", "no", "unclear")
    assert book.code("K2_risk") is risk
    assert book.code("nothing") is None


def test_another_text_is_another_hash():
    """The hash tells which text of the codebook proposed a candidate."""
    assert load_codebook(SMALL).hash == load_codebook(SMALL).hash != load_codebook(SMALL + "\n").hash


@pytest.mark.parametrize(
    ("old", "new", "line_has", "problem"),
    [
        (
            'level = "page"',
            'level = "book"',
            "book",
            "level must be one of 'sentence', 'page' or 'advertiser', not 'book'",
        ),
        (
            'type = "boolean"',
            'type = "maybe"',
            "maybe",
            "type must be one of 'boolean', 'category', 'set', 'number' or 'text', not 'maybe'",
        ),
        ('id = "K2_risk"', 'id = "K1_flat"', None, "id 'K1_flat' is taken by K1_flat"),
        ('key = "b"', 'key = "a"', None, "key 'a' is taken by K1_flat"),
        ('key = "b"', 'key = "u"', 'key = "u"', "the desk's own"),
        ('key = "b"', 'key = "bb"', 'key = "bb"', "one small letter or digit"),
        ('id = "K2_risk"', 'id = "risk"', 'id = "risk"', "must be a letter, a number"),
        ('definition = "Is told."\n', "", "[[codes]]", "code K2_risk: has no definition"),
        ('definition = "Is told."', "definition = 3", "definition = 3", "must be text in quotes, not 3"),
        ('definition = "Is told."', 'defnition = "Is told."', "defnition", "unknown field 'defnition'"),
        ('values = ["flat", "hedged"]', 'values = ["flat"]', "values", "two values or more"),
        ('values = ["flat", "hedged"]', 'values = ["flat", "flat"]', "values", "'flat' twice"),
        ('type = "boolean"', 'type = "boolean"\nvalues = ["a", "b"]', 'values = ["a"', "no values of its own"),
        ('value = "flat"', 'value = "falt"', "falt", "not among the values"),
        ("(?:cannot|can't)", "(?:cannot|can't", "pattern", "no regular expression"),
        ("get hooked", "get .*hooked", "pattern", "repeats without a limit (*)"),
        ("get hooked", r"get \\\\w{2,}hooked", "pattern", "repeats without a limit"),
        ("{people} (", "{persons} (", "pattern", "{persons}, which [vocabulary] does not have"),
        ('words = ["hook"]', 'words = "hook"', "words", "a list in [ ]"),
        ('words = ["hook"]', 'words = ["Hook"]', "words", "small letters"),
        ('words = ["hook"]\n', "", "[[codes.cues]]", "has no words"),
        ('words = ["hook"]', 'words = ["hook"]\nwithin = 5000', "within", "within must be at most 300, not 5000"),
        ('words = ["hook"]', 'words = ["hook"]\nnear = [3]', "near", "near: number 1 must be text in quotes, not 3"),
        ('version = "1"', "version = ", "version", "this is not TOML"),
        ('name = "test"\n', "", None, "has no name"),
        ('source = "us"\n', 'source = "us"\ncues = [3]\n', None, "cues: number 1 must be a table, not 3"),
    ],
)
def test_a_broken_codebook_is_refused_with_its_line(old, new, line_has, problem):
    """What is wrong is said with file and line, in one line, with what to do."""
    before, mark, after = SMALL.rpartition(old) if old != 'name = "test"\n' else SMALL.partition(old)
    assert mark
    text = before + new + after
    with pytest.raises(CodebookError) as error:
        load_codebook(text, "book.toml")
    message = str(error.value)
    assert problem in message
    assert "\n" not in message
    number = int(re.match(r"book\.toml:(\d+): ", message)[1])
    if line_has:
        assert line_has in text.split("\n")[number - 1]


def test_a_file_without_codes_is_refused():
    """A codebook with nothing to code is no codebook."""
    with pytest.raises(CodebookError, match=r"^book\.toml:1: has no codes; add a table \[\[codes\]\] for each"):
        load_codebook('name = "x"\nversion = "1"\n', "book.toml")


def test_text_that_is_no_toml_is_refused():
    """Any text at all gives one line, never a traceback of another kind."""
    for text in ("[[", "\0", "x = '", "codes = 3", "name='a'\nversion='b'\ncodes=[1]", "a = 1\na = 2"):
        with pytest.raises(CodebookError) as error:
            load_codebook(text, "book.toml")
        assert re.match(r"book\.toml:\d+: ", str(error.value))


def test_labels_are_for_values_that_the_code_has():
    """A label of a value that was renamed is named with its line."""
    text = (ROOT / "seeds/codebook.toml").read_text(encoding="utf-8")
    assert load_codebook(text).code("S1_route").labels["subq"] == "Under the skin"
    with pytest.raises(CodebookError, match=r"\d+.*labels 'sub', which is not among its values"):
        load_codebook(text.replace('subq = "Under', 'sub = "Under'))
