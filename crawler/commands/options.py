"""The options that several commands share."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.watch.next_run import parse_every
from pipelines.coding.frame_spec import FrameSpec
from pipelines.model.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import timedelta

PATH = click.Path(path_type=Path)
DEFAULT_DB = Path("db/corpus.db")
DB = click.option("--db", type=PATH, default=DEFAULT_DB, show_default=True, help="The corpus.")
SEEDS = click.option("--seeds", type=PATH, help="CSV: url,name,city,state,class. Default: seeds/sites.csv.")
SITE = click.option("--site", metavar="HOST", help="Only this site of the corpus.")
CONTACT = click.option("--contact", metavar="WHO", help="E-mail or web page that answers for this crawl.")
SETTINGS = click.option(
    "-s", "settings", multiple=True, metavar="NAME=VALUE", help="Set a Scrapy setting, as in scrapy crawl."
)

STUDY = click.option("--study", metavar="NAME", help="The frame, round and reference date of this study.")
DEFAULT_ROUND = "1"
ROUND = click.option("--round", "round_", default=DEFAULT_ROUND, show_default=True, help="Round of coding.")
CODEBOOK = click.option("--codebook", type=PATH, help="The codebook. Default: seeds/codebook.toml.")


class Every(click.ParamType[Any]):
    """A length of time, such as 6h, 1d or 1w."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Read it, or say what is wrong with it."""
        try:
            return parse_every(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


FRAME = (
    click.option("--state", "states", multiple=True, help="Only advertisers of this state; may be given again."),
    click.option("--class", "classes", multiple=True, help="Only this class of site, such as clinic,telehealth."),
    click.option("--page-type", "page_types", multiple=True, help="Only this kind of page; may be given again."),
    click.option(
        "--without", multiple=True, metavar="PAGE_TYPE", help="Leave out a kind of page, such as blog; again."
    ),
    click.option("--captured-from", default="", metavar="DAY", help="Only what was captured on this day or later."),
    click.option("--captured-to", default="", metavar="DAY", help="Only what was captured on this day or before."),
    click.option("--on", "on_day", default="", metavar="DAY", help="What each page showed at the end of this day."),
    click.option("--advertisers", type=PATH, metavar="FILE", help="Only these: a domain or host a line."),
    click.option("--publishers", is_flag=True, help="Publishers and directories are advertisers, too."),
    click.option("--aliases", is_flag=True, help="Hosts that only copy another site are advertisers, too."),
)


def frame_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of a frame; it takes them as one argument, ``frame``."""

    @functools.wraps(command)
    def with_frame(*, on_day: str, advertisers: Path | None, publishers: bool, aliases: bool, **others: Any) -> None:
        lists = ("states", "classes", "page_types", "without")
        asked: dict[str, Any] = {name: _split(others.pop(name)) for name in lists}
        asked |= {name: others.pop(name) for name in ("captured_from", "captured_to")}
        names = _read_names(advertisers) if advertisers else ()
        frame = FrameSpec(**asked, on=on_day, advertisers=names, publishers=publishers, aliases=aliases)
        command(frame=frame, **others)

    for option in reversed(FRAME):
        with_frame = option(with_frame)
    return with_frame


def _split(values: Sequence[str]) -> tuple[str, ...]:
    """Take values that are given one by one or joined by commas."""
    return tuple(dict.fromkeys(part.strip() for value in values for part in value.split(",") if part.strip()))


def _read_names(path: Path) -> tuple[str, ...]:
    """Read a list of advertisers: the first cell of each line, without its scheme; ``#`` begins a remark."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"--advertisers {path}: cannot be read ({error}); name a file with a domain a line") from error
    cells = [line.split("#")[0].split(",")[0].strip().strip('"').lower() for line in lines]
    names = [cell.partition("://")[2].partition("/")[0] if "://" in cell else cell for cell in cells]
    found = [name.removeprefix("www.") for name in names if name and name not in {"advertiser", "host", "site", "url"}]
    if not found:
        raise UsageError(f"--advertisers {path}: no advertiser in it; write a domain a line")
    return tuple(dict.fromkeys(found))
