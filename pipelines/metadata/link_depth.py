"""How deep a found URL lies in its site, and whether it looks like one of an endless number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.model.outcomes import Outcome
from pipelines.text.urls import next_run, trap_reason

if TYPE_CHECKING:
    from pipelines.model.records import Found, Page


def assess_link(page: Page, found: Found) -> Found:
    """Give a URL that ``page`` led to its depth and its steps along a pattern, and mark a spider trap as skipped."""
    if found.how in {"sitemap", "feed"}:
        return found._replace(depth=1)
    depth, run = page.depth + 1, next_run(page.url, page.run, found.url)
    reason = None if found.skip else trap_reason(found.url, depth)
    if reason:
        return found._replace(depth=depth, run=run, skip=Outcome.TRAP, reason=reason)
    return found._replace(depth=depth, run=run)
