"""What we are compared with: plain Scrapy that only downloads, and what a user would write in an hour.

python -m tests.bench.rivals download|naive URLS DB
"""

from __future__ import annotations

import sys
from pathlib import Path

import scrapy
import sqlite_utils
import trafilatura
from scrapy.crawler import AsyncCrawlerProcess

SAME = {
    "ROBOTSTXT_OBEY": True,
    "CONCURRENT_REQUESTS": 32,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
    "DOWNLOAD_DELAY": 0,
    "LOG_LEVEL": "ERROR",
    "TELNETCONSOLE_ENABLED": False,
    "COOKIES_ENABLED": False,
    "RETRY_ENABLED": False,
}


class Listed(scrapy.Spider):
    """Downloads the URLs of a list."""

    name = "listed"
    urls = ()
    keep = False

    async def start(self):
        for url in self.urls:
            yield scrapy.Request(url, dont_filter=True)

    def parse(self, response):
        if self.keep:
            yield {"url": response.url, "html": response.text}


class Extract:
    """Calls trafilatura and upserts, page by page, in the reactor's thread."""

    db = ""

    def open_spider(self):
        self.table = sqlite_utils.Database(self.db)["pages"]

    def process_item(self, item):
        found = trafilatura.bare_extraction(item["html"], url=item["url"], with_metadata=True)
        if found:
            row = {"url": item["url"], "title": found.title, "author": found.author, "date": found.date}
            self.table.upsert({**row, "text": found.text}, pk="url")
        return item


def main(kind: str, urls: str, db: str) -> None:
    """Run one rival over a list of URLs."""
    Listed.urls = Path(urls).read_text().split()
    Listed.keep = kind == "naive"
    Extract.db = db
    settings = SAME | ({"ITEM_PIPELINES": {Extract: 100}} if kind == "naive" else {})
    process = AsyncCrawlerProcess(settings)
    process.crawl(Listed)
    process.start()


if __name__ == "__main__":
    main(*sys.argv[1:])
