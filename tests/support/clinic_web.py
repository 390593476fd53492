"""A web of small sites, each with one thing that crawls go wrong on; every request is kept with its time."""

from __future__ import annotations

import gzip
import itertools
import json
import re
import time
from collections import defaultdict
from urllib.parse import urlsplit

from pipelines.reading.sitemap import USUAL_PLACES
from tests.support.web import Answer, html, prose

XML = {"Content-Type": "application/xml"}
WEEK = "We are open this week and look forward to seeing you at the clinic for your visit."
ODD = json.dumps(
    {"@type": "Article", "headline": "\ud83d", "author": {"name": "Ann \udc00\0"}, "articleBody": "\ud800"}
)
SITES = "moved", "listed", "lists", "calendar", "booking", "tagged", "steady", "odd", "busy", "calm", "slow"


def page(name: str, *links: str, head: str = "") -> Answer:
    """Make a page that says something of its own."""
    return Answer(html(f"Ketamine {name}", prose(name), list(links)).replace(b"</head>", f"{head}</head>".encode()))


def to(target: str, status: int = 301) -> Answer:
    """Make a redirect."""
    return Answer(b"", status, {"Location": target})


def urlset(*urls: str) -> bytes:
    """Write a sitemap."""
    return ("<urlset>" + "".join(f"<url><loc>{url}</loc></url>" for url in urls) + "</urlset>").encode()


