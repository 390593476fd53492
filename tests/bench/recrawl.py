"""What a second crawl costs beside the first, by what the site offers: ``python -m tests.bench.recrawl [PAGES]``.

One web, one corpus, one run: a first crawl that reads everything, then crawls of the same pages with validators, with
validators after a twentieth of the pages changed, with no validators, and with a fresh nonce in every page. CPU of all
processes of a crawl, start-up and passes included, as a share of the first crawl's.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import itertools
import os
import re
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from demo.world import make_world
from tests.bench.crawl import ours
from tests.bench.measure import Cost, children
from tests.support.web import Answer, Web, serving

AIMS = {"validators": 0.10, "a twentieth changed": 0.18, "no validators": 0.18, "a fresh nonce": 0.25}
CONDITIONS = {"If-None-Match", "If-Modified-Since"}
HEADER = f"{'':<22}{'requests':>9}{'conditional':>13}{'CPU s':>8}{'share':>8}{'aim':>7}"


@dataclass
class Site:
    """The pages of one large clinic, and how its server behaves at the moment."""

    pages: dict[str, Answer]
    web: Web | None = None
    way: str = "first"
    edited: bool = False
    nonces: itertools.count = field(default_factory=itertools.count)

    def __call__(self, url: str) -> Answer | None:
        """Answer one request, which stands last in the web's list."""
        page = self.pages.get(url)
        if page is None or page.status != 200:
            return page
        body = self.body(url, page.body)
        headers = dict(page.headers)
        if self.way not in {"no validators", "a fresh nonce"}:
            headers["ETag"] = f'W/"{hashlib.sha256(body).hexdigest()[:16]}"'
            asked = self.web.requests[-1][1]
            if asked.get("If-None-Match") == headers["ETag"]:
                return Answer(b"", 304, headers)
        return Answer(gzip.compress(body, 1), headers={**headers, "Content-Encoding": "gzip"})

    def body(self, url: str, body: bytes) -> bytes:
        """Change what the site changes by itself, or what its owner wrote."""
        if self.edited and int(hashlib.md5(url.encode()).hexdigest(), 16) % 20 == 0:
            body = re.sub(rb"(<p[^>]*>)", rb"\1Our prices have changed this month. ", body, count=3)
        if self.way == "a fresh nonce":
            mark = b'<script nonce="%032x">var _csrf="%032x";</script></head>'
            return body.replace(b"</head>", mark % (next(self.nonces), next(self.nonces)), 1)
        return body


def make_site(pages: int) -> tuple[str, Site]:
    """Render a clinic with so many pages; gives its home page's address too."""
    world = make_world(pages=pages, single=True)
    told = {entry.url: world.answer(entry.url, 0) for entry in world.iter_truth(0)}
    told |= {url: world.answer(url, 0) for url in (f"http://{world.sites[0].host}{path}" for path in EXTRA)}
    answers = {url: Answer(one.body, one.status, dict(one.headers)) for url, one in told.items()}
    return world.sites[0].home, Site(answers)


EXTRA = "/robots.txt", "/sitemap.xml", "/sitemap_index.xml", "/wp-sitemap.xml"


def recrawls(pages: int) -> list[tuple[str, int, int, Cost]]:
    """Crawl once and then once in each way; gives the requests, how many were conditional, and the cost."""
    home, site = make_site(pages)
    rows = []
    with tempfile.TemporaryDirectory() as name, serving(site) as web:
        site.web, folder, keep = web, Path(name), frozenset(children(os.getpid()))
        seeds = folder / "seeds.csv"
        seeds.write_text(f"url\n{home}\n")
        for way in ("first", *AIMS):
            site.way, site.edited = way, site.edited or way == "a twentieth changed"
            web.requests.clear()
            more = [] if way == "first" else ["--all"]
            _, cost = ours(folder, web.proxy, seeds, keep, *more)
            asked = [headers for url, headers in web.requests if not url.endswith("/robots.txt")]
            rows.append((way, len(asked), sum(bool(CONDITIONS & headers.keys()) for headers in asked), cost))
    return rows


def table(rows: list[tuple[str, int, int, Cost]]) -> str:
    """Print each crawl's cost as a share of the first one's."""
    first = rows[0][3].cpu
    lines = [HEADER]
    for way, asked, conditional, cost in rows:
        aim = f"{AIMS[way]:>6.0%}" if way in AIMS else ""
        lines.append(f"{way:<22}{asked:>9}{conditional / asked:>13.1%}{cost.cpu:>8.1f}{cost.cpu / first:>8.1%}{aim:>7}")
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", type=int, nargs="?", default=2_750, help="of which some 2,000 can be fetched")
    print(table(recrawls(parser.parse_args().pages)))


if __name__ == "__main__":
    main()
