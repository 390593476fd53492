"""Scrapy's log, quiet where the corpus keeps the record or the command line says it in one line."""

from __future__ import annotations

import logging
import sqlite3
from typing import TYPE_CHECKING, Any

from scrapy.logformatter import LogFormatter, LogFormatterResult

from pipelines.model.errors import ClinicwatchError
from pipelines.model.records import Probe

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.http import Response
    from twisted.python.failure import Failure

TOLD_BY_THE_COMMAND = (sqlite3.OperationalError, sqlite3.NotSupportedError, OSError, ClinicwatchError)


def level_of(error: BaseException | None) -> int:
    """Give the level of an error that ended the crawl: the disk's is told at the end, a mistake of ours is logged."""
    return logging.DEBUG if isinstance(error, TOLD_BY_THE_COMMAND) else logging.ERROR


class QuietFormatter(LogFormatter):
    """Says nothing of items and of requests that came to no answer: each of them is a row with its reason."""

    def scraped(self, item: Any, response: Response | Failure | None, spider: Spider) -> LogFormatterResult | None:  # type: ignore[override] # None is documented: log nothing
        """Say nothing of an item."""
        return None

    def item_error(
        self, item: Any, exception: BaseException, response: Response | Failure | None, spider: Spider
    ) -> LogFormatterResult:
        """Name the page that could not be processed, without its bytes."""
        url = item.url if isinstance(item, Probe) else item.page.url
        return {"level": level_of(exception), "msg": "cannot keep %(url)s", "args": {"url": url}}

    def spider_error(
        self, failure: Failure, request: Request, response: Response | Failure, spider: Spider
    ) -> LogFormatterResult:
        """Name the page at which the spider failed."""
        return {"level": level_of(failure.value), "msg": "cannot take %(url)s", "args": {"url": request.url}}

    def download_error(
        self, failure: Failure, request: Request, spider: Spider, errmsg: str | None = None
    ) -> LogFormatterResult:
        """Log a failed request for those who debug."""
        return {"level": logging.DEBUG, "msg": "failed %(url)s", "args": {"url": request.url}}
