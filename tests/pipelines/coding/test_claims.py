"""Claim candidates: places in a text, words that call cues, masked names, questions with answers, bad texts."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.corpus.claims import cut_line
from pipelines.coding.claims import PIECE_LENGTH, Scanner, find_candidates
from pipelines.coding.codebook import load_codebook
from pipelines.text.casefold_regex import for_casefolded
from pipelines.text.names import mask_names, name_pattern
from tests.bench.claims import HALVES, read_labels, score
from tests.support.command import ROOT

BOOK = load_codebook((ROOT / "seeds" / "codebook.toml").read_text(encoding="utf-8"))
SCANNER = Scanner(BOOK)
LABELS = {half: read_labels(name) for half, name in HALVES.items()}
SENTENCES = [label.text for labels in LABELS.values() for label in labels]


def codes(text: str, names=None) -> set[str]:
    """Name the codes that are proposed for a text."""
    return {one.code for one in find_candidates(text, SCANNER, names)}


def everything() -> Scanner:
    """Make a scanner that tries every cue on every sentence, whatever its words."""
    scanner = Scanner(BOOK)
    scanner.triggered = lambda _text: (1 << len(scanner.cues)) - 1
    return scanner


def test_a_cue_finds_the_same_place_in_small_letters_as_without_regard_to_case():
    """Most cues have a pattern for small letters, and on each labelled sentence it finds what the cue's own finds."""
    cues = [cue for code in BOOK.codes for cue in code.cues]
    assert sum(cue.pattern.small is not None for cue in cues) > len(cues) / 2
    for text in itertools.chain(SENTENCES, map(str.upper, SENTENCES), map(str.title, SENTENCES)):
        for cue in cues:
            found, own = cue.find(text), cue.pattern.pattern.search(text)
            assert (found and found.span()) == (own and own.span()), (cue.name, text)


@pytest.mark.parametrize("pattern", [r"\bIV\b", r"(?-i:us)", r"[!-_]x", r"[\.-z]", r"\x41", r"(a)\1", "\u017fo"])
def test_a_pattern_that_would_say_something_else_is_left_as_it_is(pattern):
    """A capital, a flag, a range over capitals, a sign by its number: none of these is tried on small letters."""
    assert for_casefolded(re.compile(pattern, re.IGNORECASE)) is None


def test_the_labelled_set_is_large_and_half_of_it_are_traps():
    """At least 300 sentences, none twice, and about half of them are traps: no code that is judged holds for them."""
    labels = [label for half in LABELS.values() for label in half]
    assert len(labels) >= 300
    assert len({label.text for label in labels}) == len(labels)
    assert sum(not label.codes for label in labels) >= 0.48 * len(labels)


@pytest.mark.parametrize("half", HALVES)
def test_numeric_efficacy_is_told_from_other_figures(half):
    """On both halves at least 8 of 10 proposals of numeric efficacy are right, and 8 of 10 claims are proposed."""
    told = score(SCANNER, LABELS[half])["E1"]
    assert told.right + told.missed >= 20
    assert told.precision >= 0.8
    assert told.recall >= 0.8


def test_the_words_of_a_cue_are_all_that_it_needs():
    """Trying only the cues whose words occur finds what trying all of them finds."""
    all_of_them = everything()
    for text in SENTENCES:
        assert find_candidates(text, SCANNER) == find_candidates(text, all_of_them), text


def test_a_candidate_quotes_the_text():
    """Quote and mark stand at the places that are told, in a text of many lines."""
    text = "\n".join(SENTENCES)
    found = find_candidates(text, SCANNER)
    assert len(found) > 200
    assert all(text[one.start : one.end] == one.quote for one in found)
    assert all(one.start <= one.mark_start < one.mark_end <= one.end for one in found)
    assert found == sorted(found, key=lambda one: (one.start, one.code, one.value))


def own_codes(found) -> set[str]:
    """Name the codes whose subject the sentence names itself, or that ask for none."""
    return {one.code for one in found if one.subject_by in ("", "named")}


