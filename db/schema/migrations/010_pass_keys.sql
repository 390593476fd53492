-- Keep what each pass was last worked out from, so that it is left out where nothing changed.
CREATE TABLE pass_keys (pass TEXT PRIMARY KEY, key TEXT NOT NULL) WITHOUT ROWID;
