"""The pages of families: the list, one family read as one text, two of its pages side by side."""

from __future__ import annotations

import json
import sqlite3  # noqa: TC003
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from db.corpus.families import list_families
from pipelines.changes.diff import diff_texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.changes.diff import Diff

PAGE_SIZE = 50
MAX_MEMBERS = 400  # pages of one family that are listed
KINDS = "SELECT kind, count(*) AS n FROM families GROUP BY kind ORDER BY n DESC, kind"
TOTALS = """
    SELECT count(*) AS families, coalesce(sum(size), 0) AS pages,
        coalesce(sum(coalesce(evidence ->> 'advertisers', advertisers) > 1), 0) AS several
    FROM families
"""
FAMILY = "SELECT * FROM families WHERE id = ?"
HEIRS = "SELECT new FROM family_aliases WHERE old = ? AND new IS NOT NULL ORDER BY new LIMIT 1"
MEMBERS = f"""
    SELECT family_pages.*, sites.name AS name
    FROM family_pages
    JOIN pages ON pages.id = family_pages.page
    JOIN sites ON sites.id = pages.site
    WHERE family = ? ORDER BY family_pages.advertiser, family_pages.url LIMIT {MAX_MEMBERS}
"""
OF_PAGE = """
    SELECT families.id AS id, kind, size, advertisers, evidence ->> 'advertisers' AS merged, how, representative
    FROM family_members JOIN families ON families.id = family_members.family WHERE family_members.page = ?
"""
TEXT = """
    SELECT pages.id AS id, pages.url AS url, coalesce(versions.title, pages.url) AS title, sites.host AS host,
        sites.name AS name, versions.published AS published, texts.text AS text
    FROM pages
    JOIN versions ON versions.id = pages.version
    JOIN sites ON sites.id = pages.site
    JOIN texts ON texts.sha256 = coalesce(content_sha256, text_sha256)
    WHERE pages.id = ?
"""


class FamilyList(NamedTuple):
    """A page of the list of families; ``total`` counts those of the kind."""

    families: list[dict[str, Any]]
    kinds: list[sqlite3.Row]
    kind: str
    total: int
    page: int
    totals: sqlite3.Row  # of the whole corpus
    more: bool


class TemplateVariable(NamedTuple):
    """Words that differ by page: kind and name, how often they stand in the text, and the values, each once."""

    name: str
    kind: str
    times: int
    values: tuple[str, ...]


class LinePart(NamedTuple):
    """A part of a line of the shared text: words that all pages have, or a variable."""

    text: str
    variable: TemplateVariable | None = None


class TemplateLine(NamedTuple):
    """A line of the shared text; ``lacking`` pages of those that were aligned do not have it."""

    parts: list[LinePart]
    lacking: int
    extra: bool


class FamilyMember(NamedTuple):
    """A page of a family; ``words`` are its values of the variables, ``label`` the one that tells pages apart best."""

    page: int
    url: str
    site: str
    name: str
    advertiser: str
    state: str
    published: str | None
    first_seen: str
    how: str
    words: dict[str, str]
    label: str = ""


class PeriodCount(NamedTuple):
    """How many pages are of a month or a year, as ``2026-03`` or ``2026``."""

    period: str
    pages: int


class FamilyPage(NamedTuple):
    """What the page of a family shows."""

    family: sqlite3.Row
    title: str
    evidence: dict[str, Any]  # the JSON of the family: reasons, likely source, advertisers if alias hosts are merged
    lines: list[TemplateLine]
    variables: list[TemplateVariable]  # those that stand most often first
    aligned: int  # pages whose texts were aligned to make the shared text
    members: list[FamilyMember]
    label: TemplateVariable | None
    advertisers: dict[str, list[FamilyMember]]
    states: list[str]
    spread: list[PeriodCount]
    most: int  # pages of the longest bar of the spread


class ComparedPages(NamedTuple):
    """Two pages of a family side by side."""

    family: sqlite3.Row
    left: sqlite3.Row
    right: sqlite3.Row
    members: list[FamilyMember]
    diff: Diff


def read_families(db: sqlite3.Connection, kind: str, page: int) -> FamilyList:
    """Read one page of the list of families, those that span most advertisers first."""
    kinds = db.execute(KINDS).fetchall()
    total = sum(row["n"] for row in kinds if kind in {"", row["kind"]})
    return FamilyList(
        families=list_families(db, kind, PAGE_SIZE, PAGE_SIZE * (page - 1)),
        kinds=kinds,
        kind=kind,
        total=total,
        page=page,
        totals=db.execute(TOTALS).fetchone(),
        more=total > PAGE_SIZE * page,
    )


