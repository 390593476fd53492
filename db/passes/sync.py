"""Write only what differs: rows that are right already are not touched, and keep their ids."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["Table", "sync", "sync_select"]

Row = tuple[object, ...]


class Table(NamedTuple):
    """A table that a pass owns: its name, all columns that the pass writes, and how many of the first are its key."""

    name: str
    columns: tuple[str, ...]
    key: int = 1

    def upsert(self, source: str) -> str:
        """Give the statement that inserts rows from ``source``, or updates those with the same key."""
        names = ", ".join(f'"{column}"' for column in self.columns)
        key = ", ".join(f'"{column}"' for column in self.columns[: self.key])
        updates = ", ".join(f'"{column}" = excluded."{column}"' for column in self.columns[self.key :])
        action = f"UPDATE SET {updates}" if updates else "NOTHING"
        return f"INSERT INTO {self.name} ({names}) {source} ON CONFLICT ({key}) DO {action}"


def sync(
    db: sqlite3.Connection, table: Table, rows: Iterable[Row], where: str = "true", values: Sequence[object] = ()
) -> int:
    """Make the rows of a table that fulfil ``where`` these; gives how many were added, changed or removed.

    Rows are tuples in the order of the table's columns; made for the rows of a unit or of a small table. The caller
    holds the transaction.
    """
    names = ", ".join(f'"{column}"' for column in table.columns)
    stored = {row[: table.key]: row for row in db.execute(f"SELECT {names} FROM {table.name} WHERE {where}", values)}
    wanted = {row[: table.key]: row for row in rows}
    gone = [key for key in stored if key not in wanted]
    new = [row for key, row in wanted.items() if stored.get(key) != row]
    match = " AND ".join(f'"{column}" IS ?' for column in table.columns[: table.key])
    db.executemany(f"DELETE FROM {table.name} WHERE {match}", gone)
    db.executemany(table.upsert(f"VALUES ({', '.join('?' * len(table.columns))})"), new)
    return len(gone) + len(new)


def sync_select(
    db: sqlite3.Connection, table: Table, select: str, values: Mapping[str, object] | Sequence[object] = ()
) -> int:
    """Make a table hold the rows of a query, compared by the database: for tables as long as the corpus.

    The query's columns are in the order of the table's. The caller holds the transaction.
    """
    names = ", ".join(f'"{column}"' for column in table.columns)
    key = ", ".join(f'"{column}"' for column in table.columns[: table.key])
    db.execute("DROP TABLE IF EXISTS temp.wanted")
    db.execute(f"CREATE TEMP TABLE wanted AS SELECT {names} FROM {table.name} WHERE false")
    db.execute(f"INSERT INTO temp.wanted {select}", values)
    db.execute(f"CREATE INDEX temp.wanted_key ON wanted ({key})")
    one = len(table.columns[: table.key]) == 1
    # what triggers write is no row of the table
    gone = db.execute(
        f"DELETE FROM {table.name} WHERE {key if one else f'({key})'} NOT IN (SELECT {key} FROM temp.wanted)"
    ).rowcount
    rows = f"SELECT * FROM (SELECT * FROM temp.wanted EXCEPT SELECT {names} FROM {table.name})"
    changed = gone + db.execute(table.upsert(f"{rows} WHERE true")).rowcount
    db.execute("DROP TABLE temp.wanted")
    return changed
