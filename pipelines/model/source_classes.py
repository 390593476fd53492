"""Who publishes a site, as the column ``class`` of the seeds file says it, where that decides something."""

from __future__ import annotations

__all__ = ["PUBLISHERS"]

# they print what others wrote: a text that they share is likely another's, and they advertise no clinic of theirs
PUBLISHERS = frozenset({"news", "guest-post-host", "content-farm", "directory", "drug-info", "forum"})
