"""What a browser submits, read and trusted only where a person who may write sent it from one of our pages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from datasette.utils.asgi import Forbidden, Response

from db.datasette.review.auth import is_same_origin, permitted_coder
from db.datasette.review.decisions import SubmittedForm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datasette.app import Datasette
    from datasette.utils.asgi import Request

    from db.datasette.review.auth import Coder

__all__ = ["post_only", "submitted_form"]

MAX_FORM = 65_536  # bytes
MAX_FIELDS = 200
ANSWER = "v:"  # before a code, in the names of fields of a form with many codes
SENTENCE = "s:"  # before a code: the place of the sentence that its answer rests on


def post_only() -> Response:
    """Answer a request that is no form."""
    return Response.text("This URL takes forms (POST)", status=405, headers={"Allow": "POST"})


async def submitted_form(datasette: Datasette, request: Request) -> SubmittedForm | None:
    """Read the form of a request; ``None`` where it is none (no POST).

    Raises Forbidden where nobody who may write sent it, it is too long, or no page of ours made it.
    """
    if request.method != "POST":
        return None
    coder = await permitted_coder(datasette, request)
    if coder is None:
        raise Forbidden("Only a signed-in coder may write")
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > MAX_FORM:
        raise Forbidden("This form is too long")
    body = (await request.post_body()).decode("utf-8", "replace")
    try:
        pairs = parse_qsl(body, keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError as error:
        raise Forbidden("This form has too many fields") from error
    form = form_of(coder, pairs)
    if not is_same_origin(datasette, request, coder, form.fields.get("token", "")):
        raise Forbidden("This was not sent by a page of review; open it again")
    return form


def form_of(coder: Coder, pairs: Sequence[tuple[str, str]]) -> SubmittedForm:
    """Read the fields of a form; a code with several values has a box for each: those are the fields that repeat."""
    fields, values = dict(pairs), tuple(value for name, value in pairs if name == "value")
    if "=" in fields.get("code_value", ""):  # of a sentence that the coder marked
        fields["code"], _, chosen = fields["code_value"].partition("=")
        values = (chosen,)
    answers: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        if name.startswith(ANSWER) and value:
            answers[name.removeprefix(ANSWER)] = (*answers.get(name.removeprefix(ANSWER), ()), value)
    places = {name.removeprefix(SENTENCE): value for name, value in pairs if name.startswith(SENTENCE)}
    if fields.get("rests"):  # a sentence that is chosen for a code in the same form
        places[fields["rests"]] = fields.get("rests_on", "")
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    return SubmittedForm(coder, at, fields, values, answers, places)
