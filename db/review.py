"""The file of what people decided: append-only votes beside the corpus, in a database that no web page can query.

``db/corpus.db`` has its votes in ``db/corpus.review.db``. It stands apart so that a corpus can be published, made
anew or thrown away without a vote being lost, and so that nobody reads another's vote by SQL: Datasette never opens
this file, only our own routes do. :mod:`db.voting` writes it, :mod:`db.tally` reads it.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from db.errors import CorpusError
from db.store import atomic, connect, explain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

APPLICATION_ID = 0x636C7672  # "clvr"
SUFFIX = ".review.db"

migrations = Migrations("clinicwatch review")


@migrations()
def r001_votes(db: Database) -> None:
    """Lay the votes, what is derived from them, and the triggers that keep votes as they were cast."""
    for statement in VOTES.split(";;"):
        db.execute(statement)


@migrations()
def r002_samples(db: Database) -> None:
    """Lay the samples, which stay as they were drawn."""
    for statement in SAMPLES.split(";;"):
        db.execute(statement)


VOTES = """
CREATE TABLE votes (
    id INTEGER PRIMARY KEY,
    -- who, when, in which round; `role` is reader or adjudicator
    at TEXT NOT NULL,
    coder TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('reader', 'adjudicator')),
    round TEXT NOT NULL,
    -- what was asked: a code of the codebook, or `topic`, `_note`, `_flag`
    unit_type TEXT NOT NULL CHECK (unit_type IN ('text', 'claim', 'advertiser')),
    unit TEXT NOT NULL,
    code TEXT NOT NULL,
    -- what was answered; both are empty in a row that takes another row back
    value TEXT NOT NULL DEFAULT '',
    value_text TEXT NOT NULL DEFAULT '',
    quote TEXT NOT NULL DEFAULT '',
    "start" INTEGER,
    "end" INTEGER,
    sentence_no INTEGER,
    -- what was before the coder's eyes
    text_sha256 TEXT NOT NULL DEFAULT '',
    page INTEGER,
    version INTEGER,
    codebook TEXT NOT NULL DEFAULT '',
    reference TEXT NOT NULL DEFAULT '',
    blinded INTEGER NOT NULL CHECK (blinded IN (0, 1)),
    seconds REAL,
    -- how it belongs to other rows
    undoes INTEGER UNIQUE REFERENCES votes(id),
    supersedes INTEGER REFERENCES votes(id),
    spread_from INTEGER REFERENCES votes(id),
    -- the browser's name for one decision, so that a repeated request is not a second vote; `place` counts its rows
    decision TEXT NOT NULL,
    place INTEGER NOT NULL DEFAULT 0,
    UNIQUE (decision, place)
);;
CREATE INDEX votes_asked ON votes(round, unit_type, unit, code);;
CREATE INDEX votes_coder ON votes(coder, round, id);;
CREATE INDEX votes_page ON votes(page, coder);;
CREATE TRIGGER votes_are_not_changed BEFORE UPDATE ON votes
    BEGIN SELECT raise(ABORT, 'votes are append-only: cast another one'); END;;
CREATE TRIGGER votes_are_not_deleted BEFORE DELETE ON votes
    BEGIN SELECT raise(ABORT, 'votes are append-only: undo is a row'); END;;
CREATE TRIGGER votes_are_not_replaced BEFORE INSERT ON votes
    WHEN EXISTS (SELECT 1 FROM votes WHERE id = new.id OR decision = new.decision AND place = new.place
        OR undoes = new.undoes)
    BEGIN SELECT raise(ABORT, 'votes are append-only: this one is there'); END;;
-- derived from votes in the transaction that adds them: what stands now
CREATE TABLE standing (
    round TEXT NOT NULL,
    coder TEXT NOT NULL,
    code TEXT NOT NULL,
    unit_type TEXT NOT NULL,
    unit TEXT NOT NULL,
    vote INTEGER NOT NULL REFERENCES votes(id),
    PRIMARY KEY (round, coder, code, unit_type, unit)
) WITHOUT ROWID;;
CREATE INDEX standing_vote ON standing(vote);;
CREATE TABLE units (
    round TEXT NOT NULL,
    code TEXT NOT NULL,
    unit_type TEXT NOT NULL,
    unit TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('one', 'agreed', 'conflict', 'adjudicated')),
    readers INTEGER NOT NULL,
    value TEXT,
    PRIMARY KEY (round, code, unit_type, unit)
) WITHOUT ROWID;;
CREATE INDEX units_status ON units(round, code, status);;
CREATE TABLE desk (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID
"""
SAMPLES = """
CREATE TABLE samples (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    -- all that draws it again
    at TEXT NOT NULL,
    seed INTEGER NOT NULL,
    asked INTEGER NOT NULL,
    strata_by TEXT NOT NULL,
    double REAL NOT NULL,
    query TEXT NOT NULL,
    frame_size INTEGER NOT NULL,
    frame_hash TEXT NOT NULL,
    strata TEXT NOT NULL
);;
CREATE TABLE sample_units (
    sample INTEGER NOT NULL REFERENCES samples(id),
    place INTEGER NOT NULL,
    unit TEXT NOT NULL,
    -- where its text stood when it was drawn
    page INTEGER NOT NULL,
    url TEXT NOT NULL,
    advertiser TEXT NOT NULL,
    pages INTEGER NOT NULL,
    stratum TEXT NOT NULL,
    weight REAL NOT NULL,
    double INTEGER NOT NULL CHECK (double IN (0, 1)),
    PRIMARY KEY (sample, place),
    UNIQUE (sample, unit)
) WITHOUT ROWID;;
CREATE TRIGGER samples_are_frozen BEFORE UPDATE ON samples
    BEGIN SELECT raise(ABORT, 'a sample stays as it was drawn: draw another one'); END;;
CREATE TRIGGER sample_units_are_frozen BEFORE UPDATE ON sample_units
    BEGIN SELECT raise(ABORT, 'a sample stays as it was drawn: draw another one'); END;;
CREATE TRIGGER samples_are_kept BEFORE DELETE ON samples
    BEGIN SELECT raise(ABORT, 'a sample stays as it was drawn: draw another one'); END;;
CREATE TRIGGER sample_units_are_kept BEFORE DELETE ON sample_units
    BEGIN SELECT raise(ABORT, 'a sample stays as it was drawn: draw another one'); END
"""


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
    """Give the secret that signs the readers' cookies: kept here, so that a restarted server knows them still."""
    with atomic(review):
        review.execute("INSERT OR IGNORE INTO desk VALUES ('secret', ?)", (secrets.token_hex(32),))
    return str(review.execute("SELECT value FROM desk WHERE name = 'secret'").fetchone()[0])


def claim_unit(text_sha256: str, quote: str) -> str:
    """Name a sentence of a text as a unit that people code, whatever number it has.

    >>> claim_unit("ab12", "It works in hours.") == claim_unit("ab12", "It works in hours.")
    True
    """
    return f"{text_sha256}/{hashlib.sha256(quote.encode()).hexdigest()[:16]}"
