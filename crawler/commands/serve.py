"""``clinicwatch serve`` and ``clinicwatch add-coder``: the corpus in Datasette, and who codes there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crawler.commands.options import DB, PATH

if TYPE_CHECKING:
    from pathlib import Path


@click.command
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="Port to listen on.")
@click.option("--team", type=PATH, metavar="FILE", help="Who codes: see add-coder.")
@click.option("--round", "round_", metavar="NAME", help="Name of the round of coding. Default: 1, or the team's.")
@DB
def serve(*, db: Path, host: str, port: int, team: Path | None, round_: str | None) -> None:
    """Browse, search and review the corpus with Datasette.

    On this machine one person codes without signing in; with --team several do, each blind to the others.
    """
    from db.coding.team import desk_for
    from db.datasette.serve import serve as serve_corpus

    serve_corpus(db, host, port, desk_for(host, team, round_))


@click.command
@click.argument("name")
@click.option("--role", type=click.Choice(["reader", "adjudicator"]), default="reader", show_default=True)
@click.option("--team", type=PATH, required=True, metavar="FILE", help="The team file.")
@click.password_option(help="Asked for where it is not given.")
def add_coder(*, name: str, role: str, team: Path, password: str) -> None:
    """Add a coder to a team FILE for `serve --team`; NAME is the pseudonym that stands on each vote."""
    from db.coding.team import add_to_file

    add_to_file(team, name, role, password)
    click.echo(f"{name} may code as {role}; start the desk with: clinicwatch serve --team {team}")
