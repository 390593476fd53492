"""Rankings that people code by: a frame of texts, read in batches ordered by expected relevance, stored as drawn.

frame out of the corpus | what was decided in the round | scores | the next batch | how far one has come
"""

from __future__ import annotations

import hashlib
import json
import sqlite3  # noqa: TC003
from typing import TYPE_CHECKING, NamedTuple

from db.coding.tally import MACHINE
from db.corpus.connection import atomic
from db.schema.vocabulary import LISTINGS
from pipelines.coding.findings import ABSENT_VALUES, READ_CODE
from pipelines.coding.prioritise import RandomDraws, RecallInterval, choose_batch, recall_interval, score, stopping_p
from pipelines.model.errors import CorpusError, UsageError
from pipelines.model.records import Verdict
from pipelines.text.encode import dump

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Batch", "Ranking", "RankingState", "draw_batch", "find_ranking", "list_rankings", "new_ranking", "state_of"]

TOPIC = "topic"
# one text a family: its representative; a topic is decided on every page that lists nothing, a code on what is on topic
FRAME = f"""
    SELECT min(d.id) AS page, coalesce(v.content_sha256, v.text_sha256) AS unit
    FROM corpus.documents AS d JOIN corpus.versions AS v ON v.id = d.version
    WHERE d.page_type NOT IN {LISTINGS} AND d.duplicate_of IS NULL AND (:topic OR d.verdict = '{Verdict.ON_TOPIC}')
        AND NOT EXISTS (SELECT 1 FROM corpus.family_members AS m JOIN corpus.families AS f ON f.id = m.family
            WHERE m.page = d.id AND f.representative <> d.id)
    GROUP BY 2 ORDER BY 2
"""
# what stands on a code in a round, by the text of the frame that shows it; a program's answers are left out
DECISIONS = f"""
    SELECT f.unit AS unit, units.code AS code, units.unit_type AS unit_type, coalesce(units.value, votes.value) AS value
    FROM units JOIN standing AS s USING (round, code, unit_type, unit) JOIN votes ON votes.id = s.vote
    JOIN shown AS f ON f.text = substr(units.unit, 1, 64)
    WHERE units.round = :round AND units.code IN (:code, '{READ_CODE}') AND units.unit_type IN ('text', 'claim')
        AND s.coder NOT LIKE '{MACHINE}%'
"""
SHOWN = """
    CREATE TEMP TABLE shown AS
    SELECT unit, unit AS text FROM ranking_frame WHERE ranking = :ranking
    UNION
    SELECT f.unit, r.text_sha256 FROM ranking_frame AS f JOIN corpus.documents AS d ON d.id = f.page
    JOIN corpus.version_regions AS r ON r.version = d.version WHERE f.ranking = :ranking
"""
TEXTS = """
    SELECT f.unit, f.page, t.text,
        CASE WHEN :topic THEN coalesce((SELECT r.score FROM corpus.documents AS d
            JOIN corpus.relevance AS r ON r.version = d.version WHERE d.id = f.page), 0)
        ELSE (SELECT count(*) FROM corpus.claims AS c WHERE c.text_sha256 = f.unit AND c.code = :code) END AS opinion
    FROM ranking_frame AS f JOIN corpus.texts AS t ON t.sha256 = f.unit WHERE f.ranking = :ranking ORDER BY f.unit
"""


class Ranking(NamedTuple):
    """A ranking: the code that it looks for (or ``topic``), in which round, over how many texts."""

    id: int
    name: str
    at: str
    code: str
    round: str
    seed: int
    random_share: float
    frame_size: int
    frame_hash: str


class Batch(NamedTuple):
    """Texts that were put on the queue together; ``pool`` is how many were left to choose from.

    ``terms`` are the words that the order rests on, the strongest first; none where it is the program's own opinion.
    """

    number: int
    drawn: int
    at_random: int
    pool: int
    decided: int
    terms: tuple[str, ...]


class RankingState(NamedTuple):
    """How far a ranking is: texts decided and waiting in its queue, relevant ones found, and what is known of recall.

    ``interval`` and ``p`` rest on whole batches; ``None`` as long as none has been read to its end.
    """

    frame: int
    decided: int
    relevant: int
    waiting: int
    batches: int
    interval: RecallInterval | None
    p: float | None


class _Drawn(NamedTuple):
    batch: int
    unit: str
    is_random: bool


def new_ranking(review: sqlite3.Connection, ranking: Ranking) -> Ranking:
    """Freeze the frame of a ranking under its name; the corpus is attached.

    Gives the ranking with its number, size and hash. Raises :class:`UsageError` where the name is taken,
    :class:`CorpusError` where there is nothing to read.
    """
    frame = review.execute(FRAME, {"topic": ranking.code == TOPIC}).fetchall()
    if not frame:
        raise CorpusError("nothing to rank: the corpus has no document of this kind; crawl first")
    digest = hashlib.sha256("\n".join(row["unit"] for row in frame).encode()).hexdigest()
    stored = ranking._replace(frame_size=len(frame), frame_hash=digest)._asdict()
    with atomic(review):
        if review.execute("SELECT 1 FROM rankings WHERE name = ?", (ranking.name,)).fetchone():
            raise UsageError(f"--name {ranking.name}: there is a ranking of this name")
        del stored["id"]
        number = review.execute(
            f"INSERT INTO rankings ({', '.join(stored)}) VALUES ({', '.join(f':{name}' for name in stored)})", stored
        ).lastrowid
        review.executemany(
            "INSERT INTO ranking_frame VALUES (?, ?, ?)", [(number, row["unit"], row["page"]) for row in frame]
        )
    return find_ranking(review, ranking.name)


