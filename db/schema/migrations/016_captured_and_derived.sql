-- What was captured is never changed again; what is derived from it, and what it is judged to be, have tables of their own.
-- (The connection has foreign keys off and no views while steps run; `versions` is a view of all four afterwards.)

-- captured: a text that a page was first seen with, and the answer that showed it; only last_confirmed moves, and only on
CREATE TABLE versions_captured (
    id INTEGER PRIMARY KEY,
    page INTEGER NOT NULL REFERENCES pages(id),
    capture INTEGER NOT NULL REFERENCES captures(id),
    first_seen TEXT NOT NULL,
    last_confirmed TEXT NOT NULL
);
INSERT INTO versions_captured SELECT id, page, capture, first_seen, last_confirmed FROM versions;

-- derived from the capture's bytes by the extractor named: every region of the page, metadata, facts
CREATE TABLE readings (
    version INTEGER PRIMARY KEY REFERENCES captured_versions(id),
    extractor TEXT NOT NULL,
    text_sha256 TEXT NOT NULL REFERENCES texts(sha256),
    -- equal for two texts with the same words
    duplicate_key TEXT NOT NULL,
    -- a hash a region (JSON), in which counters and the date of today count as nothing
    region_hashes TEXT NOT NULL DEFAULT '{}',
    -- the day of the fetch as the site has it
    day TEXT NOT NULL DEFAULT '',
    page_type TEXT NOT NULL,
    words INTEGER NOT NULL,
    title TEXT,
    author TEXT,
    published TEXT,
    published_source TEXT,
    modified TEXT,
    language TEXT,
    description TEXT,
    site_name TEXT,
    canonical_url TEXT,
    titles TEXT NOT NULL DEFAULT '',
    descriptions TEXT NOT NULL DEFAULT '',
    headings TEXT NOT NULL DEFAULT '',
    other_text TEXT NOT NULL DEFAULT '',
    boilerplate TEXT NOT NULL DEFAULT '',
    menu TEXT NOT NULL DEFAULT '',
    structured TEXT NOT NULL DEFAULT '',
    data TEXT NOT NULL DEFAULT '',
    alternatives TEXT NOT NULL DEFAULT '',
    leftovers TEXT NOT NULL DEFAULT '[]',
    facts TEXT NOT NULL DEFAULT '[]'
);
INSERT INTO readings SELECT id, extractor, text_sha256, copy_key, told, day, page_type, words, title, author, published,
    published_source, modified, language, description, site_name, canonical_url, titles, descriptions, headings,
    other_text, frame, menu, structured, data, alternatives, leftovers, facts FROM versions;

-- from the pass `boilerplate`: the text without the lines of the site's boilerplate, and those lines with the reason
CREATE TABLE contents (
    version INTEGER PRIMARY KEY REFERENCES captured_versions(id),
    content_sha256 TEXT NOT NULL REFERENCES texts(sha256),
    content_words INTEGER NOT NULL,
    duplicate_key TEXT NOT NULL,
    removed TEXT NOT NULL DEFAULT '[]'
);
INSERT INTO contents SELECT id, own_sha256, coalesce(own_words, words), copy_key, removed FROM versions
    WHERE own_sha256 IS NOT NULL;

-- from the pass `relevance`: how much the content is about the topic
CREATE TABLE relevance (
    version INTEGER PRIMARY KEY REFERENCES captured_versions(id),
    score REAL NOT NULL,
    verdict TEXT NOT NULL,
    reasons TEXT NOT NULL
);
INSERT INTO relevance SELECT id, topic_score, verdict, verdict_reasons FROM versions
    WHERE topic_score IS NOT NULL AND verdict IS NOT NULL;

-- from the pass `noise`: a version stands, or another one stands in its place (none, where there was none before)
CREATE TABLE version_judgements (
    version INTEGER PRIMARY KEY REFERENCES captured_versions(id),
    -- stands, dynamic content, repeats, soft 404
    verdict TEXT NOT NULL,
    standing INTEGER REFERENCES captured_versions(id),
    reason TEXT NOT NULL,
    -- lines that were left out when it was compared (JSON list), each with its region and why
    suppressed TEXT NOT NULL DEFAULT '[]',
    rules TEXT NOT NULL
);
INSERT INTO version_judgements SELECT id, 'stands', id, '', held, '0.1' FROM versions WHERE held IS NOT NULL;

-- what a visit is judged to have come to, where that is not what it came to when it was made
CREATE TABLE visit_judgements (
    crawl INTEGER NOT NULL REFERENCES crawls(id),
    page INTEGER NOT NULL REFERENCES pages(id),
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    rules TEXT NOT NULL,
    PRIMARY KEY (crawl, page)
) WITHOUT ROWID;

