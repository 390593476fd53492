-- Every region of a version is a text that is scanned for claims; candidates of a site become rows of one list.
-- from the pass `regions`: the texts that a version shows, by region. `boilerplate` may have several: each is lines
-- that the same versions of a site show, so a line that a site repeats is one text, however many pages have it
CREATE TABLE version_regions (
    version INTEGER NOT NULL REFERENCES captured_versions(id),
    -- text (the main text), other_text, title, description, headings, structured, alternatives, boilerplate, hidden
    region TEXT NOT NULL,
    text_sha256 TEXT NOT NULL REFERENCES texts(sha256),
    PRIMARY KEY (version, region, text_sha256)
) WITHOUT ROWID;
INSERT INTO version_regions
    SELECT readings.version, 'text', coalesce(contents.content_sha256, readings.text_sha256)
    FROM readings LEFT JOIN contents ON contents.version = readings.version;
-- the ledger has a number for full-text search and the highest percentage that a sentence names
ALTER TABLE claim_ledger RENAME TO claim_ledger_before;
CREATE TABLE claim_ledger (
    id INTEGER PRIMARY KEY,
    quote_key TEXT NOT NULL UNIQUE,
    quote TEXT NOT NULL,
    -- JSON list
    codes TEXT NOT NULL,
    -- JSON list: where it stands, the main text or another region
    regions TEXT NOT NULL DEFAULT '["text"]',
    -- the highest percentage that it names
    percent REAL,
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
INSERT INTO claim_ledger (quote_key, quote, codes, first_seen, last_seen, vanished_at, n_pages, n_advertisers,
        n_pages_ever, n_advertisers_ever)
    SELECT quote_key, quote, codes, first_seen, last_seen, vanished_at, n_pages, n_advertisers, n_pages_ever,
        n_advertisers_ever FROM claim_ledger_before ORDER BY quote_key;
DROP TABLE claim_ledger_before;
-- from the pass `claim_list`: one row a site, sentence and code, over all pages and regions of the site that show it
CREATE TABLE claim_list (
    site INTEGER NOT NULL REFERENCES sites(id),
    quote_key TEXT NOT NULL,
    code TEXT NOT NULL,
    -- from 0, the first seen first: what the bits of claim_filters count
    position INTEGER NOT NULL,
    -- JSON lists: what cues suggest, where it stands, which types of page show it
    suggested TEXT NOT NULL,
    regions TEXT NOT NULL,
    page_types TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    -- when its last page was first seen without it, empty while a page has it or it cannot be told
    vanished_at TEXT,
    -- pages of the site that show it now, and that ever did
    n_pages INTEGER NOT NULL,
    n_pages_ever INTEGER NOT NULL,
    -- the place that stands for the row: a current page before a former one, its main text before other regions
    version INTEGER NOT NULL REFERENCES captured_versions(id),
    claim TEXT NOT NULL,
    PRIMARY KEY (site, quote_key, code)
) WITHOUT ROWID;
-- which rows of the list have a value of a filter, a bit a position (zlib): filters are combined without reading rows
CREATE TABLE claim_filters (
    filter TEXT NOT NULL,
    value TEXT NOT NULL,
    "rows" INTEGER NOT NULL,
    bits BLOB NOT NULL,
    PRIMARY KEY (filter, value)
);
