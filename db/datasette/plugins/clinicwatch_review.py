"""The review desk: its pages, who may open them, and the three ways to write. Everything else only reads."""  # noqa: INP001

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from datasette.utils.asgi import Forbidden, Response
from pluggy import HookimplMarker

from db.coding.tally import ADJUDICATOR, conflicts
from db.coding.voting import VoteError
from db.datasette.desk.auth import ACTION, IS_065, closed, coder_at, is_coder, open_room, render
from db.datasette.desk.coders import Coder, is_own_request, settings, token_for
from db.datasette.desk.codes import load_codes
from db.datasette.desk.deciding import Sent, decide, spread, take_back
from db.datasette.desk.navigation import View, follow, open_view, return_to
from db.datasette.desk.progress import last_decisions, queues
from db.datasette.desk.tasks import CONFLICTS, task_of
from db.datasette.desk.view import Look

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from datasette.app import Datasette
    from datasette.utils.asgi import Request

hookimpl = HookimplMarker("datasette")  # what datasette.hookimpl is, with its type

MOST = 65_536  # bytes of a form
PART = "x-desk"  # the header of a request that wants the screen only, not the page around it


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    """Put the desk beside the corpus' tables, never among them."""
    return [
        (r"^/-/review$", overview),
        (r"^/-/review/desk$", desk),
        (r"^/-/review/vote$", vote),
        (r"^/-/review/undo$", undo),
        (r"^/-/review/spread$", spread_decision),
    ]


@hookimpl
def menu_links(datasette: Datasette) -> list[dict[str, str]]:
    """Lead to the desk where somebody may sit at it."""
    told = settings(datasette)
    open_ = told.get("single") or told.get("roles")
    return [{"href": datasette.urls.path("/-/review"), "label": "Review"}] if open_ else []


@hookimpl
def extra_template_vars(datasette: Datasette) -> dict[str, Any]:
    """Say to every template whether people sign in here; an unused login page is not led to."""
    return {"team": bool(settings(datasette).get("roles"))}


async def overview(datasette: Datasette, request: Request) -> Response:
    """Show what there is to do."""
    coder = await coder_at(datasette, request)
    if coder is None:
        return await closed(datasette, request)
    codes = load_codes()

    def read(db: sqlite3.Connection) -> dict[str, Any]:
        reading = coder.role != ADJUDICATOR
        return {
            "queues": queues(db, coder, codes.questions) if reading else [],
            "conflicts": len(conflicts(db, coder.round)),
            "decisions": last_decisions(db, coder, codes.questions),
        }

    facts = await (await open_room(datasette)).run(read)
    shown = {"coder": coder, "questions": codes.questions, "adjudicates": coder.role == ADJUDICATOR}
    return await render(datasette, request, "clinicwatch-review.html", facts | shown)


async def desk(datasette: Datasette, request: Request) -> Response:
    """Show one document with what is asked about it."""
    coder = await coder_at(datasette, request)
    if coder is None:
        return await closed(datasette, request)
    look = _look(coder, request.args)
    at, after = _number(request.args.get("at")), _number(request.args.get("after"))
    told = await (await open_room(datasette)).run(lambda db: open_view(db, look, at, after))
    return await _answer(datasette, request, told)


async def vote(datasette: Datasette, request: Request) -> Response:
    """Store a decision, then show what follows."""
    codes = load_codes()

    def work(db: sqlite3.Connection, look: Look, sent: Sent) -> View:
        decide(db, codes, sent)
        if sent.fields.get("code", "").startswith("_"):
            return open_view(db, look, sent.number("at"))
        return follow(db, look, sent.number("at"))

    return await _write(datasette, request, work)


async def undo(datasette: Datasette, request: Request) -> Response:
    """Take the last decision back, and show where it was made."""

    def work(db: sqlite3.Connection, look: Look, sent: Sent) -> View:
        row = take_back(db, sent)
        return return_to(db, look, row) if row else open_view(db, look, _number(sent.fields.get("at")))

    return await _write(datasette, request, work)


async def spread_decision(datasette: Datasette, request: Request) -> Response:
    """Give the last decision to the rest of the family, and stay where the coder is."""

    def work(db: sqlite3.Connection, look: Look, sent: Sent) -> View:
        spread(db, sent)
        return open_view(db, look, _number(sent.fields.get("at")))

    return await _write(datasette, request, work)


async def _write(
    datasette: Datasette, request: Request, work: Callable[[sqlite3.Connection, Look, Sent], View]
) -> Response:
    if request.method != "POST":
        return Response.text("This address takes what the desk sends (POST)", status=405, headers={"Allow": "POST"})
    coder = await coder_at(datasette, request)
    if coder is None:
        raise Forbidden("Only a signed-in coder may write")
    pairs = await _form(request)
    fields = dict(pairs)
    if not is_own_request(datasette, request, coder, fields.get("token", "")):
        raise Forbidden("This was not sent by a page of this desk; open the desk again")
    values = tuple(value for name, value in pairs if name == "value")
    sent = Sent(coder, datetime.now(UTC).isoformat(timespec="milliseconds"), fields, values)
    look = _look(coder, fields)
    try:
        told = await (await open_room(datasette)).run(lambda db: work(db, look, sent))
    except VoteError as error:
        return Response.text(f"Not stored: {error}", status=400)
    if PART not in request.headers:
        return Response.redirect(datasette.urls.path(f"/-/review/desk{told.url}"))
    return await _answer(datasette, request, told)


async def _form(request: Request) -> list[tuple[str, str]]:
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > MOST:
        raise Forbidden("This form is too long")
    body = await request.post_body()
    try:
        return parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=200)
    except ValueError as error:
        raise Forbidden("This form has too many fields") from error


def _look(coder: Coder, fields: Any) -> Look:
    questions = load_codes().questions
    kind = CONFLICTS if coder.role == ADJUDICATOR else fields.get("task")
    task = task_of(kind if kind != CONFLICTS or coder.role == ADJUDICATOR else None, fields.get("set"), questions)
    chosen = fields.get("q")
    return Look(coder, task, questions, _number(chosen) if chosen else None)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0


async def _answer(datasette: Datasette, request: Request, told: View) -> Response:
    assert told.look
    coder = told.look.coder
    facts = {
        "view": told,
        "screen": told.screen,
        "task": told.look.task,
        "coder": coder,
        "questions": told.look.questions,
        "token": token_for(datasette, coder),
        "decision": secrets.token_urlsafe(16),
    }
    template = "_clinicwatch-desk.html" if PART in request.headers else "clinicwatch-desk.html"
    answer = await render(datasette, request, template, facts)
    answer.headers["X-Desk-Url"] = datasette.urls.path(f"/-/review/desk{told.url}")
    answer.headers["Cache-Control"] = "no-store"
    return answer


if IS_065:

    @hookimpl
    def permission_allowed(datasette: Datasette, actor: Any, action: str) -> bool | None:
        """Let the coders of this server's settings code."""
        return is_coder(datasette, actor) or None if action == ACTION else None

else:
    from datasette.permissions import Action, PermissionSQL

    @hookimpl
    def register_actions() -> list[Any]:
        """Give the desk a permission of its own, which a configuration may deny."""
        return [Action(name=ACTION, description="Code documents")]

    @hookimpl
    def permission_resources_sql(datasette: Datasette, actor: Any, action: str) -> Any:
        """Let the coders of this server's settings code."""
        return PermissionSQL.allow(reason="a coder") if action == ACTION and is_coder(datasette, actor) else None
