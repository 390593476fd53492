-- Lay the tables of what changed, and of what changes by itself and is held back.
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
ALTER TABLE versions ADD COLUMN told TEXT NOT NULL DEFAULT '{}';
