"""The page of samples: what was drawn, whose it is, how far each coder is, and the changes that a form asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from db.coding import sample_settings
from db.coding.sample_settings import SampleEvent, sample_events
from db.coding.samples import find_sample, list_samples
from db.coding.tally import ADJUDICATOR, READER
from db.coding.voting import VoteError
from db.datasette.review.others import CoderProgress, progress_of
from db.datasette.review.progress import SAMPLE_TASKS
from db.datasette.review.queue import SAMPLE, task_of
from pipelines.model.errors import UsageError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from db.coding.samples import FrozenSample
    from db.datasette.review.auth import Coder
    from db.datasette.review.decisions import SubmittedForm
    from db.datasette.review.questions import Question
    from db.datasette.review.queue import Task

NOT_SHOWN = """
    SELECT count(*) FROM sample_units AS u WHERE sample = ? AND NOT EXISTS (
        SELECT 1 FROM corpus.versions AS v WHERE v.page = u.page AND coalesce(v.content_sha256, v.text_sha256) = u.unit)
"""


class SampleQueue(NamedTuple):
    """A queue of a sample: its name, and how far each coder is."""

    name: str
    task: Task
    coders: list[CoderProgress]


class SampleView(NamedTuple):
    """A sample with its queues and what became of it; ``not_shown`` counts texts that their pages have no more."""

    sample: FrozenSample
    drawn: int
    not_shown: int
    queues: list[SampleQueue]
    events: list[SampleEvent]

    @property
    def can_undo(self) -> bool:
        """Tell whether a change is left to take back."""
        return any(not one.undoes and not one.is_undone for one in self.events)


def may_manage(coder: Coder) -> bool:
    """Tell whether a coder may hide, rename and assign: an adjudicator, or who codes alone."""
    return coder.single or coder.role == ADJUDICATOR


def read_samples(db: sqlite3.Connection, coder: Coder, questions: Mapping[str, Question]) -> list[SampleView]:
    """Read the samples, the hidden ones last."""
    everybody = [*([coder] if coder.role == READER else []), *coder.others]
    found = []
    for sample in sorted(list_samples(db), key=lambda one: one.settings.hidden):
        tasks = {name: task_of(kind, SAMPLE + sample.name, questions) for kind, name in SAMPLE_TASKS}
        queues = [SampleQueue(name, task, progress_of(db, everybody, task)) for name, task in tasks.items()]
        drawn = db.execute("SELECT count(*) FROM sample_units WHERE sample = ?", (sample.id,)).fetchone()[0]
        not_shown = db.execute(NOT_SHOWN, (sample.id,)).fetchone()[0]
        shown = [one for one in queues if one.coders]
        found.append(SampleView(sample, drawn, not_shown, shown, sample_events(db, sample.id)))
    return found


def change_sample(db: sqlite3.Connection, form: SubmittedForm) -> None:
    """Do what a form of the page asks for; raises :class:`VoteError` where it makes no sense or may not be."""
    coder, do = form.coder, form.fields.get("do", "")
    if not may_manage(coder):
        raise VoteError("an adjudicator hides, renames and assigns samples")
    try:
        sample = find_sample(db, form.fields.get("sample", "")).id
        if do == "undo":
            sample_settings.undo_last(db, sample, coder.name, form.at)
        elif do in {"hide", "show"}:
            sample_settings.hide(db, sample, coder.name, form.at, hidden=do == "hide")
        elif do == "rename":
            sample_settings.rename(db, sample, coder.name, form.at, form.fields.get("name", ""))
        elif do == "assign":
            unknown = sorted(set(form.values) - set(coder.team))
            if unknown:
                raise VoteError(f"{unknown[0]!r} is no reader of this team")
            chosen = () if set(form.values) == set(coder.team) else form.values
            sample_settings.assign(db, sample, coder.name, form.at, chosen)
        else:
            raise VoteError("a sample is hidden, shown, renamed or assigned")
    except UsageError as error:
        raise VoteError(str(error)) from error
