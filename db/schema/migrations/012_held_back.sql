-- Keep with each version what was held back of it as changing by itself (JSON list); empty: not judged yet.
ALTER TABLE versions ADD COLUMN held TEXT;
