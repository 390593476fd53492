-- Lay the tables of the first corpus.
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
);
