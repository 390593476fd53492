"""Whether an answer shows its page at all, by the page's own past: what a visit showed before, and what it shows now.

    shown before, shown now, what the answer may be -> the outcome that holds it back, or None

An answer that shares nothing with the page's past, in its text and in its site's menu, is no page of it where its
words or its source look like a stand-in, and is held back else; so is a page that lost most of its text. What is held
back for its past alone becomes a version when the next visit shows the same again (``may_be_confirmed``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipelines.model.outcomes import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipelines.model.records import Doubt

__all__ = ["Held", "Shown", "judge_loss"]

MIN_WORDS = 60  # before: from there on a page says something
MAX_LEFT = 0.4  # of its words: below, most of the text is lost
MAX_SHORT = 250  # words of an answer that shares nothing with the page
MAX_SHARED = 0.15  # of what it shows, known from before
MIN_KNOWN = 0.8  # of what a body that was cut short shows; the last line is cut itself
MIN_FRAME = 3  # lines of menu and boilerplate, for their absence to say something
MAX_FRAME_LEFT = 0.2
UNTIL = "held until the next visit shows it again"


class Shown(NamedTuple):
    """What a page shows: visible text in lines, menu and boilerplate in lines, title, and its main text alone."""

    text: str
    frame: str
    title: str = ""
    main: str = ""


class Held(NamedTuple):
    """The outcome of a visit whose answer is not taken for its page; whether the same at the next visit confirms it."""

    outcome: Outcome
    reason: str
    may_be_confirmed: bool


def judge_loss(before: Shown, now: Shown, doubts: Iterable[Doubt]) -> Held | None:
    """Say what holds an answer back; None for a page."""
    words, words_before = len(now.text.split()), len(before.text.split())
    may_be = {one.outcome: one.reason for one in doubts}
    shared = _share(now.text, before.text)
    # other text stands anywhere on a page: its last line is no end
    lost_end = _lines(before.main or before.text)[-1:] + _lines(before.frame)[-1:]
    shown = set(_lines(now.text)) | set(_lines(now.frame))
    is_cut = Outcome.TRUNCATED in may_be and lost_end and shown.isdisjoint(lost_end) and words < words_before
    if is_cut and _share(_without_last(now.text), before.text) >= MIN_KNOWN:
        return Held(Outcome.TRUNCATED, may_be[Outcome.TRUNCATED], may_be_confirmed=True)
    if shared <= MAX_SHARED and words <= MAX_SHORT and now.title != before.title:
        stand_in = next((one for one in may_be if one is not Outcome.TRUNCATED), None)
        frame_gone = len(_lines(before.frame)) >= MIN_FRAME and _share(before.frame, now.frame) <= MAX_FRAME_LEFT
        if stand_in and (frame_gone or not now.frame.strip()):
            return Held(stand_in, f"{may_be[stand_in]}; nothing of the page is left", may_be_confirmed=False)
        if frame_gone:
            reason = (
                "nothing of the page's text and of its site's menu is left; held until the next visit shows it again"
            )
            return Held(Outcome.COLLAPSED, reason, may_be_confirmed=True)
    if words_before >= MIN_WORDS and words < MAX_LEFT * words_before:
        reason = f"{words} of {words_before} visible words are left; {UNTIL}"
        return Held(Outcome.COLLAPSED, reason, may_be_confirmed=True)
    return None


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.split("\n") if line.strip()]


def _without_last(text: str) -> str:
    return "\n".join(_lines(text)[:-1])


def _share(text: str, known: str) -> float:
    """Give the share of a text's words that stand in lines, or in runs of four words, of another."""
    words = text.casefold().split()
    if not words:
        return 0.0
    size = min(4, len(words))
    others = known.casefold().split()
    runs = {tuple(others[at : at + size]) for at in range(len(others) - size + 1)}
    found = sum(tuple(words[at : at + size]) in runs for at in range(len(words) - size + 1))
    return found / (len(words) - size + 1)
