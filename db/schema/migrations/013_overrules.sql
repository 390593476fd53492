-- Lay the table of texts whose topic people decided.
CREATE TABLE overrules (text_sha256 TEXT PRIMARY KEY, verdict TEXT NOT NULL, decided_by TEXT NOT NULL, at TEXT NOT NULL) WITHOUT ROWID;
