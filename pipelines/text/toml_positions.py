"""Where things stand in a TOML file: ``tomllib`` gives values without their lines, people want the line."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

HEADER = re.compile(r"\s*\[{1,2}\s*([\w.-]+)\s*\]{1,2}\s*(?:#.*)?")
FENCE = re.compile(r"'''|\"\"\"")
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


def syntax_line(problem: str, text: str) -> tuple[int, str]:
    """Take the line out of what ``tomllib`` says of a broken file; its end where the file ends too early."""
    told = SYNTAX.fullmatch(problem)
    if told is None:
        return 1, problem
    return int(told["line"] or text.count("\n") + 1), told["problem"]
