"""Coding behind the pages of review: who codes, what is asked, which document is next, what its page shows."""
