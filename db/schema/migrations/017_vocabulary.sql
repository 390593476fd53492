-- Tables and columns by the field's words; the old names answer for one release, as views and as virtual columns.
ALTER TABLE exact_copies RENAME TO exact_duplicates;
ALTER TABLE exact_duplicates RENAME COLUMN copy_of TO duplicate_of;
ALTER TABLE documents RENAME COLUMN copy_of TO duplicate_of;
ALTER TABLE documents ADD COLUMN copy_of INTEGER AS (duplicate_of) VIRTUAL;
ALTER TABLE overrules RENAME TO topic_overrides;
ALTER TABLE spun_pairs RENAME TO paraphrase_candidates;
ALTER TABLE paraphrase_candidates RENAME COLUMN skeleton TO function_words;
ALTER TABLE masks RENAME TO dynamic_content;
ALTER TABLE dynamic_content RENAME COLUMN place TO region;
UPDATE dynamic_content SET region = 'boilerplate' WHERE region = 'frame';
ALTER TABLE changes RENAME COLUMN places TO regions;
ALTER TABLE changes ADD COLUMN places TEXT AS (regions) VIRTUAL;
UPDATE changes SET regions = replace(regions, '"frame"', '"boilerplate"');
ALTER TABLE families RENAME COLUMN slots TO template;
ALTER TABLE families ADD COLUMN slots TEXT AS (template) VIRTUAL;
ALTER TABLE pages RENAME COLUMN dom_digest TO visible_hash;
ALTER TABLE pages RENAME COLUMN brought_by TO recrawl_hint;
ALTER TABLE sites RENAME COLUMN rest_until TO backoff_until;
ALTER TABLE sites ADD COLUMN rest_until TEXT AS (backoff_until) VIRTUAL;
ALTER TABLE codes RENAME COLUMN place TO position;
ALTER TABLE reference_items RENAME COLUMN place TO position;
-- of two pages the one whose URL comes first in the alphabet stands first, whichever was found first
UPDATE paraphrase_candidates SET page = other, other = page
    WHERE (SELECT url FROM pages WHERE id = page) > (SELECT url FROM pages WHERE id = other);
UPDATE probes SET kind = 'soft-404 probe' WHERE kind = 'missing page';
UPDATE probes SET kind = 'repeat fetch' WHERE kind = 'second look';
UPDATE dynamic_content SET why = replace(why, 'second look', 'repeat fetch');
UPDATE version_judgements SET reason = replace(reason, 'second look', 'repeat fetch');
DROP INDEX IF EXISTS documents_copy_of;
DROP INDEX IF EXISTS exact_copies_of;
DROP INDEX IF EXISTS masks_crawl;
DROP INDEX IF EXISTS masks_page;
DROP INDEX IF EXISTS masks_site;
DROP INDEX IF EXISTS spun_pairs_other;
DROP INDEX IF EXISTS visits_page;
