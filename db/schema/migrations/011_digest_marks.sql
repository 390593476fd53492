-- Keep with each digest how far it told: a change that is found late, in an old crawl, is told by the next one.
ALTER TABLE digests ADD COLUMN last_change INTEGER NOT NULL DEFAULT 0;
ALTER TABLE digests ADD COLUMN last_crawl INTEGER NOT NULL DEFAULT 0;
