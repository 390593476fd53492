"""Flags that coders put on texts, as far as one coder may know them: a fold over votes, and the reads for it.

A reader knows the own flags. An adjudicator knows those on texts that as many coders have answered as a question needs,
without a name while a question of the text is in conflict: a flag with a name would tell whose votes they are.
"""

from __future__ import annotations

import sqlite3  # noqa: TC003
from typing import TYPE_CHECKING, NamedTuple

from db.coding.tally import ADJUDICATOR, CODERS_NEEDED

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Flag", "FlagVote", "flags_of", "read_flags"]

FLAG_VOTES = """
    SELECT id, coder, role, at, unit, value, page, version FROM votes
    WHERE round = ? AND code = '_flag' AND unit_type = 'text' AND undoes IS NULL
        AND NOT EXISTS (SELECT 1 FROM votes AS back WHERE back.undoes = votes.id) ORDER BY id
"""
NOTE = """
    SELECT value_text FROM votes WHERE round = ? AND code = '_note' AND unit_type = 'text' AND unit = ? AND coder = ?
        AND undoes IS NULL AND NOT EXISTS (SELECT 1 FROM votes AS back WHERE back.undoes = votes.id)
    ORDER BY id DESC LIMIT 1
"""
PLACE = """
    SELECT pages.url, coalesce(versions.title, '') AS title, EXISTS (
        SELECT 1 FROM corpus.documents WHERE documents.id = pages.id) AS is_document
    FROM corpus.pages AS pages LEFT JOIN corpus.versions AS versions ON versions.id = ? WHERE pages.id = ?
"""
# of a text and the sentences of it: whether enough coders answered something, and whether something is in conflict
ANSWERED = f"""
    SELECT max(readers) >= {CODERS_NEEDED} AS is_answered, max(status = 'conflict') AS is_open FROM units
    WHERE round = :round AND substr(code, 1, 1) <> '_'
        AND (unit_type = 'text' AND unit = :text OR unit_type = 'claim' AND unit BETWEEN :text || '/' AND :text || '0')
"""


class FlagVote(NamedTuple):
    """A vote that flags a text (``value`` yes) or takes the flag off it."""

    id: int
    coder: str
    role: str
    at: str
    text: str
    value: str
    page: int | None
    version: int | None


class Flag(NamedTuple):
    """A flag of a coder on a text: since when, why (the coder's note), where, and who closed it when.

    ``coder`` is empty where the name may not be known yet.
    """

    coder: str
    at: str
    text: str
    page: int | None
    version: int | None
    closed_by: str = ""
    closed_at: str = ""
    note: str = ""
    title: str = ""
    url: str = ""
    is_document: bool = False

    @property
    def is_open(self) -> bool:
        """Tell whether nobody has closed it."""
        return not self.closed_at


def flags_of(votes: Iterable[FlagVote]) -> list[Flag]:
    """Give each coder's last flag on each text, open ones first, then the newest; votes come in the order of casting.

    The coder or an adjudicator closes it by a later no.

    >>> flag = FlagVote(1, "ann", "reader", "09:00", "ab12", "yes", 7, 9)
    >>> closed = FlagVote(2, "oak", "adjudicator", "10:00", "ab12", "no", 7, 9)
    >>> [(one.coder, one.is_open) for one in flags_of([flag])], [one.closed_by for one in flags_of([flag, closed])]
    ([('ann', True)], ['oak'])
    """
    found: dict[tuple[str, str], Flag] = {}
    for vote in votes:
        if vote.value == "yes":
            found[vote.coder, vote.text] = Flag(vote.coder, vote.at, vote.text, vote.page, vote.version)
            continue
        for (coder, text), flag in found.items():
            if text == vote.text and flag.is_open and (coder == vote.coder or vote.role == ADJUDICATOR):
                found[coder, text] = flag._replace(closed_by=vote.coder, closed_at=vote.at)
    newest = sorted(found.values(), key=lambda flag: flag.at, reverse=True)
    return sorted(newest, key=lambda flag: not flag.is_open)


def read_flags(review: sqlite3.Connection, coder: str, role: str, round_: str) -> list[Flag]:
    """Read the flags of a round that this coder may know, each with its note and its page."""
    found = []
    for flag in flags_of(FlagVote(*row) for row in review.execute(FLAG_VOTES, (round_,))):
        is_named = True
        if flag.coder != coder:
            state = review.execute(ANSWERED, {"round": round_, "text": flag.text}).fetchone()
            if role != ADJUDICATOR or not state["is_answered"]:
                continue
            is_named = not state["is_open"]
        note = review.execute(NOTE, (round_, flag.text, flag.coder)).fetchone()
        place = review.execute(PLACE, (flag.version, flag.page)).fetchone()
        known = flag._replace(note=note["value_text"] if note else "")
        if place:
            known = known._replace(url=place["url"], title=place["title"], is_document=bool(place["is_document"]))
        by_self = known.closed_by if known.closed_by == coder else ""
        found.append(known if is_named else known._replace(coder="", closed_by=by_self))
    return found
