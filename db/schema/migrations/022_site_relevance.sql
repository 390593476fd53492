-- from the pass `topic_scores`: how much a version's own words are about the topic; the pass `relevance` judges by site
CREATE TABLE topic_scores (
    version INTEGER PRIMARY KEY REFERENCES captured_versions(id),
    score REAL NOT NULL,
    -- how often the subject is named, weighted as in the topic file
    mentions REAL NOT NULL,
    verdict TEXT NOT NULL,
    reasons TEXT NOT NULL
);
-- from the pass `site_decisions`: what people decided for all pages of a host
CREATE TABLE site_decisions (
    site INTEGER PRIMARY KEY REFERENCES sites(id),
    verdict TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    at TEXT NOT NULL
);
