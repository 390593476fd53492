"""The tables of the votes, one function a step; what has landed is never edited, the next change is another step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlite_utils.migrations import Migrations

if TYPE_CHECKING:
    from sqlite_utils import Database

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


@migrations()
def r003_studies(db: Database) -> None:
    """Lay the studies, which are only added to; a sample says how its draws were allocated."""
    for statement in STUDIES.split(";;"):
        db.execute(statement)


@migrations()
def r004_sample_events(db: Database) -> None:
    """Lay what became of samples after they were drawn, which is only added to, and how each is used now.

    What stands on a question is found by an index: each vote asks for it, and so does the list of conflicts.
    """
    for statement in SAMPLE_EVENTS.split(";;"):
        db.execute(statement)


@migrations()
def r005_triage_and_events(db: Database) -> None:
    """Lay the marks of triage on changes, and the events that claims are held against; both are only added to."""
    for statement in TRIAGE.split(";;"):
        db.execute(statement)


@migrations()
def r006_rankings(db: Database) -> None:
    """Lay the rankings: a frozen frame of texts, and the batches of it that were put on the queue."""
    for statement in RANKINGS.split(";;"):
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
STUDIES = """
ALTER TABLE samples ADD COLUMN allocation TEXT NOT NULL DEFAULT 'proportional';;
-- one row each time that a study is said anew: the last of a name holds, the earlier ones stay
CREATE TABLE studies (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    at TEXT NOT NULL,
    -- which advertisers, pages and dates (JSON); the day whose versions are coded is in it as `on`
    frame TEXT NOT NULL,
    -- names, in order (JSON): its samples; its rounds of coding, of which the last is the one of its tables
    samples TEXT NOT NULL,
    rounds TEXT NOT NULL,
    -- pseudonyms with their roles (JSON)
    team TEXT NOT NULL,
    single INTEGER NOT NULL CHECK (single IN (0, 1)),
    note TEXT NOT NULL DEFAULT ''
);;
CREATE INDEX studies_name ON studies(name, id);;
CREATE TRIGGER studies_are_not_changed BEFORE UPDATE ON studies
    BEGIN SELECT raise(ABORT, 'a study is not changed: say it anew with --revise'); END;;
CREATE TRIGGER studies_are_not_deleted BEFORE DELETE ON studies
    BEGIN SELECT raise(ABORT, 'a study is not changed: say it anew with --revise'); END
"""
SAMPLE_EVENTS = """
CREATE INDEX standing_asked ON standing(round, code, unit_type, unit);;
-- a sample is hidden or shown, renamed, assigned to coders; `value` is what it was set to, as JSON
CREATE TABLE sample_events (
    id INTEGER PRIMARY KEY,
    sample INTEGER NOT NULL REFERENCES samples(id),
    at TEXT NOT NULL,
    by TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('hidden', 'name', 'coders')),
    value TEXT NOT NULL,
    undoes INTEGER UNIQUE REFERENCES sample_events(id)
);;
CREATE INDEX sample_events_sample ON sample_events(sample, kind, id);;
CREATE TRIGGER sample_events_are_not_changed BEFORE UPDATE ON sample_events
    BEGIN SELECT raise(ABORT, 'what became of a sample is not changed: undo is a row'); END;;
CREATE TRIGGER sample_events_are_not_deleted BEFORE DELETE ON sample_events
    BEGIN SELECT raise(ABORT, 'what became of a sample is not changed: undo is a row'); END;;
CREATE TRIGGER sample_events_are_not_replaced BEFORE INSERT ON sample_events
    WHEN EXISTS (SELECT 1 FROM sample_events WHERE id = new.id OR undoes = new.undoes)
    BEGIN SELECT raise(ABORT, 'what became of a sample is not changed: this row is there'); END;;
-- the last change of each kind that was not taken back
CREATE VIEW sample_settings AS
    SELECT sample, kind, value FROM sample_events AS event WHERE id = (
        SELECT max(id) FROM sample_events AS every WHERE every.sample = event.sample AND every.kind = event.kind
            AND every.undoes IS NULL
            AND NOT EXISTS (SELECT 1 FROM sample_events AS back WHERE back.undoes = every.id))
"""
TRIAGE = """
CREATE TABLE triage_marks (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    coder TEXT NOT NULL,
    -- the name of the change (`edit` of page_changes): made of crawl, site and lines, so that it is the same again when
    -- the pass is run anew
    change TEXT NOT NULL,
    -- what the mark says; empty or NULL says nothing of it, an empty assignee is nobody
    status TEXT NOT NULL DEFAULT '' CHECK (status IN ('', 'seen', 'relevant', 'dismissed', 'follow up')),
    assignee TEXT,
    note TEXT NOT NULL DEFAULT '',
    -- what the change was when it was marked, for the day on which it is no longer listed
    kind TEXT NOT NULL DEFAULT '',
    page INTEGER,
    crawl INTEGER,
    url TEXT NOT NULL DEFAULT '',
    host TEXT NOT NULL DEFAULT '',
    seen_at TEXT NOT NULL DEFAULT '',
    summary TEXT NOT NULL DEFAULT '',
    -- the mark that this row takes back
    undoes INTEGER UNIQUE REFERENCES triage_marks(id),
    -- the browser's name for one decision, so that a repeated request is not a second mark
    decision TEXT NOT NULL UNIQUE
);;
CREATE INDEX triage_marks_change ON triage_marks(change, id);;
CREATE INDEX triage_marks_coder ON triage_marks(coder, id);;
CREATE TRIGGER triage_marks_are_not_changed BEFORE UPDATE ON triage_marks
    BEGIN SELECT raise(ABORT, 'marks are append-only: set another one'); END;;