def heir_of(db: sqlite3.Connection, family: int) -> int | None:
    """Name the family that has taken up one that is no more."""
    row = db.execute(HEIRS, (family,)).fetchone()
    return row["new"] if row else None


def family_of(db: sqlite3.Connection, page: int) -> sqlite3.Row | None:
    """Read the family that a page belongs to."""
    row: sqlite3.Row | None = db.execute(OF_PAGE, (page,)).fetchone()
    return row


def read_family(db: sqlite3.Connection, family: int) -> FamilyPage | None:
    """Read a family as one text with variables, and its pages by advertiser; ``None`` where there is no such family."""
    row = db.execute(FAMILY, (family,)).fetchone()
    if row is None:
        return None
    template = json.loads(row["template"])
    variables = [
        TemplateVariable(
            slot["name"], slot["kind"], slot["times"], tuple(dict.fromkeys(filter(None, slot["values"].values())))
        )
        for slot in template["slots"]
    ]
    members = read_members(db, family)
    label = labelling_variable(variables, len(members))
    if label:
        members = [one._replace(label=one.words.get(label.name) or "") for one in members]
    by_advertiser: dict[str, list[FamilyMember]] = defaultdict(list)
    for one in members:
        by_advertiser[one.advertiser].append(one)
    periods = spread_over_time([one.published or one.first_seen[:10] for one in members])
    return FamilyPage(
        family=row,
        title=db.execute(TEXT, (row["representative"],)).fetchone()["title"],
        evidence=json.loads(row["evidence"]),
        lines=[
            TemplateLine(
                [LinePart(part) if isinstance(part, str) else LinePart("", variables[part]) for part in line["parts"]],
                len(line.get("lacking", ())),
                line.get("extra", False),
            )
            for line in template["lines"]
        ],
        variables=sorted(variables, key=lambda variable: -variable.times),
        aligned=template["members"],
        members=members,
        label=label,
        advertisers=dict(sorted(by_advertiser.items(), key=lambda each: (-len(each[1]), each[0]))),
        states=sorted({one.state for one in members if one.state}),
        spread=periods,
        most=max((one.pages for one in periods), default=1),
    )


def read_members(db: sqlite3.Connection, family: int) -> list[FamilyMember]:
    """Read the pages of a family, by advertiser and URL."""
    columns = FamilyMember._fields[: FamilyMember._fields.index("words")]
    return [
        FamilyMember(**{name: row[name] for name in columns}, words=json.loads(row["words"] or "{}"))
        for row in db.execute(MEMBERS, (family,))
    ]


def labelling_variable(variables: Sequence[TemplateVariable], members: int) -> TemplateVariable | None:
    """Choose the variable that tells the pages apart best: most values, then most places, then the first.

    ``None`` where none has two values: then nothing tells the pages apart.
    """
    best = max(variables, key=lambda variable: (len(variable.values), variable.times), default=None)
    return best if best and (len(best.values) > 1 or members == len(best.values) == 1) else None


def spread_over_time(days: list[str]) -> list[PeriodCount]:
    """Count days by year, or by month where they are of one or two years; none is left out between first and last.

    >>> [one.pages for one in spread_over_time(["2024-03-01", "2024-05-02", "2024-05-09"])]
    [1, 0, 2]
    """
    known = sorted(day for day in days if day)
    if not known:
        return []
    first_year, last_year = int(known[0][:4]), int(known[-1][:4])
    years = range(first_year, last_year + 1)
    # a page may state a year alone: then months of the others would be bars of unlike width
    if last_year - first_year < 2 and all(len(day) >= 7 for day in known):
        length = 7
        months = [f"{year}-{month:02}" for year in years for month in range(1, 13)]
        periods = [month for month in months if known[0][:7] <= month <= known[-1][:7]]
    else:
        length = 4
        periods = [str(year) for year in years]
    counts = Counter(day[:length] for day in known)
    return [PeriodCount(period, counts[period]) for period in periods]


def read_pair(db: sqlite3.Connection, family: int, one: int, other: int) -> ComparedPages | None:
    """Read two pages side by side, with the words that differ; ``None`` where they are no pages of the family."""
    row = db.execute(FAMILY, (family,)).fetchone()
    members = read_members(db, family)
    if row is None or not {one, other} <= {member.page for member in members}:
        return None
    left, right = (db.execute(TEXT, (page,)).fetchone() for page in (one, other))
    return ComparedPages(row, left, right, members, diff_texts(left["text"], right["text"]))