def list_rankings(review: sqlite3.Connection) -> list[Ranking]:
    """Give the rankings, the newest first."""
    return [Ranking(**dict(row)) for row in review.execute("SELECT * FROM rankings ORDER BY id DESC")]


def find_ranking(review: sqlite3.Connection, name: str) -> Ranking:
    """Give the ranking of a name; raises :class:`UsageError` with the names that there are."""
    rankings = list_rankings(review)
    found = [one for one in rankings if one.name == name]
    if not found:
        names = ", ".join(one.name for one in rankings) or "none; begin one with --code"
        raise UsageError(f"--name {name}: no ranking has this name; there are: {names}")
    return found[0]


def decisions_on(review: sqlite3.Connection, ranking: Ranking) -> dict[str, bool]:
    """Tell of each text of the frame that people decided whether it is relevant; what they cannot tell counts as so.

    A text has a code of sentences where one of its sentences was accepted, and has it not where a coder has read it
    whole without one.
    """
    review.execute("DROP TABLE IF EXISTS temp.shown")
    review.execute(SHOWN, {"ranking": ranking.id})
    decided: dict[str, bool] = {}
    for row in review.execute(DECISIONS, {"round": ranking.round, "code": ranking.code}):
        absent = row["value"] in ABSENT_VALUES or row["value"] == Verdict.OFF_TOPIC
        if row["code"] == READ_CODE or (row["unit_type"] == "text" and absent):
            decided.setdefault(row["unit"], False)
        elif not absent:
            decided[row["unit"]] = True
    return decided


def draw_batch(review: sqlite3.Connection, ranking: Ranking, size: int, at: str) -> Batch:
    """Put the next texts on the queue; the corpus is attached. An empty batch is not stored."""
    values = {"ranking": ranking.id, "topic": ranking.code == TOPIC, "code": ranking.code}
    rows = review.execute(TEXTS, values).fetchall()
    known = decisions_on(review, ranking)
    queued = {one.unit for one in _drawn(review, ranking)}
    decided = {number: known[row["unit"]] for number, row in enumerate(rows) if row["unit"] in known}
    pool = [number for number, row in enumerate(rows) if row["unit"] not in known and row["unit"] not in queued]
    scores = score([row["text"] for row in rows], decided, [row["opinion"] for row in rows])
    number = review.execute("SELECT count(*) FROM ranking_batches WHERE ranking = ?", (ranking.id,)).fetchone()[0] + 1
    chosen = choose_batch([scores.values[at] for at in pool], size, ranking.random_share, ranking.seed + number)
    at_random = sum(one.is_random for one in chosen)
    batch = Batch(number, len(chosen), at_random, len(pool), len(known), scores.terms)
    if not chosen:
        return batch
    with atomic(review):
        stored = review.execute(
            "INSERT INTO ranking_batches (ranking, at, pool, decided, terms) VALUES (?, ?, ?, ?, ?)",
            (ranking.id, at, len(pool), dump(sorted(known)), dump(list(scores.terms))),
        ).lastrowid
        review.executemany(
            "INSERT INTO ranking_units (batch, unit, page, score, is_random) VALUES (?, ?, ?, ?, ?)",
            [
                (stored, rows[pool[index]]["unit"], rows[pool[index]]["page"], scores.values[pool[index]], is_random)
                for index, is_random in chosen
            ],
        )
    return batch


def _drawn(review: sqlite3.Connection, ranking: Ranking) -> list[_Drawn]:
    rows = review.execute(
        "SELECT batch, u.unit, is_random FROM ranking_units AS u JOIN ranking_batches AS b ON b.id = u.batch"
        " WHERE b.ranking = ? ORDER BY u.id",
        (ranking.id,),
    )
    return [_Drawn(row["batch"], row["unit"], bool(row["is_random"])) for row in rows]


def state_of(review: sqlite3.Connection, ranking: Ranking, target: float) -> RankingState:
    """Work out how far a ranking is; ``target`` is the recall that the stopping test asks for."""
    known, drawn = decisions_on(review, ranking), _drawn(review, ranking)
    batches = review.execute(
        "SELECT id, pool, decided FROM ranking_batches WHERE ranking = ? ORDER BY id", (ranking.id,)
    ).fetchall()
    waiting = sum(one.unit not in known for one in drawn)
    whole = []
    for batch in batches:  # a batch that is half read would favour what is read first
        if any(one.batch == batch["id"] and one.unit not in known for one in drawn):
            break
        whole.append(batch)
    state = RankingState(ranking.frame_size, len(known), sum(known.values()), waiting, len(batches), None, None)
    if not whole:
        return state
    ids = {batch["id"] for batch in whole}
    read = [one for one in drawn if one.batch in ids]
    before = set(json.loads(whole[0]["decided"])) & known.keys()
    elsewhere = known.keys() - before - {one.unit for one in drawn}  # decided in another queue meanwhile
    order = [known[unit] for unit in (*sorted(before), *(one.unit for one in read), *sorted(elsewhere))]
    draws = [_random_draws(batch, read, known) for batch in whole]
    interval = recall_interval(sum(order), ranking.frame_size - len(order), draws)
    return state._replace(interval=interval, p=stopping_p(order, ranking.frame_size, target))


def _random_draws(batch: sqlite3.Row, read: Sequence[_Drawn], known: Mapping[str, bool]) -> RandomDraws:
    """Count what a batch drew at random, and the relevant texts that could no longer be drawn then."""
    outside = {one.unit for one in read if one.batch < batch["id"]} | set(json.loads(batch["decided"]))
    lot = [known[one.unit] for one in read if one.batch == batch["id"] and one.is_random]
    return RandomDraws(batch["pool"], sum(known.get(unit, False) for unit in outside), len(lot), sum(lot))