CREATE TRIGGER triage_marks_are_not_deleted BEFORE DELETE ON triage_marks
    BEGIN SELECT raise(ABORT, 'marks are append-only: undo is a row'); END;;
CREATE TRIGGER triage_marks_are_not_replaced BEFORE INSERT ON triage_marks
    WHEN EXISTS (SELECT 1 FROM triage_marks WHERE id = new.id OR decision = new.decision OR undoes = new.undoes)
    BEGIN SELECT raise(ABORT, 'marks are append-only: this one is there'); END;;
-- the marks that hold: those that no row takes back
CREATE VIEW current_marks AS SELECT * FROM triage_marks WHERE undoes IS NULL
    AND NOT EXISTS (SELECT 1 FROM triage_marks AS back WHERE back.undoes = triage_marks.id);;
CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    coder TEXT NOT NULL,
    -- empty: it concerns all advertisers
    advertiser TEXT NOT NULL DEFAULT '',
    kind TEXT NOT NULL CHECK (kind IN ('warning letter', 'rule', 'our enquiry', 'other')),
    day TEXT NOT NULL,
    title TEXT NOT NULL,
    url TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    decision TEXT NOT NULL UNIQUE
);;
CREATE TABLE event_retractions (
    event INTEGER PRIMARY KEY REFERENCES events(id),
    at TEXT NOT NULL,
    coder TEXT NOT NULL,
    note TEXT NOT NULL DEFAULT ''
);;
CREATE TRIGGER events_are_not_changed BEFORE UPDATE ON events
    BEGIN SELECT raise(ABORT, 'events are append-only: retract this one and add another'); END;;
CREATE TRIGGER events_are_not_deleted BEFORE DELETE ON events
    BEGIN SELECT raise(ABORT, 'events are append-only: retract it'); END;;
CREATE TRIGGER events_are_not_replaced BEFORE INSERT ON events
    WHEN EXISTS (SELECT 1 FROM events WHERE id = new.id OR decision = new.decision)
    BEGIN SELECT raise(ABORT, 'events are append-only: this one is there'); END;;
CREATE TRIGGER event_retractions_are_not_changed BEFORE UPDATE ON event_retractions
    BEGIN SELECT raise(ABORT, 'a retraction stays as it was made'); END;;
CREATE TRIGGER event_retractions_are_not_deleted BEFORE DELETE ON event_retractions
    BEGIN SELECT raise(ABORT, 'a retraction stays as it was made'); END;;
CREATE TRIGGER event_retractions_are_not_replaced BEFORE INSERT ON event_retractions
    WHEN EXISTS (SELECT 1 FROM event_retractions WHERE event = new.event)
    BEGIN SELECT raise(ABORT, 'this event is retracted already'); END
"""
RANKINGS = """
CREATE TABLE rankings (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    at TEXT NOT NULL,
    -- what is looked for: a code of the codebook, or `topic`; in which round of coding
    code TEXT NOT NULL,
    round TEXT NOT NULL,
    seed INTEGER NOT NULL,
    random_share REAL NOT NULL,
    frame_size INTEGER NOT NULL,
    frame_hash TEXT NOT NULL
);;
CREATE TABLE ranking_frame (
    ranking INTEGER NOT NULL REFERENCES rankings(id),
    unit TEXT NOT NULL,
    page INTEGER NOT NULL,
    PRIMARY KEY (ranking, unit)
) WITHOUT ROWID;;
CREATE TABLE ranking_batches (
    id INTEGER PRIMARY KEY,
    ranking INTEGER NOT NULL REFERENCES rankings(id),
    at TEXT NOT NULL,
    -- how many texts were left to choose from; which were decided (JSON); the words that the order rests on (JSON)
    pool INTEGER NOT NULL,
    decided TEXT NOT NULL,
    terms TEXT NOT NULL
);;
CREATE INDEX ranking_batches_ranking ON ranking_batches(ranking);;
CREATE TABLE ranking_units (
    id INTEGER PRIMARY KEY, -- the order of the queue
    batch INTEGER NOT NULL REFERENCES ranking_batches(id),
    unit TEXT NOT NULL,
    page INTEGER NOT NULL,
    score REAL NOT NULL,
    is_random INTEGER NOT NULL CHECK (is_random IN (0, 1)),
    UNIQUE (batch, unit)
);;
CREATE TRIGGER rankings_are_not_changed BEFORE UPDATE ON rankings
    BEGIN SELECT raise(ABORT, 'a ranking stays as it was begun: begin another one'); END;;
CREATE TRIGGER rankings_are_not_deleted BEFORE DELETE ON rankings
    BEGIN SELECT raise(ABORT, 'a ranking stays as it was begun: begin another one'); END;;
CREATE TRIGGER ranking_units_are_not_changed BEFORE UPDATE ON ranking_units
    BEGIN SELECT raise(ABORT, 'a batch stays as it was drawn: draw the next one'); END;;
CREATE TRIGGER ranking_units_are_not_deleted BEFORE DELETE ON ranking_units
    BEGIN SELECT raise(ABORT, 'a batch stays as it was drawn: draw the next one'); END
"""
