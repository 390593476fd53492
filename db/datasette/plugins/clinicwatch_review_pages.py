"""The pages beside the desk: samples with how far each coder is, and the flags."""  # noqa: INP001

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Response
from pluggy import HookimplMarker

from db.coding.flags import read_flags
from db.coding.voting import VoteError
from db.datasette.review.answers import closed
from db.datasette.review.auth import permitted_coder, token_for
from db.datasette.review.decisions import FLAG, store_decision
from db.datasette.review.forms import post_only, submitted_form
from db.datasette.review.questions import load_questions
from db.datasette.review.sample_page import change_sample, may_manage, read_samples
from db.datasette.review.votes import votes_of
from db.datasette.routes import corpus_name, private

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from datasette.app import Datasette
    from datasette.utils.asgi import Request

    from db.datasette.review.decisions import SubmittedForm

hookimpl = HookimplMarker("datasette")  # what datasette.hookimpl is, with its type


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    """Put the pages beside the desk."""
    return [(r"^/-/review/samples$", samples), (r"^/-/review/flags$", flags)]


async def samples(datasette: Datasette, request: Request) -> Response:
    """Show the samples; or hide, rename or assign one, where a form asks for that."""
    if request.method == "POST":
        return await change(datasette, request, "/-/review/samples", change_sample)
    coder = await permitted_coder(datasette, request)
    if coder is None:
        return await closed(datasette, request)
    questions = load_questions().questions
    found = await (await votes_of(datasette)).run(lambda db: read_samples(db, coder, questions))
    variables = {"coder": coder, "samples": found, "manages": may_manage(coder), "token": token_for(datasette, coder)}
    return await private(datasette, request, "clinicwatch-review-samples.html", variables)


async def flags(datasette: Datasette, request: Request) -> Response:
    """List the flags that this coder may know; or close one, where a form asks for that."""
    if request.method == "POST":
        return await change(datasette, request, "/-/review/flags", close_flag)
    coder = await permitted_coder(datasette, request)
    if coder is None:
        return await closed(datasette, request)
    found = await (await votes_of(datasette)).run(lambda db: read_flags(db, coder.name, coder.role, coder.round))
    variables = {
        "coder": coder,
        "flags": found,
        "token": token_for(datasette, coder),
        "decision": secrets.token_urlsafe(16),
        "database": await corpus_name(datasette),
    }
    return await private(datasette, request, "clinicwatch-review-flags.html", variables)


def close_flag(db: sqlite3.Connection, form: SubmittedForm) -> None:
    """Close the flags of a text that this coder may close: the own one, and for an adjudicator every coder's."""
    if form.fields.get("code") != FLAG or form.values != ("no",):
        raise VoteError("a flag is closed here, and nothing else is decided")
    store_decision(db, load_questions(), form)


async def change(
    datasette: Datasette, request: Request, page: str, work: Callable[[sqlite3.Connection, SubmittedForm], None]
) -> Response:
    """Do what a form of a page asks for, then show the page again."""
    form = await submitted_form(datasette, request)
    if form is None:
        return post_only()
    try:
        await (await votes_of(datasette)).run(lambda db: work(db, form))
    except VoteError as error:
        return Response.text(f"Not stored: {error}", status=400)
    return Response.redirect(datasette.urls.path(page))
