"""The README of an export, for someone who has the folder and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.export.datapackage import release
from db.export.dictionary import TABLES
from db.schema.vocabulary import LISTING_NAMES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from db.export.datapackage import File

EMPTY = "**The corpus held no documents on the topic yet: `documents.csv` has its columns and no rows.**\n\n"
ESCAPED = """This export was made **for spreadsheets**: text that begins with `=`, `+`, `-`, `@`, a tab or a carriage
return has an apostrophe put before it. Use an export without that option for analysis."""
EXACT = """Values are exactly what the pages said. A text that begins with `=`, `+`, `-` or `@` is run as a formula by
spreadsheet programs, and the pages are other people's: import such columns as text, or ask for an export
with escaped formulas, which puts an apostrophe before them."""
README = """# What clinics tell patients: an export of a clinicwatch corpus

{empty}Release `{release}`, created {created}.

## What this is
Pages of clinics, telehealth providers and others that write about a treatment, collected from the public web by a
crawler that obeys robots.txt, with the text of each page, where it was found, and where the bytes lie that prove it.

| file | rows | what |
|---|---:|---|
{files}

`data_dictionary.csv` explains each column: its type, unit, allowed values, what an empty cell means, and what it was
derived from. `datapackage.json` says the same to programs (Data Package with Table Schema: types, keys, row counts and
a SHA-256 for each file); `frictionless validate datapackage.json` checks all of it.

## How it was made
All tables were read in one database transaction, so they agree with each other. A document is a current page that
the topic rules call on topic, that is no copy of another page, and that is no list of other pages (page types
{lists}). `pages.csv` holds every other page with the reason why it is none, and `flow.csv` counts them as in
a PRISMA diagram: the boxes in a box add up to it, and `corpus/pages/with text/originals/on topic` counts the rows of
`documents.csv`. The text of a document is the page's main text without menus, footers and share buttons. It was read
by a program, which makes mistakes: go back to the capture for what matters. `captures.csv` names the WARC file,
offset and length of the answer that the site sent, with the SHA-256 of its bytes.

Programs: {tools}.

## What it is not
Documents, verdicts and scores are **candidates for review by people, not findings and not accusations**. That a page is
here says nothing about whether its publisher breaks a rule. A site that was not reached, or forbade the visit, is
missing; count those in `flow.csv` before you write about shares. Texts can name people (testimonials): handle them
with care.

## Copyright
The texts belong to those who published them. Use them for research and review as your law allows; do not
republish `documents.csv` with its full texts. Quotes, hashes and metadata are what a public release should hold.
`noindex`, `noarchive` and `tdm_reserved` in `captures.csv` say what a publisher asked for.

## How to cite
> clinicwatch export, release {release}, created {created}, made with clinicwatch {version}.

Cite a page by its URL, the time of its capture and the capture's `body_sha256`.

## How to open it
CSV as in RFC 4180: UTF-8 without a byte order mark, commas, quotes doubled, rows end in CRLF. Texts hold line breaks
inside quotes. An empty cell means a missing value.

R: `readr::read_csv("documents.csv", trim_ws = FALSE, na = "")`

pandas: `pandas.read_csv("documents.csv", keep_default_na=False, na_values=[""])`

Python: `csv.field_size_limit(2**31 - 1)`, then `csv.DictReader(open("documents.csv", encoding="utf-8", newline=""))`

Excel: Data, From Text/CSV, file origin 65001 (UTF-8); do not double-click the file. A cell of Excel holds 32,767
characters and longer texts are cut there: use R or Python for `documents.csv`.

{formulas}
"""


def readme(files: Sequence[File], created: str, tools: Mapping[str, str], *, escaped: bool, empty: bool) -> str:
    """Write the README; ``created`` is UTC in ISO 8601, ``tools`` are versions of programs by name, ours among them."""
    rows = "\n".join(
        f"| `{file.name}` | {file.rows} | {table.title} |" for file, table in zip(files, TABLES, strict=True)
    )
    return README.format(
        empty=EMPTY if empty else "",
        release=release(files),
        created=created,
        version=tools["clinicwatch"],
        tools=", ".join(f"{name} {number}" for name, number in tools.items()),
        files=rows,
        lists=LISTING_NAMES,
        formulas=ESCAPED if escaped else EXACT,
    )
