"""From one screen to the next: what is shown for an address, and what follows a decision."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from db.datasette.desk.progress import last_decisions, offer_to_spread, progress
from db.datasette.desk.queue import Stop, next_stop, stop_at, stop_before
from db.datasette.desk.tasks import CONFLICTS, SAMPLE
from db.datasette.desk.view import Look, Screen, read_screen

if TYPE_CHECKING:
    import sqlite3


@dataclass(frozen=True, slots=True)
class View:
    """A screen with what stands around it; ``screen`` is ``None`` where the queue is done."""

    screen: Screen | None
    url: str
    progress: dict[str, int]
    decisions: list[dict[str, Any]]
    spread: int = 0
    back: str = ""
    message: str = ""
    look: Look | None = field(default=None, repr=False)


def view(db: sqlite3.Connection, look: Look, stop: Stop | None, message: str = "") -> View:
    """Show a stop, or the end of the queue."""
    screen = read_screen(db, look, stop) if stop else None
    decisions = last_decisions(db, look.coder, look.questions)
    before = stop_before(db, look.coder, look.task, screen.stop.key) if screen else None
    return View(
        screen,
        look.task.url(at=screen.stop.key if screen else None),
        progress(db, look.coder, look.task),
        decisions,
        offer_to_spread(db, look.coder, decisions),
        look.task.url(at=before.key) if before else "",
        message,
        look,
    )


def open_view(db: sqlite3.Connection, look: Look, at: int = 0, after: int = 0) -> View:
    """Show what an address asks for: a place of the queue, the next one behind a place, or the first."""
    if at:
        return view(db, look, stop_at(db, look.coder, look.task, at) or next_stop(db, look.coder, look.task, at))
    return view(db, look, next_stop(db, look.coder, look.task, after))


def follow(db: sqlite3.Connection, look: Look, at: int) -> View:
    """Show what follows a decision: the next question of the same text, else the next document."""
    stop = stop_at(db, look.coder, look.task, at)
    if stop and look.task.kind != CONFLICTS:
        screen = read_screen(db, look, stop)
        if screen and not screen.is_done:
            return view(db, look, stop)
    return view(db, look, next_stop(db, look.coder, look.task, at))


def return_to(db: sqlite3.Connection, look: Look, vote: sqlite3.Row) -> View:
    """Show where a decision was made that has just been taken back, with its question asked again."""
    stop = _stop_of(db, look, vote)
    screen = read_screen(db, look, stop) if stop else None
    number = next((item.number for item in screen.items if item.asked.code == vote["code"] and
                   item.asked.unit == vote["unit"]), None) if screen else None  # fmt: skip
    return view(db, replace(look, chosen=number), stop, "Taken back")


def _stop_of(db: sqlite3.Connection, look: Look, vote: sqlite3.Row) -> Stop | None:
    if look.task.kind == CONFLICTS:
        return next_stop(db, look.coder, look.task)
    if look.task.set.startswith(SAMPLE):
        row = db.execute(
            "SELECT u.place FROM sample_units AS u JOIN samples AS m ON m.id = u.sample"
            " WHERE m.name = ? AND u.unit = ?",
            (look.task.set.removeprefix(SAMPLE), vote["text_sha256"]),
        ).fetchone()
        return stop_at(db, look.coder, look.task, row[0]) if row else next_stop(db, look.coder, look.task)
    return stop_at(db, look.coder, look.task, vote["page"] or 0) or next_stop(db, look.coder, look.task)
