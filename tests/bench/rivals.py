"""What we are compared with: plain Scrapy that only downloads, and what a user would write in an hour.

python -m tests.bench.rivals download|listed|follow URLS DB

``download`` and ``listed`` are given all URLs of the web and need not find any. ``follow`` is what a user has to write
who knows only the sites: it finds the pages by their links, as the tutorial of Scrapy teaches. ``listed`` and
``follow`` both call trafilatura in an item pipeline and upsert each item. Prints how many pages were read.
"""

from __future__ import annotations

import sys
from pathlib import Path
from urllib.parse import urlsplit

import scrapy
import sqlite_utils
import trafilatura
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.linkextractors import LinkExtractor
from scrapy.spiders import CrawlSpider, Rule

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
TRAPS = (r"/events\?", r"/find-a-time/")  # the endless addresses of the demo web: its user has seen and denied them


class Listed(scrapy.Spider):
    """Downloads the URLs of a list."""

    name = "listed"
    urls = ()
    keep = False

    async def start(self):
        for url in self.urls:
            yield scrapy.Request(url, dont_filter=True)

    def parse(self, response):
        self.crawler.stats.inc_value("pages")
        if self.keep:
            yield {"url": response.url, "html": response.text}


class Follow(CrawlSpider):
    """Finds the pages of some sites by their links."""

    name = "follow"
    rules = (Rule(LinkExtractor(deny=TRAPS), callback="parse_page", follow=True),)

    def parse_start_url(self, response):
        return self.parse_page(response)

    def parse_page(self, response):
        if isinstance(response, scrapy.http.TextResponse):
            self.crawler.stats.inc_value("pages")
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
    """Run one rival over a list of URLs, or from the home pages of a list of sites."""
    spider = Follow if kind == "follow" else Listed
    Listed.urls = Follow.start_urls = Path(urls).read_text().split()
    Follow.allowed_domains = [urlsplit(url).hostname.removeprefix("www.") for url in Follow.start_urls]
    Listed.keep = kind == "listed"
    Extract.db = db
    settings = SAME if kind == "download" else SAME | {"ITEM_PIPELINES": {Extract: 100}}
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(spider)
    process.crawl(crawler)
    process.start()
    print(crawler.stats.get_value("pages"))


if __name__ == "__main__":
    main(*sys.argv[1:])
