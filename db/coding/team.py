"""Who may code a corpus: one person at this machine, or a team that signs in; nobody else ever writes."""

from __future__ import annotations

import ipaddress
import os
import re
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from db.coding.tally import ADJUDICATOR, READER
from pipelines.model.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ROLES = (READER, ADJUDICATOR)
NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")
ROUND = re.compile(r"[\w .-]{1,40}")
HASH = re.compile(r"pbkdf2_sha256\$[0-9]+\$[^$]+\$[A-Za-z0-9+/=]+")
SINGLE_CODER = "reader"  # the pseudonym of the one person who works alone
HINT = "`clinicwatch add-coder NAME --role reader --team FILE` writes it"


@dataclass(frozen=True, slots=True)
class Desk:
    """Who codes: ``single`` is the pseudonym of one person on loopback, ``roles`` and ``hashes`` are a team's.

    Both empty: nobody may code, and nothing can be written. ``round`` names the round of coding.
    """

    single: str = ""
    roles: Mapping[str, str] = field(default_factory=dict)
    hashes: Mapping[str, str] = field(default_factory=dict)
    round: str = "1"


CLOSED = Desk()


def parse_team(text: str, where: str = "team file") -> Desk:
    r"""Read a team out of TOML; raises :class:`UsageError` with the place of the mistake.

    >>> parse_team('[coders.ann]\nrole = "reader"\npassword_hash = "pbkdf2_sha256$1$a$b="').roles
    {'ann': 'reader'}
    """
    try:
        team = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{where}: {error}") from error
    coders = team.get("coders")
    if not isinstance(coders, dict) or not coders:
        raise UsageError(f"{where}: no [coders.NAME] in it; {HINT}")
    for name, facts in coders.items():
        problem = _problem(name, facts)
        if problem:
            raise UsageError(f"{where}: coders.{name}: {problem}")
    return Desk(
        roles={name: facts["role"] for name, facts in coders.items()},
        hashes={name: facts["password_hash"] for name, facts in coders.items()},
        round=check_round(str(team.get("round", "1")), where),
    )


def _problem(name: str, facts: Any) -> str:
    if not NAME.fullmatch(name):
        return "a pseudonym has up to 31 small letters, digits and hyphens, and starts with a letter"
    if not isinstance(facts, dict) or facts.get("role") not in ROLES:
        return f"role is one of {', '.join(ROLES)}"
    if not HASH.fullmatch(str(facts.get("password_hash", ""))):
        return f"password_hash is missing or no hash; {HINT}"
    return ""


def check_round(name: str, where: str = "--round") -> str:
    """Give the name of a round back, or raise :class:`UsageError`."""
    if not ROUND.fullmatch(name):
        raise UsageError(f"{where}: {name!r}: a round is named by up to 40 letters, digits, spaces, dots and hyphens")
    return name


def load_team(path: Path) -> Desk:
    """Read a team file."""
    try:
        return parse_team(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read ({error}); {HINT}") from error


def with_coder(text: str, name: str, role: str, password_hash: str) -> str:
    """Add a coder to the text of a team file; raises :class:`UsageError` for a name that is taken or none."""
    entry = f'[coders.{name}]\nrole = "{role}"\npassword_hash = "{password_hash}"\n'
    problem = _problem(name, {"role": role, "password_hash": password_hash})
    if problem:
        raise UsageError(f"{name}: {problem}")
    if text.strip() and name in parse_team(text).roles:
        raise UsageError(
            f"{name}: there is a coder of this name; delete its lines from the file to give a new password"
        )
    return f"{text.rstrip()}\n\n{entry}".lstrip()


def add_to_file(path: Path, name: str, role: str, password: str) -> None:
    """Add a coder to a team file, which is made where there is none; its owner alone may read it."""
    try:
        from datasette_auth_passwords.utils import hash_password  # noqa: PLC0415 - the extra may be missing
    except ImportError:
        raise UsageError("passwords need: pip install 'clinicwatch[team]'") from None
    if not password.strip():
        raise UsageError("an empty password protects nothing")
    try:
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        added = with_coder(text, name, role, hash_password(password))
        descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(added)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror})") from error


def desk_for(host: str, team: Path | None, round_: str | None) -> Desk:
    """Choose who may code where the server listens: a team where one is named, else one person on loopback only."""
    if team:
        desk = load_team(team)
        return Desk("", desk.roles, desk.hashes, check_round(round_) if round_ else desk.round)
    single = SINGLE_CODER if is_loopback(host) else ""
    return Desk(single, round=check_round(round_ or "1"))


def is_loopback(host: str) -> bool:
    """Tell whether a host can be reached from this machine only.

    >>> [is_loopback(host) for host in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "192.168.1.4", "example.org")]
    [True, True, True, False, False, False]
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
