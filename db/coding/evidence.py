"""What a table of advertisers rests on: one row an advertiser, code and text, back to the bytes and to who decided.

cells with their findings | rows with URL, quotes, capture, WARC record, permalink, decisions

The connection is the one that rolled the table up: its temporary table ``frame_pages`` has the pages of the frame.
"""

from __future__ import annotations

import sqlite3  # noqa: TC003
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote as url_quote

from pipelines.coding.findings import READ_VALUES, Says
from pipelines.text.encode import dump

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipelines.coding.findings import Answer, CodedClaim, Finding
    from pipelines.coding.rollup import Cell

__all__ = ["Evidence", "ShownPage", "evidence_of", "read_pages"]

PAGES = """
    SELECT frame_pages.page, frame_pages.version, frame_pages.text, pages.url, versions.title, versions.page_type,
        captures.fetched_at, captures.id, captures.warc_file, captures.warc_offset, captures.warc_length,
        captures.body_sha256
    FROM temp.frame_pages JOIN corpus.pages AS pages ON pages.id = frame_pages.page
    JOIN corpus.versions AS versions ON versions.id = frame_pages.version
    JOIN corpus.captures AS captures ON captures.id = versions.capture
    WHERE frame_pages.page IN (SELECT value FROM json_each(?)) ORDER BY frame_pages.page
"""
MAX_QUOTE = 1_000  # characters of a quote in a link; the page that it leads to finds the place by its beginning


class ShownPage(NamedTuple):
    """A page of the frame, with the version and the capture that its text comes from."""

    page: int
    version: int
    text_sha256: str
    url: str
    title: str | None
    page_type: str
    captured_at: str
    capture: int
    warc_file: str
    warc_offset: int
    warc_length: int
    body_sha256: str


class Evidence(NamedTuple):
    """What one text of an advertiser says on a code, and who says so.

    ``says`` is yes, no, unclear, or "coders differ". ``quotes`` are the words that it rests on, where coders marked or
    accepted some. ``decisions`` are each coder's, sentence by sentence in the order of the quotes. ``pages`` counts
    those of the frame that show the text; URL, title and capture are of the one that was coded, or of the first.
    """

    advertiser: str
    code: str
    says: str
    value: str
    text_sha256: str
    page: int
    pages: int
    url: str
    title: str | None
    page_type: str
    quotes: tuple[str, ...]
    captured_at: str
    capture: int
    warc_file: str
    warc_offset: int
    warc_length: int
    body_sha256: str
    permalink: str
    decisions: str
    looked_by: str
    looked_at: str
    how: str


def evidence_of(review: sqlite3.Connection, cells: Sequence[Cell], database: str, base_url: str = "") -> list[Evidence]:
    """Give the evidence of cells; permalinks lead to the database of this name on a server at ``base_url``."""
    wanted = {page for cell in cells for finding in cell.findings for page in finding.pages}
    shown = read_pages(review, sorted(wanted))
    rows = [row for cell in cells for row in _rows(cell, shown, f"{base_url.rstrip('/')}/{url_quote(database)}")]
    # a sentence that every page of a site repeats is one row, of the page that it was coded on
    return list({(row.advertiser, row.code, row.text_sha256): row for row in reversed(rows)}.values())[::-1]


def read_pages(review: sqlite3.Connection, pages: Sequence[int]) -> dict[int, ShownPage]:
    """Read pages of the frame."""
    return {row[0]: ShownPage(*row) for row in review.execute(PAGES, (dump(list(pages)),))}


def _rows(cell: Cell, shown: Mapping[int, ShownPage], base: str) -> Iterator[Evidence]:
    for finding in cell.findings:
        if not finding.is_open_to_all:  # nobody reads what one coder decided before the other has
            continue
        by_text: dict[str, list[CodedClaim]] = {}
        if finding.says in {Says.YES, Says.UNCLEAR}:
            for claim in finding.claims:
                by_text.setdefault(claim.text_sha256, []).append(claim)
        if not by_text or finding.answers:
            by_text.setdefault(finding.text_sha256, [] if by_text else list(finding.claims))
        for text, claims in by_text.items():
            answers = finding.answers if text == finding.text_sha256 else ()
            yield _row(cell, finding, text, claims, answers, shown, base)


def _row(
    cell: Cell,
    finding: Finding,
    text: str,
    claims: Sequence[CodedClaim],
    answers: Sequence[Answer],
    shown: Mapping[int, ShownPage],
    base: str,
) -> Evidence:
    coded_on = next((claim.page for claim in claims if claim.page in finding.pages), None)
    page = shown[coded_on or min(finding.pages)]
    # what was rejected is no evidence of anything: only what is said is quoted
    says = finding.says or str(finding.reason)
    quoted = [claim.quote for claim in claims if claim.quote and finding.says is not Says.NO]
    # in an order that does not tell which coder marked which words
    quoted += sorted(answer.quote for answer in answers if answer.quote and finding.says is not Says.NO)
    quotes = tuple(dict.fromkeys(quoted))
    everybody = [*answers, *(answer for claim in claims for answer in _answers(claim))]
    link = f"{base}/versions/{page.version}"
    mark = f"?{'quote=' + url_quote(quotes[0][:MAX_QUOTE], safe='')}#quote" if quotes else ""
    days = sorted(answer.at for answer in everybody)
    return Evidence(
        cell.advertiser,
        cell.code,
        says,
        finding.value,
        text,
        *(page.page, len(finding.pages), page.url, page.title, page.page_type, quotes),
        *(page.captured_at, page.capture, page.warc_file, page.warc_offset, page.warc_length, page.body_sha256),
        link + mark,
        decisions_text(answers, claims),
        "; ".join(dict.fromkeys(name_of(answer) for answer in everybody)),
        days[-1] if days else "",
        finding.how,
    )


def decisions_text(answers: Sequence[Answer], claims: Sequence[CodedClaim]) -> str:
    """Write each coder's decision: on the text, then sentence by sentence, numbered where there are several.

    >>> from pipelines.coding.findings import Answer
    >>> decisions_text([Answer("anna", "reader", "yes", ""), Answer("oak", "adjudicator", "no", "")], [])
    'anna=yes; oak (adjudicator)=no'
    """
    shown = [f"{'read ' if answer.value in READ_VALUES else ''}{answer.value}" for answer in answers]
    parts = ["; ".join(f"{name_of(answer)}={value}" for answer, value in zip(answers, shown, strict=True))]
    for number, claim in enumerate(claims, 1):
        said = "; ".join(f"{name_of(answer)}={answer.value}" for answer in _answers(claim)) or "not decided"
        parts.append(f"sentence {number}: {said}" if len(claims) > 1 else said)
    return " | ".join(part for part in parts if part)


def name_of(answer: Answer) -> str:
    """Name who answered; an adjudicator as such."""
    return f"{answer.coder} (adjudicator)" if answer.role == "adjudicator" else answer.coder


def _answers(claim: CodedClaim) -> tuple[Answer, ...]:
    return claim.question.answers if claim.question else ()
