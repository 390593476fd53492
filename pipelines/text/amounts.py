"""Percentages that a text names."""

from __future__ import annotations

import re

__all__ = ["highest_percent"]

PERCENT = re.compile(r"(?<![\d.,])(\d{1,4}(?:[.,]\d{1,2})?)\s?(?:%|per\s?cent\b)", re.IGNORECASE)


def highest_percent(text: str) -> float | None:
    """Give the highest percentage that a text names in figures; ``None`` where it names none.

    >>> highest_percent("60-70% of patients, and 85 percent after a year"), highest_percent("Eight of ten.")
    (85.0, None)
    """
    return max((float(number.replace(",", ".")) for number in PERCENT.findall(text)), default=None)
