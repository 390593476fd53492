-- sums of money with unit, label and what they leave out: a JSON list of objects (pipelines/metadata/prices.py)
ALTER TABLE readings ADD COLUMN prices TEXT NOT NULL DEFAULT '[]';
