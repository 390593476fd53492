"""Coding: the pages of review, who may open them, the three ways to write; agreement and the table of advertisers."""  # noqa: INP001

from __future__ import annotations

import csv
import io
import secrets
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import NotFound, Response
from pluggy import HookimplMarker

from db.coding.tally import ADJUDICATOR, conflicts
from db.coding.voting import VoteError
from db.datasette.review.agreement import matrix_of, read_agreement, read_disagreements, read_recall, without_order
from db.datasette.review.answers import closed
from db.datasette.review.auth import (
    ACTION,
    IS_065,
    Coder,
    is_coder,
    permitted_coder,
    settings,
    token_for,
)
from db.datasette.review.decisions import spread, store_decision, store_page, undo_last
from db.datasette.review.forms import post_only, submitted_form
from db.datasette.review.navigation import ReviewPage, open_page, page_after, page_read, page_undone
from db.datasette.review.others import progress_of, team_queues
from db.datasette.review.progress import last_decisions, queue_counts, queues
from db.datasette.review.questions import load_questions
from db.datasette.review.queue import CONFLICTS, PAGE, READ, task_of
from db.datasette.review.table import CellView, read_cell, read_offered, read_table, view_of
from db.datasette.review.view import ReviewRequest
from db.datasette.review.votes import votes_of
from db.datasette.routes import corpus_name, number_in, private
from pipelines.coding.findings import READ_CODE
from pipelines.coding.reliability import RoundRow, round_rows
from pipelines.model.errors import UsageError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping

    from datasette.app import Datasette
    from datasette.utils.asgi import Request

    from db.datasette.review.decisions import SubmittedForm

hookimpl = HookimplMarker("datasette")  # what datasette.hookimpl is, with its type

LOW_ALPHA = 0.6  # below it a code is named above the table; Krippendorff asks for .667 at least
UNNAMED = frozenset({"prevalence"})  # tells who gave which value how often
PART = "x-review"  # the header of a request that wants the document only, not the page around it


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    """Put review beside the corpus' tables, never among them."""
    return [
        (r"^/-/review$", overview),
        (r"^/-/review/desk$", document),
        (r"^/-/review/vote$", vote),
        (r"^/-/review/page$", whole_page),
        (r"^/-/review/undo$", undo),
        (r"^/-/review/spread$", spread_decision),
        (r"^/-/review/agreement$", agreement),
        (r"^/-/review/agreement\.csv$", agreement_file),
        (r"^/-/review/agreement/(?P<code>\w{1,40})$", agreement_on_code),
        (r"^/-/review/table$", table),
        (r"^/-/review/table/cell$", table_cell),
    ]


@hookimpl(tryfirst=True)
def menu_links(datasette: Datasette) -> list[dict[str, str]]:
    """Lead to review where somebody may code."""
    configured = settings(datasette)
    is_open = configured.get("single") or configured.get("roles")
    return [{"href": datasette.urls.path("/-/review"), "label": "Review"}] if is_open else []


@hookimpl
def extra_template_vars(datasette: Datasette) -> dict[str, Any]:
    """Say to every template whether people sign in here; an unused login page is not led to."""
    return {"team": bool(settings(datasette).get("roles"))}


if IS_065:

    @hookimpl
    def permission_allowed(datasette: Datasette, actor: Any, action: str) -> bool | None:
        """Let the coders of this server's settings code."""
        return is_coder(datasette, actor) or None if action == ACTION else None

else:
    from datasette.permissions import Action, PermissionSQL

    @hookimpl
    def register_actions() -> list[Any]:
        """Give review a permission of its own, which a configuration may deny."""
        return [Action(name=ACTION, description="Code documents")]

    @hookimpl
    def permission_resources_sql(datasette: Datasette, actor: Any, action: str) -> Any:
        """Let the coders of this server's settings code."""
        return PermissionSQL.allow(reason="a coder") if action == ACTION and is_coder(datasette, actor) else None


async def overview(datasette: Datasette, request: Request) -> Response:
    """Show what there is to do."""
    coder = await permitted_coder(datasette, request)
    if coder is None:
        return await closed(datasette, request)
    questions = load_questions().questions

    def read(db: sqlite3.Connection) -> dict[str, Any]:
        adjudicates = coder.role == ADJUDICATOR
        mine = [] if adjudicates else queues(db, coder, questions)
        return {
            "queues": mine,
            "others": {one.task: progress_of(db, coder.others, one.task) for one in mine},
            "team_queues": team_queues(db, coder, questions) if adjudicates else [],
            # that somebody else marked what this coder did not is the adjudicator's to know
            "conflicts": len(conflicts(db, coder.round, lone_marks=adjudicates)),
            "can_be_shown": queue_counts(db, coder, task_of(CONFLICTS, None, questions)).total if adjudicates else 0,
            "decisions": last_decisions(db, coder, questions),
        }

    variables = await (await votes_of(datasette)).run(read)
    variables |= {"coder": coder, "questions": questions, "adjudicates": coder.role == ADJUDICATOR}
    return await private(datasette, request, "clinicwatch-review.html", variables)


