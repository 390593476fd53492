-- Indexes, views and search of a corpus of release 0.1, as that release made them.
CREATE INDEX pages_due ON pages(site, due_at);
CREATE INDEX pages_crawl ON pages(site, crawl);
CREATE INDEX pages_alias ON pages(alias_of) WHERE alias_of IS NOT NULL;
CREATE INDEX pages_state ON pages(state);
CREATE INDEX pages_only_state ON pages(state) WHERE kind = 'page';
CREATE INDEX pages_only_outcome ON pages(outcome) WHERE kind = 'page';
CREATE INDEX captures_page ON captures(page, fetched_at);
CREATE INDEX captures_crawl ON captures(crawl);
CREATE INDEX captures_warc ON captures(warc_file, warc_offset);
CREATE INDEX visits_page ON visits(page, crawl);
CREATE INDEX versions_page ON versions(page, id);
CREATE INDEX versions_capture ON versions(capture);
CREATE INDEX versions_text ON versions(text_sha256);
CREATE INDEX versions_own ON versions(own_sha256);
CREATE INDEX versions_copy ON versions(copy_key);
CREATE INDEX versions_unjudged ON versions(id) WHERE held IS NULL;
CREATE INDEX versions_topic ON versions(topic);
CREATE INDEX exact_copies_of ON exact_copies(copy_of);
CREATE INDEX changes_page ON changes(page, crawl);
CREATE INDEX changes_crawl ON changes(crawl, kind);
CREATE INDEX changes_at ON changes(at, lead, score);
CREATE INDEX changes_score ON changes(score);
CREATE INDEX changes_kind ON changes(kind, lead, score);
CREATE INDEX changes_edit ON changes(edit);
CREATE INDEX changes_lead ON changes(lead, score, places);
CREATE INDEX changes_before ON changes(before);
CREATE INDEX changes_after ON changes(after);
CREATE INDEX changes_capture ON changes(capture);
CREATE INDEX changes_target ON changes(target);
CREATE INDEX site_runs_site ON site_runs(site, crawl);
CREATE INDEX site_runs_alerted ON site_runs(crawl) WHERE alerts != '[]';
CREATE INDEX probes_site ON probes(site, crawl);
CREATE INDEX probes_page ON probes(page);
CREATE INDEX collapses_page ON collapses(page);
CREATE INDEX probes_file ON probes(warc_file, warc_offset);
CREATE INDEX masks_site ON masks(site, crawl);
CREATE INDEX masks_page ON masks(page);
CREATE INDEX masks_crawl ON masks(crawl);
CREATE INDEX families_advertisers ON families(advertisers, size);
CREATE INDEX families_representative ON families(representative);
CREATE INDEX families_kind ON families(kind);
CREATE INDEX family_members_family ON family_members(family, page);
CREATE INDEX sentences_spread ON sentences(n_advertisers, n_pages);
CREATE INDEX sentences_page ON sentences(page);
CREATE INDEX sentence_pages_page ON sentence_pages(page);
CREATE INDEX spun_pairs_other ON spun_pairs(other);
CREATE INDEX family_aliases_old ON family_aliases(old);
CREATE INDEX text_pairs_other ON text_pairs(other);
CREATE INDEX documents_site ON documents(site);
CREATE INDEX documents_state ON documents(state);
CREATE INDEX documents_source_class ON documents(source_class);
CREATE INDEX documents_page_type ON documents(page_type);
CREATE INDEX documents_verdict ON documents(verdict);
CREATE INDEX documents_words ON documents(words);
CREATE INDEX documents_published ON documents(published);
CREATE INDEX documents_first_seen ON documents(first_seen);
CREATE INDEX documents_last_confirmed ON documents(last_confirmed);
CREATE INDEX documents_copy_of ON documents(copy_of);
CREATE INDEX documents_version ON documents(version);
CREATE INDEX documents_title ON documents(title);
CREATE INDEX documents_dataset ON documents(verdict, first_seen DESC) WHERE copy_of IS NULL AND page_type NOT IN ('archive', 'search', 'feed');
CREATE INDEX documents_facets ON documents(verdict, page_type, state, source_class, site, version);
CREATE INDEX claims_text ON claims(text_sha256, start);
CREATE INDEX claims_quote ON claims(quote_key, code, text_sha256);
CREATE INDEX claims_code ON claims(code, value);
CREATE INDEX claim_ledger_first_seen ON claim_ledger(first_seen);
CREATE INDEX claim_ledger_last_seen ON claim_ledger(last_seen);
CREATE INDEX claim_ledger_vanished_at ON claim_ledger(vanished_at);
CREATE INDEX claim_ledger_n_pages ON claim_ledger(n_pages);
CREATE INDEX claim_ledger_n_advertisers ON claim_ledger(n_advertisers);
CREATE VIEW version_texts AS SELECT versions.id AS id, coalesce(versions.title, '') AS title, texts.text AS text,
            coalesce(versions.description, '') || char(10) || headings || char(10) || other_text || char(10)
                || structured || char(10) || alternatives AS places
        FROM versions JOIN texts ON texts.sha256 = versions.text_sha256;
