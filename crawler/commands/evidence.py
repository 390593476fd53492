"""``clinicwatch verify`` and ``clinicwatch rebuild``: check the stored bytes, and read them again."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from crawler.commands.options import DB
from crawler.engine.rule_files import load_rules
from db.corpus.connection import crawl_lock, evidence_folder, writing

if TYPE_CHECKING:
    from pathlib import Path


@click.command
@DB
def verify(*, db: Path) -> None:
    """Check every capture against its bytes, every WARC file against its digests, the database against itself."""
    from crawler.archive.verify import verify as verify_corpus

    with writing(db) as corpus:  # FTS5 offers its integrity check as a write that changes nothing
        report = verify_corpus(corpus, evidence_folder(db))
    for line in report.lines():
        click.echo(line, err=not report.ok)
    sys.exit(0 if report.ok else 1)


@click.command
@click.option("--all", "everything", is_flag=True, help="Read every capture again, also those of today's extractor.")
@DB
def rebuild(*, db: Path, everything: bool) -> None:
    """Read the stored bytes again with today's extractor and rules; nothing is fetched."""
    from crawler.archive.rebuild import rebuild as rebuild_corpus

    rules = load_rules()
    with crawl_lock(db), writing(db) as corpus:
        rebuilt = rebuild_corpus(corpus, db, rules, everything=everything)
    click.echo("\n".join(rebuilt.lines()))