async def document(datasette: Datasette, request: Request) -> Response:
    """Show one document with what is asked about it."""
    coder = await permitted_coder(datasette, request)
    if coder is None:
        return await closed(datasette, request)
    review = review_request(coder, request.args)
    at, after = number_in(request.args.get("at")), number_in(request.args.get("after"))
    page = await (await votes_of(datasette)).run(lambda db: open_page(db, review, at, after))
    return await show(datasette, request, page)


async def vote(datasette: Datasette, request: Request) -> Response:
    """Store a decision, then show what follows; a note or a flag leaves the document where it is."""
    questions = load_questions()

    def work(db: sqlite3.Connection, review: ReviewRequest, form: SubmittedForm) -> ReviewPage:
        store_decision(db, questions, form)
        code = form.fields.get("code", "")
        if code.startswith("_") and code != READ_CODE:
            return open_page(db, review, form.number("at"))
        if code == READ_CODE or review.task.kind == READ:
            return page_read(db, review, form.number("at"))
        return page_after(db, review, form.number("at"))

    return await write(datasette, request, work)


async def whole_page(datasette: Datasette, request: Request) -> Response:
    """Store the answers of the form of a page as one decision, then show what follows."""
    questions = load_questions()

    def work(db: sqlite3.Connection, review: ReviewRequest, form: SubmittedForm) -> ReviewPage:
        if review.task.kind != PAGE:
            raise VoteError("only the codes of a page are answered together")
        store_page(db, questions, form, review.task.codes)
        return page_after(db, review, form.number("at"))

    return await write(datasette, request, work)


async def undo(datasette: Datasette, request: Request) -> Response:
    """Take the last decision back, and show where it was made."""

    def work(db: sqlite3.Connection, review: ReviewRequest, form: SubmittedForm) -> ReviewPage:
        row = undo_last(db, form)
        return page_undone(db, review, row) if row else open_page(db, review, number_in(form.fields.get("at")))

    return await write(datasette, request, work)


async def spread_decision(datasette: Datasette, request: Request) -> Response:
    """Give the last decision to the rest of the family, and stay where the coder is."""

    def work(db: sqlite3.Connection, review: ReviewRequest, form: SubmittedForm) -> ReviewPage:
        spread(db, form)
        return open_page(db, review, number_in(form.fields.get("at")))

    return await write(datasette, request, work)


async def write(
    datasette: Datasette,
    request: Request,
    work: Callable[[sqlite3.Connection, ReviewRequest, SubmittedForm], ReviewPage],
) -> Response:
    """Do what a form asks for, if a coder sent it from one of our pages, and show what follows."""
    form = await submitted_form(datasette, request)
    if form is None:
        return post_only()
    review = review_request(form.coder, form.fields)
    try:
        page = await (await votes_of(datasette)).run(lambda db: work(db, review, form))
    except VoteError as error:
        return Response.text(f"Not stored: {error}", status=400)
    if PART not in request.headers:  # a browser without scripts
        return Response.redirect(datasette.urls.path(f"/-/review/desk{page.url}"))
    return await show(datasette, request, page)


def review_request(coder: Coder, fields: Mapping[str, Any]) -> ReviewRequest:
    """Read which task a URL or a form is about; an adjudicator has the conflicts, and nobody else has."""
    questions = load_questions().questions
    kind = CONFLICTS if coder.role == ADJUDICATOR else fields.get("task")
    task = task_of(kind if kind != CONFLICTS or coder.role == ADJUDICATOR else None, fields.get("set"), questions)
    chosen = fields.get("q")
    return ReviewRequest(coder, task, questions, number_in(chosen) if chosen else None)


async def show(datasette: Datasette, request: Request, page: ReviewPage) -> Response:
    """Show a document of a queue: the whole page, or the part that the script puts in its place."""
    review = page.request
    variables = {
        "review": page,
        "document": page.document,
        "task": review.task,
        "coder": review.coder,
        "questions": review.questions,
        "token": token_for(datasette, review.coder),
        "decision": secrets.token_urlsafe(16),
    }
    template = "_clinicwatch-review-document.html" if PART in request.headers else "clinicwatch-review-document.html"
    response = await private(datasette, request, template, variables)
    response.headers["X-Review-Url"] = datasette.urls.path(f"/-/review/desk{page.url}")
    return response


