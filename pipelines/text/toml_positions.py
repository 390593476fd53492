"""Where things stand in a TOML file: ``tomllib`` gives values without their lines, people want the line."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

HEADER = re.compile(r"\s*\[{1,2}\s*([\w.-]+)\s*\]{1,2}\s*(?:#.*)?")
FENCE = re.compile(r"'''|\"\"\"")
KEY = re.compile(r"\s*(?:([\w-]+)|\"([^\"]+)\"|'([^']+)')\s*=")
SYNTAX = re.compile(r"(?P<problem>.*) \(at (?:line (?P<line>\d+), column \d+|end of document)\)", re.DOTALL)


@dataclass(frozen=True)
class TomlLines:
    """The lines of a TOML text, to be asked where the n-th table of a name and its keys stand; lines count from 1."""

    text: str = field(repr=False)

    @cached_property
    def headers(self) -> tuple[tuple[int, str], ...]:
        """Give line and name of each table header that does not stand inside a string of several lines."""
        found, inside = [], False
        for number, line in enumerate(self.text.split("\n"), 1):
            header = None if inside else HEADER.fullmatch(line)
            if header:
                found.append((number, header[1]))
            inside ^= len(FENCE.findall(line)) % 2 == 1
        return tuple(found)

    def table(self, name: str, number: int, after: int = 0) -> int:
        r"""Give the line of the ``number``-th header (from 0) of that name below line ``after``; 1 where there is none.

        >>> TomlLines("name = 'x'\n[[codes]]\nid = 1\n[[codes]]").table("codes", 1)
        4
        """
        lines = [line for line, found in self.headers if found == name and line > after]
        return lines[number] if number < len(lines) else 1

    def key(self, name: str, table: int = 0) -> int:
        """Give the line of a key in the table whose header is on line ``table`` (0: before all); else that line."""
        end = next((line for line, _ in self.headers if line > table), len(self.text) + 1)
        wanted = re.compile(rf"\s*[\"']?{re.escape(name)}[\"']?\s*=")
        lines = self.text.split("\n")[table : end - 1]
        return next((table + number for number, line in enumerate(lines, 1) if wanted.match(line)), max(table, 1))


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
