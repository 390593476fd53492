"""The data dictionary of a table of advertisers: its cells, what each rests on, and the study that it belongs to.

The files of ``clinicwatch rollup`` have these columns without ``study``; in an export they come with ``--study``.
"""

from __future__ import annotations

from db.export.columns import Column, Table
from db.schema.vocabulary import MEANINGS
from pipelines.coding.findings import Reason
from pipelines.model.page_types import PageType

DIGEST = r"[0-9a-f]{64}"
SAYS = ("yes", "no", "unclear")
REASONS: dict[str, str] = {
    Reason.CONFLICT: "Two coders gave different answers, or one marked a sentence in a text that another read whole "
    "without it, and nobody has decided yet.",
    Reason.ONE: "One coder has answered, and the question needs two.",
    Reason.WAITING: "A cue proposed a sentence in a coded text, and nobody has decided on it.",
    Reason.NOT_READ: "Its candidates are decided, but nobody has read the text whole.",
    Reason.NOT_CODED: "No coder has answered for the code on any page.",
    Reason.NO_PAGE: "The frame has no page of this advertiser.",
}

# fmt: off
STUDY = Column("study", "string", "Name of the study; join with `studies.csv`.", source="studies.name", since="0.2.0")
ADVERTISER = Column("advertiser", "string", "Registrable domain: the same for all sites of one advertiser.",
                    source="sites.advertiser", since="0.2.0")
CODE = Column("code", "string", "Code of the codebook.", source="votes.code", since="0.2.0")

STUDIES = Table(
    "studies",
    "The studies: which frame, samples, rounds and coders belong together",
    "",
    ("study",),
    (
        STUDY,
        Column("revision", "integer", "How often it was said anew, from 1; earlier rows stay in the file of votes.",
               source="studies", since="0.2.0"),
        Column("said_at", "datetime", "When this revision was stored.", unit="UTC", source="studies.at",
               since="0.2.0"),
        Column("frame", "string", "Which advertisers, page types and dates, in words.", source="studies.frame",
               since="0.2.0"),
        Column("reference_date", "string", "Day at whose end each page's version is taken.",
               "the versions that pages showed when this was exported", pattern=r"\d{4}-\d{2}-\d{2}",
               source="studies.frame", since="0.2.0"),
        Column("samples", "array", "Names of its samples (JSON).", source="studies.samples", since="0.2.0"),
        Column("rounds", "array", "Its rounds of coding (JSON); the last is the one of its tables.",
               source="studies.rounds", since="0.2.0"),
        Column("team", "array", "Its coders as [pseudonym, role] (JSON).", source="studies.team", since="0.2.0"),
        Column("single", "boolean", "Whether what one coder gave alone counts as settled.", source="studies.single",
               since="0.2.0"),
        Column("note", "string", "What its authors noted.", "nothing noted", source="studies.note", since="0.2.0"),
    ),
)

CELLS = Table(
    "cells",
    "The table of advertisers of a study in long form: a row a cell, empty ones with their reason",
    "",
    ("study", "advertiser", "code"),
    (
        STUDY,
        ADVERTISER,
        CODE,
        Column("says", "string", 'What the advertiser says on the code. "no" is an answer of coders, never a default.',
               "no answer; `reason` says why", values=SAYS, source="roll-up of settled votes", since="0.2.0"),
        Column("value", "string", "Value; several are joined by |, `no` or `none` where coders found nothing.",
               "no answer", source="roll-up of settled votes", since="0.2.0"),
        Column("reason", "string", "Why there is no answer.", "there is one", values=tuple(REASONS),
               meanings=REASONS, source="roll-up of settled votes", since="0.2.0"),
        Column("pages_looked", "integer", "Pages of the advertiser that show a text with an answer for the code.",
               unit="pages", source="roll-up of settled votes", since="0.2.0"),
        Column("pages", "integer", "Pages that the code is asked of: those of the frame, for a code of omission all "
               "pages of the advertiser.", unit="pages", source="documents", since="0.2.0"),
        Column("pages_saying", "integer", "Pages that say the value; 0 for no and for empty cells.", unit="pages",
               source="roll-up of settled votes", since="0.2.0"),
    ),
    (("study", "studies.study"),),
)

