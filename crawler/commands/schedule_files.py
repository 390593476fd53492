"""``clinicwatch schedule``: the paths, user and contact of this machine, put into what a scheduler reads."""

from __future__ import annotations

import getpass
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.engine.plan import NO_CONTACT, SEEDS
from crawler.http.politeness import parse_contact
from crawler.watch.unit_files import KINDS, Site, parse_at, write_files
from pipelines.model.errors import ClinicwatchError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

USER = re.compile(r"[a-z_][a-z0-9_-]*\$?")  # what useradd allows


def generate(kind: str, db: Path, asked: Mapping[str, Any], folder: Path | None) -> list[str]:
    """Make the files of a kind of scheduler, and give them as text, or write them and say where.

    Raises :class:`UsageError` for a time, a user or a contact that is none.
    """
    try:
        files = KINDS[kind](site_of(db, asked))
    except ValueError as error:
        raise UsageError(str(error)) from error
    if folder is None:
        return [(f"# {name}\n{text}" if len(files) > 1 else text).rstrip("\n") for name, text in files.items()]
    try:
        return [str(path) for path in write_files(files, folder)]
    except FileExistsError as error:
        raise ClinicwatchError(f"{error.filename}: exists already; name another folder with --into") from error
    except OSError as error:
        raise ClinicwatchError(f"{error.filename}: cannot be written: {error.strerror}") from error


def site_of(db: Path, asked: Mapping[str, Any]) -> Site:
    """Gather where we stand; raises ValueError or :class:`UsageError` for what is missing or makes no sense."""
    contact = asked["contact"] or os.environ.get("CLINICWATCH_CONTACT") or ""
    if not contact:
        raise UsageError(NO_CONTACT)
    user = asked["user"] or getpass.getuser()
    if not USER.fullmatch(user):
        raise ValueError(f"{user!r}: no name of a user")
    return Site(
        folder=SEEDS.parent,
        command=command_path(),
        db=db.absolute(),
        user=user,
        contact=parse_contact(contact),
        every=asked["every"],
        at=parse_at(asked["at"]),
    )


def command_path() -> Path:
    """Find our command: beside the Python that runs this, which is where pip put both."""
    return Path(sys.executable).parent / "clinicwatch"
