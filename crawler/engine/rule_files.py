"""The files of rules under ``seeds/``: topic, gazetteer, codebook, reference sets, triage.

A broken file is refused here, before anything starts. Reading them loads neither Scrapy nor an extractor.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from db.passes.rules import Rules
from pipelines.changes.triage import load_triage
from pipelines.classify.topic import load_topic
from pipelines.coding.codebook import load_codebook
from pipelines.coding.references import check_editions, load_reference
from pipelines.model.errors import UsageError

if TYPE_CHECKING:
    from pipelines.coding.codebook import Codebook
    from pipelines.coding.references import ReferenceSet

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
TOPIC = SEEDS / "topic.toml"
CODEBOOK = SEEDS / "codebook.toml"
REFERENCES = SEEDS / "references"


def load_rules(topic: Path = TOPIC, codebook: Path = CODEBOOK) -> Rules:
    """Read what the passes work by; raises :class:`UsageError` for a file that is missing or broken."""
    triage = SEEDS / "triage.toml"
    rules = Rules(
        topic=_read(topic, "the topic file"),
        places="\n".join(_read(path, "the gazetteer") for path in sorted((SEEDS / "places").glob("*.txt"))),
        codebook=_read(codebook, "the codebook"),
        references=tuple((str(path), _read(path, "a reference set")) for path in sorted(REFERENCES.glob("*.toml"))),
        triage=_read(triage, "the triage file"),
    )
    try:
        load_topic(rules.topic, str(topic))
    except ValueError as error:
        raise UsageError(str(error)) from error
    try:
        load_triage(rules.triage)
    except (ValueError, KeyError, TypeError, re.error) as error:
        raise UsageError(f"{triage}: {error}; docs/watching.md describes the file") from error
    book = load_codebook(rules.codebook, str(codebook))
    sets = [load_reference(text, path) for path, text in rules.references]
    check_editions(sets, [code.reference for code in book.codes], str(REFERENCES))
    return rules


def read_codebook(path: Path | None = None) -> Codebook:
    """Read a codebook file, by default the one of ``seeds/``; raises :class:`UsageError` with the broken line."""
    path = path or CODEBOOK
    return load_codebook(_read(path, "the codebook"), str(path))


def load_references(folder: Path = REFERENCES) -> tuple[ReferenceSet, ...]:
    """Read the editions of the reference sets; raises :class:`UsageError` for one that is missing or broken."""
    return tuple(load_reference(_read(path, "a reference set"), str(path)) for path in sorted(folder.glob("*.toml")))


def _read(path: Path, what: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path}: {what} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: {what} cannot be read: it is not UTF-8 (byte {error.start})") from error
