"""The review sheet: documents out as CSV, a coder's labels in again, each keyed by the SHA-256 of the text it is of.

Pure: texts and codes in, rows or problems out. A sheet has a line a text and a column a code; a coder fills in values
and leaves out what was not coded. ``CODE quote`` columns take the words that a value rests on.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pipelines.coding.codebook import Code

__all__ = [
    "FACTS",
    "Label",
    "ParsedSheet",
    "SheetText",
    "csv_line",
    "parse_sheet",
    "read_value",
    "sheet_codes",
    "write_sheet",
    "write_texts",
]

FACTS = ("text_sha256", "url", "advertiser", "title", "page_type", "published")
KEY, NOTE, QUOTE_SUFFIX = "text_sha256", "note", " quote"  # columns
NOTE_CODE = "_note"
NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]*)?")
NONE_VALUE = "none"  # looked for, and none of the set's values is there
MAX_TEXT_VALUE = 2_000  # characters of a value in words


@dataclass(frozen=True, slots=True)
class SheetText:
    """A text that is to be coded: its key, where it stands, and what a coder reads."""

    text_sha256: str
    url: str
    advertiser: str
    title: str
    page_type: str
    published: str
    text: str


@dataclass(frozen=True, slots=True)
class Label:
    """One value of one code for one text; ``line`` is its line of the sheet, ``quote`` the words it rests on.

    Several values of a set are in alphabetical order, joined by ``|``. ``start`` is where the quote begins in the text.
    """

    line: int
    text_sha256: str
    code: str
    value: str
    quote: str = ""
    start: int | None = None


class ParsedSheet(NamedTuple):
    """The labels of a sheet or of a line, and what is wrong with it; labels are good only where nothing is wrong."""

    labels: list[Label]
    problems: list[str]


def sheet_codes(codes: Iterable[Code]) -> list[Code]:
    """Give the codes that a whole text is coded with; sentences are coded on the coding page, where they are marked."""
    return [code for code in codes if code.level != "sentence"]


def write_sheet(texts: Iterable[SheetText], codes: Iterable[Code]) -> Iterator[str]:
    """Write a sheet line by line: what is known of each text, an empty cell a code, a note.

    The texts themselves stand in a file of their own, so that the sheet has a line a text in any editor.
    """
    names = [code.id for code in codes]
    yield csv_line([*FACTS, *names, NOTE])
    for one in texts:
        yield csv_line([*(" ".join(getattr(one, name).split()) for name in FACTS), *([""] * len(names)), ""])


def write_texts(texts: Iterable[SheetText]) -> Iterator[str]:
    """Write the texts of a sheet line by line: key, URL and text."""
    yield csv_line([KEY, "url", "text"])
    for one in texts:
        yield csv_line([one.text_sha256, one.url, one.text])


def parse_sheet(sheet: str, codes: Sequence[Code], texts: Mapping[str, str]) -> ParsedSheet:
    """Read the labels of a sheet, and say what is wrong with it.

    ``texts`` are the current texts by their SHA-256. Problems begin with ``line N:``, the header being line 1.
    """
    rows = csv.DictReader(io.StringIO(sheet, newline=""), strict=True)
    known = {code.id: code for code in codes}
    labels: list[Label] = []
    problems: list[str] = []
    try:
        if header_problems := _header_problems(rows.fieldnames or [], known):
            return ParsedSheet([], header_problems)
        line = rows.line_num + 1  # that a row begins in; the reader counts where it ends
        for row in rows:
            parsed = _parse_row(line, row, known, texts)
            labels += parsed.labels
            problems += parsed.problems
            line = rows.line_num + 1
    except csv.Error as error:
        return ParsedSheet([], [f"line {rows.line_num}: this is not CSV ({error}); save the sheet as CSV again"])
    first: dict[tuple[str, str], int] = {}
    for label in labels:
        before = first.setdefault((label.text_sha256, label.code), label.line)
        if before != label.line:
            problems.append(f"line {label.line}: {label.code} of this text stands in line {before} already")
    return ParsedSheet(labels, problems)


def read_value(code: Code, written: str) -> str | None:
    """Read what stands in a cell: the value as it is stored, or ``None`` where the code has no such value.

    >>> from types import SimpleNamespace as Code
    >>> read_value(Code(type="set", values=("iv", "im")), "iv | IM")
    'im|iv'
    """
    value = written.strip()
    if code.type == "set":
        parts = sorted({part.strip().lower() for part in value.split("|") if part.strip()})
        return "|".join(parts) if parts == [NONE_VALUE] or (parts and set(parts) <= set(code.values)) else None
    if code.type == "number":
        return value if NUMBER.fullmatch(value) else None
    if code.type == "text":
        return value if len(value) <= MAX_TEXT_VALUE else None
    return value.lower() if value.lower() in code.values else None


def csv_line(cells: Iterable[object]) -> str:
    """Write a line of CSV (RFC 4180)."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()


def _header_problems(names: Sequence[str], known: Mapping[str, Code]) -> list[str]:
    if KEY not in names:
        return [f"line 1: no column {KEY}; start from a sheet of `clinicwatch export --for-review`"]
    doubled = sorted({name for name in names if names.count(name) > 1})
    columns = {*FACTS, NOTE, *known, *(name + QUOTE_SUFFIX for name in known)}
    return [f"line 1: the column {name!r} stands there twice" for name in doubled] + [
        f"line 1: {name!r} is no code of the codebook; it has {', '.join(known)}"
        for name in names
        if name not in columns
    ]


def _parse_row(line: int, row: Mapping[str, str], known: Mapping[str, Code], texts: Mapping[str, str]) -> ParsedSheet:
    """Read one line of the sheet; a line in which nothing was coded says nothing, whatever its text is."""
    coded = {name: row[name] for name in known if (row.get(name) or "").strip()}
    note = (row.get(NOTE) or "").strip()
    if None in row or any(value is None for value in row.values()):
        return ParsedSheet([], [f"line {line}: it has not as many cells as the header"])
    if not coded and not note:
        return ParsedSheet([], [])
    digest = row[KEY].strip()
    if digest not in texts:
        problem = f"the text of {row.get('url') or 'this page'} is not the one of this line any more (text_sha256)"
        return ParsedSheet([], [f"line {line}: {problem}; export the sheet again"])
    labels: list[Label] = []
    problems: list[str] = []
    for name, written in coded.items():
        code, quote = known[name], (row.get(name + QUOTE_SUFFIX) or "").strip()
        value = read_value(code, written)
        start = texts[digest].find(quote) if quote else None
        if value is None:
            allowed = f"one of {', '.join(code.values)}" if code.values else f"a {code.type}"
            joined = " (several joined by |)" if code.type == "set" else ""
            problems.append(f"line {line}: {name} cannot be {written.strip()[:40]!r}; it is {allowed}{joined}")
        elif start == -1:
            problems.append(f"line {line}: the text has no {quote[:40]!r}, quoted for {name}; copy it out of the text")
        else:
            labels.append(Label(line, digest, name, value, quote, start))
    if note:
        labels.append(Label(line, digest, NOTE_CODE, note[:MAX_TEXT_VALUE]))
    return ParsedSheet(labels, problems)
