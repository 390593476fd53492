"""The tables of the corpus, as numbered SQL files that are only ever added to; columns are grouped by who writes them.

Times are UTC in ISO 8601 with ``+00:00``, so that text order is time order. Views, full-text search and indexes are
data in :mod:`db.schema.shape` and are made anew where they differ; tables are changed by the next numbered file only.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

#: name of each step as it is recorded in a corpus, and its file; corpora in use carry these names, so none changes
STEPS = (
    ("m001_first_corpus", "001_first_corpus.sql"),
    ("m_changes", "002_changes.sql"),
    ("visiting_rhythm", "003_visiting_rhythm.sql"),
    ("site_runs_and_digests", "004_site_runs_and_digests.sql"),
    ("m002_families", "005_families.sql"),
    ("answer_of_validators", "006_answer_of_validators.sql"),
    ("m_claims", "007_claims.sql"),
    ("m_all_places", "008_all_places.sql"),
    ("m_day_of_site", "009_day_of_site.sql"),
    ("pass_keys", "010_pass_keys.sql"),
    ("digest_marks", "011_digest_marks.sql"),
    ("m_held_back", "012_held_back.sql"),
    ("m_overrules", "013_overrules.sql"),
    ("passages", "014_passages.sql"),
    ("m_probes", "015_probes.sql"),
    ("captured_and_derived", "016_captured_and_derived.sql"),
    ("vocabulary", "017_vocabulary.sql"),
    ("names_of_pages", "018_names_of_pages.sql"),
    ("regions", "019_regions.sql"),
    ("site_relevance", "022_site_relevance.sql"),
    ("changes_of_pages", "023_changes_of_pages.sql"),
    ("details_and_rotation", "024_details_and_rotation.sql"),
    ("hidden_text", "026_hidden_text.sql"),
    ("canonical_urls", "027_canonical_urls.sql"),
    ("prices", "028_prices.sql"),
)


def statements(file: str) -> list[str]:
    """Give the SQL statements of a step, in their order."""
    found, statement = [], ""
    for line in (Path(__file__).parent / file).read_text(encoding="utf-8").splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):  # not within a comment, a string or a trigger's body
            found.append(statement)
            statement = ""
    return found
