"""The data dictionary of claim candidates, the codebook and the reference sets; see :mod:`db.export.dictionary`."""

from __future__ import annotations

from db.export.columns import Column, Table
from db.schema.vocabulary import CURRENT_STATES, LISTING_NAMES, MEANINGS

DIGEST = r"[0-9a-f]{64}"
ID = r"[0-9a-f]{16}"
UNMENTIONED = f"the sentence stands only on lists of other pages ({LISTING_NAMES})"
LEVELS = ("sentence", "page", "advertiser")
TYPES = ("boolean", "category", "set", "number", "text")

# a column reads better in one or two lines than with an argument a line
# fmt: off
CLAIMS = Table(
    "claims",
    "Claim candidates: sentences that a cue proposes to a reader, one row for each version and region; no finding",
    "claims CROSS JOIN version_regions ON version_regions.text_sha256 = claims.text_sha256"
    " JOIN versions ON versions.id = version_regions.version"
    " JOIN pages ON pages.id = versions.page JOIN sites ON sites.id = pages.site"
    " LEFT JOIN claim_ledger ON claim_ledger.quote_key = claims.quote_key",
    ("claim", "version", "region"),
    (
        Column("claim", "string", "Candidate: made of text, place, code and value, so that it stays the same from scan "
               "to scan.", pattern=ID, sql="claims.id"),
        Column("version", "integer", "Version of a page that has it.", sql="versions.id"),
        Column("region", "string", "Region of the page that has it.", values=tuple(MEANINGS["region"]),
               meanings=MEANINGS["region"], sql="version_regions.region", source="regions pass", since="0.2.0"),
        Column("page", "integer", "The page; join with `pages.csv`.", sql="pages.id"),
        Column("url", "string", "Canonical URL of the page.", sql="pages.url"),
        Column("site", "string", "Host of the site, without `www.`; join with `sites.csv`.", sql="sites.host"),
        Column("advertiser", "string", "Registrable domain: the same for all sites of one advertiser.",
               sql="sites.advertiser", source="public suffix list"),
        Column("is_current", "boolean", "Whether the version is what the page shows now.",
               sql=f"pages.version = versions.id AND pages.state IN {CURRENT_STATES}", source="pages.version"),
        Column("status", "string", "What it is: a candidate. What people decided is in `codings.csv`.",
               values=("candidate",), sql="'candidate'", source="claims pass"),
        Column("code", "string", "Code that it is proposed for; join with `codebook.csv`.", sql="claims.code"),
        Column("value_suggested", "string", "Value that the cue suggests; nobody has judged it.", "it suggests none",
               sql="nullif(claims.value, '')"),
        Column("sentence_no", "integer", "Number of the sentence in the region's text, from 1."),
        Column("start", "integer", "Where the quote starts in the region's text.", unit="characters",
               sql='claims."start"'),
        Column("end", "integer", "Where it ends.", unit="characters", sql='claims."end"'),
        Column("quote", "string", "The sentence, or a question with its answer.", sql="claims.quote"),
        Column("cue", "string", "Name of the cue that fired."),
        Column("cue_version", "string", "Hash of the codebook that the cue stands in.", pattern=ID,
               sql="claims.cue_version"),
        Column("text_sha256", "string", "SHA-256 of the region's text; of the main text, join with `documents.csv`.",
               pattern=DIGEST,
               sql="claims.text_sha256"),
        Column("n_pages_with_same_sentence", "integer", "Pages that show the same words now.", UNMENTIONED,
               unit="pages", sql="claim_ledger.n_pages"),
        Column("n_advertisers_with_same_sentence", "integer", "Advertisers that show the same words now.", UNMENTIONED,
               unit="advertisers", sql="claim_ledger.n_advertisers"),
        Column("sentence_first_seen", "datetime", "When the same words were first seen on any page.", UNMENTIONED,
               unit="UTC", sql="claim_ledger.first_seen"),
        Column("sentence_last_seen", "datetime", "When they were last confirmed to stand on a page.", UNMENTIONED,
               unit="UTC", sql="claim_ledger.last_seen"),
        Column("sentence_vanished_at", "datetime", "When the last page that had them was first seen without them.",
               "a page has them, or it cannot be told", unit="UTC", sql="claim_ledger.vanished_at"),
    ),
    (("page", "pages.page"), ("site", "sites.site"), ("code", "codebook.code")),
)

CODEBOOK = Table(
    "codebook",
    "The codes that people code with, as they were at the last run",
    "codes",
    ("code",),
    (
        Column("code", "string", "Id of the code."),
        Column("name", "string", "Its name."),
        Column("level", "string", "What it is said of.", values=LEVELS),
        Column("type", "string", "What its values are.", values=TYPES),
        Column("allowed_values", "array", "Closed list of its values (JSON).", sql="allowed"),
        Column("key", "string", "Its key on the review desk."),
        Column("definition", "string", "What it means."),
        Column("positive_example", "string", "A made-up sentence that it holds for.", sql="positive"),
        Column("negative_example", "string", "One that it does not hold for.", sql="negative"),
        Column("reference_set", "string", "Reference set that is its standard of truth; see `reference_sets.csv`.",
               "it needs none", sql="nullif(reference, '')"),
        Column("omission", "boolean", "Whether it rolls up to the advertiser over all pages: what one page names is "
               "named."),
        Column("cues", "integer", "How many cues propose candidates for it.", unit="cues"),
        Column("source", "string", "Study or regulator that it follows."),
        Column("codebook", "string", "Name of the codebook."),
        Column("version", "string", "Version that its authors gave it."),
        Column("cue_version", "string", "Hash of its text.", pattern=ID),
    ),
)

REFERENCE_SETS = Table(
    "reference_sets",
    "Standards of truth, each edition with the day from which it holds: approved indications, listed risks, evidence",
    "reference_items",
    ("set", "version", "item"),
    (
        Column("set", "string", "Name of the set.", sql='"set"'),
        Column("version", "string", "Edition."),
        Column("item", "string", "Entry of the set."),
        Column("label", "string", "The entry in words."),
        Column("note", "string", "What to know of it.", "nothing", sql="nullif(note, '')"),
        Column("valid_from", "date", "Day from which the edition is the standard."),
        Column("title", "string", "What the set is."),
        Column("source", "string", "Where it is from."),
        Column("set_note", "string", "What to know of the edition.", "nothing", sql="nullif(set_note, '')"),
    ),
)
# fmt: on

CLAIM_TABLES = (CLAIMS, CODEBOOK, REFERENCE_SETS)
