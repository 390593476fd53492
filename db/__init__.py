"""The corpus: its shape, its reads, its writes."""
