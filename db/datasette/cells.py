"""How the tables of the corpus are listed: which columns a list leaves out or leads with, what a cell shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from db.datasette.formatting import badge, day, is_web_address, moment, path_of, short_url, weblink, with_thousands

if TYPE_CHECKING:
    from datasette.app import Datasette

BADGES = frozenset({"verdict", "outcome", "state", "status"})
MOMENTS = frozenset({"started_at", "ended_at", "fetched_at"})
DAYS = frozenset({"published", "first_seen", "last_confirmed", "found_at", "last_fetched", *MOMENTS})
NUMBERS = frozenset({"words", "body_bytes"})
# columns that a listing leaves out unless ?_col= asks for some; the row's own page, CSV and JSON have them
HIDDEN = {
    "documents": {"id", "url", "version", "language", "copy_of"},
    "pages": {
        "id", "kind", "depth", "run", "lastmod", "alias_of", "crawl", "moved_to", "failures", "last_confirmed", "etag",
        "last_modified", "body_sha256", "visible_hash", "dom_digest", "brought_by", "version", "due_at", "found_on",
    },
    "sites": {"id", "added_at", "robots_at", "frame_key", "crawl_delay"},
    "all_pages": {
        "page", "crawl", "failures", "due_at", "moved_to", "last_confirmed", "found_at", "advertiser", "how",
        "found_on", "site",
    },
    "copies": {"page", "copy_of_page"},
    "claim_ledger": {"id"},
    "crawls": {"scope", "settings", "tools", "totals", "funnel"},
    "captures": {
        "redirect_to", "content_encoding", "etag", "last_modified", "robots", "noindex", "noarchive", "tdm_reserved",
        "warc_length",
    },
}  # fmt: skip
# columns that a listing shows first; the others follow in the table's order
LEADING = {"all_pages": ("title",), "corpus": ("title",)}
# cells that lead to a row: of which table, and which column of theirs has its number
ROW_LINKS = {
    ("all_pages", "title"): ("pages", "page"),
    ("corpus", "title"): ("pages", "page"),
    ("sites", "host"): ("sites", "id"),
    # Datasette links the keys of tables by itself, those of views it does not
    ("versions", "id"): ("versions", "id"),
}
# a URL of the corpus leads to our page of it and not to the live web: which column has its number
PAGE_OF = {"url": "page", "copy_of": "copy_of_page"}


def cell(
    datasette: Datasette, database: str | None, table: str | None, row: Any, column: str, value: Any
) -> Markup | None:
    """Write a cell of a table of the corpus; ``None`` where Datasette's own way is right."""
    if value is None or isinstance(value, (dict, bytes)):
        return None
    if table == "documents" and column == "title":
        duplicate = Markup(' <span class="badge">copy</span>') if row["copy_of"] else ""
        return Markup('<a href="{}">{}</a>{}<span class="under">{}</span>').format(
            datasette.urls.row(database, table, str(plain(row["id"]))), value, duplicate, path_of(row["url"])
        )
    if (table, column) in ROW_LINKS:
        linked, key = ROW_LINKS[table or "", column]
        return Markup('<a href="{}">{}</a>').format(datasette.urls.row(database, linked, str(row[key])), value)
    if table == "captures" and column == "warc_file":
        record = f"{datasette.urls.row(database, table, str(plain(row['id'])))}/record"
        return Markup('<a href="{}" download>{}</a>').format(record, value)
    key = "id" if (table, column) == ("pages", "url") else PAGE_OF.get(column, "")
    page = plain(row[key]) if table and key in row.keys() else None  # noqa: SIM118 - a row iterates values
    if page is not None:
        return Markup('<a href="{}">{}</a>').format(
            datasette.urls.row(database, "pages", str(page)), short_url(str(value))
        )
    return formatted(value, column, table)


def plain(value: Any) -> Any:
    """Give a value without the label that Datasette puts beside a foreign key."""
    return value["value"] if isinstance(value, dict) else value


def formatted(value: Any, column: str, table: str | None) -> Markup | None:
    """Write a value by what its column holds; ``None`` for one that is shown as it is."""
    if isinstance(value, str) and is_web_address(value):
        return weblink(value)
    if not table:  # a query of a visitor may name its columns as it likes
        return None
    if column in DAYS:
        shown = moment(value) if column in MOMENTS else day(value)
        return Markup('<time datetime="{}" title="{}">{}</time>').format(value, value, shown)
    if column in BADGES and not (column == "state" and table in {"documents", "sites"}):
        return badge(value)
    if column in NUMBERS and isinstance(value, int):
        return Markup(with_thousands(value))  # noqa: S704 - digits and commas
    return None