EVIDENCE = Table(
    "evidence",
    "What the cells of a study rest on: a row an advertiser, code and text, with quotes, bytes and decisions",
    "",
    ("study", "advertiser", "code", "text_sha256"),
    (
        STUDY,
        ADVERTISER,
        CODE,
        Column("says", "string", "What this text says on the code; `coders differ` where nobody has decided yet.",
               values=(*SAYS, str(Reason.CONFLICT)), source="settled votes", since="0.2.0"),
        Column("value", "string", "Value; several are joined by |.", "coders differ", source="settled votes",
               since="0.2.0"),
        Column("text_sha256", "string", "SHA-256 of the text: a page's main text, or the region with the sentence.",
               pattern=DIGEST, source="votes.unit", since="0.2.0"),
        Column("page", "integer", "Page that was coded, or the first that shows the text; join with `pages.csv`.",
               source="votes.page", since="0.2.0"),
        Column("pages", "integer", "Pages of the advertiser that show this text.", unit="pages", source="documents",
               since="0.2.0"),
        Column("url", "string", "URL of the page.", source="pages.url", since="0.2.0"),
        Column("title", "string", "Title of the page.", "the page has none", source="versions.title", since="0.2.0"),
        Column("page_type", "string", "Kind of page.", values=tuple(PageType), meanings=MEANINGS["page_type"],
               source="versions.page_type", since="0.2.0"),
        Column("quotes", "array", "Sentences and words that it rests on, as coders accepted or marked them (JSON); "
               'an empty list for "no", and where coders marked none.', source="votes.quote", since="0.2.0"),
        Column("captured_at", "datetime", "When the bytes were fetched that the text was first read from.", unit="UTC",
               source="captures.fetched_at", since="0.2.0"),
        Column("capture", "integer", "The capture; join with `captures.csv`.", source="captures.id", since="0.2.0"),
        Column("warc_file", "string", "WARC file that holds the capture.", source="captures.warc_file", since="0.2.0"),
        Column("warc_offset", "integer", "Where its record begins.", unit="bytes", source="captures.warc_offset",
               since="0.2.0"),
        Column("warc_length", "integer", "How long its record is.", unit="bytes", source="captures.warc_length",
               since="0.2.0"),
        Column("body_sha256", "string", "SHA-256 of the payload.", pattern=DIGEST, source="captures.body_sha256",
               since="0.2.0"),
        Column("permalink", "string", "Where Datasette shows the version, at the first quote.", source="versions",
               since="0.2.0"),
        Column("decisions", "string", "Each coder's decision as pseudonym=value, on the text, then by sentence.",
               "one marked what another did not, and nobody has decided", source="votes", since="0.2.0"),
        Column("looked_by", "string", "Who looked, by pseudonym.", "as `decisions`", source="votes.coder",
               since="0.2.0"),
        Column("looked_at", "datetime", "When the last of these decisions was made.", "as `decisions`", unit="UTC",
               source="votes.at", since="0.2.0"),
        Column("how", "string", "How it was looked at: answered for the text, sentences accepted or rejected, who read "
               "the text whole.", source="votes", since="0.2.0"),
    ),
    (("study", "studies.study"), ("page", "pages.page"), ("capture", "captures.capture")),
)
ESTIMATES = Table(
    "estimates",
    "What the samples of a study say of their frames: units of the frame by code and value, weighted by stratum",
    "",
    ("study", "sample", "code", "value"),
    (
        STUDY,
        Column("sample", "string", "Name of the sample; join with `samples.csv`.", source="samples.name",
               since="0.2.0"),
        CODE,
        Column("value", "string", "A value that texts of the sample have.", source="settled votes", since="0.2.0"),
        Column("drawn", "integer", "Units drawn.", unit="units", source="sample_units", since="0.2.0"),
        Column("answered", "integer", "Drawn units with an answer for the code; those outside of the study's frame "
               "count as answered, without the value.", unit="units", source="settled votes", since="0.2.0"),
        Column("saying", "integer", "Drawn units that have the value.", unit="units", source="settled votes",
               since="0.2.0"),
        Column("frame", "integer", "Units of the sample's frame.", unit="units", source="samples.frame_size",
               since="0.2.0"),
        Column("covered", "integer", "Units of the frame in strata with an answer: the estimate is of these.",
               unit="units", source="samples.strata", since="0.2.0"),
        Column("estimate", "number", "Estimated units of the frame that have the value.", unit="units",
               source="Cochran 1977, chapter 5", since="0.2.0"),
        *(
            Column(bound, "number", f"{bound.capitalize()} end of its 95 % interval.", unit="units",
                   source="Student's t, Satterthwaite's degrees of freedom", since="0.2.0")
            for bound in ("low", "high")
        ),
    ),
    (("study", "studies.study"), ("sample", "samples.sample")),
)
# fmt: on

ROLLUP_TABLES = (STUDIES, CELLS, EVIDENCE, ESTIMATES)
