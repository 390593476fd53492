"""Which of the open databases is the corpus, and who may read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datasette import Forbidden

if TYPE_CHECKING:
    from datasette.app import Datasette


async def corpus_name(datasette: Datasette) -> str | None:
    """Name the database that is the corpus, whatever its file is called; ``None`` where none is open."""
    for name, database in datasette.databases.items():
        if database.path and {"documents", "versions_fts"} <= set(await database.table_names()):
            return str(name)
    return None


async def check_may_read(datasette: Datasette, actor: Any, database: str) -> None:
    """Ask Datasette for the right to view a database, as its own pages do; open unless a permission says otherwise."""
    if hasattr(datasette, "ensure_permissions"):
        await datasette.ensure_permissions(actor, [("view-database", database), "view-instance"])
        return
    from datasette.resources import DatabaseResource  # noqa: PLC0415 - from 1.0a20 on

    allowed = await datasette.allowed(action="view-database", resource=DatabaseResource(database), actor=actor)
    if not allowed:
        raise Forbidden("view-database")
