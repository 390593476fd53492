"""The tables, as steps that are only ever added to; columns are grouped by who writes them.

Times are UTC in ISO 8601 with ``+00:00``, so that text order is time order. Views, full-text search and indexes are
data in :mod:`db.schema.shape` and are laid anew where they differ; these tables are never dropped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlite_utils.migrations import Migrations

if TYPE_CHECKING:
    from sqlite_utils import Database

migrations = Migrations("clinicwatch")


@migrations()
def m001_first_corpus(db: Database) -> None:
    """Lay the tables of the first corpus."""
    for statement in FIRST_CORPUS.split(";"):
        if statement.strip():
            db.execute(statement)


FIRST_CORPUS = """
CREATE TABLE sites (
    id INTEGER PRIMARY KEY,
    -- from the seeds file, a person may correct them
    host TEXT NOT NULL UNIQUE,
    advertiser TEXT NOT NULL,
    name TEXT NOT NULL DEFAULT '',
    city TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL DEFAULT '',
    source_class TEXT NOT NULL DEFAULT '',
    status TEXT NOT NULL DEFAULT 'in',
    added_at TEXT NOT NULL,
    -- from the frame pass: what the frame of the site was worked out from
    frame_key TEXT,
    -- from the crawl
    robots TEXT NOT NULL DEFAULT '',
    crawl_delay REAL,
    robots_at TEXT
);
CREATE TABLE hosts (
    host TEXT PRIMARY KEY,
    site INTEGER NOT NULL REFERENCES sites(id)
) WITHOUT ROWID;
CREATE TABLE crawls (
    id INTEGER PRIMARY KEY,
    started_at TEXT NOT NULL,
    ended_at TEXT,
    status TEXT NOT NULL DEFAULT 'running',
    scope TEXT NOT NULL,
    settings TEXT NOT NULL,
    tools TEXT NOT NULL,
    funnel TEXT NOT NULL DEFAULT '{}',
    totals TEXT NOT NULL DEFAULT '{}'
);
CREATE TABLE pages (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL UNIQUE,
    site INTEGER NOT NULL REFERENCES sites(id),
    kind TEXT NOT NULL DEFAULT 'page',
    -- how it was discovered
    how TEXT NOT NULL,
    found_on INTEGER REFERENCES pages(id),
    found_at TEXT NOT NULL,
    depth INTEGER NOT NULL DEFAULT 0,
    run INTEGER NOT NULL DEFAULT 0,
    lastmod TEXT,
    alias_of INTEGER REFERENCES pages(id),
    -- what its last visit came to
    state TEXT NOT NULL DEFAULT 'queued',
    outcome TEXT,
    reason TEXT NOT NULL DEFAULT '',
    crawl INTEGER NOT NULL DEFAULT 0,
    moved_to TEXT,
    failures INTEGER NOT NULL DEFAULT 0,
    last_fetched TEXT,
    last_confirmed TEXT,
    etag TEXT,
    last_modified TEXT,
    body_sha256 TEXT,
    dom_digest TEXT,
    version INTEGER REFERENCES versions(id),
    -- when to come back
    due_at TEXT
);
CREATE TABLE captures (
    id INTEGER PRIMARY KEY,
    page INTEGER NOT NULL REFERENCES pages(id),
    crawl INTEGER NOT NULL REFERENCES crawls(id),
    url TEXT NOT NULL,
    redirect_to TEXT,
    fetched_at TEXT NOT NULL,
    status INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    content_type TEXT,
    content_encoding TEXT,
    etag TEXT,
    last_modified TEXT,
    body_sha256 TEXT NOT NULL,
    body_bytes INTEGER NOT NULL,
    warc_file TEXT NOT NULL,
    warc_offset INTEGER NOT NULL,
    warc_length INTEGER NOT NULL,
    robots TEXT NOT NULL DEFAULT '',
    noindex INTEGER NOT NULL DEFAULT 0,
    noarchive INTEGER NOT NULL DEFAULT 0,
    tdm_reserved INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE visits (
    crawl INTEGER NOT NULL REFERENCES crawls(id),
    page INTEGER NOT NULL REFERENCES pages(id),
    at TEXT NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    capture INTEGER REFERENCES captures(id),
    PRIMARY KEY (crawl, page)
) WITHOUT ROWID;
CREATE TABLE texts (
    sha256 TEXT PRIMARY KEY,
    text TEXT NOT NULL,
    words INTEGER NOT NULL
);
CREATE TABLE versions (
    id INTEGER PRIMARY KEY,
    page INTEGER NOT NULL REFERENCES pages(id),
    capture INTEGER NOT NULL REFERENCES captures(id),
    text_sha256 TEXT NOT NULL REFERENCES texts(sha256),
    first_seen TEXT NOT NULL,
    last_confirmed TEXT NOT NULL,
    -- derived from the capture's bytes by the extractor named
    extractor TEXT NOT NULL,
    copy_key TEXT NOT NULL,
    title TEXT,
    author TEXT,
    published TEXT,
    published_source TEXT,
    modified TEXT,
    language TEXT,
    description TEXT,
    site_name TEXT,
    canonical_url TEXT,
    page_type TEXT NOT NULL,
    words INTEGER NOT NULL,
    headings TEXT NOT NULL DEFAULT '',
    other_text TEXT NOT NULL DEFAULT '',
    structured TEXT NOT NULL DEFAULT '',
    alternatives TEXT NOT NULL DEFAULT '',
    leftovers TEXT NOT NULL DEFAULT '[]',
    facts TEXT NOT NULL DEFAULT '[]',
    -- from the frame pass: the text without the lines of the site's frame, and those lines with the reason
    own_sha256 TEXT REFERENCES texts(sha256),
    own_words INTEGER,
    removed TEXT NOT NULL DEFAULT '[]',
    -- from the topic pass
    topic TEXT,
    topic_score REAL,
    verdict TEXT,
    verdict_reasons TEXT
);
CREATE TABLE exact_copies (
    page INTEGER PRIMARY KEY REFERENCES pages(id),
    copy_of INTEGER NOT NULL REFERENCES pages(id),
    reason TEXT NOT NULL
);
CREATE TABLE documents (
    id INTEGER PRIMARY KEY REFERENCES pages(id),
    title TEXT NOT NULL,
    site INTEGER NOT NULL REFERENCES sites(id),
    state TEXT NOT NULL,
    source_class TEXT NOT NULL,
    page_type TEXT NOT NULL,
    verdict TEXT,
    words INTEGER NOT NULL,
    language TEXT,
    published TEXT,
    first_seen TEXT NOT NULL,
    last_confirmed TEXT NOT NULL,
    copy_of INTEGER REFERENCES documents(id),
    url TEXT NOT NULL,
    version INTEGER NOT NULL REFERENCES versions(id)
)
"""


@migrations()
def m_changes(db: Database) -> None:
    """Lay the tables of what changed, and of what changes by itself and is held back."""
    for statement in CHANGES.split(";"):
        if statement.strip():
            db.execute(statement)


CHANGES = """
-- one row a change of a page. The same edit on many pages has one row a page, and all of them share ``edit``
CREATE TABLE changes (
    id INTEGER PRIMARY KEY,
    page INTEGER NOT NULL REFERENCES pages(id),
    crawl INTEGER NOT NULL REFERENCES crawls(id),
    kind TEXT NOT NULL,
    -- when we saw it (it happened since the visit before)
    at TEXT NOT NULL,
    -- the versions before and after: of a page that is gone, or that answers something else, there is none after
    before INTEGER REFERENCES versions(id),
    after INTEGER REFERENCES versions(id),
    -- the answer that showed it
    capture INTEGER REFERENCES captures(id),
    -- where a page moved to: its address, and the page of ours that it is
    moved_to TEXT,
    target INTEGER REFERENCES pages(id),
    -- places of the page whose text changed (JSON list): text, title, description, headings, ...
    places TEXT NOT NULL DEFAULT '[]',
    words_added INTEGER NOT NULL DEFAULT 0,
    words_removed INTEGER NOT NULL DEFAULT 0,
    -- triage: 0 to 1, and why (JSON list of lines, strongest first). Cues are kinds of wording touched (JSON list)
    score REAL NOT NULL DEFAULT 0,
    reasons TEXT NOT NULL DEFAULT '[]',
    cues TEXT NOT NULL DEFAULT '[]',
    material INTEGER NOT NULL DEFAULT 0,
    -- the same edit on many pages of a crawl has one value here, and exactly one row of them is the lead
    edit TEXT NOT NULL,
    edit_pages INTEGER NOT NULL DEFAULT 1,
    lead INTEGER NOT NULL DEFAULT 1,
    summary TEXT NOT NULL DEFAULT '',
    UNIQUE (page, crawl, kind)
);
-- what changes by itself on a site or a page, and is held back when versions are compared
CREATE TABLE masks (
    id INTEGER PRIMARY KEY,
    site INTEGER NOT NULL REFERENCES sites(id),
    -- empty: on every page of the site
    page INTEGER REFERENCES pages(id),
    place TEXT NOT NULL,
    -- a line in its folded form, numbers as 0
    pattern TEXT NOT NULL,
    example TEXT NOT NULL,
    why TEXT NOT NULL,
    crawl INTEGER NOT NULL REFERENCES crawls(id),
    pages INTEGER NOT NULL DEFAULT 1,
    -- a person may switch a mask off
    active INTEGER NOT NULL DEFAULT 1
);
-- what a page tells beside the places it had: all titles and descriptions of its head, the frame's own words, and a
-- hash of each place (JSON), in which counters and the date of today count as nothing
ALTER TABLE versions ADD COLUMN titles TEXT NOT NULL DEFAULT '';
ALTER TABLE versions ADD COLUMN descriptions TEXT NOT NULL DEFAULT '';
ALTER TABLE versions ADD COLUMN frame TEXT NOT NULL DEFAULT '';
ALTER TABLE versions ADD COLUMN told TEXT NOT NULL DEFAULT '{}'
"""


@migrations()
def visiting_rhythm(db: Database) -> None:
    """Keep what the visits of a page have taught of its rhythm, and how far its site can be relied on."""
    for statement in VISITING_RHYTHM.split(";"):
        db.execute(statement)


VISITING_RHYTHM = """
ALTER TABLE pages ADD COLUMN interval_hours REAL;
ALTER TABLE pages ADD COLUMN changes_seen REAL NOT NULL DEFAULT 0;
ALTER TABLE pages ADD COLUMN watched_days REAL NOT NULL DEFAULT 0;
ALTER TABLE pages ADD COLUMN brought_by TEXT NOT NULL DEFAULT '';
ALTER TABLE sites ADD COLUMN min_days REAL;
ALTER TABLE sites ADD COLUMN max_days REAL;
ALTER TABLE sites ADD COLUMN hints INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sites ADD COLUMN hints_right INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sites ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sites ADD COLUMN rest_until TEXT
"""


@migrations()
def site_runs_and_digests(db: Database) -> None:
    """Lay what a crawl came to on each site, and which digests were sent."""
    for statement in SITE_RUNS_AND_DIGESTS.split(";"):
        if statement.strip():
            db.execute(statement)


SITE_RUNS_AND_DIGESTS = """
CREATE TABLE site_runs (
    crawl INTEGER NOT NULL REFERENCES crawls(id),
    site INTEGER NOT NULL REFERENCES sites(id),
    -- what the visits of this crawl came to
    visits INTEGER NOT NULL,
    fetched INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    new INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    -- pages whose visit before gave text: those that gave text again, those that gave none
    kept INTEGER NOT NULL,
    lost INTEGER NOT NULL,
    -- words of the pages kept, now and before this crawl
    words INTEGER NOT NULL,
    words_before INTEGER NOT NULL,
    -- live pages of the site when the crawl ended
    live INTEGER NOT NULL,
    alerts TEXT NOT NULL DEFAULT '[]',
    PRIMARY KEY (crawl, site)
) WITHOUT ROWID;
CREATE TABLE digests (
    id INTEGER PRIMARY KEY,
    sent_at TEXT NOT NULL,
    -- everything up to here has been told
    until TEXT NOT NULL,
    changes INTEGER NOT NULL,
    alerts INTEGER NOT NULL
)
"""


@migrations()
def m002_families(db: Database) -> None:
    """Lay the tables of families: groups of pages whose texts are near, and pairs that share a part."""
    for statement in FAMILIES.split(";"):
        db.execute(statement)


FAMILIES = """
CREATE TABLE families (
    -- the smallest first capture of its members
    id INTEGER PRIMARY KEY,
    -- what it was worked out from: members, their texts and facts, the rules
    key TEXT NOT NULL,
    representative INTEGER NOT NULL REFERENCES pages(id),
    size INTEGER NOT NULL,
    sites INTEGER NOT NULL,
    advertisers INTEGER NOT NULL,
    first_seen TEXT NOT NULL,
    similarity REAL NOT NULL,
    kind TEXT NOT NULL,
    slots TEXT NOT NULL DEFAULT '[]',
    evidence TEXT NOT NULL DEFAULT '{}'
);
CREATE TABLE family_members (
    page INTEGER PRIMARY KEY REFERENCES pages(id),
    family INTEGER NOT NULL REFERENCES families(id),
    -- how its text compares to the representative's: shared runs of three words, as it stands and with names masked
    how TEXT NOT NULL,
    similarity REAL NOT NULL,
    masked REAL NOT NULL,
    first_capture INTEGER NOT NULL
);
CREATE TABLE family_aliases (
    old INTEGER NOT NULL,
    new INTEGER,
    at TEXT NOT NULL,
    why TEXT NOT NULL
);
CREATE TABLE text_pairs (
    -- the page with the shorter text, and the one with the longer
    page INTEGER NOT NULL REFERENCES pages(id),
    other INTEGER NOT NULL REFERENCES pages(id),
    relation TEXT NOT NULL,
    share REAL NOT NULL,
    similarity REAL NOT NULL,
    shared INTEGER NOT NULL,
    PRIMARY KEY (page, other)
) WITHOUT ROWID
"""


@migrations()
def answer_of_validators(db: Database) -> None:
    """Keep how the answer ended that a page's ETag and Last-Modified are of: a 304 says that it would end so again."""
    db.execute("ALTER TABLE pages ADD COLUMN answered TEXT")


@migrations()
def m_claims(db: Database) -> None:
    """Lay the tables of the codebook, of claim candidates and of their ledger."""
    for statement in CLAIMS.split(";"):
        if statement.strip():
            db.execute(statement)


CLAIMS = """
-- the codebook and reference sets that the candidates below were found with
CREATE TABLE codes (
    code TEXT PRIMARY KEY,
    place INTEGER NOT NULL,
    name TEXT NOT NULL,
    level TEXT NOT NULL,
    type TEXT NOT NULL,
    -- JSON list
    allowed TEXT NOT NULL,
    key TEXT NOT NULL,
    definition TEXT NOT NULL,
    positive TEXT NOT NULL,
    negative TEXT NOT NULL,
    reference TEXT NOT NULL,
    omission INTEGER NOT NULL,
    cues INTEGER NOT NULL,
    source TEXT NOT NULL,
    codebook TEXT NOT NULL,
    version TEXT NOT NULL,
    cue_version TEXT NOT NULL
);
CREATE TABLE reference_items (
    "set" TEXT NOT NULL,
    version TEXT NOT NULL,
    item TEXT NOT NULL,
    place INTEGER NOT NULL,
    label TEXT NOT NULL,
    note TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    title TEXT NOT NULL,
    source TEXT NOT NULL,
    set_note TEXT NOT NULL,
    PRIMARY KEY ("set", version, item)
) WITHOUT ROWID;
-- a candidate is a place in a text that a cue proposes for a code: to be judged by people, never a finding.
-- id is made of text, place, code and value, so that votes on it survive a scan anew
CREATE TABLE claims (
    id TEXT PRIMARY KEY,
    text_sha256 TEXT NOT NULL REFERENCES texts(sha256) ON DELETE CASCADE,
    sentence_no INTEGER NOT NULL,
    "start" INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    -- the words that the cue fired on
    mark_start INTEGER NOT NULL,
    mark_end INTEGER NOT NULL,
    quote TEXT NOT NULL,
    -- the same for the same words, whatever their case, spaces and punctuation
    quote_key TEXT NOT NULL,
    code TEXT NOT NULL,
    -- what the cue suggests to the reader
    value TEXT NOT NULL,
    cue TEXT NOT NULL,
    cue_version TEXT NOT NULL
);
CREATE TABLE claim_scans (
    text_sha256 TEXT PRIMARY KEY REFERENCES texts(sha256) ON DELETE CASCADE,
    -- codebook and masked names that it was scanned with
    scan_key TEXT NOT NULL
) WITHOUT ROWID;
-- one row a sentence that some candidate quotes, over all pages and versions that have it
CREATE TABLE claim_ledger (
    quote_key TEXT PRIMARY KEY,
    quote TEXT NOT NULL,
    -- JSON list
    codes TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    -- when it was last confirmed to stand on a page
    last_seen TEXT NOT NULL,
    -- when its last page was first seen without it, empty while a page has it
    vanished_at TEXT,
    -- pages and advertisers that show it now, and that ever did
    n_pages INTEGER NOT NULL,
    n_advertisers INTEGER NOT NULL,
    n_pages_ever INTEGER NOT NULL,
    n_advertisers_ever INTEGER NOT NULL
)
"""


@migrations()
def m_all_places(db: Database) -> None:
    """Keep the values of JSON-LD and the link texts of the frame with each version: versions are compared by them."""
    db.execute("ALTER TABLE versions ADD COLUMN data TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE versions ADD COLUMN menu TEXT NOT NULL DEFAULT ''")


@migrations()
def m_day_of_site(db: Database) -> None:
    """Keep the day on which a version was read, as its site has it: dates of today are told by it."""
    db.execute("ALTER TABLE versions ADD COLUMN day TEXT NOT NULL DEFAULT ''")


@migrations()
def pass_keys(db: Database) -> None:
    """Keep what each pass was last worked out from, so that it is left out where nothing changed."""
    db.execute("CREATE TABLE pass_keys (pass TEXT PRIMARY KEY, key TEXT NOT NULL) WITHOUT ROWID")


@migrations()
def digest_marks(db: Database) -> None:
    """Keep with each digest how far it told: a change that is found late, in an old crawl, is told by the next one."""
    db.execute("ALTER TABLE digests ADD COLUMN last_change INTEGER NOT NULL DEFAULT 0")
    db.execute("ALTER TABLE digests ADD COLUMN last_crawl INTEGER NOT NULL DEFAULT 0")


@migrations()
def m_held_back(db: Database) -> None:
    """Keep with each version what was held back of it as changing by itself (JSON list); empty: not judged yet."""
    db.execute("ALTER TABLE versions ADD COLUMN held TEXT")


@migrations()
def m_overrules(db: Database) -> None:
    """Lay the table of texts whose topic people decided."""
    db.execute(
        "CREATE TABLE overrules (text_sha256 TEXT PRIMARY KEY, verdict TEXT NOT NULL, decided_by TEXT NOT NULL,"
        " at TEXT NOT NULL) WITHOUT ROWID"
    )


@migrations()
def passages(db: Database) -> None:
    """Lay the tables of passages: sentences that several pages say, and texts that may be others in other words."""
    for statement in PASSAGES.split(";"):
        db.execute(statement)


PASSAGES = """
CREATE TABLE sentences (
    -- hash of its words
    id INTEGER PRIMARY KEY,
    words INTEGER NOT NULL,
    n_pages INTEGER NOT NULL,
    n_advertisers INTEGER NOT NULL,
    first_seen TEXT NOT NULL,
    -- the page whose wording is shown: the smallest number
    page INTEGER NOT NULL REFERENCES pages(id)
);
CREATE TABLE sentence_pages (
    sentence INTEGER NOT NULL,
    page INTEGER NOT NULL REFERENCES pages(id),
    -- where it stands in the page's own text, in characters
    start INTEGER NOT NULL,
    length INTEGER NOT NULL,
    words INTEGER NOT NULL,
    PRIMARY KEY (sentence, page)
) WITHOUT ROWID;
CREATE TABLE spun_pairs (
    page INTEGER NOT NULL REFERENCES pages(id),
    other INTEGER NOT NULL REFERENCES pages(id),
    -- shared runs of eight function words, their share of the shorter text's, and that of runs of three words
    shared INTEGER NOT NULL,
    skeleton REAL NOT NULL,
    words REAL NOT NULL,
    PRIMARY KEY (page, other)
) WITHOUT ROWID
"""


@migrations()
def m_probes(db: Database) -> None:
    """Lay the tables of what was asked for beside the visits, and of the few words that were left of pages."""
    for statement in PROBES.split(";"):
        db.execute(statement)


PROBES = """
CREATE TABLE probes (
    id INTEGER PRIMARY KEY,
    crawl INTEGER NOT NULL REFERENCES crawls(id),
    site INTEGER NOT NULL REFERENCES sites(id),
    kind TEXT NOT NULL,
    -- the page that gave cause, and what was asked for
    page INTEGER NOT NULL REFERENCES pages(id),
    url TEXT NOT NULL,
    at TEXT NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    robots TEXT NOT NULL DEFAULT '',
    -- the evidence, where there was an answer
    status INTEGER,
    content_type TEXT,
    body_sha256 TEXT,
    body_bytes INTEGER,
    warc_file TEXT,
    warc_offset INTEGER,
    warc_length INTEGER,
    -- what an address that nobody can know answered: pages are compared with it
    title TEXT,
    text TEXT,
    UNIQUE (crawl, kind, url)
);
CREATE TABLE collapses (
    crawl INTEGER NOT NULL REFERENCES crawls(id),
    page INTEGER NOT NULL REFERENCES pages(id),
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (crawl, page)
) WITHOUT ROWID
"""
