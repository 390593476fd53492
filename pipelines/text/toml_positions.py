"""Where things stand in a TOML file: ``tomllib`` gives values without their lines, people want the line."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

HEADER = re.compile(r"\s*\[{1,2}\s*([\w.-]+)\s*\]{1,2}\s*(?:#.*)?")
FENCE = re.compile(r"'''|\"\"\"")
KEY = re.compile(r"\s*(?:([\w-]+)|\"([^\"]+)\"|'([^']+)')\s*=")
SYNTAX = re.compile(r"(?P<problem>.*) \(at (?:line (?P<line>\d+), column \d+|end of document)\)", re.DOTALL)


def line_of(text: str, place: tuple[str | int, ...]) -> int:
    r"""Give the line, from 1, of the value that keys and numbers lead to, or of the table around it; else 1.

    >>> line_of("[[codes]]\nid = 1\n[[codes]]\nid = 2", ("codes", 1, "id"))
    4
    """
    lines = _lines(text)
    return next((lines[place[:end]] for end in range(len(place), 0, -1) if place[:end] in lines), 1)


@lru_cache(maxsize=8)
def _lines(text: str) -> dict[tuple[str | int, ...], int]:
    """Find the lines of tables and keys; the inside of a text of several lines is skipped."""
    lines: dict[tuple[str | int, ...], int] = {}
    seen: Counter[tuple[str | int, ...]] = Counter()
    table: tuple[str | int, ...] = ()
    inside = False
    for number, line in enumerate(text.split("\n"), 1):
        header, key = (None, None) if inside else (HEADER.fullmatch(line), KEY.match(line))
        if header:
            table = ()
            *above, last = header[1].split(".")
            for part in above:
                table = (*table, part)
                if table in seen:  # [[codes.cues]] is of the last code
                    table = (*table, seen[table] - 1)
            table = (*table, last)
            lines.setdefault(table, number)
            if line.lstrip().startswith("[["):
                seen[table] += 1
                table = (*table, seen[table] - 1)
                lines[table] = number
        elif key:
            lines.setdefault((*table, key[1] or key[2] or key[3]), number)
        inside ^= len(FENCE.findall(line)) % 2 == 1
    return lines


def syntax_line(problem: str, text: str) -> tuple[int, str]:
    """Take the line out of what ``tomllib`` says of a broken file; its end where the file ends too early."""
    parts = SYNTAX.fullmatch(problem)
    if parts is None:
        return 1, problem
    return int(parts["line"] or text.count("\n") + 1), parts["problem"]
