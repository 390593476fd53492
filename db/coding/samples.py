"""The samples that people code: the frame out of the corpus, and what was drawn, frozen in the file of votes."""

from __future__ import annotations

import json
import sqlite3  # noqa: TC003
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from db.coding.sample_settings import AS_DRAWN, SampleSettings, read_settings
from db.corpus.connection import atomic
from pipelines.model.errors import UsageError
from pipelines.text.encode import dump

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# what a frame may be divided by, and the column of the view `corpus` that says it; "" is a stratum of its own
STRATUM_COLUMNS = {
    "state": "state",
    "source_class": "source_class",
    "page_type": "page_type",
    "period": "coalesce(substr(published, 1, 4), '')",
    "language": "coalesce(language, '')",
    "advertiser": "advertiser",
    "site": "site",
}
# one line a unit: what is on several pages is coded once, on the family's representative or the page first seen
UNIT_COLUMNS = {
    "family": "coalesce('family ' || family, text_sha256)",
    "text": "text_sha256",
}
FRAME_SQL = (
    "SELECT text_sha256, page, url, advertiser, count(*) OVER (PARTITION BY {unit}) AS pages, {columns},"
    " row_number() OVER (PARTITION BY {unit} ORDER BY representative DESC, first_seen, page) AS rank FROM corpus{where}"
)


class FrameLine(NamedTuple):
    """One text of the frame, where it stands, on how many pages, and the stratum that it lies in."""

    unit: str
    page: int
    url: str
    advertiser: str
    pages: int
    stratum: tuple[str, ...]


class FrozenStratum(NamedTuple):
    """A stratum of a frozen sample: its values, how many units of the frame it has, how many of them were drawn."""

    values: tuple[str, ...]
    size: int
    drawn: int


@dataclass(frozen=True, slots=True)
class FrozenSample:
    """A sample that was drawn: its name, when, and all that draws it again; ``requested`` is how many units."""

    id: int
    name: str
    at: str
    seed: int
    requested: int
    strata_by: tuple[str, ...]
    double: float
    query: str
    frame_size: int
    frame_hash: str
    strata: tuple[FrozenStratum, ...]
    allocation: str = "proportional"
    settings: SampleSettings = AS_DRAWN

    @property
    def title(self) -> str:
        """Give the name that it is shown under; ``name`` is the one that it was drawn under."""
        return self.settings.name or self.name


class SampleUnit(NamedTuple):
    """A unit of a frozen sample: its place in the queue, its text, and where it stood."""

    place: int
    unit: str
    page: int
    url: str
    advertiser: str
    pages: int
    stratum: tuple[str, ...]
    weight: float
    double: bool


class FrameQuery(NamedTuple):
    """The query that a frame is read with, and the values that are bound to it."""

    sql: str
    values: tuple[str, ...]


def frame_query(by: Sequence[str], page_types: Sequence[str] = (), *, per: str = "family") -> FrameQuery:
    """Write the query that a frame is read with.

    A line of the frame is a family of near copies, so that templates do not fill a sample, or (``per`` text) a text.
    Raises :class:`UsageError` for a column that a frame is not divided by.
    """
    unknown = [name for name in by if name not in STRATUM_COLUMNS]
    if unknown:
        raise UsageError(f"--by {unknown[0]}: a frame is divided by {', '.join(STRATUM_COLUMNS)}")
    columns = ", ".join(f"{STRATUM_COLUMNS[name]} AS by_{name}" for name in by) or "'' AS by_all"
    where = f" WHERE page_type IN ({', '.join('?' * len(page_types))})" if page_types else ""
    frame = FRAME_SQL.format(columns=columns, where=where, unit=UNIT_COLUMNS[per])
    return FrameQuery(f"SELECT * FROM ({frame}) WHERE rank = 1", tuple(page_types))


def read_frame(corpus: sqlite3.Connection, query: FrameQuery) -> list[FrameLine]:
    """Read a frame out of a corpus."""
    return [
        FrameLine(unit, page, url, advertiser, pages, tuple(map(str, stratum)))
        for unit, page, url, advertiser, pages, *stratum, _rank in corpus.execute(query.sql, query.values)
    ]


def freeze(review: sqlite3.Connection, facts: Mapping[str, object], units: Iterable[SampleUnit]) -> None:
    """Store a drawn sample under its name; raises :class:`UsageError` where the name is taken."""
    with atomic(review):
        if any(facts["name"] in {one.name, one.title} for one in list_samples(review)):
            raise UsageError(f"--name {facts['name']}: there is a sample of this name, and samples are not changed")
        # in SQL: sqlite-utils loads pandas where that is installed, half a second for two rows
        sample = review.execute(
            f"INSERT INTO samples ({', '.join(facts)}) VALUES ({', '.join(f':{name}' for name in facts)})", dict(facts)
        ).lastrowid
        fields = ("sample", *SampleUnit._fields)
        review.executemany(
            f"INSERT INTO sample_units ({', '.join(fields)}) VALUES ({', '.join('?' * len(fields))})",
            [(sample, *unit._replace(stratum=dump(unit.stratum))) for unit in units],  # type: ignore[arg-type]
        )


def list_samples(review: sqlite3.Connection) -> list[FrozenSample]:
    """Give the samples, the newest first."""
    rows = review.execute(
        "SELECT id, name, at, seed, asked, strata_by, double, query, frame_size, frame_hash, strata,"
        " allocation FROM samples"
        " ORDER BY id DESC"
    )
    settings = read_settings(review)
    return [
        FrozenSample(
            id=row["id"],
            name=row["name"],
            at=row["at"],
            seed=row["seed"],
            requested=row["asked"],
            strata_by=tuple(json.loads(row["strata_by"])),
            double=row["double"],
            query=row["query"],
            frame_size=row["frame_size"],
            frame_hash=row["frame_hash"],
            strata=tuple(
                FrozenStratum(tuple(values), size, drawn) for values, size, drawn in json.loads(row["strata"])
            ),
            allocation=row["allocation"],
            settings=settings.get(row["id"], AS_DRAWN),
        )
        for row in rows
    ]


def find_sample(review: sqlite3.Connection, name: str) -> FrozenSample:
    """Give the sample of a name, its present one or the one it was drawn under.

    Raises :class:`UsageError` with the names that there are.
    """
    samples = list_samples(review)
    found = [sample for sample in samples if name in {sample.name, sample.title}]
    if not found:
        names = ", ".join(sample.title for sample in samples) or "none; draw one with `clinicwatch sample`"
        raise UsageError(f"no sample is named {name}; there are: {names}")
    return found[0]


def sample_units(review: sqlite3.Connection, sample: int) -> list[SampleUnit]:
    """Give the units of a sample in the order of its queue."""
    rows = review.execute(
        "SELECT place, unit, page, url, advertiser, pages, stratum, weight, double FROM sample_units"
        " WHERE sample = ? ORDER BY place",
        (sample,),
    )
    return [
        SampleUnit(**dict(row) | {"stratum": tuple(json.loads(row["stratum"])), "double": bool(row["double"])})
        for row in rows
    ]
