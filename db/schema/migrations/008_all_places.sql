-- Keep the values of JSON-LD and the link texts of the frame with each version: versions are compared by them.
ALTER TABLE versions ADD COLUMN data TEXT NOT NULL DEFAULT '';
ALTER TABLE versions ADD COLUMN menu TEXT NOT NULL DEFAULT '';
