"""What changed since the last digest: as Markdown for chats and webhooks, as HTML for e-mail.

Everything crawled in it is other people's text: each value is escaped where a template in ``crawler/notify/templates``
prints it, and only http and https addresses become links.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from jinja2 import Environment, PackageLoader
from markupsafe import Markup

if TYPE_CHECKING:
    from crawler.engine.summary import SiteAlert
    from db.corpus.changes import Change

MAX_CHANGES = 20  # that are listed; the rest is a number, and the changes page has them
MAX_TITLE = 160  # characters
MARKDOWN_SIGNS = re.compile(r"([\\`*_\[\]|#])")
WEB_URL = re.compile(r"https?://[^\s<>\"'()\[\]\\]+")


class SiteChanges(NamedTuple):
    """The changes of one site that a digest lists."""

    host: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """What changed: the corpus, since when in words, the changes that matter most, how many there are, the alerts.

    ``server`` is the address at which people open the corpus with Datasette, if any.
    """

    corpus: str
    span: str
    changes: tuple[Change, ...]
    count: int
    alerts: tuple[SiteAlert, ...] = ()
    server: str = ""

    @property
    def subject(self) -> str:
        """Give the subject of the e-mail."""
        alerts = f" and {counted(len(self.alerts), 'alert')}" if self.alerts else ""
        return f"clinicwatch: {counted(self.count, 'change')}{alerts} in {self.corpus}"

    @property
    def is_empty(self) -> bool:
        """Say whether nothing happened."""
        return not self.count and not self.alerts

    @property
    def unlisted(self) -> int:
        """Count the changes beyond those that are listed."""
        return max(self.count - len(self.changes), 0)

    @property
    def by_site(self) -> list[SiteChanges]:
        """Group the changes by the host of their site: the site with the change that matters most stands first."""
        found: dict[str, list[Change]] = {}
        for change in self.changes:
            found.setdefault(change.host, []).append(change)
        return [SiteChanges(host, tuple(changes)) for host, changes in found.items()]

    def address_of(self, change: Change) -> str:
        """Give the permanent address of a change where people open the corpus, or nothing."""
        return f"{self.changes_page}/{change.edit}" if self.server else ""

    @property
    def changes_page(self) -> str:
        """Give the address of the page that lists all changes, or nothing."""
        return f"{self.server.rstrip('/')}/-/changes" if self.server else ""


def markdown(digest: Digest) -> str:
    """Write a digest as Markdown."""
    # its autoescape would be HTML's, and put &#39; into chats: every printed value goes through `markdown_text` instead
    environment = Environment(finalize=_as_markdown, autoescape=False)  # noqa: S701
    return _render(environment, "digest.md.j2", digest)


def html(digest: Digest) -> str:
    """Write a digest as HTML, a page of its own."""
    return _render(Environment(autoescape=True), "digest.html.j2", digest)


def _render(environment: Environment, template: str, digest: Digest) -> str:
    environment.loader = PackageLoader("crawler.notify")
    environment.trim_blocks = environment.lstrip_blocks = environment.keep_trailing_newline = True
    environment.tests["web_url"] = WEB_URL.fullmatch
    environment.globals |= {"counted": counted, "title": lambda change: (change.title or change.url)[:MAX_TITLE]}
    return environment.get_template(template).render(digest=digest)


def _as_markdown(value: object) -> object:
    return value if isinstance(value, Markup) else markdown_text(str(value))


def markdown_text(text: str) -> str:
    r"""Write other people's text so that Markdown takes it for text.

    >>> markdown_text("<b> *now* [x](y)")
    '&lt;b&gt; \\*now\\* \\[x\\](y)'
    """
    line = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return MARKDOWN_SIGNS.sub(r"\\\1", line)


def counted(count: int, noun: str) -> str:
    """Give a number with its noun.

    >>> counted(1, "change"), counted(1200, "change")
    ('1 change', '1,200 changes')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
