"""What a frame of a table of advertisers is asked for: which advertisers, which of their pages, as of which days."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import Any

from pipelines.text.encode import dump

__all__ = ["EVERY_SITE", "FrameSpec", "spec_of"]


@dataclass(frozen=True, slots=True)
class FrameSpec:
    """What a frame is asked for; without anything, all advertisers and what their pages show now.

    ``states`` and ``classes`` are those of the seeds file, ``advertisers`` registrable domains or hosts. Dates are days
    (ISO 8601): ``captured_from`` and ``captured_to`` bound the day of capture, both included; ``on`` takes the version
    that each page showed at the end of that day. Publishers and directories are no advertisers, nor is a host whose
    pages are all copies of one other site's, unless they are asked for.
    """

    states: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    page_types: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    captured_from: str = ""
    captured_to: str = ""
    on: str = ""
    advertisers: tuple[str, ...] = ()
    publishers: bool = False
    aliases: bool = False

    def as_json(self) -> str:
        """Write it as it is stored: what differs from the default, in JSON."""
        return dump({name: value for name, value in asdict(self).items() if value})

    def words(self) -> str:
        """Say it in words.

        >>> FrameSpec(states=("MD",), classes=("clinic", "telehealth"), without=("blog",)).words()
        'state MD; class clinic, telehealth; page types without blog'
        """
        parts = [
            ("state ", ", ".join(self.states)),
            ("class ", ", ".join(self.classes)),
            ("page types ", ", ".join(self.page_types)),
            ("page types without ", ", ".join(self.without)),
            ("captured from ", self.captured_from),
            ("captured to ", self.captured_to),
            ("as shown on ", self.on),
            ("a list of ", f"{len(self.advertisers)} advertisers" if self.advertisers else ""),
            ("with publishers and directories", " " if self.publishers else ""),
            ("with alias hosts", " " if self.aliases else ""),
        ]
        return "; ".join(f"{name}{value}".strip() for name, value in parts if value) or "all advertisers of the corpus"


EVERY_SITE = FrameSpec()


def spec_of(stored: str) -> FrameSpec:
    """Read what :meth:`FrameSpec.as_json` wrote."""
    known = {field.name for field in fields(FrameSpec)}
    found: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in json.loads(stored).items()
        if name in known
    }
    return FrameSpec(**found)
