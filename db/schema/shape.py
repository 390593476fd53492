"""The shape of the database that is data: indexes, views and full-text search.

Each is laid where it is missing or differs from what stands here, so a change needs no migration.
"""

from __future__ import annotations

import sqlite3  # noqa: TC003

from db.schema.vocabulary import LISTINGS

INDEXES = {
    "pages_due": "pages(site, due_at)",
    "pages_crawl": "pages(site, crawl)",
    "pages_alias": "pages(alias_of) WHERE alias_of IS NOT NULL",
    "pages_state": "pages(state)",
    "pages_only_state": "pages(state) WHERE kind = 'page'",
    "pages_only_outcome": "pages(outcome) WHERE kind = 'page'",
    "captures_page": "captures(page, fetched_at)",
    "captures_crawl": "captures(crawl)",
    "captures_warc": "captures(warc_file, warc_offset)",
    "visits_page": "visits(page, crawl)",
    "versions_page": "versions(page, id)",
    "versions_capture": "versions(capture)",
    "versions_text": "versions(text_sha256)",
    "versions_own": "versions(own_sha256)",
    "versions_copy": "versions(copy_key)",
    "versions_unjudged": "versions(id) WHERE held IS NULL",
    "versions_topic": "versions(topic)",
    "exact_copies_of": "exact_copies(copy_of)",
    "changes_page": "changes(page, crawl)",
    "changes_crawl": "changes(crawl, kind)",
    "changes_at": "changes(at, lead, score)",
    "changes_score": "changes(score)",
    "changes_kind": "changes(kind, lead, score)",
    "changes_edit": "changes(edit)",
    "changes_lead": "changes(lead, score, places)",
    "changes_before": "changes(before)",
    "changes_after": "changes(after)",
    "changes_capture": "changes(capture)",
    "changes_target": "changes(target)",
    "site_runs_site": "site_runs(site, crawl)",
    "site_runs_alerted": "site_runs(crawl) WHERE alerts != '[]'",
    "probes_site": "probes(site, crawl)",
    "probes_page": "probes(page)",
    "collapses_page": "collapses(page)",
    "probes_file": "probes(warc_file, warc_offset)",
    "masks_site": "masks(site, crawl)",
    "masks_page": "masks(page)",
    "masks_crawl": "masks(crawl)",
    "families_advertisers": "families(advertisers, size)",
    "families_representative": "families(representative)",
    "families_kind": "families(kind)",
    "family_members_family": "family_members(family, page)",
    "sentences_spread": "sentences(n_advertisers, n_pages)",
    "sentences_page": "sentences(page)",
    "sentence_pages_page": "sentence_pages(page)",
    "spun_pairs_other": "spun_pairs(other)",
    "family_aliases_old": "family_aliases(old)",
    "text_pairs_other": "text_pairs(other)",
    "documents_site": "documents(site)",
    "documents_state": "documents(state)",
    "documents_source_class": "documents(source_class)",
    "documents_page_type": "documents(page_type)",
    "documents_verdict": "documents(verdict)",
    "documents_words": "documents(words)",
    "documents_published": "documents(published)",
    "documents_first_seen": "documents(first_seen)",
    "documents_last_confirmed": "documents(last_confirmed)",
    "documents_copy_of": "documents(copy_of)",
    "documents_version": "documents(version)",
    "documents_title": "documents(title)",
    # the dataset, newest first: what home counts and lists; the terms are those of db/datasette/overview.py
    "documents_dataset": "documents(verdict, first_seen DESC) WHERE copy_of IS NULL AND page_type NOT IN " + LISTINGS,
    "documents_facets": "documents(verdict, page_type, state, source_class, site, version)",
    "claims_text": "claims(text_sha256, start)",
    "claims_quote": "claims(quote_key, code, text_sha256)",
    "claims_code": "claims(code, value)",
    "claim_ledger_first_seen": "claim_ledger(first_seen)",
    "claim_ledger_last_seen": "claim_ledger(last_seen)",
    "claim_ledger_vanished_at": "claim_ledger(vanished_at)",
    "claim_ledger_n_pages": "claim_ledger(n_pages)",
    "claim_ledger_n_advertisers": "claim_ledger(n_advertisers)",
}

