"""Percentages in a text."""

from __future__ import annotations

import pytest

from pipelines.text.amounts import highest_percent


@pytest.mark.parametrize(
    ("text", "percent"),
    [
        ("Up to 70% of patients improve.", 70),
        ("Between 60-70 % of them, and 85 percent later.", 85),
        ("Some 62.5% and 12 per cent.", 62.5),
        ("Some 62,5 % of them.", 62.5),
        ("Eight of ten, at $85 a visit, in 70 minutes.", None),
        ("Call 555-0170 per centre.", None),
        ("A version 1.2.70% is no number.", None),
        ("300% more", 300),
        ("", None),
    ],
)
def test_the_highest_percentage_is_found(text, percent):
    """Figures with a percent sign or word count; other numbers do not."""
    assert highest_percent(text) == percent
