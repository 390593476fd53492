"""The folders of the project as text, two levels deep, with what each is for: made from the packages' docstrings."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SAYS = {
    "docs": "what is not code",
    "docs/adr": "the decisions, one page each",
    "seeds": "data, no code: sites, topic, codebook, triage, references, gazetteer",
    "tests": "mirrors the folders above",
    "tests/bench": "what is measured: `make bench`",
    "tests/cases": "entry points for checks from outside",
    "tests/pages": "saved pages with their right values",
    "tests/system": "whole runs, faults, kills",
    "tests/support": "corpora, servers and sites that tests share",
}
LEFT_OUT = {".ci", ".github", "docs/pictures", "tests/labelled"}


def tree_text() -> str:
    """Draw the tracked folders, one a line, two levels deep."""
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    folders = {
        "/".join(Path(file).parts[:depth]) for file in files for depth in (1, 2) if len(Path(file).parts) > depth
    }
    lines = []
    for folder in sorted(folders - LEFT_OUT):
        if folder.split("/")[0] in LEFT_OUT:
            continue
        init = ROOT / folder / "__init__.py"
        text = SAYS.get(folder) or (ast.get_docstring(ast.parse(init.read_text())) if init.exists() else None) or ""
        name = "    " * folder.count("/") + folder.rsplit("/", 1)[-1] + "/"
        lines.append(f"{name:<20}{text.splitlines()[0] if text else ''}".rstrip())
    return "\n".join(lines) + "\n"
