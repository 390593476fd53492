"""What changed since the last digest, as a letter: Markdown for chats and webhooks, HTML for mail.

Everything crawled in it is other people's text: it is escaped, and only http and https addresses become links.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.corpus.changes import Change

TOLD = 20  # changes; the rest is a number, and the desk has them
LONGEST = 160  # characters of a title
MARKS = re.compile(r"([\\`*_\[\]|#])")
WEB = re.compile(r"https?://[^\s<>\"'()\[\]\\]+")


@dataclass(frozen=True, slots=True)
class Digest:
    """What is told: the corpus, since when in words, the changes that matter most, how many there are, the alerts.

    ``alerts`` are host and what is wrong. ``desk`` is the address at which people open the change desk, if any.
    """

    corpus: str
    span: str
    changes: tuple[Change, ...]
    count: int
    alerts: tuple[tuple[str, str], ...] = ()
    desk: str = ""

    @property
    def subject(self) -> str:
        """Give the subject of the letter."""
        told = [_count(self.count, "change")] + ([_count(len(self.alerts), "alert")] if self.alerts else [])
        return f"clinicwatch: {' and '.join(told)} in {self.corpus}"

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to tell."""
        return not self.count and not self.alerts


def markdown(digest: Digest) -> str:
    """Write the letter as Markdown."""
    lines = [f"**{_count(digest.count, 'change')}** {_plain(digest.span)}, what matters most first.", ""]
    if digest.alerts:
        lines += ["**Sites that fell short of their own past**", ""]
        lines += [*(f"- {_plain(host)}: {_plain(alert)}" for host, alert in digest.alerts), ""]
    for number, change in enumerate(digest.changes, 1):
        reasons = "; ".join(change.reasons[:3])
        lines += [
            f"{number}. **{_plain(change.kind)}** {_linked(change)}",
            f"    {_plain(change.summary or change.url)}" + _pages(change),
            *([f"    *{_plain(reasons)}*"] if reasons else []),
        ]
    return "\n".join([*lines, "", *(_plain(line) for line in _end(digest))]).strip() + "\n"


def html(digest: Digest) -> str:
    """Write the letter as HTML, a page of its own."""
    alerts = Markup().join(Markup("<li>{}: {}</li>").format(host, alert) for host, alert in digest.alerts)
    items = Markup().join(_item(change) for change in digest.changes)
    told = Markup("<p><b>Sites that fell short of their own past</b></p><ul>{}</ul>").format(alerts) if alerts else ""
    end = Markup().join(Markup("<p>{}</p>").format(line) for line in _end(digest))
    head = Markup("<p><b>{}</b> {}, what matters most first.</p>").format(_count(digest.count, "change"), digest.span)
    page = Markup('<!doctype html>\n<meta charset="utf-8">\n<title>{}</title>\n{}{}\n<ol>{}</ol>\n{}\n')
    return str(page.format(digest.subject, head, told, items, end))


def _item(change: Change) -> Markup:
    title = (change.title or change.url)[:LONGEST]
    linked = Markup('<a href="{}">{}</a>').format(change.url, title) if WEB.fullmatch(change.url) else escape(title)
    reasons = Markup("<br><i>{}</i>").format("; ".join(change.reasons[:3])) if change.reasons else ""
    told = Markup("<li><b>{}</b> {}<br>{}{}{}</li>")
    return told.format(change.kind, linked, change.summary or change.url, _pages(change), reasons)


def _linked(change: Change) -> str:
    title = _plain((change.title or change.url)[:LONGEST])
    return f"[{title}]({change.url})" if WEB.fullmatch(change.url) else title


def _pages(change: Change) -> str:
    return f" (the same edit on {change.pages} pages)" if change.pages > 1 else ""


def _end(digest: Digest) -> Sequence[str]:
    more = digest.count - len(digest.changes)
    rest = [f"{_count(more, 'more change')}."] if more > 0 else []
    desk = [f"The change desk: {digest.desk.rstrip('/')}/-/changes"] if digest.desk else []
    return [*rest, *desk, "These are candidates for review: what a change means is for people to judge."]


def _plain(text: str) -> str:
    r"""Write other people's text so that Markdown takes it for text.

    >>> _plain("<b> *now* [x](y)")
    '&lt;b&gt; \\*now\\* \\[x\\](y)'
    """
    told = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return MARKS.sub(r"\\\1", told)


def _count(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
