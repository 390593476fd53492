"""Which pages a site has: a pure function of the site, made when the host is first asked and kept for a while."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from demo.clinic import plan_clinic
from demo.news_site import plan_press
from pipelines.model.page_types import PageType

if TYPE_CHECKING:
    from demo.page import Page
    from demo.sites import Site

__all__ = ["plan_site"]


@lru_cache(maxsize=256)
def plan_site(site: Site) -> tuple[Page, ...]:
    """List the pages of a site, home first."""
    pages = plan_press(site) if site.source_class in {"news", "guest-post-host"} else plan_clinic(site)
    archives = [page for page in pages if page.kind is PageType.ARCHIVE]
    others = [page for page in pages if page.kind is not PageType.ARCHIVE]
    return (*others[: max(1, site.pages - len(archives))], *archives[: site.pages - 1])
