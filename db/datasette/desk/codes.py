"""The codebook that the desk codes by, read anew when its file changes."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from db.datasette.desk.deciding import Codes
from db.datasette.desk.questions import questions_of
from pipelines.codebook import load_codebook

SEEDS = Path(__file__).parents[3] / "seeds"


def load_codes(path: Path = SEEDS / "codebook.toml") -> Codes:
    """Read a codebook as questions; without the file only the topic is asked. Raises ``CodebookError``."""
    return _load(path, path.stat().st_mtime_ns) if path.is_file() else Codes(questions_of(None))


@lru_cache(maxsize=4)
def _load(path: Path, _changed: int) -> Codes:
    codebook = load_codebook(path.read_text(encoding="utf-8"), str(path))
    return Codes(questions_of(codebook), codebook.hash)
