-- what a page shows beside its words: a JSON object, region to lines (targets, struck, pictures, form_text). Empty (NULL)
-- where the reader did not look for it: such a version and one that has it never differ by it
ALTER TABLE readings ADD COLUMN details TEXT;
-- of an edit: why its lines count as content that changes by itself, or may; empty for all others. `rotation_state` is
-- suspected, proven (so by later visits) or refuted (suspected at first, and a later visit kept the lines)
ALTER TABLE page_changes ADD COLUMN rotation TEXT NOT NULL DEFAULT '';
ALTER TABLE page_changes ADD COLUMN rotation_state TEXT NOT NULL DEFAULT '';
-- of a page that shows again what it showed before: the earlier version, and its number among those that stand
ALTER TABLE page_changes ADD COLUMN back_to INTEGER REFERENCES captured_versions(id);
ALTER TABLE page_changes ADD COLUMN back_to_number INTEGER;
