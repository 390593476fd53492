"""The file of votes: append-only, beside the corpus, in a database that no web page can query.

``db/corpus.db`` has its votes in ``db/corpus.review.db``. It stands apart so that a corpus can be published, made
anew or thrown away without a vote being lost, and so that nobody reads another's vote by SQL: Datasette never opens
this file, only our own routes do. :mod:`db.coding.voting` writes it, :mod:`db.coding.tally` reads it.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from db.corpus.connection import atomic, connect, explain, is_current, mark_current
from pipelines.model.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Iterator

APPLICATION_ID = 0x636C7672  # "clvr"
SUFFIX = ".review.db"


def review_path(corpus: Path) -> Path:
    """Name the file of votes that belongs to a corpus: ``corpus.db`` has ``corpus.review.db``."""
    return corpus.with_suffix(SUFFIX)


def open_review(corpus: Path) -> sqlite3.Connection:
    """Open the votes of a corpus for writing; the file is made where there is none, readable by its owner only.

    Raises :class:`CorpusError` for a file that is something else, is of a newer release or cannot be written.
    """
    path = review_path(corpus)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        connection = connect(path)
        connection.row_factory = sqlite3.Row
        _bring_up_to_date(connection, path)
    except (sqlite3.DatabaseError, OSError) as error:
        raise CorpusError(explain(error, path)) from error
    return connection


def _bring_up_to_date(connection: sqlite3.Connection, path: Path) -> None:
    steps = Path(__file__).with_name("votes_schema.py")
    if is_current(connection, steps):
        return
    from sqlite_utils import Database  # noqa: PLC0415 - dear to load, and a crawl only asks for the path

    from db.coding.votes_schema import migrations  # noqa: PLC0415

    db = Database(connection, execute_plugins=False)
    tables = set(db.table_names())
    if tables and "votes" not in tables:
        raise CorpusError(f"{path}: a SQLite database, but not one of votes; move it away, a new one is made")
    known = {migration.name for migration in migrations._migrations}  # noqa: SLF001
    newer = sorted({migration.name for migration in migrations.applied(db)} - known)
    if newer:
        raise CorpusError(f"{path}: written by a newer clinicwatch ({newer[-1]}); update clinicwatch")
    if migrations.pending(db):
        migrations.apply(db)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    mark_current(connection, steps)


@contextmanager
def voting(corpus: Path) -> Iterator[sqlite3.Connection]:
    """Open the votes of a corpus for writing and close them in any case; what SQLite says becomes one line."""
    connection = open_review(corpus)
    try:
        yield connection
    except (sqlite3.Error, OSError) as error:
        raise CorpusError(explain(error, review_path(corpus))) from error
    finally:
        connection.close()


def attach_corpus(review: sqlite3.Connection, corpus: Path) -> None:
    """Let this connection of ours read the corpus as ``corpus``, never write it: a queue asks both at once."""
    review.execute("ATTACH ? AS corpus", (f"{corpus.absolute().as_uri()}?mode=ro",))


def desk_secret(review: sqlite3.Connection) -> str:
    """Give the secret that signs the coders' cookies: stored here, so that a restarted server knows them still."""
    with atomic(review):
        review.execute("INSERT OR IGNORE INTO desk VALUES ('secret', ?)", (secrets.token_hex(32),))
    return str(review.execute("SELECT value FROM desk WHERE name = 'secret'").fetchone()[0])


def claim_unit(text_sha256: str, quote: str) -> str:
    """Name a sentence of a text as a unit that people code, whatever number it has.

    >>> claim_unit("ab12", "It works in hours.") == claim_unit("ab12", "It works in hours.")
    True
    """
    return f"{text_sha256}/{hashlib.sha256(quote.encode()).hexdigest()[:16]}"
