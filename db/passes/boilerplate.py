"""The pass ``boilerplate``: the content of each version, its text without the lines of its site's boilerplate."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from db.passes.driver import Pass, Unit, digest
from db.passes.sync import Table, sync
from db.schema.vocabulary import CURRENT_STATES
from pipelines.changes import boilerplate
from pipelines.text.encode import dump, sha256
from pipelines.text.normalise import fold_line
from pipelines.text.tokens import copy_key

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping

    from db.passes.rules import Rules
    from pipelines.changes.boilerplate import BoilerplateLine

__all__ = ["BOILERPLATE"]

WORD = re.compile(r"\w+")
MAX_PAGES = 2_000  # of a site that its boilerplate is worked out from: a line on a fifth of a site shows in them
VERSIONS = f"""
    SELECT versions.id, versions.text_sha256, versions.page,
        pages.version = versions.id AND pages.state IN {CURRENT_STATES}
    FROM versions JOIN pages ON pages.id = versions.page WHERE pages.site = ?
    ORDER BY versions.first_seen, versions.id
"""
TEXT = "SELECT text FROM texts WHERE sha256 = ?"
CONTENTS = Table("contents", ("version", "content_sha256", "content_words", "duplicate_key", "removed"))


def site_units(db: sqlite3.Connection, _rules: Rules) -> Iterator[Unit]:
    """Name each site that has versions; its key holds their texts and which of them stand now."""
    for (site,) in db.execute("SELECT id FROM sites ORDER BY id").fetchall():
        if rows := db.execute(VERSIONS, (site,)).fetchall():
            yield Unit(str(site), digest(rows))


def load_pages(db: sqlite3.Connection, _rules: Rules, unit: Unit) -> list[list[str]]:
    """Read the lines of a site's pages that stand, each page's in the order of its versions, without repeats.

    All versions of a page count: what a site took out of its menu last week is boilerplate in the texts of the weeks
    before, and no line that each of its pages lost. A digest is as good as a die: the first of them in order are a
    sample that is the same at every run.
    """
    texts: dict[int, list[str]] = defaultdict(list)
    standing = []
    for _, text, page, stands in db.execute(VERSIONS, (unit.id,)):
        texts[page].append(text)
        if stands:
            standing.append((text, page))
    return [
        list(dict.fromkeys(line for text in texts[page] for line in _lines(db, text)))
        for _, page in sorted(standing)[:MAX_PAGES]
    ]


def find_boilerplate(_rules: Rules, pages: list[list[str]]) -> dict[str, BoilerplateLine]:
    """Find the lines of a site's boilerplate, by their folded form."""
    return boilerplate.find_boilerplate(pages)


def write_contents(db: sqlite3.Connection, unit: Unit, frame: Mapping[str, BoilerplateLine]) -> int:
    """Bring the contents of a site's versions up to date; gives how many changed."""
    changed = 0
    versions = db.execute(VERSIONS, (unit.id,)).fetchall()
    for version, text, *_ in versions:
        lines = _lines(db, text)
        content = boilerplate.remove_boilerplate(lines, frame)
        # a page that says nothing but its site's boilerplate keeps what it says
        gone = [
            {"line": line, "why": frame[fold_line(line)].reason}
            for line in lines
            if content and fold_line(line) in frame
        ]
        kept = "\n".join(content or lines)
        name, words = sha256(kept), len(WORD.findall(kept))
        db.execute("INSERT OR IGNORE INTO texts (sha256, text, words) VALUES (?, ?, ?)", (name, kept, words))
        row = (version, name, words, copy_key(kept), dump(gone))
        changed += sync(db, CONTENTS, [row], "version = ?", (version,))
    here = (
        "version IN (SELECT captured_versions.id FROM captured_versions JOIN pages ON pages.id = page WHERE site = ?)"
    )
    standing = "version IN (SELECT id FROM versions)"  # what does not stand has no content
    return changed + db.execute(f"DELETE FROM contents WHERE {here} AND NOT {standing}", (unit.id,)).rowcount


def forget_site(db: sqlite3.Connection, unit: str) -> int:
    """Remove the contents of a site of which no version stands."""
    return write_contents(db, Unit(unit, ""), {})


def _lines(db: sqlite3.Connection, text: str) -> list[str]:
    return str(db.execute(TEXT, (text,)).fetchone()[0]).split("\n")


BOILERPLATE = Pass(
    name="boilerplate",
    version=boilerplate.RULES,
    tables=("contents",),
    units=site_units,
    load=load_pages,
    work=find_boilerplate,
    write=write_contents,
    forget=forget_site,
)
