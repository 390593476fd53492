"""A corpus of claims: two clinics whose pages say, repeat and take back what a codebook looks for."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from crawler.engine.rule_files import load_rules
from db.corpus.connection import open_corpus
from db.passes.registry import run_passes
from pipelines.model.records import Reading
from tests.support.made_corpus import ABOUT, RULES, crawl_texts

if TYPE_CHECKING:
    from pathlib import Path

SEEDED = load_rules()
CODED = replace(RULES, codebook=SEEDED.codebook, references=SEEDED.references)
FIRST, SECOND = "2026-03-01T09:00:00+00:00", "2026-04-01T09:00:00+00:00"
CURED = "Eight of ten patients on our ketamine infusions get better."
HIGH = "In our clinic 85 percent of patients on ketamine improved."
LOW = "In our clinic 60% of patients on ketamine improved."
SAFE = "A ketamine infusion has no side effects at all."
OFF_LABEL = "Ketamine is not FDA-approved for depression; we prescribe it off-label."
BEFORE, AFTER = "We opened in the spring of 2015.", "Call us any day before noon."


def reading(name: str, *lines: str, **regions: object) -> Reading:
    """Make a reading of a page, whose text begins with its name and is no other page's."""
    text = "\n".join([name, f"{ABOUT} Ask for room {name}.", *lines])
    return Reading(text, f"{name} of the clinic", words=len(text.split()), **regions)


def claim_corpus(path: Path) -> None:
    """Make the corpus: three pages crawled twice, a footer on each, a sentence that goes, one that comes."""
    footer = {"boilerplate": f"Call us.\n{OFF_LABEL}"}
    first = [
        reading("a", f"{BEFORE} {CURED} {AFTER}", **footer),
        reading("b", f"{HIGH} {SAFE}", titles=(SAFE,), **footer),
        reading("c", LOW, **footer),
    ]
    second = [
        first[0],
        reading("b", SAFE, titles=(SAFE,), **footer),
        reading("c", LOW, first[0].text.split("\n")[-1], **footer),
    ]
    with closing(open_corpus(path)) as db:
        for at, pages in ((FIRST, first), (SECOND, second)):
            shown = {f"/{page.text.split()[0]}/": page for page in pages}
            crawl_texts(db, path, shown, now=at, rules=CODED)
            db.execute("UPDATE sites SET state = 'MD', source_class = 'clinic', city = 'Towson'")
        run_passes(db, CODED)
