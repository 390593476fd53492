"""The command line: its commands by name, each in the file that it is listed with."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any, NamedTuple

import click

from pipelines.model.errors import ClinicwatchError


class Listed(NamedTuple):
    """A command: the module of :mod:`crawler.commands` that has it, and its line in the help."""

    module: str
    summary: str


COMMANDS = {
    "add-coder": Listed("serve", "Add a coder or adjudicator to a team."),
    "agreement": Listed("agreement", "Say how far the coders of a round agree."),
    "changes": Listed("changes", "List what changed."),
    "code-by-machine": Listed("machine", "Let a program answer claim candidates, as a coder who decides nothing."),
    "crawl": Listed("crawl", "Crawl what is due."),
    "demo": Listed("demo", "Crawl the demo web and export it."),
    "digest": Listed("changes", "Write or send what changed as an e-mail digest."),
    "events": Listed("events", "Enter dated events: warning letters, rules, enquiries."),
    "explain": Listed("explain", "Say what was read from one page, and why."),
    "export": Listed("export", "Write the corpus to FOLDER as CSV."),
    "families": Listed("families", "List texts that several pages share."),
    "import-labels": Listed("sheets", "Take in a sheet that a coder filled in."),
    "rank": Listed("rank", "Queue the texts that are most probably relevant first."),
    "rebuild": Listed("evidence", "Read the stored bytes again."),
    "rollup": Listed("rollup", "Write the table of advertisers out of coded texts."),
    "sample": Listed("sample", "Draw a sample for people to code."),
    "samples": Listed("samples", "List samples; hide, rename and assign them."),
    "schedule": Listed("watch", "Write what a scheduler needs."),
    "serve": Listed("serve", "Browse and search the corpus."),
    "study": Listed("study", "Keep what belongs to a study, and print its methods."),
    "status": Listed("status", "Say what the corpus holds and what is due."),
    "verify": Listed("evidence", "Check every row against its bytes."),
    "watch": Listed("watch", "Crawl again and again."),
}


class CommandGroup(click.Group):
    """Imports a command when it runs, so that none pays for what another one loads.

    Turns our own errors into one line on stderr and their exit code; a traceback would be our mistake.
    """

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Name the commands."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command: in its module it has its own name, with ``_`` for ``-``."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"crawler.commands.{COMMANDS[cmd_name].module}")
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands in the help without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, listed.summary) for name, listed in COMMANDS.items()])

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command."""
        try:
            return super().main(*args, **kwargs)
        except ClinicwatchError as error:
            click.echo(f"clinicwatch: {error}", err=True)
            sys.exit(error.exit_code)


@click.group(cls=CommandGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="clinicwatch")
def main() -> None:
    """Watch what clinics tell patients: crawl their sites, keep the evidence, review it, export it."""


if __name__ == "__main__":
    main()