async def agreement(datasette: Datasette, request: Request) -> Response:
    """Show how far coders agree, a line a code."""
    coder = await permitted_coder(datasette, request)
    if coder is None:
        return await closed(datasette, request)
    codebook = load_questions().codebook
    measured = await (await votes_of(datasette)).run(lambda db: read_agreement(db, coder, codebook))
    names = {code.id: code.name for code in codebook.codes} if codebook else {}
    low = [one for one in measured if one.figures.alpha is not None and one.figures.alpha < LOW_ALPHA]
    variables = {"coder": coder, "codes": measured, "names": names, "low": low, "limit": LOW_ALPHA, "recall": ""}
    if codebook and (coder.single or coder.role == ADJUDICATOR):  # a reader may not know yet what others settled
        variables["recall"] = await (await votes_of(datasette)).run(lambda db: read_recall(db, coder, codebook))
    return await private(datasette, request, "clinicwatch-agreement.html", variables)


async def agreement_file(datasette: Datasette, request: Request) -> Response:
    """Give the figures of the page of agreement as CSV."""
    coder = await permitted_coder(datasette, request)
    if coder is None:
        return await closed(datasette, request)
    codebook = load_questions().codebook
    measured = await (await votes_of(datasette)).run(lambda db: read_agreement(db, coder, codebook))
    lines = io.StringIO()
    writer = csv.DictWriter(lines, [name for name in RoundRow.__annotations__ if name not in UNNAMED])
    writer.writeheader()
    for row in round_rows(measured, coder.round):
        writer.writerow({name: value for name, value in row.items() if name not in UNNAMED})
    headers = {"Content-Disposition": 'attachment; filename="agreement.csv"', "Cache-Control": "no-store"}
    return Response(lines.getvalue(), headers=headers, content_type="text/csv; charset=utf-8")


async def agreement_on_code(datasette: Datasette, request: Request) -> Response:
    """Show one code: its figures with intervals, who gave which value how often, and where coders differ."""
    coder = await permitted_coder(datasette, request)
    if coder is None:
        return await closed(datasette, request)
    codebook, code = load_questions().codebook, request.url_vars["code"]
    one, other = request.args.get("one"), request.args.get("two")
    cell = (one, other) if one and other else None

    def read(db: sqlite3.Connection) -> dict[str, Any]:
        measured = read_agreement(db, coder, codebook, code)
        if not measured:
            raise NotFound("Nothing that you may see was coded by two readers for this code yet")
        shown, wanted = measured[0], cell
        if coder.role == ADJUDICATOR:  # who must not learn which coder is which
            shown = without_order(shown)
            wanted = (min(cell), max(cell)) if cell else None
        return {
            "agreement": shown,
            "matrix": matrix_of(shown),
            "disagreements": read_disagreements(db, shown, wanted),
        }

    variables = await (await votes_of(datasette)).run(read)
    variables |= {
        "coder": coder,
        "code": codebook.code(code) if codebook else None,
        "cell": cell,
        "database": await corpus_name(datasette),
    }
    return await private(datasette, request, "clinicwatch-agreement-code.html", variables)


async def table(datasette: Datasette, request: Request) -> Response:
    """Show what the pages of each advertiser of a frame claim, by code, out of what is settled."""
    coder = await permitted_coder(datasette, request)
    if coder is None:
        return await closed(datasette, request)
    codebook = load_questions().codebook
    if codebook is None:
        raise NotFound("There is no codebook here")
    view = view_of(request.args)

    def read(db: sqlite3.Connection) -> dict[str, Any]:
        try:
            return read_table(db, coder, codebook, view)._asdict() | {"problem": ""}
        except UsageError as error:  # a frame that cannot be: said above the form, in place of a table
            return {"problem": str(error), "view": view, "offered": read_offered(db), "rows": {}}

    found = await (await votes_of(datasette)).run(read)
    variables = found | {"coder": coder, "database": await corpus_name(datasette)}
    status = 400 if found["problem"] else 200
    return await private(datasette, request, "clinicwatch-advertisers.html", variables, status)


async def table_cell(datasette: Datasette, request: Request) -> Response:
    """Show what one cell of the table rests on: quotes with their places, who looked at what."""
    coder = await permitted_coder(datasette, request)
    if coder is None:
        return await closed(datasette, request)
    codebook, database = load_questions().codebook, await corpus_name(datasette)
    if codebook is None or database is None:
        raise NotFound("There is no codebook here")
    key, view = (request.args.get("of") or "", request.args.get("code") or ""), view_of(request.args)

    def read(db: sqlite3.Connection) -> CellView | None:
        try:
            return read_cell(db, coder, codebook, view, key, database)
        except UsageError as error:
            raise NotFound(str(error)) from error

    found = await (await votes_of(datasette)).run(read)
    if found is None:
        raise NotFound("This table has no such cell")
    variables = found._asdict() | {"coder": coder, "database": database}
    return await private(datasette, request, "clinicwatch-advertiser-cell.html", variables)
