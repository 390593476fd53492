"""Which rows of the claim list coders decided, as far as the visitor may know: nothing for who may not code."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

from db.coding.claim_status import decided_rows
from db.coding.votes_file import review_path
from db.datasette.review.auth import permitted_coder
from db.datasette.review.votes import votes_of
from pipelines.text.bitmaps import bits_of

if TYPE_CHECKING:
    import sqlite3

    from datasette.app import Datasette
    from datasette.utils.asgi import Request

    from db.datasette.review.auth import Coder
    from db.datasette.review.votes import VotesThread

__all__ = ["Statuses", "known_statuses"]


class Statuses(NamedTuple):
    """Whether the visitor codes, and the rows of each status that this visitor may know, as bits."""

    codes: bool
    rows: dict[str, int]


class _Known(NamedTuple):
    """What was read last for a coder, and of which state of votes and corpus."""

    votes: int
    corpus: int
    rows: dict[str, int]


_known: WeakKeyDictionary[VotesThread, dict[Coder, _Known]] = WeakKeyDictionary()


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
    return Statuses(codes=True, rows=await thread.run(lambda db: _rows(db, thread, coder)))


def _rows(db: sqlite3.Connection, thread: VotesThread, coder: Coder) -> dict[str, int]:
    votes = db.execute("SELECT coalesce(max(id), 0) FROM votes").fetchone()[0]
    corpus = db.execute("PRAGMA corpus.data_version").fetchone()[0]
    known = _known.setdefault(thread, {}).get(coder)
    if known is None or (known.votes, known.corpus) != (votes, corpus):
        positions: dict[str, list[int]] = {}
        for row in decided_rows(db, coder.name, coder.role, coder.round, single=coder.single):
            positions.setdefault(row.status, []).append(row.position)
        sets = {status: bits_of(found, max(found) + 1) for status, found in positions.items()}
        known = _known[thread][coder] = _Known(votes, corpus, sets)
    return known.rows
