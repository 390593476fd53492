-- an edit that several pages share is one change: a page has a row for each edit that it is part of, and the view
-- `changes` the row that stands for its edit
DROP INDEX IF EXISTS changes_page;
DROP INDEX IF EXISTS changes_crawl;
DROP INDEX IF EXISTS changes_at;
DROP INDEX IF EXISTS changes_score;
DROP INDEX IF EXISTS changes_kind;
DROP INDEX IF EXISTS changes_edit;
DROP INDEX IF EXISTS changes_lead;
DROP INDEX IF EXISTS changes_before;
DROP INDEX IF EXISTS changes_after;
DROP INDEX IF EXISTS changes_capture;
DROP INDEX IF EXISTS changes_target;
CREATE TABLE page_changes (
    id INTEGER PRIMARY KEY,
    page INTEGER NOT NULL REFERENCES pages(id),
    crawl INTEGER NOT NULL REFERENCES crawls(id),
    kind TEXT NOT NULL,
    -- the same edit on many pages of a crawl has one value here, and exactly one row of them is the lead
    edit TEXT NOT NULL,
    -- when we saw it (it happened since the visit before)
    at TEXT NOT NULL,
    -- the versions before and after: of a page that is gone, or that answers something else, there is none after
    before INTEGER REFERENCES captured_versions(id),
    after INTEGER REFERENCES captured_versions(id),
    -- the answer that showed it
    capture INTEGER REFERENCES captures(id),
    -- where a page moved to: its address, and the page of ours that it is
    moved_to TEXT,
    target INTEGER REFERENCES pages(id),
    -- regions of the page that this edit touches (JSON list), and its lines (JSON list: region, added, removed)
    regions TEXT NOT NULL DEFAULT '[]',
    lines TEXT NOT NULL DEFAULT '[]',
    words_added INTEGER NOT NULL DEFAULT 0,
    words_removed INTEGER NOT NULL DEFAULT 0,
    -- triage: 0 to 1, and why (JSON list of lines, strongest first). Cues are kinds of wording touched (JSON list)
    score REAL NOT NULL DEFAULT 0,
    reasons TEXT NOT NULL DEFAULT '[]',
    cues TEXT NOT NULL DEFAULT '[]',
    material INTEGER NOT NULL DEFAULT 0,
    edit_pages INTEGER NOT NULL DEFAULT 1,
    lead INTEGER NOT NULL DEFAULT 1,
    summary TEXT NOT NULL DEFAULT '',
    -- another name, for one release
    places TEXT AS (regions) VIRTUAL,
    UNIQUE (page, crawl, kind, edit)
);
INSERT INTO page_changes (id, page, crawl, kind, edit, at, before, after, capture, moved_to, target, regions,
    words_added, words_removed, score, reasons, cues, material, edit_pages, lead, summary)
    SELECT id, page, crawl, kind, edit, at, before, after, capture, moved_to, target, regions,
    words_added, words_removed, score, reasons, cues, material, edit_pages, lead, summary FROM changes;
DROP TABLE changes;
