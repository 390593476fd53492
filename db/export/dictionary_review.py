"""The data dictionary of what people decided: samples, votes and agreement, out of the file of votes.

Their rows come with the export from outside the corpus; where there is no file of votes the files have a header only.
"""

from __future__ import annotations

from db.export.columns import Column, Table

DIGEST = r"[0-9a-f]{64}"
UNIT_TYPES = ("text", "claim", "advertiser")
NOT_DEFINED = "not defined: too few units, or nobody used a second value"

# fmt: off
ROUND = Column("round", "string", "Round of coding.", source="votes.round")
CODE = Column("code", "string", "Code of the codebook, or `topic`.", source="votes.code")

SAMPLES = Table(
    "samples",
    "The samples that were drawn, with all that draws them again",
    "",
    ("sample",),
    (
        Column("sample", "string", "Name of the sample.", source="samples.name"),
        Column("drawn_at", "datetime", "When it was drawn and frozen.", unit="UTC", source="samples.at"),
        Column("seed", "integer", "Seed: the same frame and seed give the same sample."),
        Column("asked", "integer", "How many units were asked for.", unit="units"),
        Column("drawn", "integer", "How many were drawn: fewer where the frame has no more.", unit="units",
               source="sample_units"),
        Column("strata_by", "array", "Columns that divide the frame (JSON)."),
        Column("strata", "array", "Strata as [values, size in the frame, drawn] (JSON)."),
        Column("allocation", "string", "How draws were shared among the strata: proportional to their sizes, equal, "
               "or at least so many a stratum and the rest proportional."),
        Column("double", "number", "Share of the sample that two readers code.", unit="0 to 1"),
        Column("frame_size", "integer", "Units of the frame: families or texts on the topic.", unit="units"),
        Column("frame_hash", "string", "SHA-256 of the sorted frame.", pattern=DIGEST),
        Column("query", "string", "Query that the frame was read with."),
    ),
)

SAMPLE_UNITS = Table(
    "sample_units",
    "The units of each sample, in the order in which they are coded",
    "",
    ("sample", "place"),
    (
        Column("sample", "string", "Name of the sample; join with `samples.csv`.", source="samples.name"),
        Column("place", "integer", "Place in the queue, from 1."),
        Column("text_sha256", "string", "The unit: SHA-256 of the text.", pattern=DIGEST, source="sample_units.unit"),
        Column("page", "integer", "Page that showed it when it was drawn."),
        Column("url", "string", "URL of that page."),
        Column("advertiser", "string", "Registrable domain of that page."),
        Column("pages", "integer", "Pages of the frame that it stands for.", unit="pages"),
        Column("stratum", "array", "Values of the stratum that it was drawn from (JSON)."),
        Column("weight", "number", "Units of the frame that it stands for: stratum's size over stratum's draws.",
               unit="units"),
        Column("double", "boolean", "Whether two readers code it."),
    ),
    (("sample", "samples.sample"),),
)

CODINGS = Table(
    "codings",
    "Votes, each as it was cast; what only one reader has voted on is left out, so that nobody reads it before voting",
    "",
    ("coding",),
    (
        Column("coding", "integer", "Number of the vote; votes are only ever added.", source="votes.id"),
        ROUND,
        Column("unit_type", "string", "What was coded: a page's text, a sentence of it, or an advertiser.",
               values=UNIT_TYPES, source="votes.unit_type"),
        Column("unit", "string", "Key of it: the text's SHA-256, for a sentence with / and the hash of the quote.",
               source="votes.unit"),
        CODE,
        Column("value", "string", "Value; several of a set are joined by |.", "the row takes another one back",
               source="votes.value"),
        Column("value_text", "string", "Value in the coder's own words.", "none given", source="votes.value_text"),
        Column("quote", "string", "Words of the text that the value rests on.", "none given", source="votes.quote"),
        Column("start", "integer", "Where the quote begins in the text.", "no quote", unit="characters",
               source="votes.start"),
        Column("end", "integer", "Where it ends.", "no quote", unit="characters", source="votes.end"),
        Column("sentence_no", "integer", "Number of the sentence in the text.", "not a sentence",
               source="votes.sentence_no"),
        Column("coder", "string", "Pseudonym of the coder.", source="votes.coder"),
        Column("role", "string", "Reader or adjudicator.", values=("reader", "adjudicator"), source="votes.role"),
        Column("blinded", "boolean", "Cast before the coder could see any other vote on it.", source="votes.blinded"),
        Column("coded_at", "datetime", "When it was cast.", unit="UTC", source="votes.at"),
        Column("codebook", "string", "Hash of the codebook that was used.", "not asked by a codebook",
               source="votes.codebook"),
        Column("reference", "string", "Version of the reference set that is the standard of truth.", "none applies",
               source="votes.reference"),
        Column("seconds", "number", "How long the coder looked.", "not measured", unit="seconds",
               source="votes.seconds"),
        Column("supersedes", "integer", "Vote of the same coder that it replaces.", "it replaces none",
               source="votes.supersedes"),
        Column("undoes", "integer", "Vote that it takes back.", "it takes none back", source="votes.undoes"),
        Column("spread_from", "integer", "Vote that was spread over a family to this unit.", "not spread",
               source="votes.spread_from"),
        Column("stands", "boolean", "Whether it stands now: neither taken back nor replaced.", source="standing"),
        Column("page", "integer", "Page that was before the coder's eyes; join with `pages.csv`.", "an advertiser",
               source="votes.page"),
        Column("version", "integer", "Version of that page.", "an advertiser", source="votes.version"),
    ),
    (("page", "pages.page"),),
)

AGREEMENT = Table(
    "agreement",
    "How far readers agree, by round and code, on their original votes and on what two or more coded",
    "",
    ("round", "code"),
    (
        ROUND,
        CODE,
        Column("coders", "integer", "Coders with votes.", unit="coders", source="votes"),
        Column("units", "integer", "Units that two or more coded.", unit="units", source="votes"),
        Column("votes", "integer", "Votes on them.", unit="votes", source="votes"),
        Column("percent_agreement", "number", "Share of agreeing pairs of votes.", "no units", unit="0 to 1",
               source="votes"),
        Column("prevalence", "array", "For each coder the share of each value among that coder's votes (JSON).",
               source="votes"),
        Column("cohen_kappa", "number", "Cohen's kappa.", f"{NOT_DEFINED}, or not two coders", unit="-1 to 1",
               source="Cohen 1960"),
        Column("krippendorff_alpha", "number", "Krippendorff's alpha; for sets with MASI distance.", NOT_DEFINED,
               unit="-1 to 1", source="Krippendorff 2011, Passonneau 2006"),
        Column("gwet_ac1", "number", "Gwet's AC1, steady where a value is rare.", NOT_DEFINED, unit="-1 to 1",
               source="Gwet 2008"),
        *(
            Column(f"{name}_{bound}", "number", f"{bound.capitalize()} end of the 95 % bootstrap interval of {long}.",
                   NOT_DEFINED, unit="-1 to 1", source="bootstrap over units, 1,000 draws")
            for name, long in (("kappa", "kappa"), ("alpha", "alpha"), ("ac1", "AC1")) for bound in ("low", "high")
        ),
    ),
)
# fmt: on

REVIEW_TABLES = (SAMPLES, SAMPLE_UNITS, CODINGS, AGREEMENT)
