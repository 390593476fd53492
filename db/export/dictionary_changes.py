"""The data dictionary of what changed, and of what each crawl came to on each site."""

from __future__ import annotations

from db.export.columns import Column, Table
from db.schema.vocabulary import MEANINGS
from pipelines.changes.rotation import Rotation
from pipelines.model.outcomes import ChangeKind

TRIAGE = "triage: seeds/triage.toml"

# a column reads better in one or two lines than with an argument a line
# fmt: off
CHANGES = Table(
    "changes",
    "What changed at each crawl: an edit that several pages share is one row, its pages are in `changed_pages.csv`",
    "changes JOIN pages ON pages.id = changes.page JOIN sites ON sites.id = pages.site",
    ("change",),
    (
        Column("change", "integer", "Number of the change in this corpus.", sql="changes.id"),
        Column("page", "integer", "Page that changed, or that stands for those that did; join with `pages.csv`.",
               sql="changes.page"),
        Column("url", "string", "Canonical URL of the page.", sql="pages.url"),
        Column("site", "string", "Host of the site, without `www.`; join with `sites.csv`.", source="sites.host",
               sql="sites.host"),
        Column("advertiser", "string", "Registrable domain: the same for all sites of one advertiser.",
               source="public suffix list", sql="sites.advertiser"),
        Column("crawl", "integer", "Crawl that found it; join with `crawls.csv`.", sql="changes.crawl"),
        Column("kind", "string", "What happened.", values=tuple(ChangeKind), meanings=MEANINGS["kind"],
               source="versions and visits", sql="changes.kind"),
        Column("seen_at", "datetime", "When we saw it; it happened since the visit before.", unit="UTC",
               sql="changes.at"),
        Column("version_before", "integer", "Version of the page that it told before.", "a page that is new",
               sql="changes.before"),
        Column("version_after", "integer", "Version of the page that it tells since.",
               "nothing new is told: the page is gone, moved, blocked or the like", sql="changes.after"),
        Column("capture", "integer", "Answer that showed it; join with `captures.csv`.", "there was no answer",
               sql="changes.capture"),
        Column("moved_to", "string", "Address that the page moved to.", "it did not", sql="changes.moved_to"),
        Column("target_page", "integer", "Page that this address is; join with `pages.csv`.",
               "it did not move, or not to a page of ours", sql="changes.target"),
        Column("places", "array", "Places of the page whose text changed (JSON): text, title, description, ...",
               sql="changes.regions"),
        Column("words_added", "integer", "Words that came; what only moved is left out.", unit="words",
               sql="changes.words_added"),
        Column("words_removed", "integer", "Words that went; what only moved is left out.", unit="words",
               sql="changes.words_removed"),
        Column("score", "number", "How much it matters, by the rules of triage.", unit="0 to 1", source=TRIAGE,
               sql="changes.score"),
        Column("reasons", "array", "Reasons of the score, strongest first (JSON).", source=TRIAGE,
               sql="changes.reasons"),
        Column("cues", "array", "Kinds of wording that it touches (JSON): price, approval, ...", source=TRIAGE,
               sql="changes.cues"),
        Column("material", "boolean", "It touches wording that can matter to a patient.", source=TRIAGE,
               sql="changes.material"),
        Column("edit", "string", "Name of the edit, the same in every corpus that has it.",
               source="texts of both versions", sql="changes.edit"),
        Column("edit_pages", "integer", "How many pages have that edit.", unit="pages", source="edit",
               sql="changes.edit_pages"),
        Column("summary", "string", "The change in a few words.", "nothing to quote",
               sql="nullif(changes.summary, '')"),
        Column("rotation", "string", "Whether it is content that changes by itself, by all visits so far: it looks so, "
               "it was proven, or it looked so and a later visit still had its lines (an edit).",
               "nothing suggests so", values=tuple(Rotation), source="rotations pass",
               sql="nullif(changes.rotation, '')"),
        Column("back_to_version", "integer", "Earlier version of the page that it shows again.",
               "it shows what it never showed before", sql="changes.back_to"),
    ),
    (("page", "pages.page"), ("site", "sites.site"), ("crawl", "crawls.crawl"), ("capture", "captures.capture"),
     ("target_page", "pages.page")),
)

