"""Strings made safe to store, JSON in one fixed form, and the hash of a text."""

from __future__ import annotations

import hashlib
import json


def sanitise(text: str | None) -> str | None:
    """Make a string safe for SQLite: a lone surrogate crashes an insert, a NUL cuts ``length()``."""
    if text is None:
        return None
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def sha256(text: str) -> str:
    """Hash a text, as hexadecimal SHA-256 of its UTF-8 bytes."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def dump(value: object) -> str:
    """Write a value as compact JSON with sorted keys."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
