"""What a page says differently by itself counts as nothing; what it claims counts."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.text.volatile_text import mask

ONE, TWO = date(2026, 3, 2), date(2026, 3, 30)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Today is Monday, March 2, 2026", "Today is Monday, March 30, 2026"),
        ("As of 2026-03-02 10:04 AM", "As of 2026-03-30 11:59 PM"),
        ("Open today, 2 Mar 2026", "Open today, 30 Mar 2026"),
        ("Updated 03/02/2026", "Updated 3/30/2026"),
        ("You are visitor number 48211.", "You are visitor number 49208."),
        ("12 people booked today", "9 people booked today"),
        ("1,204 views", "1.3k views"),
        ("Views: 310", "Views: 330"),
        ("Posted 3 days ago", "Posted 2 weeks ago"),
        ("© 2009-2025 Cedar Clinic. All rights reserved.", "© 2009-2026 Cedar Clinic. All rights reserved."),
        ("Only 3 spots left this week", "Only 2 spots left this week"),
        ("Based on 127 Google reviews", "Based on 131 Google reviews"),
        ("Offer ends in 02:13:44", "Offer ends in 00:10:59"),
        ("Request 6f1e2c77a9d40b12 served", "Request 99ab0c1d2e3f4a5b served"),
        ("Request 6f1e2c77a9d40b12 served", "Request 5302060361184793 served"),
        ("AggregateRating.reviewCount: 127", "AggregateRating.reviewCount: 131"),
    ],
)
def test_signs_of_the_day_count_as_nothing(before, after):
    """Dates of today, counters, relative times, years and tokens read the same at two visits."""
    assert mask(before, ONE) == mask(after, TWO)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("An infusion costs $450", "An infusion costs $395"),
        ("Over 500 patients treated", "Over 900 patients treated"),
        ("70% of patients respond", "80% of patients respond"),
        ("Relief within 2 hours", "Relief within 24 hours"),
        ("A course is 6 sessions over 3 weeks", "A course is 8 sessions over 4 weeks"),
        ("FDA approval came in 2019", "FDA approval came in 2021"),
        ("Open house on May 5, 2026", "Open house on May 12, 2026"),
        ("Call (555) 201-3344", "Call (555) 201-9988"),
        ("From $400, 12 people booked today", "From $300, 12 people booked today"),
        ("Suite 120", "Suite 140"),
    ],
)
def test_what_is_claimed_counts(before, after):
    """Prices, rates, durations, dates of events and telephone numbers are never taken for a counter."""
    assert mask(before, ONE) != mask(after, TWO)
