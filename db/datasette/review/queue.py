"""What a coder works through: a task is questions on a set of documents, its queue names the next document.

A queue is read from the corpus and the coder's own votes, never from anybody else's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from db.coding.tally import LONE_MARKS
from db.datasette.review.questions import TOPIC, Question
from db.schema.vocabulary import LISTINGS
from pipelines.coding.findings import READ_CODE

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from db.datasette.review.auth import Coder

CLAIMS, PAGE, CONFLICTS = "claims", "page", "conflicts"
READ = "read"  # whole pages, for sentences that no cue proposed
CHANGED = "changed"  # pages whose text changed after the coder's decision
RELEVANT, UNCERTAIN, IRRELEVANT = "on topic", "doubtful", "off topic"
# which documents: conditions on `d`, a row of documents
SETS = {
    UNCERTAIN: f"d.verdict = 'doubtful' AND d.page_type NOT IN {LISTINGS}",
    RELEVANT: f"d.verdict = 'on topic' AND d.page_type NOT IN {LISTINGS}",
    IRRELEVANT: f"d.verdict = 'off topic' AND d.page_type NOT IN {LISTINGS}",
    "all": "1",
}
REPRESENTED = SETS.keys() - {"all"}  # one document stands for its family; `all` has every document
SAMPLE, RANKING = "sample ", "ranking "
DRAWN = (SAMPLE, RANKING)  # sets that were drawn and stored; any other is read from the corpus

CONTENT_SHA256 = "coalesce(v.content_sha256, v.text_sha256)"
DOCUMENTS = f"""
    SELECT d.id AS key, d.id AS page, {CONTENT_SHA256} AS unit
    FROM corpus.documents AS d JOIN corpus.versions AS v ON v.id = d.version
"""
# of documents, by an index: SQLite finds none through the view `versions`
HAS_TEXT = """
    d.id IN (SELECT c.page FROM corpus.contents JOIN corpus.captured_versions AS c ON c.id = contents.version
        WHERE contents.content_sha256 = :unit) AND v.content_sha256 = :unit
"""
# one document represents its family; where families are not worked out, its exact duplicates
IS_REPRESENTATIVE = """
    NOT EXISTS (
        SELECT 1 FROM corpus.family_members AS m JOIN corpus.families AS f ON f.id = m.family
        WHERE m.page = d.id AND f.representative <> d.id
    )
"""
# pages that this coder decided on when they had another text
CHANGED_SINCE = f"""
    d.id IN (
        SELECT votes.page FROM standing AS s JOIN votes ON votes.id = s.vote
        WHERE s.round = :round AND s.coder = :coder AND s.code IN ({{codes}}) AND votes.page IS NOT NULL
    ) AND EXISTS (
        SELECT 1 FROM votes AS was JOIN standing AS s ON s.vote = was.id
        WHERE was.page = d.id AND was.coder = :coder AND was.round = :round AND was.code IN ({{codes}})
            AND was.text_sha256 <> {CONTENT_SHA256}
    )
"""
HAS_CANDIDATE = f"""
    EXISTS (SELECT 1 FROM corpus.claims AS c WHERE c.text_sha256 = {CONTENT_SHA256} AND c.code IN ({{codes}}))
"""
# what is coded twice is everybody's, the rest is shared out in turn: among those whom the sample is assigned to, else
# among all; a text that its page does not have any more cannot be shown, and is in no queue
SAMPLED = f"""
    SELECT u.place AS key, u.page AS page, u.unit AS unit FROM sample_units AS u JOIN samples AS m ON m.id = u.sample
    LEFT JOIN sample_settings AS given ON given.sample = m.id AND given.kind = 'coders'
    WHERE m.name = :sample AND CASE WHEN coalesce(given.value, '[]') = '[]' THEN u.double OR u.place % :readers = :turn
        ELSE EXISTS (SELECT 1 FROM json_each(given.value) AS one WHERE one.value = :coder
            AND (u.double OR u.place % json_array_length(given.value) = one.key)) END
        AND EXISTS (SELECT 1 FROM corpus.versions AS v WHERE v.page = u.page AND {CONTENT_SHA256} = u.unit)
"""
# the batches of a ranking, in their order
RANKED = f"""
    SELECT u.id AS key, u.page AS page, u.unit AS unit FROM ranking_units AS u
    JOIN ranking_batches AS b ON b.id = u.batch JOIN rankings AS m ON m.id = b.ranking WHERE m.name = :ranking
        AND EXISTS (SELECT 1 FROM corpus.versions AS v WHERE v.page = u.page AND {CONTENT_SHA256} = u.unit)
"""
SAMPLE_HAS_CANDIDATE = """
    EXISTS (SELECT 1 FROM corpus.claims AS c WHERE c.text_sha256 = u.unit AND c.code IN ({codes}))
