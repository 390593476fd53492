"""The codebook that the desk codes by, read anew when its file changes."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from db.datasette.desk.deciding import Codes
from db.datasette.desk.questions import questions_of
from pipelines.coding.codebook import Codebook, load_codebook
from pipelines.coding.references import ReferenceSet, load_reference

SEEDS = Path(__file__).parents[3] / "seeds"


def load_codes(path: Path = SEEDS / "codebook.toml") -> Codes:
    """Read a codebook as questions; without the file only the topic is asked. Raises ``CodebookError``."""
    return _load(path, path.stat().st_mtime_ns) if path.is_file() else Codes(questions_of(None))


def load_book(path: Path = SEEDS / "codebook.toml") -> Codebook | None:
    """Read a codebook, or nothing where there is no file. Raises ``CodebookError``."""
    return _load_book(path, path.stat().st_mtime_ns) if path.is_file() else None


@lru_cache(maxsize=4)
def _load(path: Path, changed: int) -> Codes:
    codebook = _load_book(path, changed)
    return Codes(questions_of(codebook), codebook.hash, _load_references(path.with_name("references")))


def _load_references(folder: Path) -> tuple[ReferenceSet, ...]:
    """Read the editions of the reference sets beside a codebook. Raises ``CodebookError``."""
    return tuple(load_reference(one.read_text(encoding="utf-8"), str(one)) for one in sorted(folder.glob("*.toml")))


@lru_cache(maxsize=4)
def _load_book(path: Path, _changed: int) -> Codebook:
    return load_codebook(path.read_text(encoding="utf-8"), str(path))
