"""Where the votes of an open corpus are read and written: one thread with one connection, which nobody else has.

Datasette never opens this database, so no table page, no SQL and no download of it leads here. One thread means that
votes are cast one after another: no coder ever meets a lock of another one.
"""

from __future__ import annotations

import asyncio
import sqlite3  # noqa: TC003 - a type variable is bound at run time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from weakref import WeakKeyDictionary

from datasette.utils.asgi import NotFound

from db.coding.votes_file import attach_corpus, claim_unit, open_review
from db.datasette.routes import corpus_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from datasette.app import Datasette

Result = TypeVar("Result")


class VotesThread:
    """The thread and the connection for the votes of one corpus; opened at the first request."""

    def __init__(self, corpus: Path) -> None:
        self.corpus = corpus
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="votes")
        self._connection: sqlite3.Connection | None = None

    async def run(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Do something with the votes, which see the corpus as ``corpus``; what it raises is raised here."""

        def in_thread() -> Result:
            # SQLite's connections belong to the thread that opened them
            if self._connection is None:
                connection = open_review(self.corpus)
                attach_corpus(connection, self.corpus)
                connection.create_function("claim_unit", 2, claim_unit, deterministic=True)
                self._connection = connection
            return work(self._connection)

        return await asyncio.get_running_loop().run_in_executor(self._executor, in_thread)


_threads: WeakKeyDictionary[Datasette, VotesThread] = WeakKeyDictionary()


async def votes_of(datasette: Datasette) -> VotesThread:
    """Give the thread with the votes of the corpus that is open; a 404 where none is."""
    if datasette not in _threads:
        name = await corpus_name(datasette)
        if name is None:
            raise NotFound("No corpus is open here")
        _threads[datasette] = VotesThread(Path(datasette.get_database(name).path))
    return _threads[datasette]
