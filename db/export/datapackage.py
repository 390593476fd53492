"""The Data Package descriptor of an export: Table Schema made from the dictionary, sizes and hashes from the files."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from db.export.dictionary import TABLES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from db.export.columns import Column, Table

NAME = "clinicwatch-export"
DIALECT = {
    "delimiter": ",",
    "quoteChar": '"',
    "doubleQuote": True,
    "lineTerminator": "\r\n",
    "skipInitialSpace": False,
    "header": True,
}


@dataclass(frozen=True, slots=True)
class File:
    """A file that was written: its rows, bytes and SHA-256."""

    name: str
    rows: int
    bytes: int
    sha256: str


def weigh(path: Path, rows: int) -> File:
    """Measure a file that was written."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return File(path.name, rows, path.stat().st_size, digest)


def release(files: Sequence[File]) -> str:
    """Name a release by its contents: the same rows have the same name, whenever they were exported."""
    return hashlib.sha256("".join(file.sha256 for file in files).encode()).hexdigest()[:12]


def descriptor(files: Sequence[File], facts: dict[str, Any]) -> dict[str, Any]:
    """Describe an export; ``facts`` are ``created``, ``tools`` and what else its maker knows."""
    return {
        "profile": "tabular-data-package",
        "name": NAME,
        "id": release(files),
        "title": "What clinics tell patients: pages, texts and evidence",
        "description": "An export of a clinicwatch corpus. See README.md; data_dictionary.csv explains each column.",
        **facts,
        "resources": [resource(table, file) for table, file in zip(TABLES, files, strict=True)],
    }


def resource(table: Table, file: File) -> dict[str, Any]:
    """Describe one file."""
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "title": table.title,
        "path": file.name,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": DIALECT,
        "rows": file.rows,
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
        "schema": schema(table),
    }


def schema(table: Table) -> dict[str, Any]:
    """Write a table's columns, keys and references as Table Schema."""
    written: dict[str, Any] = {
        "fields": [field(column) for column in table.columns],
        "missingValues": [""],
        "primaryKey": list(table.key),
    }
    if table.references:
        written["foreignKeys"] = []
        for column, target in table.references:
            resource_name, _, target_column = target.partition(".")
            reference = {"resource": "" if resource_name == table.name else resource_name, "fields": target_column}
            written["foreignKeys"].append({"fields": column, "reference": reference})
    return written


def field(column: Column) -> dict[str, Any]:
    """Write a column as a Table Schema field."""
    constraints = {
        "required": not column.missing,
        "enum": [str(value) for value in column.values],
        "pattern": column.pattern,
    }
    written: dict[str, Any] = {"name": column.name, "type": column.type, "description": column.description}
    written["constraints"] = {name: value for name, value in constraints.items() if value}
    if column.type == "boolean":
        written |= {"trueValues": ["true"], "falseValues": ["false"]}
    return written | ({"unit": column.unit} if column.unit else {})