CREATE VIEW corpus AS SELECT documents.url AS url, sites.host AS site, sites.advertiser AS advertiser, documents.title AS title,
            versions.author AS author, documents.published AS published,
            versions.published_source AS published_source, versions.modified AS modified,
            documents.page_type AS page_type, documents.language AS language, documents.words AS words,
            texts.sha256 AS text_sha256, texts.text AS text, documents.first_seen AS first_seen,
            documents.last_confirmed AS last_confirmed, sites.name AS name, sites.city AS city,
            sites.state AS state, sites.source_class AS source_class, versions.topic_score AS topic_score,
            documents.id AS page, documents.version AS version, families.id AS family,
            coalesce(families.size, 1) AS family_size, coalesce(families.advertisers, 1) AS family_advertisers,
            families.representative IS NULL OR families.representative = documents.id AS representative
        FROM documents
        JOIN sites ON sites.id = documents.site
        JOIN versions ON versions.id = documents.version
        JOIN texts ON texts.sha256 = coalesce(versions.own_sha256, versions.text_sha256)
        LEFT JOIN family_members ON family_members.page = documents.id
        LEFT JOIN families ON families.id = family_members.family
        WHERE documents.verdict = 'on topic' AND documents.copy_of IS NULL
            AND documents.page_type NOT IN ('archive', 'feed', 'search');
CREATE VIEW all_pages AS SELECT url, (SELECT host FROM sites WHERE sites.id = pages.site) AS site,
            (SELECT advertiser FROM sites WHERE sites.id = pages.site) AS advertiser, state, outcome, reason,
            (SELECT page_type FROM versions WHERE versions.id = pages.version) AS page_type,
            (SELECT verdict FROM versions WHERE versions.id = pages.version) AS verdict,
            (SELECT title FROM versions WHERE versions.id = pages.version) AS title,
            (SELECT words FROM versions WHERE versions.id = pages.version) AS words, how,
            (SELECT found.url FROM pages AS found WHERE found.id = pages.found_on) AS found_on, found_at,
            last_fetched, last_confirmed, due_at, interval_hours, moved_to, failures, crawl, id AS page
        FROM pages
        WHERE kind = 'page';
CREATE VIEW site_facts AS SELECT pages.site AS site, fact.value ->> 0 AS field, fact.value ->> 1 AS value,
            count(DISTINCT pages.id) AS pages, max(fact.value ->> 3) AS trust,
            group_concat(DISTINCT fact.value ->> 2) AS sources
        FROM pages JOIN versions ON versions.id = pages.version, json_each(versions.facts) AS fact
        GROUP BY 1, 2, 3;
