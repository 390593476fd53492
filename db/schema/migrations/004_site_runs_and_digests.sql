-- Lay what a crawl came to on each site, and which digests were sent.
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
);
