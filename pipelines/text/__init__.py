"""Functions on text and URLs that know nothing of pages."""
