"""The command line: each command a thin line to one function."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from crawler.commands import coding as cli_coding
from crawler.commands import watching as cli_watching
from crawler.commands.options import CODEBOOK, CONTACT, DB, SEEDS, SETTINGS, SITE
from pipelines.model.errors import ClinicwatchError
from pipelines.model.records import FamilyKind

ALERTS = 4  # the exit code of a crawl that ended well and raised alerts, where that was asked for


class OneLineGroup(click.Group):
    """Turns our own errors into one line on stderr and their exit code; a traceback would be our mistake."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command."""
        try:
            return super().main(*args, **kwargs)
        except ClinicwatchError as error:
            click.echo(f"clinicwatch: {error}", err=True)
            sys.exit(error.exit_code)


@click.group(cls=OneLineGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="clinicwatch")
def main() -> None:
    """Watch what clinics tell patients: crawl their sites, keep the evidence, review it, export it."""


@main.command(short_help="Crawl what is due.")
@SEEDS
@click.option("--due/--all", "due", default=True, help="Visit what is due (default), or every page of the sites.")
@SITE
@CONTACT
@SETTINGS
@click.option("--fail-on-alert", is_flag=True, help="Exit with 4 where a site fell short of its own past.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@DB
def crawl(
    *,
    db: Path,
    seeds: Path | None,
    due: bool,
    site: str | None,
    contact: str | None,
    settings: tuple[str, ...],
    fail_on_alert: bool,
    as_json: bool,
) -> None:
    """Crawl what is due: read new and changed pages, keep their bytes, follow links within each site."""
    from crawler.commands.changes import send_digest
    from crawler.commands.crawl_report import run_json, run_lines
    from crawler.engine.crawl import crawl_settings, run_crawl
    from crawler.notify.notify import addresses, check_addresses
    from crawler.watch.parent_death import hold_leash

    hold_leash()
    check_addresses()
    run = run_crawl(crawl_settings(settings, contact), {"db": db, "seeds": seeds, "site": site, "everything": not due})
    click.echo(json.dumps(run_json(run)) if as_json else "\n".join(run_lines(run, db)))
    if addresses():
        click.echo(send_digest(db), err=True)
    sys.exit(ALERTS if fail_on_alert and run.alerts else 0)


@main.command(short_help="Say what the corpus holds and what is due.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@DB
def status(*, db: Path, as_json: bool) -> None:
    """Say what the corpus holds, how fresh it is and what is due."""
    from crawler.commands.status import corpus_status, status_text

    told = corpus_status(db)
    click.echo(json.dumps(told) if as_json else status_text(told))


@main.command(short_help="List texts that several pages share.")
@click.option("--kind", type=click.Choice([*map(str, FamilyKind)]), help="Only families of this kind.")
@click.option("--all", "everything", is_flag=True, help="List every family, not the first 20.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON, with every reason.")
@DB
def families(*, db: Path, kind: str | None, everything: bool, as_json: bool) -> None:
    """List the families of near texts, those that span most advertisers first: candidates for review, no findings."""
    from crawler.commands.families import SHOWN, families_text
    from crawler.commands.families import families as read_families

    found = read_families(db, kind or "")
    if as_json:
        click.echo(json.dumps(found))
        return
    for line in families_text(found if everything else found[:SHOWN], len(found)):
        click.echo(line)


@main.command(short_help="Browse and search the corpus.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="Port to listen on.")
@click.option("--team", type=click.Path(path_type=Path), metavar="FILE", help="Who codes: see add-coder.")
@click.option("--round", "round_", metavar="NAME", help="Name of the round of coding. Default: 1, or the team's.")
@DB
def serve(*, db: Path, host: str, port: int, team: Path | None, round_: str | None) -> None:
    """Browse, search and review the corpus with Datasette.

    On this machine one person codes without signing in; with --team several do, each blind to the others.
    """
    from db.coding.team import desk_for
    from db.datasette.serve import serve as serve_corpus

    serve_corpus(db, host, port, desk_for(host, team, round_))


@main.command("add-coder", short_help="Add a reader or adjudicator to a team.")
@click.argument("name")
@click.option("--role", type=click.Choice(["reader", "adjudicator"]), default="reader", show_default=True)
@click.option("--team", type=click.Path(path_type=Path), required=True, metavar="FILE", help="The team file.")
@click.password_option(help="Asked for where it is not given.")
def add_coder(*, name: str, role: str, team: Path, password: str) -> None:
    """Add a coder to a team FILE for `serve --team`; NAME is the pseudonym that stands on each vote."""
    from db.coding.team import add_to_file

    add_to_file(team, name, role, password)
    click.echo(f"{name} may code as {role}; start the desk with: clinicwatch serve --team {team}")


@main.command("export", short_help="Write the corpus to FOLDER as CSV.")
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option("--force", is_flag=True, help="Replace an earlier export in FOLDER, or an earlier sheet.")
@click.option(
    "--escape-formulas", is_flag=True, help="Put an apostrophe before cells that a spreadsheet would compute."
)
@click.option("--for-review", "sheet", type=click.Path(path_type=Path), help="Write a sheet of texts to code instead.")
@click.option("--sample", metavar="NAME", help="With --for-review: the texts of this sample, in its order.")
@click.option("--single", is_flag=True, help="Also votes of one reader alone: nobody else is to code them.")
@CODEBOOK
@DB
def export_corpus(
    *,
    folder: Path | None,
    db: Path,
    force: bool,
    escape_formulas: bool,
    sheet: Path | None,
    sample: str | None,
    single: bool,
    codebook: Path | None,
) -> None:
    """Write the corpus to FOLDER as CSV files with a data package and a data dictionary, or a sheet to be coded."""
    if (folder is None) == (sheet is None):
        raise click.UsageError("name a FOLDER for the export, or a sheet with --for-review")
    if sheet:
        _export_sheet(db, sheet, codebook, sample=sample, force=force)
    elif folder:
        from crawler.commands.agreement import read_codebook
        from crawler.commands.export import export_all

        how = {"force": force, "escape_formulas": escape_formulas, "single": single}
        for line in export_all(db, folder, read_codebook(codebook), **how).lines():
            click.echo(line)


def _export_sheet(db: Path, sheet: Path, codebook: Path | None, *, sample: str | None, force: bool) -> None:
    from crawler.commands.agreement import read_codebook
    from crawler.commands.sheets import export_sheet

    count = export_sheet(db, sheet, read_codebook(codebook), sample=sample, force=force)
    click.echo(f"{count} texts to code in {sheet}, their words in {sheet.with_suffix('.texts.csv')}")


@main.command(short_help="Check every row against its bytes.")
@DB
def verify(*, db: Path) -> None:
    """Check every capture against its bytes, every WARC file against its digests, the database against itself."""
    from crawler.archive.verify import verify as verify_corpus
    from db.corpus.connection import evidence_folder, writing

    with writing(db) as corpus:  # FTS5 offers its integrity check as a write that changes nothing
        report = verify_corpus(corpus, evidence_folder(db))
    for line in report.lines():
        click.echo(line, err=not report.ok)
    sys.exit(0 if report.ok else 1)


@main.command(short_help="Say what was read from one page, and why.")
@click.argument("target", metavar="URL|FILE")
@click.option("--url", help="Where a FILE is from.")
@DB
def explain(*, target: str, db: Path, url: str | None) -> None:
    """Say what was read from a page of the corpus or a saved FILE, and why: dates, type, topic, every line."""
    from crawler.commands.explain import explain_page

    click.echo(explain_page(target, db, url))


@main.command(short_help="Read the stored bytes again.")
@click.option("--all", "everything", is_flag=True, help="Read every capture again, also those of today's extractor.")
@DB
def rebuild(*, db: Path, everything: bool) -> None:
    """Read the stored bytes again with today's extractor and rules; nothing is fetched."""
    from crawler.archive.rebuild import rebuild as rebuild_corpus
    from crawler.engine.plan import load_rules
    from db.corpus.connection import crawl_lock, writing

    rules = load_rules()
    with crawl_lock(db), writing(db) as corpus:
        told = rebuild_corpus(corpus, db, rules, everything=everything)
    click.echo("\n".join(told.lines()))


@main.command(short_help="Crawl the demo web and export it.")
@click.option(
    "--ticks",
    type=click.IntRange(min=1),
    default=2,
    show_default=True,
    help="How many ticks of the demo's clock to crawl.",
)
@click.option("--coded", is_flag=True, help="Have a sample coded by two made-up readers and an adjudicator, too.")
def demo(*, ticks: int, coded: bool) -> None:
    """Crawl the demo web of fictional clinics, compare with the truth, export; ends by itself."""
    from demo.run_demo import code, tour

    db = Path("db/demo/corpus.db")
    folder = tour(db, range(ticks), click.echo)
    if coded:
        code(db, click.echo)
    click.echo(f"\nThe CSV files lie in {folder}; browse the corpus with: clinicwatch serve --db {db} (or make serve)")


for command in (*cli_watching.COMMANDS, *cli_coding.COMMANDS):
    main.add_command(command)

if __name__ == "__main__":
    main()
