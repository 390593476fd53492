"""HTML to a reading: decode, parse, choose the main text, keep every region."""
