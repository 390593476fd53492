"""Where the votes of an open corpus are worked on: one thread with one connection, which nobody else has.

Datasette never learns of this database, so no table page, no SQL and no download of it leads here. One thread means
that votes are cast one after another: no reader ever meets a lock of another one.
"""

from __future__ import annotations

import asyncio
import sqlite3  # noqa: TC003 - a type variable is bound at run time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from weakref import WeakKeyDictionary

from db.coding.votes_file import attach_corpus, claim_unit, open_review
from db.datasette.routes import corpus_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from datasette.app import Datasette

Result = TypeVar("Result")


class Room:
    """The thread and the connection for the votes of one corpus; opened at the first question."""

    def __init__(self, corpus: Path) -> None:
        self.corpus = corpus
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="votes")
        self._connection: sqlite3.Connection | None = None

    async def run(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Do something with the votes, which see the corpus as ``corpus``; what it raises is raised here."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._do, work)

    def _do(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        if self._connection is None:
            self._connection = open_for_desk(self.corpus)
        return work(self._connection)


def open_for_desk(corpus: Path) -> sqlite3.Connection:
    """Open the votes of a corpus with the corpus beside them, to be read only."""
    connection = open_review(corpus)
    attach_corpus(connection, corpus)
    connection.create_function("claim_unit", 2, claim_unit, deterministic=True)
    return connection


_rooms: WeakKeyDictionary[Datasette, Room] = WeakKeyDictionary()


async def room_of(datasette: Datasette) -> Room | None:
    """Give the room of the corpus that is open; ``None`` where none is."""
    if datasette not in _rooms:
        name = await corpus_name(datasette)
        if name is None:
            return None
        _rooms[datasette] = Room(Path(datasette.get_database(name).path))
    return _rooms[datasette]
