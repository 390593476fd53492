"""Text in, values out: no network, no SQL, no clock."""
