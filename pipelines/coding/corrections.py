"""What became of a claim after an event, as far as visits show it: gone by which visit, still there at which.

A visit is a look at a page at one moment. Between the last visit that showed a claim and the first that did not lies an
interval in which nobody looked; a claim went somewhere in it.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Correction", "CorrectionOutcome", "Span", "correction_of", "merge_spans", "shown_at"]


class CorrectionOutcome(StrEnum):
    """What visits show of a claim after an event."""

    STILL_THERE = "still there"
    GONE = "no longer there"
    GONE_PERHAPS_BEFORE = "no longer there, perhaps since before the event"
    NOT_VISITED = "not visited since the event"
    GONE_BEFORE = "gone before the event"
    NOT_BEFORE = "not seen before the event"


class Span(NamedTuple):
    """A page that shows a claim: visits (ISO 8601) that were first and last to show it, and the first without it.

    ``gone`` is ``None`` where no visit found it gone.
    """

    page: int
    since: str
    last: str
    gone: str | None


class Correction(NamedTuple):
    """What became of a claim of an advertiser after an event.

    ``last_with`` is the last visit that showed it on any page, ``first_without`` the first by which no page had it.
    ``days`` are from the event to that, ``days_at_least`` to the last visit before it that showed the claim. ``again``:
    some page was seen with it later on.
    """

    outcome: CorrectionOutcome
    first_seen: str
    last_with: str
    first_without: str = ""
    days: int | None = None
    days_at_least: int | None = None
    again: bool = False


def merge_spans(spans: Iterable[Span]) -> list[Span]:
    """Join the spans of each page that overlap or follow one another without a visit between them.

    >>> merge_spans([Span(1, "2026-01", "2026-02", "2026-03"), Span(1, "2026-03", "2026-04", None)])
    [Span(page=1, since='2026-01', last='2026-04', gone=None)]
    """
    merged: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.page, one.since)):
        before = merged[-1] if merged else None
        if before is None or before.page != span.page or (before.gone is not None and span.since > before.gone):
            merged.append(span)
            continue
        gone = None if before.gone is None or span.gone is None else max(before.gone, span.gone)
        merged[-1] = Span(span.page, before.since, max(before.last, span.last), gone)
    return merged


def shown_at(spans: Iterable[Span], at: str) -> list[Span]:
    """Give the spans that hold at a time: seen by then, and not found gone by then."""
    return [one for one in spans if one.since <= at and (one.gone is None or one.gone > at)]


def correction_of(day: str, spans: Sequence[Span]) -> Correction:
    """Say what became of a claim after the day of an event, of the merged spans of all pages of an advertiser.

    A visit on the day itself counts as after the event: whether it was is not known, so days count from 0.

    >>> correction_of("2026-03-05", [Span(1, "2026-03-01T09", "2026-03-08T09", "2026-03-15T09")]).days
    10
    """
    first_seen, last_with = min(one.since for one in spans), max(one.last for one in spans)
    before = [one for one in spans if one.since < day]
    if not before:
        return Correction(CorrectionOutcome.NOT_BEFORE, first_seen, last_with)
    if not any(one.gone is None or one.gone >= day for one in before):
        gone = max(one.gone for one in before if one.gone)
        seen = max(one.last for one in before)
        return Correction(CorrectionOutcome.GONE_BEFORE, first_seen, seen, gone, again=len(before) < len(spans))
    ends = sorted({one.gone for one in spans if one.gone and one.gone >= day})
    end = next((at for at in ends if not shown_at(spans, at)), None)
    if end is None:
        last = max(one.last for one in spans if one.gone is None)
        outcome = CorrectionOutcome.STILL_THERE if last >= day else CorrectionOutcome.NOT_VISITED
        return Correction(outcome, first_seen, last)
    seen = max(one.last for one in spans if one.since < end)
    outcome = CorrectionOutcome.GONE if seen >= day else CorrectionOutcome.GONE_PERHAPS_BEFORE
    again = any(one.since > end for one in spans)
    return Correction(outcome, first_seen, seen, end, _days(day, end), max(_days(day, seen), 0), again)


def _days(day: str, at: str) -> int:
    return (date.fromisoformat(at[:10]) - date.fromisoformat(day)).days
