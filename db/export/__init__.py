"""The corpus as CSV with a data dictionary."""
