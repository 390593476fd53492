"""How crawled values look everywhere in Datasette: filters for templates, cells of tables, the menu."""  # noqa: INP001

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datasette import hookimpl
from markupsafe import Markup

from db.datasette.access import corpus_name
from db.datasette.wording import FILTERS, badge, day, is_web_address, short_url, weblink, with_thousands

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from datasette.app import Datasette
    from jinja2 import Environment

BADGES = frozenset({"verdict", "outcome", "state", "status"})
DAYS = frozenset({"published", "first_seen", "last_confirmed", "started_at", "ended_at", "fetched_at", "found_at", "last_fetched"})
NUMBERS = frozenset({"words", "body_bytes"})
HIDDEN = frozenset({"id", "url", "version", "language", "copy_of"})  # of documents: in the row's page and in CSV


@hookimpl
def prepare_jinja2_environment(env: Environment) -> None:
    """Give our filters to the templates."""
    env.filters.update(FILTERS)


@hookimpl
def extra_template_vars(datasette: Datasette) -> Callable[[], Awaitable[dict[str, Any]]]:
    """Name the corpus to every template."""

    async def variables() -> dict[str, Any]:
        return {"corpus": await corpus_name(datasette), "hidden_columns": HIDDEN}

    return variables


@hookimpl
def menu_links(datasette: Datasette) -> Callable[[], Awaitable[list[dict[str, str]]]]:
    """Lead to the parts of the corpus."""

    async def links() -> list[dict[str, str]]:
        name = await corpus_name(datasette)
        if name is None:
            return []
        tables = {"Documents": "documents", "Sites": "sites", "Copies": "copies", "Crawls": "crawls", "All pages": "all_pages"}
        return [{"href": datasette.urls.table(name, table), "label": label} for label, table in tables.items()]

    return links


@hookimpl
def render_cell(row: Any, value: Any, column: str, table: str | None, database: str | None, datasette: Datasette) -> Any:
    """Show a cell of the corpus; ``None`` leaves it to Datasette."""
    if value is None or isinstance(value, (dict, bytes)):
        return None
    if table == "documents" and column == "title":
        number = row["id"]["value"] if isinstance(row["id"], dict) else row["id"]  # a foreign key comes with its label
        href = datasette.urls.row(database, "documents", str(number))
        return Markup('<a href="{}">{}</a><span class="under">{}</span>').format(href, value, short_url(row["url"]))
    return _shown(value, column, table)


def _shown(value: Any, column: str, table: str | None) -> Markup | None:
    if isinstance(value, str) and is_web_address(value):
        return weblink(value)
    if table and column in DAYS:
        return Markup('<time datetime="{}" title="{}">{}</time>').format(value, value, day(value))
    if table and column in BADGES and not (column == "state" and table in {"documents", "sites"}):
        return badge(value)
    if table and column in NUMBERS and isinstance(value, int):
        return Markup(with_thousands(value))  # noqa: S704 - digits and commas
    return None
