-- Lay the tables of what was asked for beside the visits, and of the few words that were left of pages.
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
) WITHOUT ROWID;