-- what each pass has worked out: each unit (a text, a version, a site, or the corpus) with the key of inputs and rules
CREATE TABLE pass_units (
    pass TEXT NOT NULL,
    unit TEXT NOT NULL,
    key TEXT NOT NULL,
    PRIMARY KEY (pass, unit)
) WITHOUT ROWID;

-- captures whose text an older release took back, for `clinicwatch rebuild` to read again
CREATE TABLE unread_captures (
    capture INTEGER PRIMARY KEY REFERENCES captures(id),
    reason TEXT NOT NULL
);

DROP TABLE versions;
ALTER TABLE versions_captured RENAME TO versions;
ALTER TABLE versions RENAME TO captured_versions;

DROP INDEX IF EXISTS visits_page;
ALTER TABLE visits RENAME TO captured_visits;
-- the newest version captured, which the next visit is compared with; `version` is the one that stands
ALTER TABLE pages ADD COLUMN latest INTEGER REFERENCES captured_versions(id);
-- the crawl whose change was none after all and has been taken out of the page's rhythm
ALTER TABLE pages ADD COLUMN rhythm_settled INTEGER NOT NULL DEFAULT 0;
UPDATE pages SET latest = version;

-- older releases wrote their judgement over what a visit came to; what it was is told by what they left
INSERT INTO visit_judgements SELECT crawl, page, outcome, reason, '0.1' FROM captured_visits
    WHERE capture IS NOT NULL AND (reason LIKE 'only what changes by itself:%'
        OR reason = 'tells the same in another order or other lines'
        OR reason LIKE 'says what the site says of an address that nobody can know%'
        OR reason LIKE 'the same answer stands in the place of %');
CREATE TEMP TABLE taken_back AS SELECT crawl, page, capture, CASE
        WHEN EXISTS (SELECT 1 FROM collapses WHERE (collapses.crawl, collapses.page) = (captured_visits.crawl, captured_visits.page)) THEN 'collapsed'
        WHEN EXISTS (SELECT 1 FROM captured_versions WHERE captured_versions.page = captured_visits.page AND first_seen < captured_visits.at) THEN 'changed'
        ELSE 'new' END AS outcome
    FROM captured_visits JOIN visit_judgements USING (crawl, page);
UPDATE captured_visits SET reason = '', outcome = (SELECT outcome FROM temp.taken_back
    WHERE (taken_back.crawl, taken_back.page) = (captured_visits.crawl, captured_visits.page))
    WHERE (crawl, page) IN (SELECT crawl, page FROM temp.taken_back);
UPDATE captures SET outcome = (SELECT outcome FROM temp.taken_back WHERE taken_back.capture = captures.id)
    WHERE id IN (SELECT capture FROM temp.taken_back);
DROP TABLE temp.taken_back;
INSERT INTO unread_captures SELECT capture, 'its text was taken back by an older release' FROM captured_visits
    JOIN pages ON pages.id = captured_visits.page
    WHERE capture IS NOT NULL AND captured_visits.outcome IN ('new', 'changed') AND pages.kind = 'page'
        AND NOT EXISTS (SELECT 1 FROM captured_versions WHERE captured_versions.capture = captured_visits.capture);
-- the next answers of such a page were compared with the text before: whether they came back to it is to be read too
INSERT INTO unread_captures SELECT DISTINCT later.id, 'it was compared with a text from before the one that was taken back'
    FROM unread_captures JOIN captures AS back ON back.id = unread_captures.capture
    JOIN captures AS later ON later.page = back.page AND later.fetched_at > back.fetched_at
        AND later.body_sha256 != back.body_sha256 AND later.status = 200 AND later.outcome = 'unchanged'
    WHERE later.id NOT IN (SELECT capture FROM unread_captures)
        AND NOT EXISTS (SELECT 1 FROM captured_versions WHERE captured_versions.page = back.page
            AND first_seen > back.fetched_at AND first_seen <= later.fetched_at);
-- whether two fetches moments apart showed it, or a pass worked it out of versions
ALTER TABLE masks ADD COLUMN observed INTEGER NOT NULL DEFAULT 0;
UPDATE masks SET observed = 1 WHERE why LIKE 'was another at a second look%';
CREATE UNIQUE INDEX masks_of_site ON masks(site, pattern, crawl, observed);

ALTER TABLE sites DROP COLUMN frame_key;
DROP TABLE claim_scans;
DROP TABLE pass_keys;
