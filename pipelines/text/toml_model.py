"""A TOML file that a person wrote becomes a checked model, or one line that says what is wrong, where, and what to do.

``load_toml_model(text, Book, "book.toml")``, where ``Book`` is a :class:`TomlModel` such as ``class Book(TomlModel):
name: Text; codes: Listed[Code]``. Imported by what reads such files alone: pydantic takes 40 ms to import.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, cast, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipelines.model.errors import UsageError
from pipelines.text.toml_positions import line_of, syntax_line

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

__all__ = ["Listed", "ProblemAt", "Text", "TomlModel", "load_toml_model"]

T = TypeVar("T")
ModelT = TypeVar("ModelT", bound="TomlModel")
Place = tuple[str | int, ...]

Text = Annotated[str, Field(min_length=1)]
Listed = Annotated[tuple[T, ...], Field(strict=False)]  # TOML has lists, a frozen model has tuples

# what a value has to be, by the beginning of pydantic's name of the error: its own sentences speak of Python
WANTED = {
    "string_too_short": "must not be empty",
    "too_short": "must not be empty",
    "string": "must be text in quotes",
    "tuple": "must be a list in [ ]",
    "bool": "must be true or false",
    "int": "must be a whole number",
    "float": "must be a number",
    "date": "must be a day such as 2025-01-21, without quotes",
    "dict": "must be a table",
    "model": "must be a table",
    "greater_than_equal": "must be {ge} or more",
    "greater_than": "must be above {gt}",
    "less_than_equal": "must be at most {le}",
    "less_than": "must be below {lt}",
    "literal_error": "must be one of {expected}",
}


class TomlModel(BaseModel):
    """Base of what is read from TOML: unknown fields are refused and nothing is converted ("3" is no number)."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class ProblemAt(ValueError):  # noqa: N818 - says what it holds
    """Raised by a model's validator for what is wrong below the model: the place from there, and the problem.

    A plain ``ValueError`` stands for the whole value that the validator was given.
    """

    def __init__(self, problem: str, *place: str | int) -> None:
        super().__init__(problem)
        self.place = place


def load_toml_model(text: str, model: type[ModelT], file: str, error: type[UsageError] = UsageError) -> ModelT:
    """Read a TOML text into a model; raises ``error`` with ``file:line: table: problem`` for the first problem."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as cause:
        line, problem = syntax_line(str(cause), text)
        raise error(f"{file}:{line}: this is not TOML: {problem}; check quotes and brackets there") from cause
    try:
        return model.model_validate(data)
    except ValidationError as cause:
        # a misspelt name is unknown and its right name missing: the first is what a person sees in the file
        first = min(
            cause.errors(include_url=False),
            key=lambda one: (one["type"] == "missing", line_of(text, _place_of(one))),
        )
        place = _place_of(first)
        table = _table_of(data, place if "error" in first.get("ctx", {}) else place[:-1])
        raise error(f"{file}:{line_of(text, place)}: {table}{_say(first, place, model)}") from cause


def _place_of(details: ErrorDetails) -> Place:
    """Give the keys and numbers that lead to what is wrong; of a dictionary's key pydantic says ``[key]`` behind it."""
    raised = details.get("ctx", {}).get("error")
    deeper = raised.place if isinstance(raised, ProblemAt) else ()
    return (*(step for step in details["loc"] if step != "[key]"), *deeper)


def _table_of(data: Any, place: Place) -> str:
    """Name the tables that a place leads through, as in ``code K1_flat, cue one: ``; nothing at the top of a file."""
    names: list[str] = []
    for step in place:
        data = data[step]
        if isinstance(step, str) and isinstance(data, dict | list):
            names.append(step)
        elif isinstance(step, int) and isinstance(data, dict):  # the third of [[codes]] is the code of its name
            names[-1] = f"{names[-1].removesuffix('s')} {data.get('id') or data.get('name') or step + 1}"
    return f"{', '.join(names)}: " if names else ""


def _say(details: ErrorDetails, place: Place, model: type[TomlModel]) -> str:
    """Say what is wrong with the last step of a place, and what to do."""
    kind, context, last = details["type"], details.get("ctx", {}), str(place[-1]) if place else ""
    if "error" in context:
        return str(context["error"])
    if kind in ("missing", "extra_forbidden"):
        fields = _model_at(model, place[:-1]).model_fields
        if kind == "missing":
            return f"has no {last}; add {_written(last, fields[last].annotation)}"
        return f"unknown field {last!r}; known are {', '.join(fields)}"
    name = f"number {place[-1] + 1}" if isinstance(place[-1], int) else last
    wanted = next((text for begin, text in WANTED.items() if kind.startswith(begin)), None)
    limits = {key: f"{value:g}" if isinstance(value, float) else value for key, value in context.items()}
    problem = wanted.format(**limits) if wanted else details["msg"]
    return f"{name} {problem}, not {details['input']!r:.40}"


def _model_at(model: Any, place: Place) -> type[BaseModel]:
    """Find the model that a place leads to, through the lists and dictionaries of models on the way."""
    for step in place:
        if isinstance(model, type) and issubclass(model, BaseModel):
            model = model.model_fields[str(step)].annotation
        else:
            model = [each for each in get_args(model) if each is not Ellipsis][-1]
        while get_origin(model) is Annotated:
            model = get_args(model)[0]
    return cast("type[BaseModel]", model)


def _written(name: str, annotation: Any) -> str:
    """Say how a missing field is written in TOML."""
    inner = next(iter(get_args(annotation)), None)
    if get_origin(annotation) is tuple and isinstance(inner, type) and issubclass(inner, BaseModel):
        return f"a table [[{name}]] for each"
    is_table = get_origin(annotation) is dict or (isinstance(annotation, type) and issubclass(annotation, BaseModel))
    return f"a table [{name}]" if is_table else f"a line {name} = ..."
