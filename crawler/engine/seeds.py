"""Seeds files: CSV with the columns ``url,name,city,state,class``, of which only ``url`` is required."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, NamedTuple

from crawler.http.guard import refusal
from db.corpus.crawls import SeedRow
from pipelines.model.errors import UsageError
from pipelines.model.records import Seed
from pipelines.text import urls

if TYPE_CHECKING:
    import _csv
    from collections.abc import Iterator
    from pathlib import Path

COLUMNS = ("url", "name", "city", "state", "class")


class Line(NamedTuple):
    """A line of a seeds file: its number, its cells (none where it is empty), and what is wrong with it as CSV."""

    number: int
    cells: list[str]
    problem: str = ""


def load_seeds(path: Path) -> list[SeedRow]:
    """Read a seeds file; raises :class:`UsageError` with every bad line's number, before anything starts."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f"{path}: cannot read the seeds file: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: the seeds file is not UTF-8 (byte {error.start}); save it as CSV UTF-8") from error
    return parse_seeds(text, str(path))


def parse_seeds(text: str, name: str = "seeds") -> list[SeedRow]:
    r"""Parse the text of a seeds file; ``name`` is for the messages.

    >>> parse_seeds("url,name\nhttps://cedar.example/,Cedar")[0].host
    'cedar.example'
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    _, header, problem = next(_lines(reader), Line(1, []))
    header = [cell.strip().lower() for cell in header]
    if header.count("url") != 1:
        raise UsageError(f"{name}: line 1: {problem or header_problem(header)}; the header is `{','.join(COLUMNS)}`")
    rows: list[SeedRow] = []
    problems: list[str] = []
    for line, cells, problem in _lines(reader):
        found = problem or line_problem(header, cells)
        if found:
            problems.append(f"line {line}: {found}")
        elif cells:
            rows.append(seed_row(dict(zip(header, (cell.strip() for cell in cells), strict=False))))
    if problems:
        raise UsageError(f"{name}: {'; '.join(problems[:20])}; nothing was started")
    if not rows:
        raise UsageError(f"{name}: no seeds in it; add lines with a url")
    return rows


def header_problem(header: list[str]) -> str:
    """Say what is wrong with a first line that does not name one column ``url``.

    >>> header_problem(["url;name;city"])
    'no column `url`: the columns are separated by semicolons, save the file with commas'
    """
    first = header[0] if header else ""
    if "url" in header:
        return "two columns `url`"
    if not first:
        return "no column `url`: the line is empty"
    for sign, name in ((";", "semicolons"), ("\t", "tabs")):
        if sign in first:
            return f"no column `url`: the columns are separated by {name}, save the file with commas"
    return "no column `url`: put a header above the first address" if "://" in first else "no column `url`"


def _lines(reader: _csv.Reader) -> Iterator[Line]:
    """Read lines with their numbers; those that are no CSV have a problem instead of cells."""
    while True:
        line = reader.line_num + 1  # a cell in quotes may go over several lines
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Line(line, [], str(error))
            continue
        while cells and not cells[-1].strip():  # spreadsheets write the empty cells of their widest row
            cells.pop()
        yield Line(line, cells)


def line_problem(header: list[str], cells: list[str]) -> str | None:
    """Say what is wrong with a line, or ``None``; an empty line is not wrong."""
    if not cells:
        return None
    if len(cells) > len(header):
        return f"{len(cells)} cells where the header has {len(header)}; put quotes around a cell with a comma"
    url = cells[header.index("url")].strip() if header.index("url") < len(cells) else ""
    if not url:
        return "the url is empty"
    if urls.canonical(url) is None:
        return f"{url!r} is no http or https URL" + ("" if ":" in url or " " in url else f"; write https://{url}/")
    reason = refusal(url, frozenset())
    return reason if reason and "user information" in reason else None


def seed_row(cells: dict[str, str]) -> SeedRow:
    """Turn a line's cells into a seed with its canonical URL, host and advertiser."""
    url = urls.canonical(cells["url"])
    assert url
    host = urls.host_of(url)
    seed = Seed(url, cells.get("name", ""), cells.get("city", ""), cells.get("state", ""), cells.get("class", ""))
    return SeedRow(seed, url, host, urls.advertiser_of(host))
