"""The data dictionary of the export, as data: each table with the query that fills it, each column with its meaning.

The CSV files, ``data_dictionary.csv``, the Table Schema in ``datapackage.json`` and ``docs/data-dictionary.md`` are all
made from :data:`TABLES`, so that a column without an explanation cannot be exported.
"""

from __future__ import annotations

from db.export.columns import Column, Table
from db.export.dictionary_changes import CHANGE_TABLES
from db.export.dictionary_claims import CLAIM_TABLES
from db.export.dictionary_desk import DESK_TABLES
from db.export.dictionary_families import FAMILY_TABLES
from db.export.dictionary_review import REVIEW_TABLES
from db.export.dictionary_rollup import ROLLUP_TABLES
from db.schema.vocabulary import LISTING_NAMES, MEANINGS
from pipelines.model.outcomes import Outcome, PageState
from pipelines.model.page_types import PageType
from pipelines.model.records import Verdict

UNKNOWN = "not known"
UNSTATED = "the page does not say"
UNSENT = "the site did not send it"
ISO_DATE = r"\d{4}-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?)?"
DIGEST = r"[0-9a-f]{64}"

# a column reads better in one or two lines than with an argument a line
# fmt: off
SITE = Column("site", "string", "Host of the site, without `www.`; join with `sites.csv`.", source="sites.host")
ADVERTISER = Column(
    "advertiser", "string", "Registrable domain: the same for all sites of one advertiser.", source="public suffix list"
)
PUBLISHED_MISSING = f"{UNSTATED} in a form that we trust; nothing is guessed from footers"

DOCUMENTS = Table(
    "documents",
    "Current documents on the topic, one row each; copies and lists of other pages"
    f" ({LISTING_NAMES}) left out",
    "corpus JOIN versions ON versions.id = corpus.version",
    ("page",),
    (
        Column("page", "integer", "Page that the document is; join with `pages.csv`.", sql="corpus.page"),
        Column("url", "string", "Canonical URL of the page.", sql="corpus.url"),
        SITE,
        ADVERTISER,
        Column("name", "string", "Name of the clinic or publisher.", UNKNOWN, source="seeds file"),
        Column("city", "string", "City of the clinic or publisher.", UNKNOWN, source="seeds file"),
        Column("state", "string", "State or country of the clinic or publisher.", UNKNOWN, source="seeds file"),
        Column("source_class", "string", "Who publishes: clinic, telehealth, directory, news, ...", UNKNOWN,
               source="seeds file"),
        Column("title", "string", "Title of the page.", UNSTATED, sql="corpus.title"),
        Column("author", "string", "Author that the page names.", UNSTATED, sql="corpus.author"),
        Column("published", "string", "Day (with time) that the page says it was published: ISO 8601, also `2024-03`.",
               PUBLISHED_MISSING, pattern=ISO_DATE, sql="corpus.published", source="page metadata or byline"),
        Column("published_source", "string", "Where that date stood: json-ld, meta, time, url, ...", "no date",
               sql="corpus.published_source"),
        Column("modified", "string", "Day (with time) that the page says it was changed: ISO 8601.", PUBLISHED_MISSING,
               pattern=ISO_DATE, sql="corpus.modified", source="page metadata or byline"),
        Column("page_type", "string", "Kind of page. Studies that left out blogs are reproduced with it.",
               values=tuple(PageType), meanings=MEANINGS["page_type"], sql="corpus.page_type",
               source="URL, structure and text"),
        Column("language", "string", "Language of the text: ISO 639-1, or with a region.", "not told",
               sql="corpus.language"),
        Column("words", "integer", "Length of `text`: how many runs of letters, digits and underscores it has (regular "
               "expression `\\w+` in Unicode), so that `doctor's` counts as two. It is not a count by spaces.",
               unit="words", sql="corpus.words"),
        Column("verdict", "string", "Is the page about the topic?", values=tuple(Verdict), source="topic pass"),
        Column("topic_score", "number", "How much the page is about the topic.", "not scored", unit="0 to 1",
               sql="corpus.topic_score", source="topic pass: weighted terms"),
        Column("verdict_reasons", "array", "Reasons of the verdict, strongest first (JSON).", "not scored",
               source="topic pass"),
        Column("first_seen", "datetime", "When we first saw a text on this page.", unit="UTC", sql="corpus.first_seen"),
        Column("last_confirmed", "datetime", "When this text was last confirmed: fetched again, or not modified.",
               unit="UTC", sql="corpus.last_confirmed"),
        Column("canonical_url", "string", "URL that the page names as canonical.", UNSTATED),
        Column("family", "integer", "Family of near texts that it belongs to; join with `families.csv`.",
               "no other page says nearly the same", sql="corpus.family"),
        Column("family_size", "integer", "How many pages the family has; 1 without a family.", unit="pages",
               sql="corpus.family_size", source="families.size"),
        Column("family_advertisers", "integer", "How many advertisers the family spans; 1 without a family.",
               unit="advertisers", sql="corpus.family_advertisers", source="families.advertisers"),
        Column("representative", "integer", "1 where this page stands for its family or has none, else 0.",
               sql="corpus.representative", source="families.representative"),
        Column("version", "integer", "Version of the page: one for each text that it showed.", sql="corpus.version"),
        Column("capture", "integer", "Capture that the text was read from; join with `captures.csv`."),
        Column("extractor", "string", "Program and rules that read the text from the bytes."),
        Column("text_sha256", "string", "SHA-256 of the text's UTF-8 bytes.", pattern=DIGEST, sql="corpus.text_sha256"),
        Column("text", "string", "Main text, one paragraph, list item or heading a line.", sql="corpus.text",
               source="extractor"),
    ),
    (("page", "pages.page"), ("site", "sites.site"), ("capture", "captures.capture"), ("family", "families.family")),
)

