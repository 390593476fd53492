"""Pages that say what their site says of an address that nobody can know: not found, whatever the words and the status.

What is compared: the new versions of a crawl, and what pages said of which almost nothing was left. The entries of a
site are never taken for it: a site may well answer every unknown address with its home page.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from db.corpus.connection import atomic
from db.corpus.probes import missing_answers
from db.passes.derive import drop_version, merge_version
from pipelines.changes.page_events import is_home
from pipelines.model.outcomes import OUTCOMES, Outcome
from pipelines.text.tokens import agreement

if TYPE_CHECKING:
    import sqlite3

__all__ = ["says_the_same", "stood_in_for", "take_unknown_back"]

WORD = re.compile(r"\w+")
SAME = 0.9  # of the shorter text in common, and the longer one not much longer: one answer at two addresses
MOST = 1.4
FEW_WORDS = 8
# pages of a site, no entries of it, with what they said in a crawl: as new versions, and with hardly a word left
SAID = f"""
    SELECT pages.id, captures.url, versions.id, (SELECT max(old.id) FROM versions AS old
        WHERE old.page = pages.id AND old.id < versions.id), coalesce(title, ''), text
    FROM versions JOIN captures ON captures.id = versions.capture JOIN pages ON pages.id = versions.page
    JOIN texts ON sha256 = text_sha256
    WHERE held IS NULL AND captures.crawl = :crawl AND pages.site = :site AND depth > 0
    UNION ALL SELECT pages.id, pages.url, NULL, NULL, title, text
    FROM collapses JOIN visits USING (crawl, page) JOIN pages ON pages.id = collapses.page
    WHERE collapses.crawl = :crawl AND visits.outcome = '{Outcome.COLLAPSED}' AND pages.site = :site AND depth > 0
"""


def take_unknown_back(db: sqlite3.Connection) -> int:
    """Take back what sites say of any address; gives how many pages were not found after all."""
    taken = 0
    for probe, crawl, site, *answer in missing_answers(db):
        reason = f"says what the site says of an address that nobody can know (probe {probe})"
        with atomic(db):
            for page, url, version, before, title, text in db.execute(SAID, {"crawl": crawl, "site": site}).fetchall():
                if not is_home(url) and says_the_same((url, title, text), (answer[0], answer[1], answer[2])):
                    stood_in_for(db, crawl, page, (version, before), reason)
                    taken += 1
    return taken


Said = tuple[str, str, str]  # address, title, text


def says_the_same(one: Said, other: Said) -> bool:
    """Tell whether two answers are one; the words of their addresses may stand in them.

    >>> says_the_same(("http://a.example/fees", "Oh", "No fees here"), ("http://a.example/xqz", "Oh", "No xqz here"))
    True
    """
    named = frozenset(WORD.findall(f"{one[0]} {other[0]}".casefold()))
    (title, text), (other_title, other_text) = (_without(named, said) for said in (one, other))
    sizes = sorted((len(text.split()), len(other_text.split())))
    if sizes[0] < FEW_WORDS:
        return (title, text) == (other_title, other_text)
    return sizes[1] <= MOST * sizes[0] and agreement(text, other_text) >= SAME


def _without(named: frozenset[str], said: Said) -> list[str]:
    return [" ".join(word for word in WORD.findall(part.casefold()) if word not in named) for part in said[1:]]


def stood_in_for(
    db: sqlite3.Connection, crawl: int, page: int, versions: tuple[int | None, int | None], reason: str
) -> None:
    """Keep what the page told last, if anything, and forget the answer: it would pass for its text the next time."""
    version, before = versions
    if version and before:
        merge_version(db, version, before, confirm=False)
    elif version:
        drop_version(db, version)
    where = (crawl, page)
    db.execute(
        f"UPDATE visits SET outcome = '{Outcome.SOFT_404}', reason = ? WHERE crawl = ? AND page = ?", (reason, *where)
    )
    db.execute(f"UPDATE captures SET outcome = '{Outcome.SOFT_404}' WHERE crawl = ? AND page = ?", where)
    db.execute(
        f"UPDATE pages SET outcome = '{Outcome.SOFT_404}', state = '{OUTCOMES[Outcome.SOFT_404].state}', reason = ?,"
        " failures = failures + 1, etag = NULL, last_modified = NULL, body_sha256 = NULL, dom_digest = NULL"
        " WHERE id = ? AND crawl = ?",
        (reason, page, crawl),
    )