VIEWS = {
    "version_texts": """
        SELECT versions.id AS id, coalesce(versions.title, '') AS title, texts.text AS text,
            coalesce(versions.description, '') || char(10) || headings || char(10) || other_text || char(10)
                || structured || char(10) || alternatives AS places
        FROM versions JOIN texts ON texts.sha256 = versions.text_sha256
    """,
    # what people mean by "the dataset": current, on topic, one row a document, copies named elsewhere
    "corpus": f"""
        SELECT documents.url AS url, sites.host AS site, sites.advertiser AS advertiser, documents.title AS title,
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
            AND documents.page_type NOT IN {LISTINGS}
    """,
    # subqueries instead of joins: to count 100,000 pages, as each look at the list does, then takes an index alone
    # (65 ms become 3)
    "all_pages": """
        SELECT url, (SELECT host FROM sites WHERE sites.id = pages.site) AS site,
            (SELECT advertiser FROM sites WHERE sites.id = pages.site) AS advertiser, state, outcome, reason,
            (SELECT page_type FROM versions WHERE versions.id = pages.version) AS page_type,
            (SELECT verdict FROM versions WHERE versions.id = pages.version) AS verdict,
            (SELECT title FROM versions WHERE versions.id = pages.version) AS title,
            (SELECT words FROM versions WHERE versions.id = pages.version) AS words, how,
            (SELECT found.url FROM pages AS found WHERE found.id = pages.found_on) AS found_on, found_at,
            last_fetched, last_confirmed, due_at, interval_hours, moved_to, failures, crawl, id AS page
        FROM pages
        WHERE kind = 'page'
    """,
    # what the pages of a site say of its advertiser: offered to a person who fills in sites, never written there
    "site_facts": """
        SELECT pages.site AS site, fact.value ->> 0 AS field, fact.value ->> 1 AS value,
            count(DISTINCT pages.id) AS pages, max(fact.value ->> 3) AS trust,
            group_concat(DISTINCT fact.value ->> 2) AS sources
        FROM pages JOIN versions ON versions.id = pages.version, json_each(versions.facts) AS fact
        GROUP BY 1, 2, 3
    """,
    # families as people and files read them: who stands for each, and what is said of it
    "family_list": """
        SELECT families.id AS family, families.kind AS kind, families.size AS size, families.sites AS sites,
            families.advertisers AS advertisers, families.evidence ->> 'advertisers' AS advertisers_if_merged,
            families.first_seen AS first_seen, families.similarity AS similarity, pages.url AS url,
            versions.title AS title, families.evidence ->> 'source' AS likely_source,
            families.evidence -> 'reasons' AS reasons, families.slots AS template,
            families.representative AS representative
        FROM families
        JOIN pages ON pages.id = families.representative
        JOIN versions ON versions.id = pages.version
    """,
    "family_pages": """
        SELECT family_members.page AS page, family_members.family AS family, pages.url AS url, sites.host AS site,
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
        JOIN versions ON versions.id = pages.version
    """,
    "shared_sentences": """
        SELECT sentences.id AS sentence,
            substr(texts.text, sentence_pages.start + 1, sentence_pages.length) AS text, sentences.words AS words,
            sentences.n_pages AS n_pages, sentences.n_advertisers AS n_advertisers,
            sentences.first_seen AS first_seen, sentences.page AS page
        FROM sentences
        JOIN sentence_pages ON sentence_pages.sentence = sentences.id AND sentence_pages.page = sentences.page
        JOIN pages ON pages.id = sentences.page
        JOIN versions ON versions.id = pages.version
        JOIN texts ON texts.sha256 = coalesce(versions.own_sha256, versions.text_sha256)
    """,
    "spun_candidates": """
        SELECT spun_pairs.page AS page, spun_pairs.other AS other, one.url AS url, two.url AS other_url,
            one_site.advertiser AS advertiser, two_site.advertiser AS other_advertiser, spun_pairs.shared AS shared,
            spun_pairs.skeleton AS skeleton, spun_pairs.words AS words
        FROM spun_pairs
        JOIN pages AS one ON one.id = spun_pairs.page JOIN sites AS one_site ON one_site.id = one.site
        JOIN pages AS two ON two.id = spun_pairs.other JOIN sites AS two_site ON two_site.id = two.site
        LEFT JOIN family_members AS mine ON mine.page = spun_pairs.page
        LEFT JOIN family_members AS theirs ON theirs.page = spun_pairs.other
        WHERE mine.family IS NULL OR mine.family IS NOT theirs.family
    """,
    "copies": """
        SELECT pages.url AS url, original.url AS copy_of, exact_copies.reason AS reason,
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
        JOIN sites ON sites.id = pages.site
    """,
}

FULL_TEXT = (
    "CREATE VIRTUAL TABLE versions_fts USING fts5(title, text, places, content='version_texts', content_rowid='id',"
    " tokenize='porter unicode61 remove_diacritics 2')"
)


def _index_sql(name: str, on: str) -> str:
    return f"CREATE INDEX {name} ON {on}"


def _view_sql(name: str, select: str) -> str:
    return f"CREATE VIEW {name} AS {select.strip()}"


def wanted() -> dict[str, str]:
    """Name every index, view and search table with the SQL that makes it, in the order of their making."""
    return (
        {name: _index_sql(name, on) for name, on in INDEXES.items()}
        | {name: _view_sql(name, select) for name, select in VIEWS.items()}
        | {"versions_fts": FULL_TEXT}
    )


def lay_shape(db: sqlite3.Connection) -> None:
    """Make the indexes, views and search table what this file says; a changed search table is filled again."""
    found = dict(db.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
    for name, sql in wanted().items():
        if found.get(name) == sql:
            continue
        if name in found:
            db.execute(f"DROP {sql.split()[1].replace('VIRTUAL', 'TABLE')} {name}")
        db.execute(sql)
        if name == "versions_fts":
            db.execute("INSERT INTO versions_fts(versions_fts) VALUES ('rebuild')")