def test_a_sentence_that_names_its_subject_is_judged_wherever_it_stands():
    """What stands before and after a statement changes nothing about it, but for the subject that it leaves open."""
    statements = [text for text in SENTENCES if "?" not in text]
    text = "\n".join(statements)
    together = defaultdict(list)
    for one in find_candidates(text, SCANNER):
        together[text.count("\n", 0, one.start)].append(one)
    alone = [find_candidates(statement, SCANNER) for statement in statements]
    assert [own_codes(together[line]) for line in range(len(alone))] == [own_codes(found) for found in alone]
    said = [({one.code for one in found}, {one.code for one in together[line]}) for line, found in enumerate(alone)]
    assert sum(len(alone ^ there) for alone, there in said) < 0.03 * sum(len(alone) for alone, _ in said)


def test_a_question_is_no_claim_and_its_answer_is():
    """A question alone claims nothing; with "No" behind it, in its line or the next, it does."""
    assert "K1_nonaddictive" not in codes("Is ketamine addictive?")
    for text in ("Is ketamine addictive? No.", "Can I get hooked on it?\nNo, not at all."):
        (one,) = (one for one in find_candidates(text, SCANNER) if one.code == "K1_nonaddictive")
        assert one.quote == text
        assert one.value == "false_flat"


def test_typographic_marks_change_nothing():
    """Curly quotes, dashes and hard spaces are read as plain ones, and the quote keeps them."""
    (one,) = (one for one in find_candidates("It isn’t addictive – ever.", SCANNER) if one.code == "K1_nonaddictive")
    assert one.quote == "It isn’t addictive – ever."
    assert "E1_rate" in codes("A response rate of 60–70\u00a0% was seen.")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("At Brain Rewired Ketamine Clinic you rest.", "At xxxxx xxxxxxx xxxxxxxx xxxxxx you rest."),
        ("BRAIN REWIRED is open.", "xxxxx xxxxxxx is open."),
        ("We rewired the brain.", "We rewired the brain."),
        ("Ask Brainrewired, or brainrewired.example.", "Ask xxxxxxxxxxxx, or xxxxxxxxxxxx.example."),
    ],
)
def test_names_are_masked_and_claims_are_not(text, masked):
    """The name goes, in full and without its generic ending; the same words in a sentence stay."""
    pattern = name_pattern(["Brain Rewired Ketamine Clinic, LLC"], ["www.brainrewired.example"])
    assert mask_names(text, pattern) == masked


def test_a_name_of_one_word_is_a_name_only_with_a_capital():
    """A clinic called Reset does not hide what resets the brain."""
    pattern = name_pattern(["Reset Ketamine Clinic"])
    assert "E7_brain" in codes("Ketamine will reset your brain.", pattern)
    assert "E7_brain" in codes("Reset your brain with ketamine.", pattern)
    assert name_pattern([], ["a.example"]) is None
    assert name_pattern(["The Clinic", "Ketamine Center"]) is None


@given(st.text(), st.lists(st.text(), max_size=3), st.lists(st.text(), max_size=3))
def test_masking_moves_no_letter(text, names, hosts):
    """Whatever a site calls itself, a masked text is as long as it was."""
    assert len(mask_names(text, name_pattern(names, hosts))) == len(text)


@given(st.lists(st.sampled_from([*SENTENCES[:80], " ", "\n", "?", "No.", "70%", "\0", "𝕏", "’"])).map("".join))
def test_any_text_can_be_scanned(text):
    """Candidates of any text lie in it and quote it."""
    for one in find_candidates(text, SCANNER):
        assert text[one.start : one.end] == one.quote
        assert BOOK.code(one.code)


def test_a_sentence_longer_than_any_is_scanned_to_its_end():
    """In a text without a full stop the claim at its end is found, and one that lies on the edge of two pieces too."""
    for gap in (PIECE_LENGTH - 30, 3 * PIECE_LENGTH, 20 * PIECE_LENGTH):
        filler = "calm " * (gap // 5)
        assert "K3_safe" in codes(f"{filler}and ketamine is completely safe")


def test_a_line_is_cut_where_candidates_stand():
    """The pieces of a line are the line; each knows the candidates that quote it, twice the same words twice."""
    line = "It is safe. Call us. It is safe."
    claims = [{"quote": "It is safe."}, {"quote": "Is it?\nCall us."}]
    pieces = cut_line(line, claims)
    assert "".join(piece.text for piece in pieces) == line
    assert [(piece.text, len(piece.claims)) for piece in pieces if piece.claims] == [
        ("It is safe.", 1),
        ("Call us.", 1),
        ("It is safe.", 1),
    ]
    assert [piece.text for piece in cut_line(line, [])] == [line]