CREATE VIEW family_list AS SELECT families.id AS family, families.kind AS kind, families.size AS size, families.sites AS sites,
            families.advertisers AS advertisers, families.evidence ->> 'advertisers' AS advertisers_if_merged,
            families.first_seen AS first_seen, families.similarity AS similarity, pages.url AS url,
            versions.title AS title, families.evidence ->> 'source' AS likely_source,
            families.evidence -> 'reasons' AS reasons, families.slots AS template,
            families.representative AS representative
        FROM families
        JOIN pages ON pages.id = families.representative
        JOIN versions ON versions.id = pages.version;
CREATE VIEW family_pages AS SELECT family_members.page AS page, family_members.family AS family, pages.url AS url, sites.host AS site,
            sites.advertiser AS advertiser, sites.state AS state, sites.source_class AS source_class,
            versions.title AS title, family_members.how AS how, family_members.similarity AS similarity,
            family_members.masked AS masked, substr(versions.published, 1, 10) AS published,
            (SELECT min(first_seen) FROM versions AS every WHERE every.page = pages.id) AS first_seen,
            (SELECT json_group_object(slot.value ->> 'name', said.value)
                FROM json_each(families.slots, '$.slots') AS slot, json_each(slot.value, '$.values') AS said
                WHERE said.key = CAST(family_members.page AS TEXT)) AS words
        FROM family_members
        JOIN families ON families.id = family_members.family
        JOIN pages ON pages.id = family_members.page
        JOIN sites ON sites.id = pages.site
        JOIN versions ON versions.id = pages.version;
CREATE VIEW shared_sentences AS SELECT sentences.id AS sentence,
            substr(texts.text, sentence_pages.start + 1, sentence_pages.length) AS text, sentences.words AS words,
            sentences.n_pages AS n_pages, sentences.n_advertisers AS n_advertisers,
            sentences.first_seen AS first_seen, sentences.page AS page
        FROM sentences
        JOIN sentence_pages ON sentence_pages.sentence = sentences.id AND sentence_pages.page = sentences.page
        JOIN pages ON pages.id = sentences.page
        JOIN versions ON versions.id = pages.version
        JOIN texts ON texts.sha256 = coalesce(versions.own_sha256, versions.text_sha256);
CREATE VIEW spun_candidates AS SELECT spun_pairs.page AS page, spun_pairs.other AS other, one.url AS url, two.url AS other_url,
            one_site.advertiser AS advertiser, two_site.advertiser AS other_advertiser, spun_pairs.shared AS shared,
            spun_pairs.skeleton AS skeleton, spun_pairs.words AS words
        FROM spun_pairs
        JOIN pages AS one ON one.id = spun_pairs.page JOIN sites AS one_site ON one_site.id = one.site
        JOIN pages AS two ON two.id = spun_pairs.other JOIN sites AS two_site ON two_site.id = two.site
        LEFT JOIN family_members AS mine ON mine.page = spun_pairs.page
        LEFT JOIN family_members AS theirs ON theirs.page = spun_pairs.other
        WHERE mine.family IS NULL OR mine.family IS NOT theirs.family;
CREATE VIEW copies AS SELECT pages.url AS url, original.url AS copy_of, exact_copies.reason AS reason,
            sites.advertiser AS advertiser, original_sites.advertiser AS copy_of_advertiser, pages.id AS page,
            original.id AS copy_of_page
        FROM exact_copies
        JOIN pages ON pages.id = exact_copies.page
        JOIN pages AS original ON original.id = exact_copies.copy_of
        JOIN sites ON sites.id = pages.site
        JOIN sites AS original_sites ON original_sites.id = original.site
        UNION ALL
        SELECT pages.url, original.url, pages.reason, sites.advertiser, sites.advertiser, pages.id, original.id
        FROM pages
        JOIN pages AS original ON original.id = pages.alias_of
        JOIN sites ON sites.id = pages.site;
CREATE VIRTUAL TABLE versions_fts USING fts5(title, text, places, content='version_texts', content_rowid='id', tokenize='porter unicode61 remove_diacritics 2');
