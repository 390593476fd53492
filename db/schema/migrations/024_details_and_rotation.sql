-- what a page shows beside its words: a JSON object, region to lines (targets, struck, pictures, form_text). Empty (NULL)
-- where the reader did not look for it: such a version and one that has it never differ by it
ALTER TABLE readings ADD COLUMN details TEXT;
-- from the pass `changes`, of a page that shows again what it showed before: that version, and its number among those
-- of the page that stand
ALTER TABLE page_changes ADD COLUMN back_to INTEGER REFERENCES captured_versions(id);
ALTER TABLE page_changes ADD COLUMN back_to_number INTEGER;
-- from the pass `rotations`: edits that look as content does that changes by itself, and what other visits showed of them
CREATE TABLE rotations (
    crawl INTEGER NOT NULL REFERENCES crawls(id),
    edit TEXT NOT NULL,
    site INTEGER NOT NULL REFERENCES sites(id),
    -- suspected, proven (it rotates), or confirmed (it looked so, and a later visit still had its lines)
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (crawl, edit)
) WITHOUT ROWID;
