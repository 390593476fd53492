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
    "captured_visits_page": "captured_visits(page, crawl)",
    "captured_versions_page": "captured_versions(page, first_seen, id)",
    "captured_versions_capture": "captured_versions(capture)",
    "readings_text": "readings(text_sha256)",
    "readings_extractor": "readings(extractor)",
    "contents_text": "contents(content_sha256)",
    "contents_duplicate_key": "contents(duplicate_key)",
    "version_judgements_standing": "version_judgements(standing) WHERE standing != version",
    "visit_judgements_page": "visit_judgements(page)",
    "exact_duplicates_of": "exact_duplicates(duplicate_of)",
    "page_changes_page": "page_changes(page, crawl)",
    "page_changes_crawl": "page_changes(crawl, kind)",
    "page_changes_at": "page_changes(at, lead, score)",
    "page_changes_score": "page_changes(score)",
    "page_changes_kind": "page_changes(kind, lead, score)",
    "page_changes_edit": "page_changes(edit)",
    "page_changes_lead": "page_changes(lead, score, regions)",
    "page_changes_before": "page_changes(before)",
    "page_changes_after": "page_changes(after)",
    "page_changes_capture": "page_changes(capture)",
    "page_changes_target": "page_changes(target)",
    "site_runs_site": "site_runs(site, crawl)",
    "site_runs_alerted": "site_runs(crawl) WHERE alerts != '[]'",
    "probes_site": "probes(site, crawl)",
    "probes_page": "probes(page)",
    "collapses_page": "collapses(page)",
    "probes_file": "probes(warc_file, warc_offset)",
    "dynamic_content_site": "dynamic_content(site, crawl)",
    "dynamic_content_page": "dynamic_content(page)",
    "dynamic_content_crawl": "dynamic_content(crawl)",
    "families_advertisers": "families(advertisers, size)",
    "families_representative": "families(representative)",
    "families_kind": "families(kind)",
    "family_members_family": "family_members(family, page)",
    "sentences_spread": "sentences(n_advertisers, n_pages)",
    "sentences_page": "sentences(page)",
    "sentence_pages_page": "sentence_pages(page)",
    "paraphrase_candidates_other": "paraphrase_candidates(other)",
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
    "documents_duplicate_of": "documents(duplicate_of)",
    "documents_version": "documents(version)",
    "documents_title": "documents(title)",
    # the dataset, newest first: what home counts and lists; the terms are those of db/datasette/overview.py
    "documents_dataset": "documents(verdict, first_seen DESC) WHERE duplicate_of IS NULL AND page_type NOT IN "
    + LISTINGS,
    "documents_facets": "documents(verdict, page_type, state, source_class, site, version)",
    "version_regions_text": "version_regions(text_sha256)",
    "claims_text": "claims(text_sha256, start)",
    "claims_quote": "claims(quote_key, code, text_sha256)",
    "claims_code": "claims(code, value)",
    "claim_list_position": "claim_list(position)",
    "claim_list_quote": "claim_list(quote_key)",
    "claim_filters_rows": 'claim_filters(filter, value, "rows")',
    "claim_ledger_first_seen": "claim_ledger(first_seen)",
    "claim_ledger_last_seen": "claim_ledger(last_seen)",
    "claim_ledger_vanished_at": "claim_ledger(vanished_at)",
    "claim_ledger_n_pages": "claim_ledger(n_pages)",
    "claim_ledger_n_advertisers": "claim_ledger(n_advertisers)",
}

