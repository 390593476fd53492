"""Studies: what belongs together in a paper, under a name: frame, samples, rounds, team. Only ever added to."""

from __future__ import annotations

import json
import sqlite3  # noqa: TC003
from typing import TYPE_CHECKING, NamedTuple

from db.coding.coded import rounds
from db.coding.samples import find_sample
from db.corpus.connection import atomic
from pipelines.coding.frame_spec import spec_of
from pipelines.model.errors import UsageError
from pipelines.text.encode import dump

if TYPE_CHECKING:
    from pipelines.coding.frame_spec import FrameSpec

__all__ = ["Study", "find_study", "list_studies", "store_study"]

STUDIES = """
    SELECT id, name, at, frame, samples, rounds, team, single, note,
        (SELECT count(*) FROM studies AS every WHERE every.name = studies.name AND every.id <= studies.id) AS revision
    FROM studies WHERE id = (SELECT max(id) FROM studies AS last WHERE last.name = studies.name) ORDER BY id DESC
"""


class Study(NamedTuple):
    """A study: the frame of its table, its samples, its rounds (the last is the one of its tables), its team.

    ``team`` has the role of each pseudonym. ``single`` takes what one coder gave alone as settled. ``revision`` counts
    how often it was said anew, from 1; ``at`` is UTC.
    """

    name: str
    at: str
    frame: FrameSpec
    samples: tuple[str, ...]
    rounds: tuple[str, ...]
    team: dict[str, str]
    single: bool = False
    note: str = ""
    revision: int = 1

    @property
    def round(self) -> str:
        """The round that its tables are made of."""
        return self.rounds[-1]


def store_study(review: sqlite3.Connection, study: Study, *, revise: bool = False) -> Study:
    """Store a study; ``revise`` says one anew under its name, and the earlier row stays.

    Raises :class:`UsageError` for a name that is taken, and for a sample or a round that is not there.
    """
    with atomic(review):
        known = review.execute("SELECT count(*) FROM studies WHERE name = ?", (study.name,)).fetchone()[0]
        if known and not revise:
            raise UsageError(f"{study.name}: there is a study of this name; say it anew with --revise")
        if revise and not known:
            raise UsageError(f"{study.name}: there is no study of this name to revise; leave --revise out")
        for name in study.samples:
            find_sample(review, name)
        missing = [name for name in study.rounds if name not in rounds(review)]
        if missing:
            has = ", ".join(rounds(review)) or "none yet"
            raise UsageError(f"--round {missing[0]}: no vote was cast in it; rounds with votes: {has}")
        review.execute(
            "INSERT INTO studies (name, at, frame, samples, rounds, team, single, note)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(study.name, study.at, study.frame.as_json(), dump(study.samples), dump(study.rounds)),
                *(dump(study.team), int(study.single), study.note),
            ),
        )
    return study._replace(revision=known + 1)


def list_studies(review: sqlite3.Connection) -> list[Study]:
    """Give the studies as they are now, the newest first."""
    return [
        Study(
            row["name"],
            row["at"],
            spec_of(row["frame"]),
            tuple(json.loads(row["samples"])),
            tuple(json.loads(row["rounds"])),
            json.loads(row["team"]),
            bool(row["single"]),
            row["note"],
            row["revision"],
        )
        for row in review.execute(STUDIES)
    ]


def find_study(review: sqlite3.Connection, name: str) -> Study:
    """Give the study of a name; raises :class:`UsageError` with the names that there are."""
    studies = list_studies(review)
    found = next((study for study in studies if study.name == name), None)
    if found is None:
        names = ", ".join(study.name for study in studies) or "none; make one with `clinicwatch study create`"
        raise UsageError(f"no study is named {name}; there are: {names}")
    return found


def coders_of(review: sqlite3.Connection, rounds_: tuple[str, ...]) -> dict[str, str]:
    """Name who voted in these rounds, each with the role: the team of a study that names none."""
    rows = review.execute(
        "SELECT DISTINCT coder, role FROM votes WHERE round IN (SELECT value FROM json_each(?))"
        " ORDER BY role DESC, coder",
        (dump(rounds_),),
    )
    return {row["coder"]: row["role"] for row in rows}