"""
# in the order in which the questions were first answered, each on the version that was before the coder: what stands
# beside the main text is shown with its page
CONFLICTING = f"""
    SELECT waiting.key AS key, v.page AS page, {CONTENT_SHA256} AS unit FROM (
        SELECT min(s.vote) AS key FROM units JOIN standing AS s USING (round, code, unit_type, unit)
        WHERE units.round = :round AND units.status = 'conflict' GROUP BY units.code, units.unit_type, units.unit
        UNION ALL SELECT vote FROM ({LONE_MARKS.replace(":code", "NULL")})
    ) AS waiting JOIN votes ON votes.id = waiting.key JOIN corpus.versions AS v ON v.id = coalesce(
        (SELECT shown.id FROM corpus.versions AS shown WHERE shown.id = votes.version),
        (SELECT max(same.version) FROM corpus.contents AS same WHERE same.content_sha256 = votes.text_sha256))
"""
# of a queue as `q`: documents on which this coder has not answered every code, or not every candidate
HAS_OPEN_CODE = """
    (SELECT count(*) FROM standing AS s
        WHERE s.round = :round AND s.coder = :coder AND s.code IN ({codes}) AND s.unit_type = 'text' AND s.unit = q.unit
    ) < {count}
"""
NOT_READ = f"""
    NOT EXISTS (SELECT 1 FROM standing AS s WHERE s.round = :round AND s.coder = :coder
        AND s.code = '{READ_CODE}' AND s.unit_type = 'text' AND s.unit = q.unit)
"""
# of a topic: the coder has decided it for all pages of the host's advertiser
HOST_DECIDED = f"""
    EXISTS (SELECT 1 FROM standing AS s JOIN corpus.sites AS t ON t.advertiser = s.unit
        JOIN corpus.pages AS p ON p.site = t.id
        WHERE s.round = :round AND s.coder = :coder AND s.code = '{TOPIC.code}' AND s.unit_type = 'advertiser'
            AND p.id = q.page)
"""
HAS_OPEN_CANDIDATE = """
    EXISTS (
        SELECT 1 FROM corpus.claims AS c WHERE c.text_sha256 = q.unit AND c.code IN ({codes}) AND NOT EXISTS (
            SELECT 1 FROM standing AS s
            WHERE s.round = :round AND s.coder = :coder AND s.code = c.code AND s.unit_type = 'claim'
                AND s.unit = claim_unit(c.text_sha256, c.quote)
        )
    )
