"""Two readers and an adjudicator code a sample of the demo corpus, so that agreement and tables have something to show.

They read by the rules of ``seeds/demo/readers.toml``, written for the demo's own texts. Each reads each page whole:
answers its page-level codes with the sentence that they rest on, decides on the sentences that cues propose, and marks
those that no cue proposed. Each slips now and then, by dice of his own, and the adjudicator does not: that is how they
come to differ, and how it is settled.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from crawler.commands.sample import SampleRequest, draw_sample
from db.coding.samples import list_samples, sample_units
from db.coding.tally import ADJUDICATOR, ONE, READER, UnitQuestion, conflicts, status_of
from db.coding.votes_file import claim_unit, voting
from db.coding.voting import Vote, cast_votes
from db.corpus.connection import reading
from demo.bank import load_toml
from demo.grammar import Dice
from pipelines.coding.findings import ABSENT_VALUES, READ_CODE, UNCLEAR
from pipelines.text.sentences import split_sentences

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from db.coding.samples import SampleUnit
    from pipelines.coding.codebook import Code, Codebook
    from pipelines.text.sentences import Sentence

SAMPLE, SIZE = "demo", 120
READERS = ("fern", "moss")
REFEREE = "oak"
SLIPS = 0.06  # of the values; two readers of clinics' pages differ about as often


class Shown(NamedTuple):
    """A text that a page shows: its main text or another region."""

    sha256: str
    text: str


class Asking(NamedTuple):
    """One question that is put to the demo's readers, with the vote that answers it.

    ``is_mark`` where nobody asks: the reader finds the sentence, or overlooks it.
    """

    code: Code | None
    vote: Vote
    is_mark: bool = False


def code_demo(db: Path, codebook: Codebook, at: str) -> int:
    """Draw a sample of the demo corpus, have it coded by two readers and settled by an adjudicator; gives the votes."""
    with voting(db) as review:
        known = [one for one in list_samples(review) if one.name == SAMPLE]
    request = SampleRequest(SAMPLE, SIZE, at, per="text", by=("page_type",))
    sample = known[0] if known else draw_sample(db, request)
    with voting(db) as review, reading(db) as corpus:
        found = [one for unit in sample_units(review, sample.id) for one in _askings(corpus, codebook, unit, at)]
        askings = list({_asked(one.vote): one for one in reversed(found)}.values())[::-1]  # a footer is asked once
        cast = 0
        for reader in READERS:
            votes = [_slip(one, replace(one.vote, coder=reader)) for one in askings]
            cast += len(cast_votes(review, [vote for vote in votes if vote], f"demo {reader} {sample.frame_hash}"))
        open_ = set(conflicts(review, "1"))
        # a sentence that one reader marked and the other overlooked is for the adjudicator, too
        open_ |= {_asked(one.vote) for one in askings if one.is_mark and status_of(review, _asked(one.vote)) == ONE}
        settled = [replace(one.vote, coder=REFEREE, role=ADJUDICATOR) for one in askings if _asked(one.vote) in open_]
        if settled:
            cast += len(cast_votes(review, settled, f"demo {REFEREE} {sample.frame_hash}"))
    return cast


def _asked(vote: Vote) -> UnitQuestion:
    return UnitQuestion(vote.round, vote.unit_type, vote.unit, vote.code)


def _askings(corpus: sqlite3.Connection, codebook: Codebook, unit: SampleUnit, at: str) -> Iterator[Asking]:
    """Ask every page-level code of a text and each sentence that a cue proposes; add marks, and that it was read."""
    text, version = corpus.execute(
        "SELECT texts.text, documents.version FROM documents JOIN texts ON texts.sha256 = ? WHERE documents.id = ?",
        (unit.unit, unit.page),
    ).fetchone()
    blank = Vote(at, "", "text", unit.unit, "", "", READER, text_sha256=unit.unit, page=unit.page, version=version)
    sentences = split_sentences(text)
    for code in codebook.codes:
        if code.level != "sentence":
            vote = replace(blank, code=code.id, value=read(code, text), codebook=codebook.hash)
            yield Asking(code, _with_quote(code, vote, sentences))
    regions = _regions(corpus, version)
    for shown in [Shown(unit.unit, text), *(one for one in regions if one.sha256 != unit.unit)]:
        here = replace(blank, unit=shown.sha256, text_sha256=shown.sha256)
        proposed = list(_candidates(corpus, codebook, here))
        yield from proposed
        yield from _marks(codebook, here, split_sentences(shown.text), proposed)
    yield Asking(None, replace(blank, code=READ_CODE, value="whole page" if regions else "main text"))


def _regions(corpus: sqlite3.Connection, version: int) -> list[Shown]:
    """Read the texts of all regions of a page; none where the corpus does not know regions."""
    if not corpus.execute("SELECT 1 FROM sqlite_master WHERE name = 'version_regions'").fetchone():
        return []
    rows = corpus.execute(
        "SELECT DISTINCT texts.sha256, texts.text FROM version_regions AS region"
        " JOIN texts ON texts.sha256 = region.text_sha256 WHERE region.version = ? ORDER BY 1",
        (version,),
    )
    return [Shown(*row) for row in rows]


def _with_quote(code: Code, vote: Vote, sentences: Sequence[Sentence]) -> Vote:
    """Give the vote on a whole page the first sentence that it rests on."""
    if vote.value in ABSENT_VALUES or vote.value == UNCLEAR:
        return vote
    found = next((one for one in sentences if read(code, one.text) not in {*ABSENT_VALUES, UNCLEAR}), None)
    return replace(vote, quote=found.text, start=found.start, end=found.end) if found else vote


def _candidates(corpus: sqlite3.Connection, codebook: Codebook, blank: Vote) -> Iterator[Asking]:
    rows: Iterable[tuple[str, int, int, int, str]] = corpus.execute(
        'SELECT DISTINCT quote, start, "end", sentence_no, code FROM claims WHERE text_sha256 = ? ORDER BY start, code',
        (blank.unit,),
    )
    for quote, start, end, number, name in rows:
        code = codebook.code(name)
        if code and code.level == "sentence":
            vote = replace(blank, unit_type="claim", unit=claim_unit(blank.unit, quote), code=name, quote=quote)
            vote = replace(vote, start=start, end=end, sentence_no=number, codebook=codebook.hash)
            yield Asking(code, replace(vote, value=read(code, quote)))


def _marks(
    codebook: Codebook, blank: Vote, sentences: Sequence[Sentence], proposed: Sequence[Asking]
) -> Iterator[Asking]:
    """Find the claims that no cue proposed: sentences that a rule takes, and no candidate of the code overlaps."""
    taken = [(one.vote.code, one.vote.start or 0, one.vote.end or 0) for one in proposed]
    for code in codebook.codes:
        for sentence in sentences if code.level == "sentence" else ():
            value = "no" if _rules()["passed_over"]["any"].search(sentence.text) else read(code, sentence.text)
            is_proposed = any(c == code.id and start < sentence.end and sentence.start < end for c, start, end in taken)
            if value not in ABSENT_VALUES and not is_proposed:
                unit = claim_unit(blank.unit, sentence.text)
                vote = replace(blank, unit_type="claim", unit=unit, code=code.id, value=value, quote=sentence.text)
                vote = replace(vote, start=sentence.start, end=sentence.end, codebook=codebook.hash)
                yield Asking(code, vote, is_mark=True)


def read(code: Code, words: str) -> str:
    """Give the value that the demo's readers find in words; "no" or "none" where they find nothing."""
    found = [value for value, pattern in _rules().get(code.id, {}).items() if pattern.search(words)]
    if code.type == "set":
        return "|".join(sorted(found)) or "none"
    if code.level == "sentence" or code.type == "boolean":
        return found[0] if found else "no"
    return found[0] if found else next((value for value in ("none", "unclear") if value in code.values), "none")


@lru_cache(maxsize=1)
def _rules() -> dict[str, dict[str, re.Pattern[str]]]:
    told = load_toml("readers.toml")
    return {
        code: {value: re.compile(rule, re.MULTILINE) for value, rule in rules.items()} for code, rules in told.items()
    }


def _slip(asked: Asking, vote: Vote) -> Vote | None:
    """Let a reader overlook what is there, or see what is not, in some share of the questions."""
    dice = Dice("slip", vote.coder, vote.unit, vote.code)
    if asked.code is None or not dice.chance(SLIPS):
        return vote
    if asked.is_mark:
        return None
    if asked.code.id not in _rules():  # of what the demo web never shows, nobody sees anything
        return vote
    nothing = "no" if asked.code.type == "boolean" or asked.code.level == "sentence" else "none"
    others = [value for value in asked.code.values if value not in {vote.value, "unclear"}] or [nothing]
    value = dice.pick(others) if vote.value in {"no", "none"} else nothing
    if asked.code.level == "sentence":
        return replace(vote, value=value)
    return replace(vote, value=value, quote="", start=None, end=None)
