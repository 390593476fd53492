-- what a page has and does not show, one line each; readers before this one told it as visible text
ALTER TABLE readings ADD COLUMN hidden TEXT NOT NULL DEFAULT '';