PAGES = Table(
    "pages",
    "Every page that was ever discovered, with what came of it",
    "all_pages",
    ("page",),
    (
        Column("page", "integer", "Number of the page in this corpus; it stays the same from export to export."),
        Column("url", "string", "Canonical URL."),
        SITE,
        ADVERTISER,
        Column("state", "string", "What the page is to us now.", values=tuple(PageState), meanings=MEANINGS["state"]),
        Column("outcome", "string", "How its last visit ended.", "not visited yet", values=tuple(Outcome),
               meanings=MEANINGS["outcome"]),
        Column("reason", "string", "The outcome in words.", "none needed"),
        Column("page_type", "string", "Kind of page.", "no text read", values=tuple(PageType),
               meanings=MEANINGS["page_type"]),
        Column("verdict", "string", "Is the page about the topic?", "no text read, or not scored yet",
               values=tuple(Verdict)),
        Column("title", "string", "Title of the page.", f"no text read, or {UNSTATED}"),
        Column("words", "integer", "Length of the page's text before lines that the whole site repeats were left out; "
               "counted as in `documents.csv`.", "no text read", unit="words"),
        Column("how", "string", "How it was discovered: seed, link, sitemap or redirect."),
        Column("found_on", "string", "URL of the page or sitemap that led to it.", "a seed"),
        Column("found_at", "datetime", "When it was discovered.", unit="UTC"),
        Column("last_fetched", "datetime", "When the site last answered, whatever it answered.", "never", unit="UTC"),
        Column("last_confirmed", "datetime", "When its text was last confirmed.", "never", unit="UTC"),
        Column("due_at", "datetime", "When it is to be visited next.", "never", unit="UTC"),
        Column("interval_hours", "number", "Time between its visits, as far as its changes have taught it.",
               "no text read yet", unit="hours"),
        Column("moved_to", "string", "Where it redirects to.", "it does not"),
        Column("failures", "integer", "Failed visits in a row.", unit="visits"),
        Column("crawl", "integer", "Crawl of the last visit; join with `crawls.csv`.", "not visited yet",
               sql="nullif(crawl, 0)"),
    ),
    (("site", "sites.site"), ("crawl", "crawls.crawl")),
)

