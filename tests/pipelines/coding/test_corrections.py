"""What became of a claim after an event: never more than the visits show."""

from __future__ import annotations

import pytest

from pipelines.coding.corrections import CorrectionOutcome, Span, correction_of, merge_spans

DAY = "2026-03-10"
GONE, STILL = CorrectionOutcome.GONE, CorrectionOutcome.STILL_THERE


def span(page: int, since: int, last: int, gone: int | None = None) -> Span:
    """Make a span of days of March."""
    first, second, third = (day and f"2026-03-{day:02}T09:00:00+00:00" for day in (since, last, gone))
    return Span(page, str(first), str(second), third and str(third))


@pytest.mark.parametrize(
    ("spans", "outcome", "days", "at_least", "last", "without", "again"),
    [
        # one page: seen with it after the event, then without
        ([span(1, 1, 15, 22)], GONE, 12, 5, 15, 22, False),
        # the last visit with it was before the event: it may have gone before it
        ([span(1, 1, 8, 15)], CorrectionOutcome.GONE_PERHAPS_BEFORE, 5, 0, 8, 15, False),
        # a visit on the day itself counts as after it
        ([span(1, 1, 8, 10)], CorrectionOutcome.GONE_PERHAPS_BEFORE, 0, 0, 8, 10, False),
        ([span(1, 1, 10, 15)], GONE, 5, 0, 10, 15, False),
        ([span(1, 10, 15, None)], CorrectionOutcome.NOT_BEFORE, None, None, 15, None, False),
        # two pages: gone when the last of them is without it
        ([span(1, 1, 11, 15), span(2, 1, 22, 29)], GONE, 19, 12, 22, 29, False),
        ([span(1, 1, 11, 15), span(2, 1, 22, None)], STILL, None, None, 22, None, False),
        # a page that came to show it while the other one still did
        ([span(1, 1, 11, 18), span(2, 15, 20, 25)], GONE, 15, 10, 20, 25, False),
        # and one that came to show it later
        ([span(1, 1, 11, 15), span(2, 20, 25, None)], GONE, 5, 1, 11, 15, True),
        ([span(1, 1, 8, None)], CorrectionOutcome.NOT_VISITED, None, None, 8, None, False),
        # gone from one page; the other one was not visited since
        ([span(1, 1, 8, None), span(2, 1, 12, 15)], CorrectionOutcome.NOT_VISITED, None, None, 8, None, False),
        ([span(1, 1, 3, 5)], CorrectionOutcome.GONE_BEFORE, None, None, 3, 5, False),
        ([span(1, 1, 3, 5), span(1, 20, 25, None)], CorrectionOutcome.GONE_BEFORE, None, None, 3, 5, True),
        ([span(1, 12, 15, 20)], CorrectionOutcome.NOT_BEFORE, None, None, 15, None, False),
    ],
)
def test_what_visits_show(spans, outcome, days, at_least, last, without, again):
    """Outcome, days, the visits around the change, and whether it was seen again."""
    found = correction_of(DAY, spans)
    assert (found.outcome, found.days, found.days_at_least, found.again) == (outcome, days, at_least, again)
    assert found.last_with.startswith(f"2026-03-{last:02}")
    assert found.first_without[:10] == (f"2026-03-{without:02}" if without else "")


def test_spans_of_a_page_are_joined_where_no_visit_lies_between():
    """A new version that still has the claim goes on; a visit without it between two spans keeps them apart."""
    assert merge_spans([span(1, 8, 8, 15), span(1, 1, 1, 8), span(2, 15, 15)]) == [span(1, 1, 8, 15), span(2, 15, 15)]
    apart = [span(1, 1, 1, 8), span(1, 15, 15)]
    assert merge_spans(apart) == apart
    assert merge_spans([span(1, 1, 20), span(1, 8, 8, 15)]) == [span(1, 1, 20)]
