-- Lay the tables of the codebook, of claim candidates and of their ledger.
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
);
