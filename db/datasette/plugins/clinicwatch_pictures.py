"""The page of pictures: growth, claims over time, codes by advertiser, coverage by state; a table beneath each."""  # noqa: INP001

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datasette.utils import sqlite3, sqlite_timelimit
from pluggy import HookimplMarker

from db.datasette.access import corpus_name
from db.datasette.answers import corpus_asked, render
from db.datasette.pictures.charts import Series, heat, lines, small_line, tiles
from db.datasette.pictures.figures import on_map, read_figures

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from datasette.app import Datasette
    from datasette.utils.asgi import Request, Response

hookimpl = HookimplMarker("datasette")  # what datasette.hookimpl is, with its type
LIMIT = 20_000  # ms; beyond it the page says that the corpus is too large to be drawn while a reader waits


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    """Put the pictures beside the tables."""
    return [(r"^/-/pictures$", pictures)]


@hookimpl(trylast=True)
def menu_links(datasette: Datasette) -> Callable[[], Awaitable[list[dict[str, str]]]]:
    """Lead to the pictures from every page, where a corpus is open."""

    async def links() -> list[dict[str, str]]:
        known = await corpus_name(datasette)
        return [{"href": datasette.urls.path("/-/pictures"), "label": "Pictures"}] if known else []

    return links


async def pictures(datasette: Datasette, request: Request) -> Response:
    """Show the pictures."""
    name = await corpus_asked(datasette, request)

    def read(db: sqlite3.Connection) -> dict[str, Any] | None:
        try:
            with sqlite_timelimit(db, LIMIT):
                return read_figures(db)
        except sqlite3.OperationalError:
            return None

    told = await datasette.get_database(name).execute_fn(read)
    facts = {"database": name, "told": told, "drawn": drawn(told) if told else {}}
    return await render(datasette, request, "clinicwatch-pictures.html", facts)


def drawn(told: dict[str, Any]) -> dict[str, Any]:
    """Draw what was read."""
    standing = told["standing"]
    later = standing[1:]  # in the first crawl everything appears
    series = [
        Series("standing", tuple((one.at, one.standing) for one in standing)),
        Series("appeared", tuple((one.at, one.appeared) for one in later)),
        Series("vanished", tuple((one.at, one.vanished) for one in later)),
    ]
    columns = list(told["names"].items())
    return {
        "growth": lines("Growth of the corpus: addresses found, pages read, texts kept", told["growth"]),
        "standing": lines("Sentences that are claim candidates, over time", series),
        "small": {
            code: small_line(f"{code} {told['names'].get(code, '')}", [(one.at, one.standing) for one in days])
            for code, days in told["by_code"].items()
        },
        "heat": heat("Pages with candidates, by advertiser and code", told["heat"], columns),
        "states": tiles("Advertisers in each state", on_map(told["states"])),
    }
