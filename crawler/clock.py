"""The time as it is stored."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_now() -> str:
    """Give the time as it is stored: UTC, ISO 8601, microseconds."""
    return datetime.now(UTC).isoformat()
