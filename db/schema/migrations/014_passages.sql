-- Lay the tables of passages: sentences that several pages say, and texts that may be others in other words.
CREATE TABLE sentences (
    -- hash of its words
    id INTEGER PRIMARY KEY,
    words INTEGER NOT NULL,
    n_pages INTEGER NOT NULL,
    n_advertisers INTEGER NOT NULL,
    first_seen TEXT NOT NULL,
    -- the page whose wording is shown: the smallest number
    page INTEGER NOT NULL REFERENCES pages(id)
);
CREATE TABLE sentence_pages (
    sentence INTEGER NOT NULL,
    page INTEGER NOT NULL REFERENCES pages(id),
    -- where it stands in the page's own text, in characters
    start INTEGER NOT NULL,
    length INTEGER NOT NULL,
    words INTEGER NOT NULL,
    PRIMARY KEY (sentence, page)
) WITHOUT ROWID;
CREATE TABLE spun_pairs (
    page INTEGER NOT NULL REFERENCES pages(id),
    other INTEGER NOT NULL REFERENCES pages(id),
    -- shared runs of eight function words, their share of the shorter text's, and that of runs of three words
    shared INTEGER NOT NULL,
    skeleton REAL NOT NULL,
    words REAL NOT NULL,
    PRIMARY KEY (page, other)
) WITHOUT ROWID;
