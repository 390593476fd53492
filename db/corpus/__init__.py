"""The corpus: its connection, its writes and its reads."""
