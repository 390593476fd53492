"""Two readers and an adjudicator code a sample of the demo corpus, so that agreement and tables have something to show.

They read by the rules of ``seeds/demo/readers.toml``, written for the demo's own texts. Each reader slips now and then,
by dice of his own, and the adjudicator does not: that is how they come to differ, and how it is settled.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from crawler.commands.sample import SampleRequest, draw_sample
from db.coding.samples import list_samples, sample_units
from db.coding.tally import ADJUDICATOR, READER, UnitQuestion, conflicts
from db.coding.votes_file import claim_unit, voting
from db.coding.voting import Vote, cast_votes
from db.corpus.connection import reading
from demo.bank import load_toml
from demo.grammar import Dice

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from db.coding.samples import SampleUnit
    from pipelines.coding.codebook import Code, Codebook

SAMPLE, SIZE = "demo", 120
READERS = ("fern", "moss")
REFEREE = "oak"
SLIPS = 0.06  # of the values; two readers of clinics' pages differ about as often


class Asking(NamedTuple):
    """One question that is put to the demo's readers, with what they look at and the vote that answers it."""

    code: Code
    words: str
    vote: Vote


def code_demo(db: Path, codebook: Codebook, at: str) -> int:
    """Draw a sample of the demo corpus, have it coded by two readers and settled by an adjudicator; gives the votes."""
    with voting(db) as review:
        known = [one for one in list_samples(review) if one.name == SAMPLE]
    request = SampleRequest(SAMPLE, SIZE, at, per="text", by=("page_type",))
    sample = known[0] if known else draw_sample(db, request)
    with voting(db) as review, reading(db) as corpus:
        askings = [one for unit in sample_units(review, sample.id) for one in _askings(corpus, codebook, unit, at)]
        for reader in READERS:
            votes = [_slip(one, replace(one.vote, coder=reader)) for one in askings]
            cast_votes(review, votes, f"demo {reader} {sample.frame_hash}")
        open_ = set(conflicts(review, "1"))
        settled = [replace(one.vote, coder=REFEREE, role=ADJUDICATOR) for one in askings if _asked(one.vote) in open_]
        if settled:
            cast_votes(review, settled, f"demo {REFEREE} {sample.frame_hash}")
    return len(askings) * len(READERS) + len(settled)


def _asked(vote: Vote) -> UnitQuestion:
    return UnitQuestion(vote.round, vote.unit_type, vote.unit, vote.code)


def _askings(corpus: sqlite3.Connection, codebook: Codebook, unit: SampleUnit, at: str) -> Iterator[Asking]:
    """Ask every page-level code of a text, and each sentence code of the candidates in it."""
    text, version = corpus.execute(
        "SELECT texts.text, documents.version FROM documents JOIN texts ON texts.sha256 = ? WHERE documents.id = ?",
        (unit.unit, unit.page),
    ).fetchone()
    blank = Vote(at, "", "text", unit.unit, "", "", READER, text_sha256=unit.unit, page=unit.page, version=version)
    for code in codebook.codes:
        if code.level != "sentence":
            vote = replace(blank, code=code.id, value=read(code, text), codebook=codebook.hash)
            yield Asking(code, text, vote)
    yield from _candidates(corpus, codebook, blank)


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
            yield Asking(code, quote, replace(vote, value=read(code, quote)))


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


def _slip(asked: Asking, vote: Vote) -> Vote:
    """Let a reader overlook what is there, or see what is not, in some share of the questions."""
    dice = Dice("slip", vote.coder, vote.unit, vote.code)
    if not dice.chance(SLIPS):
        return vote
    nothing = "no" if asked.code.type == "boolean" or asked.code.level == "sentence" else "none"
    others = [value for value in asked.code.values if value not in {vote.value, "unclear"}] or [nothing]
    return replace(vote, value=dice.pick(others) if vote.value in {"no", "none"} else nothing)
