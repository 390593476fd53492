"""What puts a crawl on a schedule: a cron line, a systemd service with its timer, a GitHub Actions workflow.

The text is in ``crawler/watch/templates``; here are its values and each format's own quoting. Nothing is installed.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

if TYPE_CHECKING:
    from pathlib import Path

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)
FILES = {
    "cron": ("clinicwatch.cron",),
    "systemd": ("clinicwatch.service", "clinicwatch.timer"),
    "github": ("clinicwatch.yml",),
}


class TimeOfDay(NamedTuple):
    """When crawls begin, local time of the machine (UTC on GitHub)."""

    hour: int
    minute: int


NIGHT = TimeOfDay(3, 15)


class CronTimes(NamedTuple):
    """The hours and the day of the week of a schedule, as cron writes them."""

    hours: str
    day: str


@dataclass(frozen=True, slots=True)
class Installation:
    """Where clinicwatch is on a machine: its folder, its command, the corpus (absolute), who runs it, who answers."""

    folder: Path
    command: Path
    db: Path
    user: str
    contact: str
    every: timedelta = DAY
    at: TimeOfDay = NIGHT


def parse_at(text: str) -> TimeOfDay:
    """Read a time of day; raises ValueError with a line for the operator.

    >>> parse_at("3:05")
    TimeOfDay(hour=3, minute=5)
    """
    found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", text.strip())
    if not found:
        raise ValueError(f"{text!r}: expected a time of day such as 03:15")
    return TimeOfDay(int(found[1]), int(found[2]))


def cron_times(every: timedelta, at: TimeOfDay) -> CronTimes:
    """Spread crawls evenly over the day, one of them at ``at``; raises ValueError for what cron cannot hold.

    >>> cron_times(6 * HOUR, TimeOfDay(3, 15))
    CronTimes(hours='3,9,15,21', day='*')
    """
    hours = every // HOUR
    if every == WEEK:
        return CronTimes(str(at.hour), "1")
    if every % HOUR or not hours or 24 % hours:
        raise ValueError(
            "cron and timers hold 1h, 2h, 3h, 4h, 6h, 8h, 12h, 1d and 1w; for others there is watch --every"
        )
    return CronTimes(",".join(str(hour) for hour in range(at.hour % hours, 24, hours)), "*")


def schedule_files(kind: str, at: Installation) -> dict[str, str]:
    """Give the files of a kind of scheduler (a key of ``FILES``) by their names; raises as :func:`cron_times` does."""
    values = {
        "folder": at.folder,
        "command": at.command,
        "db": at.db,
        "user": at.user,
        "contact": at.contact,
        "at": at.at,
        "times": cron_times(at.every, at.at),
    }
    return {name: _environment().get_template(f"{name}.j2").render(values) for name in FILES[kind]}


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("crawler.watch"),
        autoescape=select_autoescape(),  # of HTML, which none of these is
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "cron_word": cron_word,
        "unit_line": unit_line,
        "unit_word": unit_word,
        "unit_command": lambda value: unit_word(value).replace("$", "$$"),
        "yaml_quoted": lambda text: text.replace("'", "''"),
    }
    return environment


def cron_word(value: object) -> str:
    """Quote for the shell; cron itself reads an unescaped % as the end of the command."""
    return shlex.quote(str(value)).replace("%", r"\%")


def unit_line(value: object) -> str:
    """Write a value that takes the rest of its line in a unit: nothing is quoted there, but % begins a specifier."""
    return str(value).replace("%", "%%")


def unit_word(value: object) -> str:
    """Write a value where a unit tells words apart: in quotes where it needs them, inside them with backslashes."""
    text = unit_line(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"' if re.search(r"[\s\"'\\;]", text) else text


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
