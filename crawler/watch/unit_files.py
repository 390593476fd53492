"""What puts a crawl on a schedule: a cron line, a systemd service with its timer, a GitHub Actions workflow.

All of it is text made from values; nothing is installed. Quoting is each format's own.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)
NOTIFY = "CLINICWATCH_NOTIFY"


@dataclass(frozen=True, slots=True)
class Site:
    """Where clinicwatch stands on a machine: its folder, its command, the corpus (absolute), who runs it, who answers.

    ``at`` is the hour and minute at which crawls begin, local time of the machine (UTC on GitHub).
    """

    folder: Path
    command: Path
    db: Path
    user: str
    contact: str
    every: timedelta = DAY
    at: tuple[int, int] = (3, 15)


def parse_at(text: str) -> tuple[int, int]:
    """Read a time of day; raises ValueError with a line for the operator.

    >>> parse_at("3:05")
    (3, 5)
    """
    found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", text.strip())
    if not found:
        raise ValueError(f"{text!r}: expected a time of day such as 03:15")
    return int(found[1]), int(found[2])


def steps(site: Site) -> tuple[str, str]:
    """Give the hours and the days of a schedule, as cron writes them; raises ValueError for one that it cannot hold.

    >>> from pathlib import Path
    >>> steps(Site(Path("/w"), Path("/w/c"), Path("/w/d"), "me", "a@b.example", every=6 * HOUR))
    ('3,9,15,21', '*')
    """
    hour = site.at[0]
    hours = site.every // HOUR
    if site.every == WEEK:
        return str(hour), "1"
    if site.every % HOUR or not hours or 24 % hours:
        raise ValueError(
            "cron and timers hold 1h, 2h, 3h, 4h, 6h, 8h, 12h, 1d and 1w; for others there is watch --every"
        )
    return ",".join(str(one) for one in range(hour % hours, 24, hours)), "*"


def cron(site: Site) -> dict[str, str]:
    """Write a line for ``crontab -e`` of the user that keeps the corpus; cron mails what a crawl says."""
    hours, day = steps(site)
    command = " ".join(
        [
            f"cd {_cron(site.folder)} &&",
            f"CLINICWATCH_CONTACT={_cron(site.contact)}",
            f"{_cron(site.command)} crawl --db {_cron(site.db)} --fail-on-alert",
        ]
    )
    return {"clinicwatch.cron": f"{site.at[1]} {hours} * * {day} {command}\n"}


def _cron(value: object) -> str:
    """Quote for the shell; cron itself reads an unescaped % as the end of the command."""
    return shlex.quote(str(value)).replace("%", r"\%")


def systemd(site: Site) -> dict[str, str]:
    """Write a service that crawls once, and its timer."""
    hours, day = steps(site)
    calendar = f"{'Mon ' if day != '*' else ''}*-*-* {hours}:{site.at[1]:02}:00"
    values = {
        "folder": _line(site.folder),
        "command": _word(site.command).replace("$", "$$"),
        "db": _word(site.db).replace("$", "$$"),
        "kept": _word(site.db.parent),
        "user": site.user,
        "contact": _word(f"CLINICWATCH_CONTACT={site.contact}"),
        "environment": f"-{_line(site.folder / 'clinicwatch.env')}",
    }
    return {
        "clinicwatch.service": SERVICE.format(**values),
        "clinicwatch.timer": TIMER.format(calendar=calendar),
    }


def _line(value: object) -> str:
    """Write a value that takes the rest of its line: nothing is quoted there, but % begins a specifier."""
    return str(value).replace("%", "%%")


def _word(value: object) -> str:
    """Write a value where words are told apart: in quotes where it needs them, and inside them with backslashes."""
    text = _line(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"' if re.search(r"[\s\"'\\;]", text) else text


SERVICE = """\
# A crawl of what is due. Put both files into /etc/systemd/system, then:
#   systemctl daemon-reload && systemctl enable --now clinicwatch.timer
# Secrets, such as CLINICWATCH_NOTIFY=..., belong into clinicwatch.env in the folder below, readable by its owner alone.
[Unit]
Description=clinicwatch: crawl what is due
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
User={user}
WorkingDirectory={folder}
Environment={contact}
EnvironmentFile={environment}
ExecStart={command} crawl --db {db} --fail-on-alert
# 4 is an alert: the unit then shows as failed, which is how it is seen. 3 is another crawl, which is no failure
SuccessExitStatus=3
TimeoutStartSec=infinity
# it stops in order within seconds; what is killed later loses nothing and is resumed by the next crawl
TimeoutStopSec=30
Nice=10

# it writes beside the corpus and nowhere else
ProtectSystem=strict
ProtectHome=read-only
ReadWritePaths={kept}
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
ProtectProc=invisible
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
NoNewPrivileges=yes
CapabilityBoundingSet=
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM
UMask=0027
"""
TIMER = """\
[Unit]
Description=clinicwatch: when to crawl

[Timer]
OnCalendar={calendar}
# a crawl that was missed while the machine was off is made up for, once
Persistent=true
RandomizedDelaySec=10min

[Install]
WantedBy=timers.target
"""


def github(site: Site) -> dict[str, str]:
    """Write a workflow for GitHub Actions; the corpus travels from run to run in the cache of the repository."""
    hours, day = steps(site)
    contact = site.contact.replace("'", "''")
    return {"clinicwatch.yml": WORKFLOW.format(minute=site.at[1], hours=hours, day=day, contact=contact)}


WORKFLOW = """\
# .github/workflows/clinicwatch.yml: for small corpora and a try. A cache is dropped after a week without use and holds
# 10 GB; what must not be lost belongs on a machine of your own. Times are UTC, and GitHub may begin late.
name: clinicwatch
on:
  schedule:
    - cron: '{minute} {hours} * * {day}'
  workflow_dispatch:
permissions:
  contents: read
concurrency:
  group: clinicwatch
  cancel-in-progress: false
jobs:
  crawl:
    runs-on: ubuntu-latest
    timeout-minutes: 350
    env:
      CLINICWATCH_CONTACT: '{contact}'
      CLINICWATCH_NOTIFY: ${{{{ secrets.CLINICWATCH_NOTIFY }}}}
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: '3.11'
      - run: python -m pip install --constraint constraints.txt --editable '.[notify]'
      - uses: actions/cache/restore@v4
        with:
          path: corpus
          key: clinicwatch-${{{{ github.run_id }}}}
          restore-keys: clinicwatch-
      # timeout ends it in order before GitHub would end the job and lose the crawl
      - run: timeout --signal=TERM 320m clinicwatch crawl --db corpus/corpus.db --fail-on-alert
      - if: always()
        run: clinicwatch export corpus-export --db corpus/corpus.db
      - if: always()
        uses: actions/cache/save@v4
        with:
          path: corpus
          key: clinicwatch-${{{{ github.run_id }}}}
      - if: always()
        uses: actions/upload-artifact@v4
        with:
          name: export
          path: corpus-export
"""

KINDS: dict[str, Callable[[Site], dict[str, str]]] = {"cron": cron, "systemd": systemd, "github": github}


def write_files(files: dict[str, str], folder: Path) -> list[Path]:
    """Write generated files into a folder that is there or is made; a file of that name is never replaced.

    Raises FileExistsError or another OSError that names the file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / name for name in files]
    for path, text in zip(paths, files.values(), strict=True):
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    return paths