VIEWS = {
    # an edit that several pages share is one change: the row of the page that stands for it (in the order of ids: the
    # plus takes the index on `lead` away)
    "changes": """
        SELECT page_changes.*, coalesce((SELECT state FROM rotations
            WHERE rotations.crawl = page_changes.crawl AND rotations.edit = page_changes.edit), '') AS rotation
        FROM page_changes WHERE +lead = 1
    """,
    # each page that a change is on, with its lines
    "changed_pages": """
        SELECT lead.id AS change, own.page, own.crawl, own.kind, coalesce(line.value ->> 'region', '') AS region,
            coalesce(line.value -> 'removed', '[]') AS removed, coalesce(line.value -> 'added', '[]') AS added, own.id
        FROM page_changes AS own
        JOIN page_changes AS lead ON lead.edit = own.edit AND lead.crawl = own.crawl AND lead.lead = 1
        LEFT JOIN json_each(own.lines) AS line
    """,
    # what was captured with what is derived from it and judged of it: the versions that stand. The last names of a
    # line are those of release 0.1, kept for saved queries for one release
    "versions": """
        SELECT captured_versions.id AS id, captured_versions.page AS page, captured_versions.capture AS capture,
            readings.text_sha256 AS text_sha256, captured_versions.first_seen AS first_seen,
            max(captured_versions.last_confirmed, coalesce((
                SELECT max(later.last_confirmed) FROM version_judgements AS judged
                JOIN captured_versions AS later ON later.id = judged.version
                WHERE judged.standing = captured_versions.id AND judged.standing != judged.version
                    AND judged.verdict != 'soft 404'), '')) AS last_confirmed,
            readings.extractor AS extractor,
            coalesce(contents.duplicate_key, readings.duplicate_key) AS duplicate_key,
            readings.title AS title, readings.author AS author, readings.published AS published,
            readings.published_source AS published_source, readings.modified AS modified,
            readings.language AS language, readings.description AS description, readings.site_name AS site_name,
            readings.canonical_url AS canonical_url, readings.page_type AS page_type, readings.words AS words,
            readings.titles AS titles, readings.descriptions AS descriptions, readings.headings AS headings,
            readings.other_text AS other_text, readings.boilerplate AS boilerplate, readings.menu AS menu,
            readings.hidden AS hidden,
            readings.structured AS structured, readings.data AS data, readings.alternatives AS alternatives,
            readings.leftovers AS leftovers, readings.facts AS facts, readings.prices AS prices,
            readings.day AS day,
            readings.details AS details,
            readings.region_hashes AS region_hashes,
            contents.content_sha256 AS content_sha256, contents.content_words AS content_words,
            coalesce(contents.removed, '[]') AS removed,
            relevance.score AS topic_score, relevance.verdict AS verdict, relevance.reasons AS verdict_reasons,
            version_judgements.suppressed AS suppressed,
            coalesce(contents.duplicate_key, readings.duplicate_key) AS copy_key,
            contents.content_sha256 AS own_sha256, contents.content_words AS own_words,
            readings.boilerplate AS frame, readings.region_hashes AS told, version_judgements.suppressed AS held
        FROM captured_versions
        JOIN readings ON readings.version = captured_versions.id
        LEFT JOIN contents ON contents.version = captured_versions.id
        LEFT JOIN relevance ON relevance.version = captured_versions.id
        LEFT JOIN version_judgements ON version_judgements.version = captured_versions.id
        WHERE coalesce(version_judgements.verdict, 'stands') = 'stands'
    """,
    # what each visit is judged to have come to, beside what it came to when it was made
    "visits": """
        SELECT captured_visits.crawl AS crawl, captured_visits.page AS page, captured_visits.at AS at,
            coalesce(visit_judgements.outcome, captured_visits.outcome) AS outcome,
            coalesce(visit_judgements.reason, captured_visits.reason) AS reason,
            captured_visits.capture AS capture,
            captured_visits.outcome AS captured_outcome, captured_visits.reason AS captured_reason
        FROM captured_visits
        LEFT JOIN visit_judgements ON visit_judgements.crawl = captured_visits.crawl
            AND visit_judgements.page = captured_visits.page
    """,
    "version_texts": """
        SELECT readings.version AS id, coalesce(readings.title, '') AS title, texts.text AS text,
            coalesce(readings.description, '') || char(10) || headings || char(10) || other_text || char(10)
                || structured || char(10) || alternatives || char(10) || hidden AS places
        FROM readings JOIN texts ON texts.sha256 = readings.text_sha256
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
        JOIN texts ON texts.sha256 = coalesce(versions.content_sha256, versions.text_sha256)
        LEFT JOIN family_members ON family_members.page = documents.id
        LEFT JOIN families ON families.id = family_members.family
        WHERE documents.verdict = 'on topic' AND documents.duplicate_of IS NULL
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
    # what each page asked for what, by all its versions: candidates for review, as read by rule
    "prices": """
        SELECT pages.id AS page, pages.site AS site, pages.url AS url, price.value ->> 'label' AS label,
            price.value ->> 'amount' AS amount, price.value ->> 'low' AS low, price.value ->> 'high' AS high,
            price.value ->> 'currency' AS currency, price.value ->> 'unit' AS unit,
            price.value ->> 'excludes' AS excludes, price.value ->> 'is_former' AS is_former,
            price.value ->> 'region' AS region, price.value ->> 'start' AS start, price.value ->> 'end' AS "end",
            price.value ->> 'first_seen' AS first_seen, price.value ->> 'last_seen' AS last_seen,
            price.value ->> 'version' AS version, price.value ->> 'version' = pages.version AS is_current
        FROM pages CROSS JOIN json_each((
            SELECT json_group_array(json(own.price)) FROM (
                SELECT json_set(one.value, '$.first_seen', min(versions.first_seen),
                    '$.last_seen', max(versions.last_confirmed), '$.version', max(versions.id)) AS price
                FROM versions, json_each(versions.prices) AS one WHERE versions.page = pages.id
                GROUP BY one.value ->> 'label', one.value ->> 'amount', one.value ->> 'unit', one.value ->> 'is_former'
            ) AS own)) AS price
    """,
    # families as people and files read them: who stands for each, and what is said of it
    "family_list": """
        SELECT families.id AS family, families.kind AS kind, families.size AS size, families.sites AS sites,
            families.advertisers AS advertisers, families.evidence ->> 'advertisers' AS advertisers_if_merged,
            families.first_seen AS first_seen, families.similarity AS similarity, pages.url AS url,
            versions.title AS title, families.evidence ->> 'source' AS likely_source,
            families.evidence -> 'reasons' AS reasons, families.template AS template,
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
                FROM json_each(families.template, '$.slots') AS slot, json_each(slot.value, '$.values') AS said
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
        JOIN texts ON texts.sha256 = coalesce(versions.content_sha256, versions.text_sha256)
    """,
    # of the two pages, the one whose URL comes first in the alphabet stands first, whichever was found first
    "paraphrase_pairs": """
        SELECT pair.page AS page, pair.other AS other, one.url AS url, two.url AS other_url,
            one_site.advertiser AS advertiser, two_site.advertiser AS other_advertiser, pair.shared AS shared,
            pair.function_words AS function_words, pair.words AS words
        FROM paraphrase_candidates AS pair
        JOIN pages AS one ON one.id = pair.page JOIN pages AS two ON two.id = pair.other
        JOIN sites AS one_site ON one_site.id = one.site JOIN sites AS two_site ON two_site.id = two.site
        LEFT JOIN family_members AS mine ON mine.page = pair.page
        LEFT JOIN family_members AS theirs ON theirs.page = pair.other
        WHERE mine.family IS NULL OR mine.family IS NOT theirs.family
    """,
    "copies": """
        SELECT pages.url AS url, original.url AS copy_of, exact_duplicates.reason AS reason,
            sites.advertiser AS advertiser, original_sites.advertiser AS copy_of_advertiser, pages.id AS page,
            original.id AS copy_of_page
        FROM exact_duplicates
        JOIN pages ON pages.id = exact_duplicates.page
        JOIN pages AS original ON original.id = exact_duplicates.duplicate_of
        JOIN sites ON sites.id = pages.site
        JOIN sites AS original_sites ON original_sites.id = original.site
        UNION ALL
        SELECT pages.url, original.url, pages.reason, sites.advertiser, sites.advertiser, pages.id, original.id
        FROM pages
        JOIN pages AS original ON original.id = pages.alias_of
        JOIN sites ON sites.id = pages.site
    """,
    # names of release 0.1, for saved queries, for one release
    "exact_copies": "SELECT page, duplicate_of AS copy_of, reason FROM exact_duplicates",
    "overrules": "SELECT text_sha256, verdict, decided_by, at FROM topic_overrides",
    "spun_pairs": "SELECT page, other, shared, function_words AS skeleton, words FROM paraphrase_candidates",
    "spun_candidates": "SELECT *, function_words AS skeleton FROM paraphrase_pairs",
    "masks": "SELECT id, site, page, region AS place, pattern, example, why, crawl, pages, active FROM dynamic_content",
}

#: what aborts a statement that would change or remove what was captured; ``redact`` is to lift them by name
IMMUTABLE = {
    "captures": (),
    "captured_visits": (),
    "captured_versions": ("last_confirmed",),
    "probes": (),
}


def _triggers() -> dict[str, str]:
    """Name each trigger with the SQL that makes it: captured columns are written once, confirmations only move on."""
    abort = "BEGIN SELECT RAISE(ABORT, '{} holds evidence: a row is written once and never changed or removed'); END"
    found = {}
    for table, moving in IMMUTABLE.items():
        message = abort.format(table)
        found[f"{table}_delete"] = f"CREATE TRIGGER {table}_delete BEFORE DELETE ON {table} {message}"
        columns = ", ".join(column for column in CAPTURED[table] if column not in moving)
        found[f"{table}_update"] = f"CREATE TRIGGER {table}_update BEFORE UPDATE OF {columns} ON {table} {message}"
        for column in moving:
            name, back = f"{table}_{column}", f"WHEN NEW.{column} < OLD.{column}"
            found[name] = f"CREATE TRIGGER {name} BEFORE UPDATE OF {column} ON {table} {back} {message}"
    return found


CAPTURED = {
    "captures": (
        "id", "page", "crawl", "url", "redirect_to", "fetched_at", "status", "outcome", "content_type",
        "content_encoding", "etag", "last_modified", "body_sha256", "body_bytes", "warc_file", "warc_offset",
        "warc_length", "robots", "noindex", "noarchive", "tdm_reserved",
    ),
    "captured_visits": ("crawl", "page", "at", "outcome", "reason", "capture"),
    "captured_versions": ("id", "page", "capture", "first_seen", "last_confirmed"),
    "probes": (
        "id", "crawl", "site", "kind", "page", "url", "at", "outcome", "reason", "robots", "status", "content_type",
        "body_sha256", "body_bytes", "warc_file", "warc_offset", "warc_length", "title", "text",
    ),
}  # fmt: skip

FULL_TEXT = (
    "CREATE VIRTUAL TABLE versions_fts USING fts5(title, text, places, content='version_texts', content_rowid='id',"
    " tokenize='porter unicode61 remove_diacritics 2')"
)

# the sentences of the ledger, kept up by triggers: most of its updates change no sentence
CLAIM_TEXT = (
    "CREATE VIRTUAL TABLE claim_ledger_fts USING fts5(quote, content='claim_ledger', content_rowid='id',"
    " tokenize='porter unicode61 remove_diacritics 2')"
)
_ADD = "INSERT INTO claim_ledger_fts (rowid, quote) VALUES (NEW.id, NEW.quote);"
_REMOVE = "INSERT INTO claim_ledger_fts (claim_ledger_fts, rowid, quote) VALUES ('delete', OLD.id, OLD.quote);"
CLAIM_TEXT_TRIGGERS = {
    "claim_ledger_added": f"AFTER INSERT ON claim_ledger BEGIN {_ADD} END",
    "claim_ledger_removed": f"AFTER DELETE ON claim_ledger BEGIN {_REMOVE} END",
    "claim_ledger_changed": (
        "AFTER UPDATE OF id, quote ON claim_ledger WHEN (OLD.id, OLD.quote) IS NOT (NEW.id, NEW.quote)"
        f" BEGIN {_REMOVE} {_ADD} END"
    ),
}


def _index_sql(name: str, on: str) -> str:
    return f"CREATE INDEX {name} ON {on}"


def _view_sql(name: str, select: str) -> str:
    return f"CREATE VIEW {name} AS {select.strip()}"


def wanted() -> dict[str, str]:
    """Name every index, view and search table with the SQL that makes it, in the order of their making."""
    return (
        {name: _index_sql(name, on) for name, on in INDEXES.items()}
        | {name: _view_sql(name, select) for name, select in VIEWS.items()}
        | {"versions_fts": FULL_TEXT, "claim_ledger_fts": CLAIM_TEXT}
        | {name: f"CREATE TRIGGER {name} {what}" for name, what in CLAIM_TEXT_TRIGGERS.items()}
        | _triggers()
    )


def ensure_schema(db: sqlite3.Connection) -> None:
    """Make the indexes, views and search tables what this file says; a changed search table is filled again."""
    found = dict(db.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
    for name, sql in wanted().items():
        if found.get(name) == sql:
            continue
        if name in found:
            db.execute(f"DROP {sql.split()[1].replace('VIRTUAL', 'TABLE')} {name}")
        db.execute(sql)
        if name.endswith("_fts"):
            db.execute(f"INSERT INTO {name}({name}) VALUES ('rebuild')")
