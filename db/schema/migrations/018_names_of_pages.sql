-- the old names of two columns of pages answer for one release, too
ALTER TABLE pages ADD COLUMN dom_digest TEXT AS (visible_hash) VIRTUAL;
ALTER TABLE pages ADD COLUMN brought_by TEXT AS (recrawl_hint) VIRTUAL;