"""


@dataclass(frozen=True, slots=True)
class Task:
    """Some questions on a set of documents. ``kind`` is topic, claims, page, conflicts or a code by itself.

    ``set`` is a name of :data:`SETS`, ``changed`` (pages that changed after the coder's decision), ``sample NAME``
    or ``ranking NAME``.
    """

    kind: str
    set: str
    codes: tuple[str, ...]
    is_claims: bool = False  # sentences are coded, not pages

    def url(self, **more: Any) -> str:
        """Write the task as the arguments of an address."""
        return "?" + urlencode({"task": self.kind, "set": self.set} | {k: v for k, v in more.items() if v is not None})


def task_of(kind: str | None, chosen: str | None, questions: Mapping[str, Question]) -> Task:
    """Read a task out of an address; what makes no sense becomes the topic of uncertain pages."""
    kind = str(kind) if kind in {CLAIMS, READ, PAGE, CONFLICTS} or kind in questions else TOPIC.code
    default = UNCERTAIN if kind == TOPIC.code else RELEVANT
    known = chosen in SETS or chosen == CHANGED or (chosen or "").startswith(DRAWN)
    is_claims = kind in {CLAIMS, READ} or (kind in questions and questions[kind].level == "sentence")
    return Task(kind, str(chosen) if known else default, codes_of(kind, questions), is_claims)


def codes_of(kind: str, questions: Mapping[str, Question]) -> tuple[str, ...]:
    """Name the codes that a kind of task asks."""
    if kind in {CLAIMS, READ}:
        return tuple(code for code, question in questions.items() if question.level == "sentence")
    if kind == PAGE:
        return tuple(c for c, question in questions.items() if question.level == "page" and c != TOPIC.code)
    return () if kind == CONFLICTS else (kind,)


class QueueEntry(NamedTuple):
    """A document of a queue: ``key`` orders it, ``unit`` is the SHA-256 of the text that is coded."""

    key: int
    page: int
    unit: str


def next_entry(db: sqlite3.Connection, coder: Coder, task: Task, after: int = 0) -> QueueEntry | None:
    """Name the next document that this coder has not done, behind ``after``, else from the start again."""
    if not is_possible(db, task):
        return None
    is_open = open_condition(task)
    found = _first_entry(db, coder, task, f"q.key > :at AND {is_open} ORDER BY q.key", after)
    if found or not after:
        return found
    return _first_entry(db, coder, task, f"q.key <> :at AND {is_open} ORDER BY q.key", after)


def previous_entry(db: sqlite3.Connection, coder: Coder, task: Task, before: int) -> QueueEntry | None:
    """Name the document that stands before this one in the queue, done or not."""
    return _first_entry(db, coder, task, "q.key < :at ORDER BY q.key DESC", before) if is_possible(db, task) else None


def entry_at(db: sqlite3.Connection, coder: Coder, task: Task, key: int) -> QueueEntry | None:
    """Give the entry of a queue that has this key, done or not; a document outside of it may be coded too."""
    if task.set.startswith(DRAWN) or task.kind == CONFLICTS:
        return _first_entry(db, coder, task, "q.key = :at", key) if is_possible(db, task) else None
    row = db.execute(f"{DOCUMENTS} WHERE d.id = ?", (key,)).fetchone()
    return QueueEntry(*row) if row else None


def _first_entry(db: sqlite3.Connection, coder: Coder, task: Task, where: str, at: int) -> QueueEntry | None:
    sql = f"SELECT q.key, q.page, q.unit FROM ({queue_query(db, task)}) AS q WHERE {where} LIMIT 1"
    row = db.execute(sql, queue_parameters(coder, task, at)).fetchone()
    return QueueEntry(*row) if row else None


def is_possible(db: sqlite3.Connection, task: Task) -> bool:
    """Tell whether there is anything to ask, in the tables that this corpus and these votes have."""
    if task.set.startswith(DRAWN) and not has_samples(db):
        return False
    return task.kind == CONFLICTS or (bool(task.codes) and (not task.is_claims or has_table(db, "claims")))


def queue_query(db: sqlite3.Connection, task: Task) -> str:
    """Write the query of everything in a queue, done or not: key, page, unit."""
    if task.kind == CONFLICTS:
        return CONFLICTING
    if task.set.startswith(SAMPLE):
        only = f" AND {SAMPLE_HAS_CANDIDATE}" if task.is_claims and task.kind != READ else ""
        return (SAMPLED + only).format(codes=_code_parameters(task))
    if task.set.startswith(RANKING):
        return RANKED
    conditions = [CHANGED_SINCE if task.set == CHANGED else SETS[task.set]]
    if task.set in REPRESENTED:
        conditions.append("d.duplicate_of IS NULL")
        if has_table(db, "family_members"):
            conditions.append(IS_REPRESENTATIVE)
    if task.is_claims and task.kind != READ:
        conditions.append(HAS_CANDIDATE)
    return f"{DOCUMENTS} WHERE {' AND '.join(conditions)}".format(codes=_code_parameters(task))


def queue_of_text(db: sqlite3.Connection, task: Task) -> str:
    """Write the same query for the documents of one text, ``:unit``, which an index finds."""
    return f"{queue_query(db, task)} AND {'u.unit = :unit' if task.set.startswith(DRAWN) else HAS_TEXT}"


def open_condition(task: Task) -> str:
    """Write the condition on ``q``, a queue, for documents on which this coder has not answered everything."""
    if task.kind == CONFLICTS:
        return "1"
    if task.kind == READ:
        return NOT_READ
    condition = HAS_OPEN_CANDIDATE if task.is_claims else HAS_OPEN_CODE
    is_open = f"({condition.format(codes=_code_parameters(task), count=len(task.codes))})"
    return f"({is_open} AND NOT {HOST_DECIDED})" if task.kind == TOPIC.code else is_open


def _code_parameters(task: Task) -> str:
    return ", ".join(f":c{place}" for place in range(len(task.codes)))


def queue_parameters(coder: Coder, task: Task, at: int = 0) -> dict[str, str | int]:
    """Give the values of the parameters in the queries of a queue."""
    values: dict[str, str | int] = {f"c{place}": code for place, code in enumerate(task.codes)}
    return values | {
        "round": coder.round,
        "coder": coder.name,
        "at": at,
        "sample": task.set.removeprefix(SAMPLE),
        "ranking": task.set.removeprefix(RANKING),
        "readers": coder.readers,
        "turn": coder.turn,
    }


def has_table(db: sqlite3.Connection, name: str) -> bool:
    """Tell whether the corpus has a table; one that an older release wrote may lack some."""
    return db.execute("SELECT 1 FROM corpus.sqlite_master WHERE name = ?", (name,)).fetchone() is not None


def has_samples(db: sqlite3.Connection) -> bool:
    """Tell whether samples were drawn beside these votes."""
    return db.execute("SELECT 1 FROM main.sqlite_master WHERE name = 'sample_units'").fetchone() is not None
