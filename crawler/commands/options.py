"""The options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.watch.next_run import parse_every

if TYPE_CHECKING:
    from datetime import timedelta

PATH = click.Path(path_type=Path)
DB = click.option("--db", type=PATH, default=Path("db/corpus.db"), show_default=True, help="The corpus.")
SEEDS = click.option("--seeds", type=PATH, help="CSV: url,name,city,state,class. Default: seeds/sites.csv.")
SITE = click.option("--site", metavar="HOST", help="Only this site of the corpus.")
CONTACT = click.option("--contact", metavar="WHO", help="E-mail or web page that answers for this crawl.")
SETTINGS = click.option(
    "-s", "settings", multiple=True, metavar="NAME=VALUE", help="Set a Scrapy setting, as in scrapy crawl."
)

ROUND = click.option("--round", "round_", default="1", show_default=True, help="Round of coding.")
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
