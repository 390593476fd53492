-- Keep what the visits of a page have taught of its rhythm, and how far its site can be relied on.
ALTER TABLE pages ADD COLUMN interval_hours REAL;
ALTER TABLE pages ADD COLUMN changes_seen REAL NOT NULL DEFAULT 0;
ALTER TABLE pages ADD COLUMN watched_days REAL NOT NULL DEFAULT 0;
ALTER TABLE pages ADD COLUMN brought_by TEXT NOT NULL DEFAULT '';
ALTER TABLE sites ADD COLUMN min_days REAL;
ALTER TABLE sites ADD COLUMN max_days REAL;
ALTER TABLE sites ADD COLUMN hints INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sites ADD COLUMN hints_right INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sites ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sites ADD COLUMN rest_until TEXT;
