"""What kind of page this is, whether it is relevant, whether it is a page at all."""
