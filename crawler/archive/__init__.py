"""What was captured, as WARC files: written, verified, read again."""
