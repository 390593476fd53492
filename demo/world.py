"""The demo web as one value: ``make_world(seed, pages)`` and what it answers at each tick."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from demo.discovery import answer_discovery
from demo.oddities import answer_oddities, answer_wall, is_trap, not_found
from demo.pages import answer_page, settle
from demo.request import Answer, Request, plain, split_url
from demo.sites import Site, make_sites, one_site
from demo.truth import PageTruth, site_truth

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


__all__ = ["World", "make_world"]

_CHAIN = (answer_wall, answer_discovery, answer_oddities, answer_page)


@dataclass(frozen=True, slots=True)
class World:
    """All sites of one seed and size; nothing is rendered before it is asked for."""

    seed: int
    pages: int
    sites: tuple[Site, ...]
    hosts: dict[str, Site] = field(repr=False)

    def ask(self, url: str, tick: int, headers: Mapping[str, str]) -> Request | None:
        """Find the site that a URL belongs to, if there is one."""
        host, path, query = split_url(url)
        site = self.hosts.get(host)
        return Request(site, host, path, query, tick, headers) if site else None

    def answer(self, url: str, tick: int, headers: Mapping[str, str] | None = None) -> Answer:
        """Answer a GET; header names are lower case.

        ``x-demo-request`` says how often this URL has been asked: what differs at each request depends on it.
        """
        request = self.ask(url, tick, headers or {})
        if request is None:
            return plain("no such host", "text/plain", 502)
        found = next((answer for answer in (part(request) for part in _CHAIN) if answer), None)
        return settle(request, found or not_found(request))

    def is_noisy(self, url: str) -> bool:
        """Tell whether an address answers differently at each request."""
        site = self.hosts.get(split_url(url)[0])
        return site is not None and bool(site.has & {"noise", "visitors"})

    def is_trap(self, url: str) -> bool:
        """Tell whether an address is one of the endless ones, of which the truth names the first only."""
        request = self.ask(url, 0, {})
        return request is not None and is_trap(request)

    def truth(self, tick: int) -> dict[str, PageTruth]:
        """Tell all that is true at a tick, by URL."""
        return {entry.url: entry for entry in self.iter_truth(tick)}

    def iter_truth(self, tick: int) -> Iterator[PageTruth]:
        """Tell the truth one page after the other: for worlds that are too large to hold."""
        for site in self.sites:
            yield from site_truth(site, tick)


def make_world(seed: int = 1, pages: int = 300, *, single: bool = False) -> World:
    """Make the demo web: the standard sites, more clinics above 300 pages, or one large clinic alone."""
    sites = one_site(seed, pages) if single else make_sites(seed, pages)
    return World(seed, pages, sites, dict(_hosts(sites)))


def _hosts(sites: tuple[Site, ...]) -> Iterator[tuple[str, Site]]:
    for site in sites:
        yield site.host, site
        if site.alias:
            yield site.alias, site
        if "www" in site.has:
            yield f"www.{site.host}", site
