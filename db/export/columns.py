"""What a table of the export is made of: columns with their meaning, and how the dictionary of them is written."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an exported table.

    ``type`` is one of Table Schema's. ``missing`` says what an empty cell means; a column without it is never empty.
    ``sql`` is the expression that fills it, its own name where that is empty. ``source`` says what a value is derived
    from. ``meanings`` explain the values of a closed list whose words do not say it.
    """

    name: str
    type: str
    description: str
    missing: str = ""
    unit: str = ""
    values: tuple[str, ...] = ()
    meanings: Mapping[str, str] = field(default_factory=dict)
    pattern: str = ""
    sql: str = ""
    source: str = ""
    since: str = "0.1.0"


@dataclass(frozen=True, slots=True)
class Table:
    """An exported table; ``origin`` is the FROM clause, empty where the rows are not one query's."""

    name: str
    title: str
    origin: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    references: tuple[tuple[str, str], ...] = ()

    @property
    def file(self) -> str:
        """Name the table's file."""
        return f"{self.name}.csv"

    @property
    def select(self) -> str:
        """Write the query that fills the table, in the order of its key, which is indexed: nothing is sorted."""
        chosen = ", ".join(f'{column.sql or column.name} AS "{column.name}"' for column in self.columns)
        first = next(column for column in self.columns if column.name == self.key[0])
        return f"SELECT {chosen} FROM {self.origin} ORDER BY {first.sql or first.name}"


def derived_from(table: Table, column: Column) -> str:
    """Say where a column's values come from: what its row says, else the column of the corpus."""
    where = column.sql or f"{table.origin.split()[0] if table.origin else table.name}.{column.name}"
    return column.source or where


class DictionaryRow(NamedTuple):
    """A row of ``data_dictionary.csv``: what one column of one table means."""

    table: str
    column: str
    type: str
    unit: str
    allowed_values: str | None
    missing_meaning: str
    description: str
    derived_from: str
    since_version: str
    value_meanings: str | None


def dictionary_rows(tables: Iterable[Table]) -> Iterator[DictionaryRow]:
    """Give the rows of ``data_dictionary.csv``: one for each column of each table, its own among them."""
    for table in tables:
        for column in table.columns:
            values = json.dumps([str(value) for value in column.values]) if column.values else None
            yield DictionaryRow(
                table.name,
                column.name,
                column.type,
                column.unit,
                values,
                column.missing,
                column.description,
                derived_from(table, column),
                column.since,
                json.dumps({str(value): text for value, text in column.meanings.items()}, ensure_ascii=False)
                if column.meanings
                else None,
            )


def markdown(tables: Iterable[Table]) -> str:
    """Write the dictionary as Markdown, for ``docs/data-dictionary.md``."""
    lines = []
    for table in tables:
        lines += [
            f"## {table.file}\n\n{table.title}. Key: {', '.join(f'`{name}`' for name in table.key)}.\n",
            "| column | type | what it says | unit | empty means | derived from |\n|---|---|---|---|---|---|",
        ]
        for column in table.columns:
            says = column.description + (f" One of: {', '.join(column.values)}." if column.values else "")
            says += " The [glossary](glossary.md) explains them." if column.meanings else ""
            cells = (f"`{column.name}`", column.type, says, column.unit, column.missing, derived_from(table, column))
            lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
        lines.append("")
    return "\n".join(lines)
