"""Bytes and text in, values out: no network, no SQL, no clock (but for items, jobs and workers, which run it)."""