CAPTURES = Table(
    "captures",
    "Every answer of a site that was kept, with where its bytes lie",
    "captures JOIN crawls ON crawls.id = captures.crawl JOIN pages ON pages.id = captures.page",
    ("capture",),
    (
        Column("capture", "integer", "Number of the capture.", sql="captures.id"),
        Column("page", "integer", "Page that was asked for; join with `pages.csv`.", "a sitemap, which is no page",
               sql="CASE pages.kind WHEN 'page' THEN pages.id END"),
        Column("crawl", "integer", "Crawl that asked; join with `crawls.csv`.", sql="captures.crawl"),
        Column("url_requested", "string", "URL as it was asked for.", sql="captures.url"),
        Column("redirect_to", "string", "URL that the answer redirects to.", "no redirect"),
        Column("fetched_at", "datetime", "When the answer had come in.", unit="UTC"),
        Column("status", "integer", "HTTP status.", sql="captures.status"),
        Column("outcome", "string", "How the visit is judged to have ended, by the rules of today.",
               values=tuple(Outcome), meanings=MEANINGS["outcome"], source="captures and judgements",
               sql="coalesce((SELECT judged.outcome FROM visit_judgements AS judged WHERE judged.crawl = captures.crawl"
               " AND judged.page = captures.page), captures.outcome)"),
        Column("captured_outcome", "string", "How the visit ended when it was made; never changed afterwards.",
               values=tuple(Outcome), meanings=MEANINGS["outcome"], sql="captures.outcome"),
        Column("content_type", "string", "Content-Type of the answer.", UNSENT),
        Column("content_encoding", "string", "Content-Encoding of the answer.", UNSENT),
        Column("etag", "string", "ETag of the answer.", UNSENT, sql="captures.etag"),
        Column("last_modified", "string", "Last-Modified of the answer, as it was sent.", UNSENT,
               sql="captures.last_modified"),
        Column("body_sha256", "string", "SHA-256 of the body as transferred (the WARC payload digest).", pattern=DIGEST,
               sql="captures.body_sha256"),
        Column("body_bytes", "integer", "Size of the body as transferred.", unit="bytes"),
        Column("warc_file", "string", "WARC file that holds the answer."),
        Column("warc_offset", "integer", "Where its record begins in that file.", unit="bytes"),
        Column("warc_length", "integer", "Size of its record, compressed.", unit="bytes"),
        Column("robots_decision", "string", "What robots.txt allowed, and why.", "not asked", sql="captures.robots"),
        Column("noindex", "boolean", "The page asks search engines not to list it.", source="headers and meta tags"),
        Column("noarchive", "boolean", "The page asks not to be archived.", source="headers and meta tags"),
        Column("tdm_reserved", "boolean", "The page reserves its rights on text and data mining.",
               source="TDM-Reservation header and meta tag"),
        Column("user_agent", "string", "How the crawler named itself.", UNKNOWN,
               sql="json_extract(crawls.settings, '$.user_agent')", source="crawls.settings"),
    ),
    (("page", "pages.page"), ("crawl", "crawls.crawl")),
)

SITES = Table(
    "sites",
    "The sites that are watched",
    "sites",
    ("site",),
    (
        Column("site", "string", "Host, without `www.`.", sql="host"),
        ADVERTISER,
        Column("name", "string", "Name of the clinic or publisher.", UNKNOWN, source="seeds file"),
        Column("city", "string", "City.", UNKNOWN, source="seeds file"),
        Column("state", "string", "State or country.", UNKNOWN, source="seeds file"),
        Column("source_class", "string", "Who publishes: clinic, telehealth, directory, news, ...", UNKNOWN,
               source="seeds file"),
        Column("status", "string", "In or out of scope, or undecided; a person's decision."),
        Column("hosts", "array", "All hosts that belong to it (JSON).", source="seeds file and redirects",
               sql="(SELECT json_group_array(host) FROM (SELECT host FROM hosts WHERE site = sites.id ORDER BY host))"),
        Column("added_at", "datetime", "When it was added.", unit="UTC"),
        Column("robots_decision", "string", "What its robots.txt last said to us.", "never asked", sql="robots"),
        Column("crawl_delay", "number", "Crawl-delay that its robots.txt asks for.", "none asked for", unit="seconds"),
        Column("robots_at", "datetime", "When that decision last changed.", "never asked", unit="UTC"),
    ),
)

