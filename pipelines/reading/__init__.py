"""HTML to a reading: decode, parse, select the main text, give every region."""
