"""Scrapy's log, quiet where the corpus keeps the record."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from scrapy.logformatter import LogFormatter

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.http import Response
    from twisted.python.failure import Failure


class QuietFormatter(LogFormatter):  # type: ignore[misc]
    """Says nothing of items and of requests that came to no answer: each of them is a row with its reason."""

    def scraped(self, item: Any, response: Response | Failure | None, spider: Spider) -> dict[str, Any] | None:
        """Say nothing of an item."""
        return None

    def download_error(
        self, failure: Failure, request: Request, spider: Spider, errmsg: str | None = None
    ) -> dict[str, Any]:
        """Log a failed request for those who debug."""
        return {"level": logging.DEBUG, "msg": "failed %(url)s", "args": {"url": request.url}}
