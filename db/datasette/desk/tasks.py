"""What a coder works through: which documents, which questions on each, in which order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from db.datasette.desk.questions import TOPIC, Question
from db.schema.vocabulary import LISTINGS

if TYPE_CHECKING:
    from collections.abc import Mapping

CLAIMS, PAGE, CONFLICTS = "claims", "page", "conflicts"
CHANGED = "changed"  # pages whose text changed after the coder's decision
ON, DOUBTFUL = "on topic", "doubtful"
# which documents: conditions on `d`, a row of documents
SETS = {
    DOUBTFUL: f"d.verdict = 'doubtful' AND d.page_type NOT IN {LISTINGS}",
    ON: f"d.verdict = 'on topic' AND d.page_type NOT IN {LISTINGS}",
    "off topic": f"d.verdict = 'off topic' AND d.page_type NOT IN {LISTINGS}",
    "all": "1",
}
REPRESENTED = SETS.keys() - {"all"}  # one document stands for its family; `all` has every document
SAMPLE = "sample "


@dataclass(frozen=True, slots=True)
class Task:
    """Some questions on a set of documents. ``kind`` is topic, claims, page, conflicts or a code by itself.

    ``set`` is a name of :data:`SETS`, ``changed`` (pages that changed after the coder's decision) or ``sample NAME``.
    """

    kind: str
    set: str
    codes: tuple[str, ...]
    is_claims: bool = False  # sentences are coded, not pages

    def url(self, **more: Any) -> str:
        """Write the task as the arguments of an address."""
        return "?" + urlencode({"task": self.kind, "set": self.set} | {k: v for k, v in more.items() if v is not None})


def task_of(kind: str | None, chosen: str | None, questions: Mapping[str, Question]) -> Task:
    """Read a task out of an address; what makes no sense becomes the topic of doubtful pages."""
    kind = str(kind) if kind in {CLAIMS, PAGE, CONFLICTS} or kind in questions else TOPIC.code
    default = DOUBTFUL if kind == TOPIC.code else ON
    known = chosen in SETS or chosen == CHANGED or (chosen or "").startswith(SAMPLE)
    is_claims = kind == CLAIMS or (kind in questions and questions[kind].level == "sentence")
    return Task(kind, str(chosen) if known else default, codes_of(kind, questions), is_claims)


def codes_of(kind: str, questions: Mapping[str, Question]) -> tuple[str, ...]:
    """Name the codes that a kind of task asks."""
    if kind == CLAIMS:
        return tuple(code for code, question in questions.items() if question.level == "sentence")
    if kind == PAGE:
        return tuple(c for c, question in questions.items() if question.level == "page" and c != TOPIC.code)
    return () if kind == CONFLICTS else (kind,)
