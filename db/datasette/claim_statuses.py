"""Which rows of the claim list coders decided, as far as the visitor may know: nothing for who may not code."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

from db.coding.claim_status import STATUSES, decided_sentences, rows_of
from db.coding.votes_file import review_path
from db.datasette.review.auth import permitted_coder
from db.datasette.review.votes import votes_of
from pipelines.text.bitmaps import bits_of

if TYPE_CHECKING:
    import sqlite3

    from datasette.app import Datasette
    from datasette.utils.asgi import Request

    from db.coding.claim_status import Decided, Sentence
    from db.datasette.review.auth import Coder
    from db.datasette.review.votes import VotesThread

__all__ = ["Statuses", "known_statuses"]


class Statuses(NamedTuple):
    """Whether the visitor codes, and the rows of each status that this visitor may know, as bits.

    ``marks`` are the sentences that coders marked and no cue proposed, as far as the visitor may know of them: those
    of the strongest status first.
    """

    codes: bool
    rows: dict[str, int]
    marks: tuple[Decided, ...] = ()


class _Known(NamedTuple):
    """The rows of each status as a coder knew them when there were so many votes."""

    votes: int
    rows: dict[str, int]
    marks: tuple[Decided, ...]


@dataclass
class _Corpus:
    """What was read of one state of the corpus: the rows of sentences, and what each coder knew."""

    state: int
    rows: dict[Sentence, list[int]] = field(default_factory=dict)
    known: dict[Coder, _Known] = field(default_factory=dict)


_read: WeakKeyDictionary[VotesThread, _Corpus] = WeakKeyDictionary()


async def known_statuses(datasette: Datasette, request: Request) -> Statuses:
    """Give the rows of each status that the visitor of a page may know.

    Whoever is not signed in may be a coder who has not answered yet, and is told nothing.
    """
    coder = await permitted_coder(datasette, request)
    if coder is None:
        return Statuses(codes=False, rows={})
    thread = await votes_of(datasette)
    if not review_path(thread.corpus).exists():
        return Statuses(codes=True, rows={})
    known = await thread.run(lambda db: _known(db, thread, coder))
    return Statuses(codes=True, rows=known.rows, marks=known.marks)


def _known(db: sqlite3.Connection, thread: VotesThread, coder: Coder) -> _Known:
    votes = db.execute("SELECT coalesce(max(id), 0) FROM votes").fetchone()[0]
    state = db.execute("PRAGMA corpus.data_version").fetchone()[0]
    read = _read.get(thread)
    if read is None or read.state != state:
        read = _read[thread] = _Corpus(state)
    known = read.known.get(coder)
    if known is None or known.votes != votes:
        positions: dict[str, list[int]] = {}
        marks = []
        for one in decided_sentences(db, coder.name, coder.role, coder.round, single=coder.single):
            if one.sentence not in read.rows:
                read.rows[one.sentence] = rows_of(db, one.sentence)
            positions.setdefault(one.status, []).extend(read.rows[one.sentence])
            if not read.rows[one.sentence] and one.start is not None:
                marks.append(one)
        sets = {status: bits_of(found, max(found) + 1) for status, found in positions.items() if found}
        marks.sort(key=lambda one: (STATUSES.index(one.status), one.sentence))
        known = read.known[coder] = _Known(votes, sets, tuple(marks))
    return known