CHANGED_PAGES = Table(
    "changed_pages",
    "The pages of each change, one row a page, with the lines that went and came on it",
    "page_changes AS own JOIN pages ON pages.id = own.page",
    ("row",),
    (
        Column("row", "integer", "Number of the page's part of the change in this corpus.", sql="own.id"),
        Column("change", "integer", "The change; join with `changes.csv`.", source="edit", sql=(
               "(SELECT lead.id FROM page_changes AS lead WHERE lead.edit = own.edit AND lead.crawl = own.crawl"
               " AND lead.lead = 1)")),
        Column("page", "integer", "Page that has it; join with `pages.csv`.", sql="own.page"),
        Column("url", "string", "Canonical URL of the page.", sql="pages.url"),
        Column("places", "array", "Regions of the page whose text changed (JSON).", sql="own.regions"),
        Column("lines", "array", "Lines that went and came, by region, what matters most first (JSON).",
               "an event of the whole page", sql="nullif(own.lines, '[]')"),
    ),
    (("change", "changes.change"), ("page", "pages.page")),
)

SITE_RUNS = Table(
    "site_runs",
    "What each crawl came to on each site, with the alerts that it raised",
    "site_runs JOIN sites ON sites.id = site_runs.site",
    ("crawl", "site"),
    (
        Column("crawl", "integer", "Crawl; join with `crawls.csv`.", sql="site_runs.crawl"),
        Column("site", "string", "Host of the site; join with `sites.csv`.", source="sites.host", sql="sites.host"),
        Column("visits", "integer", "Pages that this crawl dealt with.", unit="pages", source="visits"),
        Column("fetched", "integer", "Pages that answered with something that we keep.", unit="pages", source="visits"),
        Column("failed", "integer", "Pages that gave nothing that we can read.", unit="pages", source="visits"),
        Column("new", "integer", "Pages read for the first time.", unit="pages", source="visits"),
        Column("changed", "integer", "Pages that told something else.", unit="pages", source="visits"),
        Column("kept", "integer", "Pages that gave text at their visit before, and again.", unit="pages",
               source="visits"),
        Column("lost", "integer", "Pages that gave text at their visit before, and none now; moved ones left out.",
               unit="pages", source="visits"),
        Column("words", "integer", "Words of the pages kept, now.", unit="words", source="versions"),
        Column("words_before", "integer", "Words of the same pages before this crawl.", unit="words",
               source="versions"),
        Column("live", "integer", "Live pages of the site when the crawl ended.", unit="pages", source="pages"),
        Column("alerts", "array", "What fell short of the site's own past (JSON).", source="site_runs of past crawls"),
    ),
    (("crawl", "crawls.crawl"), ("site", "sites.site")),
)

PRICES = Table(
    "prices",
    "Sums of money that pages name, with what they are for, over all versions: candidates, as read by rule",
    "prices",
    ("page", "label", "amount", "unit", "is_former"),
    (
        Column("page", "integer", "Page that names it; join with `pages.csv`.", sql="prices.page"),
        Column("url", "string", "Canonical URL of the page.", sql="prices.url"),
        Column("site", "string", "Host of the site; join with `sites.csv`.", source="sites.host",
               sql="(SELECT host FROM sites WHERE sites.id = prices.site)"),
        Column("label", "string", "What it is for: the words of its row, its sentence, or the line above it.",
               "nothing stands near it", source="text of the version", sql="prices.label"),
        Column("amount", "string", "The sum as it is written.", source="text of the version"),
        Column("low", "number", "The sum, or the lower end of a range.", unit="units of the currency",
               source="amount", sql="low"),
        Column("high", "number", "The sum, or the upper end of a range.", unit="units of the currency",
               source="amount", sql="high"),
        Column("currency", "string", "Currency, as ISO 4217 names it; a dollar sign alone is read as USD.",
               source="amount"),
        Column("unit", "string", "What it buys once: infusion, session, month, ...", "the page does not say it there",
               source="text of the version"),
        Column("excludes", "string", "The sentence that says what is not in it.", "none stands beside it",
               source="text of the version"),
        Column("is_former", "boolean", "The page shows it as a former or regular price: struck through, or in words.",
               source="text of the version"),
        Column("region", "string", "Where it stands: the main text, or other visible text.",
               values=("text", "other_text"), source="readings.prices"),
        Column("first_seen", "datetime", "When a version first had it.", unit="UTC", source="versions",
               sql="prices.first_seen"),
        Column("last_seen", "datetime", "When a version that has it was last confirmed.", unit="UTC", source="versions",
               sql="prices.last_seen"),
        Column("version", "integer", "Newest version of the page that has it.", sql="prices.version"),
        Column("is_current", "boolean", "The page's current version has it.", sql="prices.is_current",
               source="versions"),
    ),
    (("page", "pages.page"), ("site", "sites.site")),
)

CHANGE_TABLES = (CHANGES, CHANGED_PAGES, SITE_RUNS, PRICES)
