"""What differs between versions of a page, what of it is dynamic content, and what matters."""