class ClinicWeb:
    """The answers of all sites; ``times`` has the moments at which each host was asked for each path."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, str]]] = []  # the web's own list, the request at hand behind
        self.times: dict[str, list[tuple[float, str]]] = defaultdict(list)
        self.nonces = itertools.count()

    def __call__(self, url: str) -> Answer | None:
        """Answer as the site of the URL does."""
        parts = urlsplit(url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        self.times[parts.netloc].append((time.monotonic(), path))
        site = getattr(self, (parts.hostname or "").removeprefix("www.").partition(".")[0], None)
        return site(path, parts.netloc) if site else None

    def asked(self, host: str) -> list[str]:
        """Name the paths that a host was asked for, robots.txt and the usual sitemap aside."""
        return [path for _, path in self.times[host] if path not in {"/robots.txt", *USUAL_PLACES}]

    def moved(self, path: str, host: str) -> Answer | None:
        """Serve a site that lives at www, with redirects of every kind."""
        if host != "www.moved.example":
            return to(f"http://www.moved.example{path}")
        links = "/old", "/loop-a", "/self", "/chain/1", "/away", "/caf\u00e9-old", "/r/1"
        pages = {"/": page("home", *links), "/new": page("new"), "/chain/end": page("end"), "/caf%C3%A9": page("cafe")}
        moves = {
            "/old": "/new",
            "/loop-a": "/loop-b",
            "/loop-b": "/loop-a",
            "/self": "/self",
            "/caf%C3%A9-old": "/caf\u00e9",
        }
        moves |= {"/away": "http://elsewhere.example/", "/chain/1": "/chain/two", "/chain/two": "/chain/end"}
        if path.startswith("/r/"):
            return to(f"/r/{int(path[3:]) + 1}", 302)
        return pages.get(path) or (to(moves[path]) if path in moves else None)

    def listed(self, path: str, host: str) -> Answer | None:
        """Serve a site whose pages are found through an index of sitemaps only."""
        base = f"http://{host}"
        index = "".join(f"<sitemap><loc>{base}/{name}</loc></sitemap>" for name in ("a.xml", "b.xml.gz", "c.xml"))
        files = {
            "/robots.txt": Answer(f"User-agent: *\nSitemap: {base}/index.xml\n".encode()),
            "/index.xml": Answer(f"<sitemapindex>{index}</sitemapindex>".encode(), headers=XML),
            "/a.xml": Answer(urlset(f"{base}/plain"), headers=XML),
            "/b.xml.gz": Answer(
                gzip.compress(urlset(f"{base}/packed")), headers={"Content-Type": "application/x-gzip"}
            ),
            "/c.xml": Answer(
                gzip.compress(urlset(f"{base}/encoded", "http://other.example/")),
                headers={**XML, "Content-Encoding": "gzip"},
            ),
        }
        pages = {name: page(name) for name in ("/", "/plain", "/packed", "/encoded")}
        return (files | pages).get(path)

    def lists(self, path: str, _host: str) -> Answer | None:
        """Serve a news list of 60 numbered pages, each with a post, and a story in 120 numbered parts."""
        if path == "/":
            return page("lists home", "/news/", "/story/1")
        if found := re.fullmatch(r"/news/(?:page/(\d+)/)?", path):
            number = int(found[1] or 1)
            return page(
                f"news {number}",
                f"/post-{number}-{'x' * number}/",
                *([f"/news/page/{number + 1}/"] if number < 60 else []),
            )
        if found := re.fullmatch(r"/story/(\d+)", path):
            number = int(found[1])
            return page(f"story {number}", *([f"/story/{number + 1}"] if number < 120 else []))
        return page(path) if path.startswith("/post-") else None

    def calendar(self, path: str, _host: str) -> Answer | None:
        """Serve a calendar without an end."""
        if path == "/":
            return page("calendar home", "/events/1/")
        month = int(path.split("/")[2]) if path.startswith("/events/") else 0
        return Answer(html(f"Events {month}", [WEEK], [f"/events/{month + 1}/"])) if month else None

    def booking(self, path: str, _host: str) -> Answer | None:
        """Serve a booking form that gives each visitor three new addresses."""
        if path.startswith(("/robots", "/sitemap")):
            return None
        return Answer(html("Book", [WEEK] * 3, [f"/book?visit={next(self.nonces)}" for _ in range(3)]))

    def tagged(self, path: str, _host: str) -> Answer | None:
        """Serve a site whose menus tag their links."""
        links = "/faq?utm_source=menu", "/faq?utm_source=foot#top", "/faq", "/faq?q=a b"
        return {"/": page("tagged", *links), "/faq": page("tagged faq"), "/faq?q=a%20b": page("tagged question")}.get(
            path
        )

    def steady(self, path: str, _host: str) -> Answer | None:
        """Serve pages that do not change: one with an ETag, one with a date, one with neither, one with a nonce."""
        home = page("steady", "/dated", "/plain", "/nonce")
        home.headers["ETag"] = '"v1"'
        dated = page("dated")
        dated.headers["Last-Modified"] = "Sun, 01 Mar 2026 09:00:00 GMT"
        nonce = page("nonce", head=f"<meta name=csrf content={next(self.nonces)}>")
        if {"If-None-Match", "If-Modified-Since"} & self.requests[-1][1].keys():
            return Answer(b"", 304)
        return {"/": home, "/dated": dated, "/plain": page("plain"), "/nonce": nonce}.get(path)

    def odd(self, path: str, _host: str) -> Answer | None:
        """Serve a page whose JSON-LD holds what no database can store, between two ordinary ones."""
        head = f'<script type="application/ld+json">{ODD}</script>'
        return {"/": page("odd home", "/odd"), "/odd": page("odd", "/after", head=head), "/after": page("after")}.get(
            path
        )

    def busy(self, path: str, host: str) -> Answer | None:
        """Serve a site that asks for two seconds of rest at its first page."""
        if path == "/" and self.asked(host).count("/") == 1:
            return Answer(b"later", 429, {"Retry-After": "2"})
        return page("busy") if path == "/" else None

    def calm(self, path: str, _host: str) -> Answer | None:
        """Serve a site of eight pages, one behind the other."""
        step = path.count("x")
        return page(f"calm {step}", f"/{'x' * (step + 1)}") if step < 8 and path == "/" + "x" * step else None

    def slow(self, path: str, _host: str) -> Answer | None:
        """Serve a site that asks for a second between two requests."""
        robots = Answer(b"User-agent: *\nCrawl-delay: 1\n")
        return {"/robots.txt": robots, "/": page("slow", "/next"), "/next": page("slow next")}.get(path)
