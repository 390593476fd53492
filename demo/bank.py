"""The texts of the demo web as data: sections of sentence templates out of ``seeds/demo/texts``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

__all__ = ["SEEDS", "Bank", "Section", "load_bank", "load_toml", "parse_sections"]

SEEDS = Path(__file__).resolve().parents[1] / "seeds" / "demo"


@dataclass(frozen=True, slots=True)
class Section:
    """What can be said on one matter: headings to choose from, and sentences."""

    name: str
    heads: tuple[str, ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Bank:
    """All sections by file, and the phrases that any sentence may use."""

    files: dict[str, dict[str, Section]]
    phrases: dict[str, tuple[str, ...]]

    def section(self, name: str) -> Section:
        """Find a section of the texts whose names are unique."""
        return next(sections[name] for sections in self.files.values() if name in sections)

    def lines(self, file: str, name: str) -> tuple[str, ...]:
        """Give the lines of one section of one file."""
        return self.files[file][name].sentences


def parse_sections(text: str) -> dict[str, Section]:
    r"""Read ``## name``, ``= heading`` and sentence lines; ``# `` begins a remark.

    >>> parse_sections("## a\n= H\nS.\n")["a"].heads
    ('H',)
    """
    found: dict[str, tuple[list[str], list[str]]] = {}
    heads: list[str] = []
    sentences: list[str] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith("## "):
            heads, sentences = found.setdefault(line[3:], ([], []))
        elif line.startswith("= "):
            heads.append(line[2:])
        elif not line.startswith("# "):
            sentences.append(line)
    return {name: Section(name, tuple(parts[0]), tuple(parts[1])) for name, parts in found.items()}


@lru_cache(maxsize=1)
def load_bank() -> Bank:
    """Read all texts once."""
    files = {
        path.stem: parse_sections(path.read_text(encoding="utf-8")) for path in sorted((SEEDS / "texts").glob("*.txt"))
    }
    return Bank(files, {name: section.sentences for name, section in files["phrases"].items()})


@lru_cache(maxsize=4)
def load_toml(name: str) -> dict[str, Any]:
    """Read one of the TOML files of ``seeds/demo``."""
    return tomllib.loads((SEEDS / name).read_text(encoding="utf-8"))
