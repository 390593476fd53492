"""A spider of four lines under the project's own settings: what the middlewares let through, as JSON.

``probe(urls)`` runs it in a child process, because a Twisted reactor starts only once in a process.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, ClassVar

from crawler.http.resolver import GuardedResolver

ROOT = Path(__file__).resolve().parents[2]

QUICK = {"DOWNLOAD_DELAY": 0, "DOWNLOAD_TIMEOUT": 5, "ROBOTS_TIMEOUT": 1, "RETRY_ENABLED": False, "CRAWL_DELAY_MAX": 3}


def probe(urls: list[str], proxy: str | None = None, **settings: Any) -> dict[str, dict[str, Any]]:
    """Fetch URLs as a crawl would and tell for each what came of it: status, error, reason, robots, delay, at."""
    env = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    if proxy:
        env |= {"http_proxy": proxy}
    plan = json.dumps({"urls": urls, "settings": QUICK | settings})
    run = subprocess.run(
        [sys.executable, "-m", "tests.support.probe", plan],
        env=env,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return {line["url"]: line for line in map(json.loads, run.stdout.splitlines())}


class StaticDns:
    """A name server that knows a few names, asked by the project's own resolver in place of the machine's."""

    NAMES: ClassVar = {"inward.example": "127.0.0.1", "inward6.example": "::1", "mapped.example": "::ffff:127.0.0.1"}

    def resolveHostName(self, receiver, name, port=0, *_):  # noqa: N802 - Twisted's interface
        """Answer with the one address that is known for a name."""
        from twisted.internet.address import IPv4Address, IPv6Address

        receiver.resolutionBegan(self)
        address = self.NAMES.get(name, name)
        receiver.addressResolved((IPv6Address if ":" in address else IPv4Address)("TCP", address, port))
        receiver.resolutionComplete()
        return receiver


class Resolver(GuardedResolver):
    """The project's resolver with StaticDns behind it."""

    def __init__(self, *args):
        super().__init__(*args)
        self.original_resolver = StaticDns()


def main(plan: dict[str, Any]) -> None:
    """Run the spider and print a line for each URL."""
    import time

    import scrapy
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.settings import Settings

    class Probe(scrapy.Spider):
        name = "probe"

        async def start(self):
            for url in plan["urls"]:
                yield scrapy.Request(url, self.parse, errback=self.failed, dont_filter=True)

        def parse(self, response):
            self.tell(response.request, status=response.status)

        def failed(self, failure):
            self.tell(failure.request, error=failure.type.__name__, reason=str(failure.value))

        def tell(self, request, **facts):
            slot = self.crawler.engine.downloader.slots.get(request.meta.get("download_slot", ""))
            file = request.meta.get("robots_file")
            facts |= {"url": request.url, "robots": request.meta.get("robots"), "at": time.monotonic()}
            facts |= {"delay": slot and slot.delay, "sitemaps": file and file.sitemaps}
            print(json.dumps(facts), flush=True)

    settings = Settings()
    settings.setmodule("crawler.settings")
    settings.setdict({"ITEM_PIPELINES": {}, "SPIDER_MODULES": [], "USER_AGENT": "clinicwatch/0 (+mailto:a@b.example)"})
    settings.setdict(plan["settings"], priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    process.crawl(Probe)
    process.start()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
