"""The data dictionary of families: which pages say nearly the same, why, and in what they differ."""

from __future__ import annotations

from db.export.columns import Column, Table
from pipelines.model.records import FamilyKind

UNSTATED = "the page does not say"
HOW = ("representative", "exact", "near", "masked", "chain")

# fmt: off
FAMILIES = Table(
    "families",
    "Groups of pages whose texts are nearly the same, each with its kind and the reasons for it",
    "family_list",
    ("family",),
    (
        Column("family", "integer", "Number of the family: the first capture of its earliest page. It lasts."),
        Column("kind", "string", "What the pages are to each other, as far as the texts tell: a candidate, no finding.",
               values=tuple(FamilyKind)),
        Column("size", "integer", "How many pages it has.", unit="pages"),
        Column("sites", "integer", "On how many sites.", unit="sites"),
        Column("advertisers", "integer", "Of how many advertisers.", unit="advertisers"),
        Column("advertisers_if_merged", "integer", "Of how many, if hosts that look like one advertiser's are.",
               unit="advertisers", source="evidence of alias hosts"),
        Column("first_seen", "datetime", "When a crawl first saw one of its pages.", unit="UTC"),
        Column("similarity", "number", "Least likeness of a page to the representative: shared runs of three words to "
               "all of both, as they stand or with names masked, whichever is more.", unit="0 to 1"),
        Column("representative", "integer", "Page that stands for it; join with `pages.csv`."),
        Column("url", "string", "URL of that page."),
        Column("title", "string", "Title of that page.", UNSTATED),
        Column("likely_source", "integer", "Page that the text likely comes from, where it was handed on; join with "
               "`pages.csv`.", "nothing tells"),
        Column("reasons", "array", "Kinds with their reasons, the main kind first; `merge` names advertisers that may "
               "be one (JSON)."),
        Column("template", "object", "The text with slots: lines of texts and slot numbers, and each slot's words by "
               "page (JSON).", source="families.template"),
    ),
    (("representative", "pages.page"), ("likely_source", "pages.page")),
)

FAMILY_MEMBERS = Table(
    "family_members",
    "The pages of each family, with the words in which each differs",
    "family_pages",
    ("page",),
    (
        Column("page", "integer", "The page; join with `pages.csv`."),
        Column("family", "integer", "Its family; join with `families.csv`."),
        Column("url", "string", "URL of the page."),
        Column("site", "string", "Host of the site; join with `sites.csv`."),
        Column("advertiser", "string", "Registrable domain.", source="public suffix list"),
        Column("state", "string", "State or country of the clinic or publisher.", "not known", source="seeds file"),
        Column("source_class", "string", "Who publishes.", "not known", source="seeds file"),
        Column("title", "string", "Title of the page.", UNSTATED),
        Column("how", "string", "Why it is of the family, seen from the representative; `chain` is by way of others.",
               values=HOW),
        Column("similarity", "number", "Likeness to the representative as it stands.", unit="0 to 1"),
        Column("masked", "number", "Likeness with places, brands and numbers masked.", unit="0 to 1"),
        Column("published", "string", "Day that the page says it was published.", UNSTATED),
        Column("first_seen", "datetime", "When a crawl first saw it.", unit="UTC"),
        Column("words", "object", "Its words in the slots of the template (JSON).", source="families.template"),
    ),
    (("page", "pages.page"), ("family", "families.family"), ("site", "sites.site")),
)

SENTENCES = Table(
    "sentences",
    "Sentences of eight words and more that several pages say word for word",
    "shared_sentences",
    ("sentence",),
    (
        Column("sentence", "integer", "Number of the sentence: a hash of its words.", source="sentences.id"),
        Column("text", "string", "The sentence as its first page words it.", source="texts.text"),
        Column("words", "integer", "Its length.", unit="words"),
        Column("n_pages", "integer", "How many current pages say it.", unit="pages"),
        Column("n_advertisers", "integer", "Of how many advertisers.", unit="advertisers"),
        Column("first_seen", "datetime", "When a crawl first saw one of these pages.", unit="UTC"),
        Column("page", "integer", "One page that says it; join with `pages.csv`."),
    ),
    (("page", "pages.page"),),
)

SPUN_TEXTS = Table(
    "spun_texts",
    "Pairs of pages of which one may be the other in other words: candidates only",
    "paraphrase_pairs",
    ("page", "other"),
    (
        Column("page", "integer", "A page; join with `pages.csv`."),
        Column("other", "integer", "Another page; join with `pages.csv`."),
        Column("url", "string", "URL of the first page."),
        Column("other_url", "string", "URL of the other page."),
        Column("advertiser", "string", "Registrable domain of the first page.", source="public suffix list"),
        Column("other_advertiser", "string", "Registrable domain of the other page.", source="public suffix list"),
        Column("shared", "integer", "Runs of six function words that both have.", unit="runs"),
        Column("skeleton", "number", "Their share of the shorter text's.", unit="0 to 1", sql="function_words"),
        Column("words", "number", "Share of the shorter text's runs of three words that both have.", unit="0 to 1"),
    ),
    (("page", "pages.page"), ("other", "pages.page")),
)

FAMILY_TABLES = (FAMILIES, FAMILY_MEMBERS, SENTENCES, SPUN_TEXTS)
