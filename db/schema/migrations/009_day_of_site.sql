-- Keep the day on which a version was read, as its site has it: dates of today are told by it.
ALTER TABLE versions ADD COLUMN day TEXT NOT NULL DEFAULT '';
