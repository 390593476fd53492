"""Whether an edit is content that changes by itself: suspected when it is seen, decided by what other visits show.

    lines of an edit | known to be dynamic by now: proven | looks so, and a later visit had its lines: confirmed
        | looks so: suspected | any other edit: no verdict

Only proof folds a row for good. A suspicion folds it until a repeat fetch or a later visit decides, either way, and a
later proof takes a confirmation back.
"""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from pipelines.changes.noise_model import AROUND_CONTENT, SEVERAL_PAGES, zeroed

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

__all__ = ["ROTATION_NOTES", "EditLines", "Rotation", "judge_rotation", "looks_rotating"]

REWORDED = 0.5  # of the words of the shorter text: then one is another wording of the other
MAY_ROTATE = (AROUND_CONTENT - {"menu"}) | {"pictures"}  # regions


class Rotation(StrEnum):
    """What is known of an edit that looks as dynamic content does: the closed list of ``rotations.state``."""

    SUSPECTED = "suspected"
    PROVEN = "proven"
    CONFIRMED = "confirmed"


#: how rows are labelled that lists fold
ROTATION_NOTES = {
    Rotation.SUSPECTED: "may be rotating content",
    Rotation.PROVEN: "rotating content, as other visits showed",
}


class EditLines(NamedTuple):
    """An edit: its lines, the regions in which they stand, and how many pages have it."""

    removed: Sequence[str]
    added: Sequence[str]
    regions: Sequence[str]
    pages: int


class RotationVerdict(NamedTuple):
    """A state and why."""

    state: Rotation
    reason: str


def looks_rotating(edit: EditLines) -> bool:
    """Tell whether an edit looks as a saying or a doctor of the day does when it turns on the whole site at once.

    Several pages have it, around their content alone, and what came has hardly a word of what went.
    """
    if edit.pages < SEVERAL_PAGES or not edit.removed or not edit.added or not set(edit.regions) <= MAY_ROTATE:
        return False
    went, came = (Counter(" ".join(side).casefold().split()) for side in (edit.removed, edit.added))
    return (went & came).total() < REWORDED * min(went.total(), came.total())


def judge_rotation(edit: EditLines, known: Container[str], kept_in: int | None = None) -> RotationVerdict | None:
    """Judge an edit; ``known`` are the lines known to be dynamic by now (counters with their numbers as 0).

    ``kept_in`` is the crawl of a later visit that still had the lines that came. Of an edit that looks as rotating
    content does, it is proof that what came is dynamic; of any other one, what went has to be, too.
    """

    def is_known(line: str) -> bool:
        return line in known or zeroed(line) in known

    suspected = looks_rotating(edit)
    decisive = edit.added if suspected else (*edit.removed, *edit.added)
    if decisive and all(map(is_known, decisive)):
        return RotationVerdict(Rotation.PROVEN, "its lines changed by themselves at other visits")
    if not suspected:
        return None
    if kept_in is not None:
        return RotationVerdict(Rotation.CONFIRMED, f"its lines still stood at a later visit, in crawl {kept_in}")
    return RotationVerdict(Rotation.SUSPECTED, f"other words at once on {edit.pages} pages, around their content")