COPIES = Table(
    "copies",
    "Pages that are exact copies of another, and tracking addresses of one page",
    "copies",
    ("page",),
    (
        Column("page", "integer", "The copy; join with `pages.csv`."),
        Column("url", "string", "URL of the copy."),
        Column("copy_of_page", "integer", "The original; join with `pages.csv`."),
        Column("copy_of", "string", "URL of the original."),
        Column("reason", "string", "Why we say so."),
        Column("advertiser", "string", "Who publishes the copy.", source="public suffix list"),
        Column("copy_of_advertiser", "string", "Who publishes the original.", source="public suffix list"),
    ),
    (("page", "pages.page"), ("copy_of_page", "pages.page")),
)


def _box(name: str, description: str) -> Column:
    sql = f"json_extract(funnel, '$.{name}')"
    return Column(name, "integer", description, "the crawl has not finished", "URLs", sql=sql, source="crawls.funnel")


CRAWLS = Table(
    "crawls",
    "The runs, each with its funnel: discovered = fetched + skipped + failed + queued + resting",
    "crawls",
    ("crawl",),
    (
        Column("crawl", "integer", "Number of the crawl.", sql="id"),
        Column("started_at", "datetime", "When it began.", unit="UTC"),
        Column("ended_at", "datetime", "When it ended.", "it has not", unit="UTC"),
        Column("status", "string", "running, finished, interrupted or cut off."),
        Column("everything", "boolean", "Whether it visited every page, or only what was due.",
               sql="json_extract(scope, '$.everything')", source="crawls.scope"),
        Column("sites", "integer", "How many sites it was to visit.", unit="sites",
               sql="json_array_length(scope, '$.sites')", source="crawls.scope"),
        Column("user_agent", "string", "How it named itself to the sites.", UNKNOWN,
               sql="json_extract(settings, '$.user_agent')", source="crawls.settings"),
        _box("discovered", "URLs known on its sites."),
        _box("fetched", "The site answered with something that we keep."),
        _box("skipped", "We chose not to ask, or not to read."),
        _box("failed", "We asked and got nothing that we can read."),
        _box("queued", "Still due when the crawl ended."),
        _box("resting", "Not due in this crawl."),
        Column("funnel", "object", "The same, with each outcome as a key of its own (JSON).", source="visits"),
        Column("settings", "object", "Settings that decide what is collected (JSON)."),
        Column("tools", "object", "Versions of the programs (JSON)."),
    ),
)

FLOW = Table(
    "flow",
    "Flow of records, as in a PRISMA diagram: the boxes in a box add up to it",
    "",
    ("box",),
    (
        Column("box", "string", "Path of the box, such as `corpus/pages/with text`.",
               source="pages, documents, crawls"),
        Column("part_of", "string", "Box that this one is a part of.", "an outermost box", source="box"),
        Column("label", "string", "What is counted.", source="box"),
        Column("count", "integer", "How many.", unit="URLs or sites", source="pages, documents, crawls"),
        Column("crawl", "integer", "Crawl that the box counts; join with `crawls.csv`.",
               "it counts the corpus as it is now", source="crawls.funnel"),
    ),
    (("part_of", "flow.box"), ("crawl", "crawls.crawl")),
)

DATA_DICTIONARY = Table(
    "data_dictionary",
    "What each column of each table means",
    "",
    ("table", "column"),
    (
        Column("table", "string", "Table, which is the file without `.csv`."),
        Column("column", "string", "Column."),
        Column("type", "string", "Type, as Table Schema names it."),
        Column("unit", "string", "Unit.", "it has none"),
        Column("allowed_values", "array", "Closed list of values (JSON).", "no closed list"),
        Column("missing_meaning", "string", "What an empty cell means.", "cells are never empty"),
        Column("description", "string", "What the column says."),
        Column("derived_from", "string", "Column of the corpus, or what the value was derived from."),
        Column("since_version", "string", "Release of clinicwatch that first exported it."),
        Column("value_meanings", "object", "What each of the allowed values means (JSON).",
               "no closed list, or its words say it"),
    ),
)

TABLES = (
    *(DOCUMENTS, PAGES, CAPTURES, SITES, COPIES, *FAMILY_TABLES, *CHANGE_TABLES),
    *(CRAWLS, FLOW, *CLAIM_TABLES, *REVIEW_TABLES, *DESK_TABLES, *ROLLUP_TABLES, DATA_DICTIONARY),
)
