"""How crawled values look everywhere in Datasette: filters for templates, cells of tables, the menu."""  # noqa: INP001

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from pluggy import HookimplMarker

from db.datasette.access import corpus_name
from db.datasette.overview import COUNTS, DATASET_FILTER
from db.datasette.wording import (
    FILTERS,
    badge,
    day,
    is_web_address,
    moment,
    path_of,
    short_url,
    weblink,
    with_thousands,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from datasette.app import Datasette
    from jinja2 import Environment

hookimpl = HookimplMarker("datasette")  # what datasette.hookimpl is, with its type

BADGES = frozenset({"verdict", "outcome", "state", "status"})
MOMENTS = frozenset({"started_at", "ended_at", "fetched_at"})
DAYS = frozenset({"published", "first_seen", "last_confirmed", "found_at", "last_fetched", *MOMENTS})
NUMBERS = frozenset({"words", "body_bytes"})
# columns that a listing leaves out unless ?_col= asks for some; the row's own page, CSV and JSON have them
HIDDEN = {
    "documents": {"id", "url", "version", "language", "copy_of"},
    "pages": {
        "id",
        "kind",
        "depth",
        "run",
        "lastmod",
        "alias_of",
        "crawl",
        "moved_to",
        "failures",
        "last_confirmed",
        "etag",
    }
    | {"last_modified", "body_sha256", "dom_digest", "version", "due_at", "found_on"},
    "sites": {"id", "added_at", "robots_at", "frame_key", "crawl_delay"},
    "all_pages": {"page", "crawl", "failures", "due_at", "moved_to", "last_confirmed", "found_at", "advertiser", "how"}
    | {"found_on", "site"},
    "copies": {"page", "copy_of_page"},
    "crawls": {"scope", "settings", "tools", "totals", "funnel"},
    "captures": {"redirect_to", "content_encoding", "etag", "last_modified", "robots", "noindex", "noarchive"}
    | {"tdm_reserved", "warc_length"},
}
# cells that lead to a row: of which table, and which column of theirs has its number
ROW_LINKS = {
    ("all_pages", "title"): ("pages", "page"),
    ("corpus", "title"): ("pages", "page"),
    ("sites", "host"): ("sites", "id"),
}
# columns that a listing shows first; the others follow in the table's order
LEADING = {"all_pages": ("title",), "corpus": ("title",)}
PARTS = {
    "Changes": "/-/changes",
    "Documents": "documents",
    "Families": "/-/families",
    "Sites": "sites",
    "Copies": "copies",
    "Crawls": "crawls",
    "All pages": "all_pages",
}
# where a column names a page of the corpus, and which column has its number
PAGES = {"url": "page", "copy_of": "copy_of_page"}


@hookimpl
def prepare_jinja2_environment(env: Environment, datasette: Datasette) -> None:
    """Give our filters to the templates; Datasette leaves the menu out of error pages, and `parts` puts it there."""
    env.filters.update(FILTERS)
    env.globals["parts"] = lambda: _parts(datasette)


@hookimpl
def extra_template_vars(datasette: Datasette, table: str | None) -> Callable[[], Awaitable[dict[str, Any]]]:
    """Name the corpus to every template, and to the list of documents how many of them the dataset has."""

    async def variables() -> dict[str, Any]:
        name = await corpus_name(datasette)
        ours = {"corpus": name, "hidden_columns": HIDDEN, "leading": LEADING, "dataset_filter": DATASET_FILTER}
        if name and table == "documents":
            counted = await datasette.get_database(name).execute(COUNTS["documents"])
            return ours | {"dataset_rows": counted.single_value()}
        return ours

    return variables


@hookimpl
def menu_links(datasette: Datasette) -> Callable[[], Awaitable[list[dict[str, str]]]]:
    """Lead to the parts of the corpus."""

    async def links() -> list[dict[str, str]]:
        return await _parts(datasette)

    return links


async def _parts(datasette: Datasette) -> list[dict[str, str]]:
    name = await corpus_name(datasette)
    if name is None:
        return []
    urls = datasette.urls
    return [
        {"href": urls.path(part) if part.startswith("/") else urls.table(name, part), "label": label}
        for label, part in PARTS.items()
    ]


@hookimpl
def render_cell(  # noqa: PLR0913 - the hook's arguments
    row: Any, value: Any, column: str, table: str | None, database: str | None, datasette: Datasette
) -> Any:
    """Show a cell of the corpus; ``None`` leaves it to Datasette."""
    if value is None or isinstance(value, (dict, bytes)):
        return None
    if table == "documents" and column == "title":
        href = datasette.urls.row(database, "documents", str(_number(row["id"])))
        copy = Markup(' <span class="badge">copy</span>') if row["copy_of"] else ""
        return Markup('<a href="{}">{}</a>{}<span class="under">{}</span>').format(
            href, value, copy, path_of(row["url"])
        )
    link = ROW_LINKS.get((table or "", column))
    if link:
        to, key = link
        return Markup('<a href="{}">{}</a>').format(datasette.urls.row(database, to, str(row[key])), value)
    if table == "captures" and column == "warc_file":
        record = f"{datasette.urls.row(database, 'captures', str(_number(row['id'])))}/record"
        return Markup('<a href="{}" download>{}</a>').format(record, value)
    page = _page(row, column, table)
    if page is not None:
        return Markup('<a href="{}">{}</a>').format(
            datasette.urls.row(database, "pages", str(page)), short_url(str(value))
        )
    return _shown(value, column, table)


def _page(row: Any, column: str, table: str | None) -> int | None:
    """Name the page of the corpus that a cell's address is, so that a listing leads there and not to the live web."""
    key = "id" if table == "pages" and column == "url" else PAGES.get(column)
    return _number(row[key]) if table and key and key in row.keys() else None  # noqa: SIM118 - a row iterates values


def _number(value: Any) -> Any:
    return value["value"] if isinstance(value, dict) else value  # a foreign key comes with its label


def _shown(value: Any, column: str, table: str | None) -> Markup | None:
    if isinstance(value, str) and is_web_address(value):
        return weblink(value)
    if table and column in DAYS:
        return Markup('<time datetime="{}" title="{}">{}</time>').format(
            value, value, moment(value) if column in MOMENTS else day(value)
        )
    if table and column in BADGES and not (column == "state" and table in {"documents", "sites"}):
        return badge(value, column)
    if table and column in NUMBERS and isinstance(value, int):
        return Markup(with_thousands(value))  # noqa: S704 - digits and commas
    return None
