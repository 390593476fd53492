-- Lay the tables of families: groups of pages whose texts are near, and pairs that share a part.
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
) WITHOUT ROWID;
