"""The tables and views of a new corpus as Markdown, read from the database that the migrations make."""

from __future__ import annotations

import re
import tempfile
from contextlib import closing
from pathlib import Path

from db.corpus.connection import open_corpus

HIDDEN = re.compile(r"^(?:sqlite_|_sqlite_|versions_fts|claim_ledger_fts)")


def schema_text() -> str:
    """Give a table of Markdown a database table: column, type, what it points to; views with their columns."""
    with tempfile.TemporaryDirectory() as folder, closing(open_corpus(Path(folder) / "corpus.db")) as db:
        parts = []
        rows = db.execute("SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY type, name")
        for name, kind in rows.fetchall():
            if HIDDEN.match(name):
                continue
            columns = db.execute(f"PRAGMA table_xinfo({name})").fetchall()
            if kind == "view":
                parts.append(f"**View `{name}`**: " + ", ".join(f"`{column[1]}`" for column in columns))
                continue
            targets = {row[3]: f"{row[2]}.{row[4]}" for row in db.execute(f"PRAGMA foreign_key_list({name})")}
            lines = [f"## `{name}`", "", "| column | type | points to |", "|---|---|---|"]
            for column in columns:
                note = "key" if column[5] else "another name, for one release" if column[6] else ""
                lines.append(f"| `{column[1]}` | {column[2].lower()} | {targets.get(column[1], note)} |")
            parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"
